// Few different values in many rows: each stands once, and rows carry its place. Part of
// column_encoder.h.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "batch/narrow.h"

namespace panoptes {

class Entries {
 public:
  // True if all of the values are below 2^16 and the entries with their places take fewer bytes
  // than `most`; else there are none.
  template <typename T>
  bool take(const T* values, std::uint32_t count, std::uint64_t most) {
    static_assert(sizeof(T) <= sizeof(std::uint16_t));
    const std::uint32_t limit = useful(count, most);
    count_ = 0;
    bool fits = true;
    const auto place = [&](std::size_t i) {
      std::uint8_t& counted = place_of_[values[i]];
      if (counted == 0) [[unlikely]] {
        if (count_ == limit) return false;
        values_[count_++] = values[i];
        counted = static_cast<std::uint8_t>(count_);
      }
      places_[i] = static_cast<std::uint8_t>(counted - 1);
      return true;
    };
    std::size_t i = 0;
    for (; fits && i + 4 <= count; i += 4) {
      fits = place(i) && place(i + 1) && place(i + 2) && place(i + 3);
    }
    for (; fits && i < count; ++i) fits = place(i);
    for (std::uint32_t at = 0; at < count_; ++at) place_of_[values_[at]] = 0;
    return fits && cost_of(count) < most;
  }

  const std::uint16_t* values() const { return values_.data(); }
  std::uint32_t count() const { return count_; }
  std::uint8_t* places() { return places_.data(); }
  std::uint32_t bits() const { return static_cast<std::uint32_t>(std::bit_width(count_ - 1)); }

 private:
  static constexpr std::uint32_t kMost = 255;

  std::uint64_t cost_of(std::uint32_t rows) const { return cost_of(rows, count_, bits()); }
  static std::uint64_t cost_of(std::uint32_t rows, std::uint32_t entries, std::uint32_t bits) {
    constexpr std::uint64_t kTagAndLength = 3;
    return (std::uint64_t{rows} * bits + 7) / 8 + entries * sizeof(std::uint16_t) + kTagAndLength;
  }

  // With more entries than these it is never shorter.
  static std::uint32_t useful(std::uint32_t rows, std::uint64_t most) {
    std::uint32_t limit = 0;
    for (std::uint32_t bits = 1; bits <= 8; ++bits) {
      const std::uint64_t without = cost_of(rows, 0, bits);
      if (without >= most) break;
      const std::uint64_t room = (most - without) / sizeof(std::uint16_t);
      limit =
          std::max(limit, static_cast<std::uint32_t>(std::min<std::uint64_t>(room, 1U << bits)));
    }
    return std::min(limit, kMost);
  }

  std::uint32_t count_ = 0;
  std::array<std::uint16_t, kMost> values_;
  std::array<std::uint8_t, kMaxRows + kPatchStep> places_;
  std::array<std::uint8_t, 65536> place_of_{};  // counted from 1; 0, between calls all: none
};

}  // namespace panoptes
