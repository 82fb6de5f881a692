// The TCP options that flow/tcp_sequence reads where something is odd: SACK (RFC 2018) and
// timestamps (RFC 7323). Bounded; what was not captured is not there.
#pragma once

#include <cstdint>

#include "base/endian.h"

namespace panoptes {

struct TcpOptionValues {
  static constexpr std::uint32_t kMostSacks = 4;
  bool timestamps;  // with tsval and tsecr
  std::uint32_t tsval;
  std::uint32_t tsecr;
  std::uint32_t sacks;
  std::uint32_t sack[kMostSacks][2];  // left edge, right edge
};

inline TcpOptionValues read_tcp_option_values(const std::uint8_t* options, std::uint32_t size) {
  constexpr std::uint8_t kEnd = 0, kNop = 1, kSack = 5, kTimestamps = 8;
  TcpOptionValues out{};
  std::uint32_t at = 0;
  while (at < size && options[at] != kEnd) {
    if (options[at] == kNop) {
      ++at;
      continue;
    }
    if (at + 2 > size) break;
    const std::uint32_t length = options[at + 1];
    if (length < 2 || at + length > size) break;
    const std::uint8_t* body = options + at + 2;
    if (options[at] == kTimestamps && length == 10) {
      out.timestamps = true;
      out.tsval = load_be32(body);
      out.tsecr = load_be32(body + 4);
    } else if (options[at] == kSack) {
      out.sacks = 0;
      for (std::uint32_t i = 2; i + 8 <= length && out.sacks < TcpOptionValues::kMostSacks;
           i += 8) {
        out.sack[out.sacks][0] = load_be32(options + at + i);
        out.sack[out.sacks][1] = load_be32(options + at + i + 4);
        ++out.sacks;
      }
    }
    at += length;
  }
  return out;
}

}  // namespace panoptes
