// The header of an RTP packet (RFC 3550 5.1) and the packets of an RTCP compound (6.1), bounds
// checked. Read by flow/rtp_*, which knows from several packets whether it is RTP at all: one
// header proves nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/endian.h"
#include "decode/layer.h"

namespace panoptes {

struct RtpHeader {
  std::uint32_t ssrc;
  std::uint32_t timestamp;
  std::uint16_t sequence;
  std::uint8_t payload_type;
  bool marker;
};

// Version 2: of both, in the two highest bits of the first byte.
inline bool is_rtp_version(std::uint8_t first) { return (first & 0xc0) == 0x80; }
// Where both share ports the second byte tells them apart (RFC 5761 4).
inline bool is_rtcp_type(std::uint8_t second) { return second >= 192 && second <= 223; }

inline constexpr std::uint32_t kRtpHeader = 12, kRtcpHeader = 8;

// `payload`: of a datagram. `whole`: its end is that of the datagram, no other fragment follows.
inline std::optional<RtpHeader> read_rtp(Layer payload, bool whole) {
  const std::uint8_t* p = payload.peek(kRtpHeader);
  if (p == nullptr || !is_rtp_version(p[0]) || is_rtcp_type(p[1])) return std::nullopt;
  const RtpHeader header{load_be32(p + 8), load_be32(p + 4), load_be16(p + 2),
                         static_cast<std::uint8_t>(p[1] & 0x7f), (p[1] & 0x80) != 0};
  std::uint32_t size = kRtpHeader + (p[0] & 0x0fU) * 4;
  if ((p[0] & 0x10) != 0) {
    size += 4;
    if (payload.peek(size) != nullptr) size += load_be16(p + size - 2) * 4U;
  }
  if (size > payload.length()) return std::nullopt;
  if ((p[0] & 0x20) != 0 && whole) {
    const std::uint32_t rest = payload.length() - size;
    if (rest == 0) return std::nullopt;
    if (payload.captured() == payload.length()) {
      const std::uint32_t padding = p[payload.length() - 1];
      if (padding == 0 || padding > rest) return std::nullopt;
    }
  }
  return header;
}

// Packet types (RFC 3550 12.1).
inline constexpr std::uint8_t kRtcpSenderReport = 200, kRtcpReceiverReport = 201,
                              kRtcpSourceDescription = 202, kRtcpBye = 203;

struct RtcpPacket {
  std::uint8_t type;
  std::uint8_t count;  // reports, chunks, sources
  Layer body;          // behind the four bytes that all types have
};

// The packets of a compound, one after the other.
class RtcpCompound {
 public:
  // No sender has so much to say; what has more is none, and costs no more.
  static constexpr int kMostPackets = 64;

  explicit RtcpCompound(Layer rest) : rest_(rest) {}

  // Nothing more where it ends, or where the rest is no RTCP packet or was not captured: bad().
  std::optional<RtcpPacket> next() {
    if (rest_.length() == 0 || bad_) return std::nullopt;
    const std::uint8_t* p = rest_.peek(4);
    bad_ = true;
    if (p == nullptr || !is_rtp_version(p[0]) || !is_rtcp_type(p[1])) return std::nullopt;
    if (++packets_ > kMostPackets) return std::nullopt;
    const std::uint32_t size = (load_be16(p + 2) + 1U) * 4;
    // Only the last one is padded (6.4.1).
    if (size > rest_.length() || ((p[0] & 0x20) != 0 && size != rest_.length())) {
      return std::nullopt;
    }
    bad_ = false;
    RtcpPacket packet{p[1], static_cast<std::uint8_t>(p[0] & 0x1f), rest_};
    packet.body.limit(size);
    packet.body.advance(4);
    rest_.skip(size);
    return packet;
  }
  bool bad() const { return bad_; }

 private:
  Layer rest_;
  int packets_ = 0;
  bool bad_ = false;
};

struct RtcpSenderInfo {
  std::uint64_t ntp;  // 32 bits of seconds, 32 of their fraction
  std::uint32_t rtp;  // the same time in the units of the stream
};

// One report block (RFC 3550 6.4.1): what the sender of the packet received of `ssrc`.
struct RtcpReport {
  std::uint32_t ssrc;
  std::uint32_t jitter;   // units of the stream's timestamps
  std::uint32_t last_sr;  // middle of the NTP time of the last sender report, 0: none came
  std::uint32_t delay;    // since then, in 1/65536 s
  std::int32_t lost;      // since the stream began; negative with duplicates
  std::uint8_t fraction;  // lost since the report before, in 1/256
};

// The sender's own SSRC, of packets that begin with it.
inline std::uint32_t rtcp_ssrc(Layer body) {
  const std::uint8_t* p = body.peek(4);
  return p == nullptr ? 0 : load_be32(p);
}

inline std::optional<RtcpSenderInfo> read_sender_info(const RtcpPacket& packet) {
  if (packet.type != kRtcpSenderReport) return std::nullopt;
  const std::uint8_t* p = packet.body.peek(24);
  if (p == nullptr) return std::nullopt;
  return RtcpSenderInfo{load_be64(p + 4), load_be32(p + 12)};
}

// Report block number `i` of a sender or receiver report.
inline std::optional<RtcpReport> read_report(const RtcpPacket& packet, std::uint32_t i) {
  const bool sender = packet.type == kRtcpSenderReport;
  if ((!sender && packet.type != kRtcpReceiverReport) || i >= packet.count) return std::nullopt;
  Layer rest = packet.body;
  rest.skip((sender ? 24U : 4U) + i * 24);
  const std::uint8_t* p = rest.peek(24);
  if (p == nullptr) return std::nullopt;
  // 24 bits with a sign.
  const auto lost = static_cast<std::int32_t>(load_be32(p + 4) << 8) >> 8;
  return RtcpReport{load_be32(p), load_be32(p + 12), load_be32(p + 16), load_be32(p + 20), lost,
                    p[4]};
}

// Whether all of a report's parts fit into it.
inline bool fits_report(const RtcpPacket& packet) {
  const std::uint32_t head = packet.type == kRtcpSenderReport ? 24 : 4;
  return packet.body.length() >= head + packet.count * 24U;
}

// Whether a description's first chunk is of `ssrc` and has a CNAME, as every compound has to
// (RFC 3550 6.5.1).
inline bool names_source(const RtcpPacket& packet, std::uint32_t ssrc) {
  constexpr std::uint8_t kCname = 1;
  const std::uint8_t* p = packet.body.peek(6);
  return packet.type == kRtcpSourceDescription && packet.count != 0 && p != nullptr &&
         load_be32(p) == ssrc && p[4] == kCname && 6U + p[5] <= packet.body.length();
}

}  // namespace panoptes
