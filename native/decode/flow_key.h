// The identity of a flow: direction-free, a value, compared by default. Built by decode/, found by
// flow/.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/hash.h"

namespace panoptes {

enum class FlowKind : std::uint8_t { none, ipv4, ipv6, arp, ethernet, rarp };  // proto: FlowKind

// IPv4 addresses stand in the first 4 bytes, MACs in the first 6, the rest is 0. The low endpoint
// is the one whose (address bytes, port) compares less as integers in host loads; any total order
// does.
struct FlowKey {
  std::array<std::uint8_t, 16> low_addr{};
  std::array<std::uint8_t, 16> high_addr{};
  std::uint16_t low_port = 0;  // ICMP, ARP, L2: 0
  std::uint16_t high_port = 0;
  std::uint32_t link_context = 0;  // VLANs and tunnels around the flow: decode/link_context.h
  // ICMP: id; DNS: transaction id; ethernet: ethertype (or DSAP << 8 | SSAP); ESP and AH: low half
  // of the SPI, whose high half is in the two ICMP bytes
  std::uint16_t aux = 0;
  std::uint8_t protocol = 0;  // IP protocol
  FlowKind kind = FlowKind::none;
  std::uint8_t icmp_type = 0;  // folded to the request's
  std::uint8_t icmp_code = 0;  // of ICMP that is no query
  std::uint16_t reserved = 0;

  friend bool operator==(const FlowKey& a, const FlowKey& b) {
    return std::memcmp(&a, &b, sizeof(FlowKey)) == 0;
  }
};
static_assert(sizeof(FlowKey) == 48, "three 16-byte compares; no padding, or memcmp lies");

// `seed` is the process's own secret, so that nobody outside can choose keys that collide. It is in
// every factor: a factor that can be made 0 from outside makes the other one count for nothing.
inline std::uint64_t hash(const FlowKey& key, std::uint64_t seed) {
  // Word by word, as put_key() wrote them a moment ago: a wider load would wait for the stores.
  const auto word = [&key](std::size_t index) {
    return load_u64(reinterpret_cast<const std::uint8_t*>(&key) + 8 * index);
  };
  const std::uint64_t low =
      mix64(word(0) ^ seed, word(2) ^ 0x8bb84b93962eacc9U ^ std::rotl(seed, 13));
  const std::uint64_t high = mix64(word(1) ^ 0x4b33a62ed433d4a3U ^ std::rotl(seed, 29),
                                   word(3) ^ 0x4d5a2da51de1aa47U ^ std::rotl(seed, 47));
  return mix64(low ^ word(4), high ^ word(5) ^ 0x9e3779b97f4a7c15U);
}

}  // namespace panoptes
