// Keeps numbers of a record in what readers take. Used by the files of columns.
#pragma once

#include <algorithm>
#include <cstdint>

namespace panoptes {

// Readers hold numbers as doubles and refuse whole ones beyond this. A hostile capture can
// acknowledge 1 GiB with every packet, a hostile sender name delays of hours.
inline constexpr std::uint64_t kMostWhole = (std::uint64_t{1} << 53) - 1;

inline std::uint64_t whole(std::uint64_t value) { return std::min(value, kMostWhole); }
inline std::uint64_t whole_ns(std::int64_t value) {
  return whole(static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)));
}

}  // namespace panoptes
