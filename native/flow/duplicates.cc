#include "flow/duplicates.h"

#include <algorithm>
#include <cstring>

namespace panoptes {

std::uint64_t Duplicates::odd_body(const Packet& p) {
  std::uint64_t words[4] = {};
  if (p.payload_captured != 0) {
    std::memcpy(words, p.payload, std::min<std::size_t>(p.payload_captured, sizeof words));
  }
  const std::uint64_t place =
      (p.layers & kIsFragment) != 0 ? std::uint64_t{p.fragment.id} << 16 | p.fragment.offset : 0;
  return mix64(words[0] ^ 0x8bb84b93962eacc9U ^ place, words[1] ^ 0x4b33a62ed433d4a3U) ^
         mix64(words[2] ^ 0x4d5a2da51de1aa47U, words[3] ^ 0x9e3779b97f4a7c15U);
}

}  // namespace panoptes
