// The integers of a column above the lowest of them. Part of column_encoder.h. The loops are plain
// so that compilers turn them into vector code.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/wide_vectors.h"

namespace panoptes {

template <typename T>
struct Extremes {
  T low, high;

  void widen(T value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  void widen(const Extremes& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
  }
};

// The lowest value, and the bits that are set in any of them: no value is more than these, and if
// they are as much as the lowest, all values are equal. Cheaper than the highest value.
template <typename T>
struct Bounds {
  T low, any;

  void widen(T value) {
    low = std::min(low, value);
    any = static_cast<T>(any | value);
  }
  void widen(const Bounds& other) {
    low = std::min(low, other.low);
    any = static_cast<T>(any | other.any);
  }
};

// Of eight bytes there is no vector code on every processor, but four chains of their own.
template <typename Result, typename T>
Result widened(const T* from, std::uint32_t rows) {
  const auto loop = [](const T* values, std::uint32_t count) __attribute__((always_inline)) {
    constexpr std::size_t kChains = sizeof(T) == sizeof(std::uint64_t) ? 4 : 1;
    Result all{values[0], values[0]};
    std::size_t i = 0;
    if constexpr (kChains > 1) {
      std::array<Result, kChains> chains;
      chains.fill(all);
      for (; i + kChains <= count; i += kChains) {
        for (std::size_t k = 0; k < kChains; ++k) chains[k].widen(values[i + k]);
      }
      for (const Result& chain : chains) all.widen(chain);
    }
    for (; i < count; ++i) all.widen(values[i]);
    return all;
  };
  return in_vectors(loop, from, rows);
}

template <typename T>
Extremes<T> extremes(const T* values, std::uint32_t count) {
  return widened<Extremes<T>>(values, count);
}

template <typename T>
Bounds<T> bounds(const T* values, std::uint32_t count) {
  return widened<Bounds<T>>(values, count);
}

// The bits that are set in any of the values less `low`.
template <typename T>
T any_above(const T* from, std::uint32_t rows, T lowest) {
  const auto loop = [](const T* values, std::uint32_t count, T low) __attribute__((always_inline)) {
    T any = 0;
    for (std::uint32_t i = 0; i < count; ++i) any = static_cast<T>(any | (values[i] - low));
    return any;
  };
  return in_vectors(loop, from, rows, lowest);
}

// What the values are above the lowest one, for which `out` has room. Returns the bits that are set
// in any of it.
template <typename T, typename Out>
Out subtract(const T* from, std::uint32_t rows, T lowest, Out* to) {
  const auto loop =
      [](const T* values, std::uint32_t count, T low, Out* out) __attribute__((always_inline)) {
    Out any = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      out[i] = static_cast<Out>(values[i] - low);
      any = static_cast<Out>(any | out[i]);
    }
    return any;
  };
  return in_vectors(loop, from, rows, lowest, to);
}

// The same, divided; 0 if one of them is no multiple. They are below 2^63 above `low`, and not all
// are that. A multiple is divided without a remainder by 8, by a shift, and by 125, by a product
// with its inverse modulo 2^64. Anything else comes out larger than any quotient of 64 bits, which
// has bits that a quotient of 63 has not.
template <typename Out>
std::uint64_t divide_by_1000(const std::uint64_t* values, std::uint32_t count, std::uint64_t low,
                             Out* out) {
  constexpr std::uint64_t kInverse = 0x1cac083126e978d5;
  constexpr int kBits = 54;
  static_assert(kInverse * 125 == 1);
  static_assert(~std::uint64_t{0} / 1000 >> kBits != 0 && ~std::uint64_t{0} / 2000 >> kBits == 0);
  constexpr std::size_t kBlock = 64;  // of other values the first ones show it
  std::uint64_t any = 0;
  for (std::size_t from = 0; from < count; from += kBlock) {
    const std::size_t end = std::min<std::size_t>(count, from + kBlock);
    const auto divide = [&](std::size_t i) {
      const std::uint64_t quotient = std::rotr((values[i] - low) * kInverse, 3);
      any |= quotient;
      out[i] = static_cast<Out>(quotient);
    };
    std::size_t i = from;
    for (; i + 4 <= end; i += 4) {
      divide(i), divide(i + 1), divide(i + 2), divide(i + 3);
    }
    for (; i < end; ++i) divide(i);
    if (any >> kBits != 0) return 0;
  }
  return any;
}

}  // namespace panoptes
