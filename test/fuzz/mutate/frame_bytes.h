// The frame under mutation, and where its network header stands.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/endian.h"

namespace panoptes::mutate {

inline constexpr std::uint32_t kMostBytes = 72'000;  // of a mutated frame

struct MutatedPacket {
  std::vector<std::uint8_t> bytes;  // what is captured
  std::uint32_t wire = 0;
  std::uint16_t link_type = 0;

  std::uint32_t size() const { return static_cast<std::uint32_t>(bytes.size()); }
  // Changes of the captured length change the length on the wire by as much.
  void resize(std::uint32_t size) {
    wire += size - this->size();
    bytes.resize(size);
  }
};

inline void store_be16(std::uint8_t* at, std::uint32_t v) {
  at[0] = static_cast<std::uint8_t>(v >> 8);
  at[1] = static_cast<std::uint8_t>(v);
}

// LINKTYPE_ numbers that lead to a decoder; any other is worth a try as well.
// https://www.tcpdump.org/linktypes.html
inline constexpr std::array<std::uint16_t, 52> kLinkTypes{
    0,   1,   6,   8,   9,   10,  12,  14,  50,  51,  100, 101, 104, 105, 106, 107, 108, 109,
    113, 117, 119, 123, 127, 138, 149, 163, 166, 167, 168, 178, 179, 180, 181, 182, 192, 204,
    205, 206, 219, 226, 228, 229, 239, 240, 241, 242, 258, 274, 276, 281, 282, 284};

// Where the network header stands and where its kind is named. Only as right as a seed is; of a
// frame that was mutated before, it is a guess like any other.
struct Network {
  std::uint32_t at;
  std::uint32_t type_at;  // of the ethertype, the PPP protocol or the like, 2 bytes; `at`: none
};
inline Network find_network(const MutatedPacket& packet) {
  const std::uint8_t* data = packet.bytes.data();
  const std::uint32_t size = packet.size();
  Network found{0, 0};
  switch (packet.link_type) {
    case 1:
      found = {14, 12};
      while (found.at + 4 <= size && (load_be16(data + found.type_at) == 0x8100 ||
                                      load_be16(data + found.type_at) == 0x88a8)) {
        found = {found.at + 4, found.at + 2};
      }
      break;
    case 0:
    case 104:
    case 108:
      found = {4, 2};
      break;
    case 9:
    case 50:
    case 166:
      found = size >= 2 && data[0] == 0xff ? Network{4, 2} : Network{2, 0};
      break;
    case 113:
      found = {16, 14};
      break;
    case 276:
      found = {20, 0};
      break;
    default:
      break;
  }
  return found.at <= size ? found : Network{0, 0};
}

// Bytes of the IPv4 or IPv6 header at `at`; 0: there is none.
inline std::uint32_t ip_header_bytes(const MutatedPacket& packet, std::uint32_t at) {
  if (at >= packet.size()) return 0;
  const std::uint8_t first = packet.bytes[at];
  const std::uint32_t bytes = first >> 4 == 4 ? (first & 15U) * 4 : first >> 4 == 6 ? 40 : 0;
  return bytes >= 20 && at + bytes <= packet.size() ? bytes : 0;
}

}  // namespace panoptes::mutate
