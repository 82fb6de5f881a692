// Integers of a column -> the bytes of Column.values. Part of column_encoder.h. The loops are plain
// so that compilers turn them into vector code.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "batch/columns.h"

namespace panoptes {

template <typename T>
struct Extremes {
  T low, high;
};

template <typename T>
Extremes<T> extremes(const T* values, std::uint32_t count) {
  Extremes<T> e{values[0], values[0]};
  for (std::uint32_t i = 1; i < count; ++i) {
    e.low = std::min(e.low, values[i]);
    e.high = std::max(e.high, values[i]);
  }
  return e;
}

// `out` has room for what is above the lowest value.
template <typename T, typename Out>
void subtract(const T* values, std::uint32_t count, T low, Out* out) {
  for (std::uint32_t i = 0; i < count; ++i) out[i] = static_cast<Out>(values[i] - low);
}

// The same, divided; false if one of them is no multiple. A multiple is divided without a remainder
// by 8, by a shift, and by 125, by a product with its inverse modulo 2^64. Anything else comes out
// larger than any quotient.
template <typename Out>
bool divide_by_1000(const std::uint64_t* values, std::uint32_t count, std::uint64_t low, Out* out) {
  constexpr std::uint64_t kInverse = 0x1cac083126e978d5;
  constexpr std::uint64_t kLargest = ~std::uint64_t{0} / 1000;
  static_assert(kInverse * 125 == 1);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t quotient = std::rotr((values[i] - low) * kInverse, 3);
    if (quotient > kLargest) return false;
    out[i] = static_cast<Out>(quotient);
  }
  return true;
}

struct Width {
  std::uint32_t bits;
  std::uint32_t patches;  // values that need more

  // Column.width: bytes, or 10 for half of one.
  std::uint32_t code() const { return bits == 4 ? 10 : bits / 8; }
};

template <typename T>
std::uint32_t count_wider(const T* values, std::uint32_t count, std::uint32_t bits) {
  std::uint32_t wider = 0;
  for (std::uint32_t i = 0; i < count; ++i) wider += (values[i] >> bits) != 0 ? 1U : 0U;
  return wider;
}

// Few large values among many small ones stand apart as patches, if that is shorter.
template <typename T>
Width cheapest_width(const T* values, std::uint32_t count, std::uint64_t largest) {
  constexpr std::uint64_t kPatchedExtra = 6;  // tags and lengths of places and values
  const std::uint64_t patch = 2 + (largest > 0xffffffff ? 8 : 4);
  Width best{.bits = 8 * sizeof(T), .patches = 0};
  std::uint64_t best_cost = std::uint64_t{count} * sizeof(T);
  for (const std::uint32_t bits : {32U, 24U, 16U, 8U, 4U}) {
    if (bits >= 8 * sizeof(T)) continue;
    const std::uint32_t wider = largest >> bits == 0 ? 0 : count_wider(values, count, bits);
    const std::uint64_t patches = wider == 0 ? 0 : wider * patch + kPatchedExtra;
    if (patches > best_cost) break;  // as it is in all narrower widths
    const std::uint64_t cost = (std::uint64_t{count} * bits + 7) / 8 + patches;
    if (cost > best_cost) continue;
    best = {.bits = bits, .patches = wider};
    best_cost = cost;
  }
  return best;
}

struct Patches {
  std::uint32_t count;
  std::array<std::uint16_t, kMaxRows> places;
  std::array<std::uint64_t, kMaxRows> values;
};

// Moves values that are wider than `bits` to the patches, and leaves 0 in their places. `values`
// has room for eight more than `count`.
template <typename T>
void take_patches(T* values, std::uint32_t count, std::uint32_t bits, Patches& out) {
  constexpr std::uint32_t kStep = 8;
  std::fill_n(values + count, kStep, T{0});
  for (std::uint32_t from = 0; from < count; from += kStep) {
    T any = 0;
    for (std::uint32_t i = from; i < from + kStep; ++i) any |= values[i];
    if (any >> bits == 0) continue;
    for (std::uint32_t i = from; i < from + kStep; ++i) {
      if (values[i] >> bits == 0) continue;
      out.places[out.count] = static_cast<std::uint16_t>(i);
      out.values[out.count++] = values[i];
      values[i] = 0;
    }
  }
}

template <typename Narrow, typename T>
std::size_t narrow_to(const T* values, std::uint32_t count, char* out) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto value = static_cast<Narrow>(values[i]);
    std::memcpy(out + i * sizeof value, &value, sizeof value);
  }
  return count * sizeof(Narrow);
}

// Two bytes below 16 in one; the first is the low half. `bytes` has room for one more.
inline std::size_t pack_halves(char* bytes, std::uint32_t count, char* out) {
  bytes[count] = 0;
  const std::uint32_t pairs = (count + 1) / 2;
  for (std::uint32_t i = 0; i < pairs; ++i) {
    std::uint16_t pair;
    std::memcpy(&pair, bytes + 2 * i, sizeof pair);
    out[i] = static_cast<char>(pair | pair >> 4);
  }
  return pairs;
}

// Writes up to three bytes more than it says.
template <typename T>
std::size_t narrow(const T* values, std::uint32_t count, std::uint32_t bits, char* out) {
  switch (bits) {
    case 4: {
      std::array<char, kMaxRows + 1> bytes;
      narrow_to<std::uint8_t>(values, count, bytes.data());
      return pack_halves(bytes.data(), count, out);
    }
    case 8:
      return narrow_to<std::uint8_t>(values, count, out);
    case 16:
      return narrow_to<std::uint16_t>(values, count, out);
    case 24:
      for (std::uint32_t i = 0; i < count; ++i) {
        const auto value = static_cast<std::uint32_t>(values[i]);
        std::memcpy(out + i * 3, &value, sizeof value);
      }
      return std::size_t{count} * 3;
    case 32:
      return narrow_to<std::uint32_t>(values, count, out);
    default:
      return narrow_to<std::uint64_t>(values, count, out);
  }
}

}  // namespace panoptes
