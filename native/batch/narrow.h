// The width that takes the fewest bytes for the integers of a column, and those that are wider.
// Part of column_encoder.h.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "batch/columns.h"
#include "batch/differences.h"

namespace panoptes {

// Large values among many small ones, which stand apart.
struct Patches {
  std::uint32_t count;
  std::array<std::uint16_t, kMaxRows> places;
  std::array<std::uint64_t, kMaxRows> values;
};

inline constexpr std::uint32_t kWidestPacked = 53;

// Of many values a part says well enough how wide they are: one of so many.
inline std::uint32_t sample_step(std::uint32_t count) { return count < 256 ? 1 : 5; }

template <typename T>
Extremes<T> sample_extremes(const T* values, std::uint32_t count) {
  Extremes<T> e{values[0], values[0]};
  const std::uint32_t step = sample_step(count);
  for (std::uint32_t i = step; i < count; i += step) {
    e.widen(values[i]);
  }
  return e;
}

// How many of the values have which number of bits. Counted by turns in two places, so that a
// counter need not wait for itself where neighbours are equally wide.
struct Widths {
  std::array<std::array<std::uint32_t, kWidestPacked + 1>, 2> count{};
  std::uint32_t step;

  std::uint32_t of(std::uint32_t bits) const { return count[0][bits] + count[1][bits]; }
};
template <typename T>
Widths sample_widths(const T* values, std::uint32_t count, T low) {
  Widths widths{.step = sample_step(count)};
  const auto add = [&](std::size_t i, std::size_t turn) {
    // The bit below the value spares a branch for 0.
    const std::uint64_t doubled = std::uint64_t{static_cast<T>(values[i] - low)} << 1 | 1;
    ++widths.count[turn][static_cast<std::uint32_t>(std::bit_width(doubled)) - 1];
  };
  const std::size_t step = widths.step;
  std::size_t i = 0;
  for (; i + step < count; i += 2 * step) {
    add(i, 0);
    add(i + step, 1);
  }
  if (i < count) add(i, 0);
  return widths;
}

// Bytes of so many values of `bits`, and of what stands apart.
inline std::uint64_t cost_of(std::uint32_t count, std::uint32_t bits, std::uint64_t patches,
                             std::uint64_t largest) {
  constexpr std::uint64_t kTagsAndLengths = 6;
  const std::uint64_t each = largest > 0xffffffff ? 10 : 6;
  return (std::uint64_t{count} * bits + 7) / 8 +
         (patches == 0 ? 0 : patches * each + kTagsAndLengths);
}

struct Choice {
  std::uint32_t bits;
  std::uint64_t cost;  // bytes, about
};

// The width of the fewest bytes for what the values are above `low`; of the highest it is
// `largest`.
template <typename T>
Choice cheapest_width(const T* values, std::uint32_t count, std::uint64_t largest, T low = 0) {
  const auto widest = static_cast<std::uint32_t>(std::bit_width(largest));
  if (widest > kWidestPacked) return {.bits = 64, .cost = std::uint64_t{count} * 8};
  const Widths widths = sample_widths(values, count, low);
  Choice best{.bits = widest, .cost = cost_of(count, widest, 0, largest)};
  std::uint32_t wider = 0;
  for (std::uint32_t bits = widest; bits-- > 0;) {
    wider += widths.of(bits + 1) * widths.step;
    const std::uint64_t cost = cost_of(count, bits, std::max(wider, 1U), largest);
    if (cost < best.cost) {
      best = {.bits = bits, .cost = cost};
    } else if (cost_of(0, 0, wider, largest) > best.cost) {
      break;  // as it is in all narrower widths
    }
  }
  return best;
}

// Moves values that are wider than `bits` to the patches, and leaves 0 in their places. `values`
// has room for kPatchStep more than `count`.
inline constexpr std::uint32_t kPatchStep = 16;
template <typename T>
void take_patches(T* values, std::uint32_t count, std::uint32_t bits, Patches& out) {
  constexpr std::uint32_t kWords = kPatchStep * sizeof(T) / sizeof(std::uint64_t);
  constexpr std::uint64_t kOneOfEach = ~std::uint64_t{0} / static_cast<T>(~T{0});
  const std::uint64_t too_wide = kOneOfEach * static_cast<T>(static_cast<T>(~T{0}) << bits);
  out.count = 0;
  std::fill_n(values + count, kPatchStep, T{0});
  for (std::uint32_t from = 0; from < count; from += kPatchStep) {
    std::array<std::uint64_t, kWords> words;
    std::memcpy(words.data(), values + from, sizeof words);
    std::uint64_t any = 0;
    for (const std::uint64_t word : words) any |= word;
    if ((any & too_wide) == 0) continue;
    for (std::uint32_t k = 0; k < kWords; ++k) {
      if ((words[k] & too_wide) == 0) continue;
      const std::uint32_t first = from + k * kPatchStep / kWords;
      for (std::uint32_t i = first; i < first + kPatchStep / kWords; ++i) {
        if (values[i] >> bits == 0) continue;
        out.places[out.count] = static_cast<std::uint16_t>(i);
        out.values[out.count++] = values[i];
        values[i] = 0;
      }
    }
  }
}

template <typename T>
void put_patches_back(T* values, Patches& from) {
  for (std::uint32_t i = 0; i < from.count; ++i) {
    values[from.places[i]] = static_cast<T>(from.values[i]);
  }
  from.count = 0;
}

// Takes out what is wider than the width that was chosen. Returns the width that it is to be.
template <typename T>
std::uint32_t fit(T* values, std::uint32_t count, std::uint64_t largest, std::uint32_t bits,
                  Patches& patches) {
  patches.count = 0;
  const auto widest = static_cast<std::uint32_t>(std::bit_width(largest));
  if (bits >= widest) return bits;
  take_patches(values, count, bits, patches);
  if (cost_of(count, bits, patches.count, largest) <= cost_of(count, widest, 0, largest))
    return bits;
  put_patches_back(values, patches);  // the sample has deceived
  return widest;
}

}  // namespace panoptes
