// What the floor decodes of a frame: addresses, ports and the numbers that the accounting needs.
#pragma once

#include <cstdint>
#include <cstring>

namespace panoptes::bench {

// The five-tuple with its VLAN, the smaller end first, so that both directions have the same key.
struct Key {
  std::uint64_t low_address[2];
  std::uint64_t high_address[2];
  std::uint32_t ports;
  std::uint8_t protocol;
  std::uint8_t v6;
  std::uint16_t vlan;
};
static_assert(sizeof(Key) == 40);

inline bool operator==(const Key& a, const Key& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

struct Packet {
  std::uint64_t time_us;
  std::uint32_t wire_bytes;
  std::uint16_t payload_bytes;
  std::uint8_t tcp_flags;
  std::uint8_t from_high;  // 1: the sender is the key's high end
  std::uint32_t seq, ack;
  std::uint16_t window;
  std::uint8_t ttl, tos;
  std::uint8_t window_shift;
  std::uint64_t hash;
  Key key;
};

inline std::uint64_t mix64(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t hash(const Key& key) {
  std::uint64_t rest;
  std::memcpy(&rest, &key.ports, sizeof rest);
  const std::uint64_t first =
      mix64(key.low_address[0] ^ 0x2d358dccaa6c78a5U, key.high_address[0] ^ 0x8bb84b93962eacc9U);
  const std::uint64_t second =
      mix64(key.low_address[1] ^ 0x4b33a62ed433d4a3U, key.high_address[1] ^ 0x4d5a2da51de1aa47U);
  return mix64(first ^ rest, second ^ 0x9e3779b97f4a7c15U);
}

}  // namespace panoptes::bench
