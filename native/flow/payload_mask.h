// What kept payload looks like when it is masked: its shape, not its content. Used by
// flow/payload_pool.h as the bytes are kept, so that nothing unmasked is in memory for long or
// leaves the capture thread.
#pragma once

#include <array>
#include <cstdint>

namespace panoptes {

// Letters become x, digits 9. Other printable ASCII, space, tab, CR and LF stay. Everything else,
// control characters and bytes from 0x80 on, becomes 0.
inline constexpr std::array<std::uint8_t, 256> kPayloadMask = [] {
  std::array<std::uint8_t, 256> mask{};
  for (unsigned c = 0x20; c < 0x7f; ++c) mask[c] = static_cast<std::uint8_t>(c);
  mask['\t'] = '\t';
  mask['\n'] = '\n';
  mask['\r'] = '\r';
  for (unsigned c = 'a'; c <= 'z'; ++c) mask[c] = mask[c - 'a' + 'A'] = 'x';
  for (unsigned c = '0'; c <= '9'; ++c) mask[c] = '9';
  return mask;
}();

inline void copy_masked(std::uint8_t* to, const std::uint8_t* from, std::uint32_t n) {
  for (std::uint32_t i = 0; i < n; ++i) to[i] = kPayloadMask[from[i]];
}

}  // namespace panoptes
