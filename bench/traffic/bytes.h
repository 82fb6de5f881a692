// Writing integers into frames, and the Internet checksum (RFC 1071). Used by all frame builders.
#pragma once

#include <cstddef>
#include <cstdint>

namespace panoptes::bench {

// Deliberate truncation, said in one word.
constexpr std::uint8_t low8(std::uint64_t v) { return static_cast<std::uint8_t>(v); }
constexpr std::uint16_t low16(std::uint64_t v) { return static_cast<std::uint16_t>(v); }
constexpr std::uint32_t low32(std::uint64_t v) { return static_cast<std::uint32_t>(v); }

inline void store_be16(std::uint8_t* p, std::uint64_t v) {
  p[0] = low8(v >> 8);
  p[1] = low8(v);
}
inline void store_be32(std::uint8_t* p, std::uint64_t v) {
  store_be16(p, v >> 16);
  store_be16(p + 2, v);
}
inline void store_le32(std::uint8_t* p, std::uint64_t v) {
  for (int i = 0; i < 4; ++i) p[i] = low8(v >> (8 * i));
}

// Sum of the big endian 16-bit words of `n` bytes; an odd last byte counts as the high half.
inline std::uint32_t word_sum(const std::uint8_t* p, std::size_t n) {
  std::uint32_t sum = 0;
  std::size_t i = 0;
  for (; i + 1 < n; i += 2) sum += (std::uint32_t{p[i]} << 8) | p[i + 1];
  if (i < n) sum += std::uint32_t{p[i]} << 8;
  return sum;
}

// The checksum field that belongs to a sum of words.
inline std::uint16_t checksum(std::uint64_t sum) {
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return low16(~sum);
}

}  // namespace panoptes::bench
