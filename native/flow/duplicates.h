// Tells copies that the capture made (a port mirrored twice, `any` over a bridge) from packets that
// the network carried twice. Asked by flow_tracker for every packet, before it is counted.
//
// A copy has the same bytes and the same IP id and comes within 1 ms. "The same bytes" is a
// fingerprint of the flow, the direction, the IP id, the payload's length, the checksum and, for
// TCP, the sequence numbers, flags and window; for others the beginning of the payload. The TTL is
// not part of it: a packet seen before and behind a router was sent once. So these are no copies: a
// datagram that the application sent twice (the next IP id), a retransmission (likewise).
//
// Without an IP id (IPv6, or 0) the rest has to tell, and of a bare ACK or RST nothing does: equal
// ones are what duplicate ACKs look like. Only packets with payload, SYN or FIN are judged then; of
// what is not TCP the payload has to be captured.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/hash.h"
#include "base/prefetch.h"
#include "decode/packet.h"

namespace panoptes {

class Duplicates {
 public:
  // Sets the packet's mark, and asks for the line that seen() will need; its hash has to be set.
  void prepare(Packet& p) const {
    // The payload's length is in the checksum's pseudo header (RFC 9293 3.1), filled in or not.
    const std::uint64_t body = (p.layers & kHasTcp) != 0 ? PacketHeader::numbers(p) : other_body(p);
    p.mark = mix64(p.hash ^ body, header(p) ^ kNotZero);
    prefetch(&sets_[p.mark % kSets]);
  }
  // Whether a packet like this one came at most 1 ms ago (or is stamped at most 1 ms later). The
  // packet is prepared, and its time is not negative.
  bool seen(const Packet& p) {
    const std::uint64_t mark = p.mark;
    Set& set = sets_[mark % kSets];
    // Mark and time in one word: the difference of two is small if both are near.
    const std::uint64_t entry =
        (mark & ~kTimeMask) | (static_cast<std::uint64_t>(p.time_ns) >> kTimeShift & kTimeMask);
    const std::uint64_t latest = entry + kWindow;
    bool again = false;
    for (const std::uint64_t earlier : set.entries) again |= latest - earlier <= 2 * kWindow;
    if (again) [[unlikely]]
      return tells(p, header(p));
    for (std::size_t i = kWays - 1; i > 0; --i) set.entries[i] = set.entries[i - 1];
    set.entries[0] = entry;
    return false;
  }

 private:
  // At a million packets a second, one in 600 is pushed out by others before its 1 ms is over.
  static constexpr std::size_t kWays = 4;
  struct alignas(32) Set {
    std::uint64_t entries[kWays];  // the newest first
  };
  static constexpr std::size_t kSets = 2048;  // 64 KiB: it stays in the second cache
  static constexpr int kTimeShift = 10;       // steps of 1.024 us
  static constexpr std::uint64_t kTimeMask = (1U << 26) - 1;
  static constexpr std::uint64_t kWindow = 1'000'000 >> kTimeShift;
  static constexpr std::uint32_t kPrefix = 28;
  static constexpr std::uint64_t kTtl = std::uint64_t{0xff} << PacketHeader::kTtlShift;
  // A factor of 0 would leave nothing of the other one. Headers have no bits where the TTL is.
  static constexpr std::uint64_t kNotZero = 0x9e3779b97f4a7c15U;
  static_assert((kNotZero & kTtl) != 0);

  static std::uint64_t header(const Packet& p) { return PacketHeader::of(p) & ~kTtl; }
  // Whether the packet is one of its kind.
  static bool tells(const Packet& p, std::uint64_t header) {
    constexpr std::uint64_t kIpIdSynFin = 0xffff | std::uint64_t{kSyn | kFin}
                                                       << PacketHeader::kFlagsShift;
    const bool has_payload =
        (p.layers & kHasTcp) != 0 ? p.payload_bytes != 0 : p.payload_captured != 0;
    return (header & kIpIdSynFin) != 0 || has_payload;
  }
  static std::uint64_t other_body(const Packet& p) {
    const std::uint64_t body = p.payload_captured < kPrefix || (p.layers & kIsFragment) != 0
                                   ? odd_body(p)
                                   : prefix(p.payload);
    return body + p.payload_bytes * 2 + static_cast<std::uint64_t>(p.from_high);
  }
  // RTP tells its packets apart in the first bytes, what a tunnel carries in the next ones, QUIC
  // behind a connection id of up to 20.
  static std::uint64_t prefix(const std::uint8_t* payload) {
    return load_u64(payload) ^ load_u64(payload + 8) * 0x9e3779b97f4a7c15U ^
           load_u64(payload + kPrefix - 8) * 0xd6e8feb86659fd93U;
  }
  // Of a short payload all; of a fragment also its place in the datagram.
  static std::uint64_t odd_body(const Packet& p);

  std::array<Set, kSets> sets_{};
};

}  // namespace panoptes
