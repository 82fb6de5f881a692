// Orders two endpoints and writes a FlowKey as six words: no byte is left over, no branch depends
// on the direction (it would be mispredicted half of the time). Fed by ip.h and non_ip.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/endian.h"
#include "decode/flow_key.h"
#include "decode/packet.h"

namespace panoptes {

// What the transport layer contributes to a key; 8 bytes, so that it travels in one register.
struct KeyPart {
  std::uint16_t src_port = 0;
  std::uint16_t dst_port = 0;
  std::uint16_t aux = 0;
  std::uint8_t icmp_type = 0;
  std::uint8_t icmp_code = 0;
};

static_assert(offsetof(FlowKey, high_addr) == 16 && offsetof(FlowKey, low_port) == 32 &&
                  offsetof(FlowKey, high_port) == 34 && offsetof(FlowKey, link_context) == 36 &&
                  offsetof(FlowKey, aux) == 40 && offsetof(FlowKey, protocol) == 42 &&
                  offsetof(FlowKey, kind) == 43 && offsetof(FlowKey, icmp_type) == 44 &&
                  offsetof(FlowKey, icmp_code) == 45 && offsetof(FlowKey, reserved) == 46,
              "put_key() writes whole words");

struct AddressWords {
  std::uint64_t first;   // bytes 0 to 7, as the host loads them
  std::uint64_t second;  // bytes 8 to 15
};

inline void put_word(FlowKey& key, std::size_t index, std::uint64_t word) {
  std::memcpy(reinterpret_cast<std::uint8_t*>(&key) + 8 * index, &word, sizeof word);
}

inline void put_key(FlowKey& key, AddressWords low, AddressWords high, std::uint32_t ports,
                    std::uint32_t link_context, KeyPart part, std::uint8_t protocol,
                    FlowKind kind) {
  put_word(key, 0, low.first);
  put_word(key, 1, low.second);
  put_word(key, 2, high.first);
  put_word(key, 3, high.second);
  put_word(key, 4, ports | std::uint64_t{link_context} << 32);
  put_word(key, 5,
           part.aux | std::uint64_t{protocol} << 16 |
               std::uint64_t{static_cast<std::uint8_t>(kind)} << 24 |
               std::uint64_t{part.icmp_type} << 32 | std::uint64_t{part.icmp_code} << 40);
}

// The key of a flow between two IPv4 addresses, given as the host loads them.
[[gnu::always_inline]] inline void put_ipv4_key(Packet& out, std::uint32_t src, std::uint32_t dst,
                                                std::uint32_t link_context, KeyPart part,
                                                std::uint8_t protocol, FlowKind kind) {
  const std::uint64_t s = std::uint64_t{src} << 16 | part.src_port;
  const std::uint64_t d = std::uint64_t{dst} << 16 | part.dst_port;
  const bool from_high = s > d;
  const std::uint64_t low = from_high ? d : s;
  const std::uint64_t high = from_high ? s : d;
  out.from_high = from_high;
  put_key(out.key, {low >> 16, 0}, {high >> 16, 0},
          static_cast<std::uint32_t>((low & 0xffff) | (high & 0xffff) << 16), link_context, part,
          protocol, kind);
}

// The key of a flow between two addresses of up to 16 bytes (unused bytes 0).
[[gnu::always_inline]] inline void put_wide_key(Packet& out, AddressWords src, AddressWords dst,
                                                std::uint32_t link_context, KeyPart part,
                                                std::uint8_t protocol, FlowKind kind) {
  const bool from_high =
      static_cast<bool>(static_cast<unsigned>(src.first > dst.first) |
                        (static_cast<unsigned>(src.first == dst.first) &
                         (static_cast<unsigned>(src.second > dst.second) |
                          (static_cast<unsigned>(src.second == dst.second) &
                           static_cast<unsigned>(part.src_port > part.dst_port)))));
  const std::uint64_t mask = -std::uint64_t{from_high};
  const std::uint64_t first = (src.first ^ dst.first) & mask;
  const std::uint64_t second = (src.second ^ dst.second) & mask;
  const std::uint32_t swap =
      static_cast<std::uint32_t>(part.src_port ^ part.dst_port) & static_cast<std::uint32_t>(mask);
  out.from_high = from_high;
  put_key(
      out.key, {src.first ^ first, src.second ^ second}, {dst.first ^ first, dst.second ^ second},
      (part.src_port ^ swap) | (part.dst_port ^ swap) << 16, link_context, part, protocol, kind);
}

}  // namespace panoptes
