// Integers -> one behind the other in as few bits as hold them: the bytes of FlowBatch.values. Part
// of column_encoder.h. Eight values of any width end with a byte: each eight go their own way.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/hash.h"

namespace panoptes {

inline constexpr std::uint32_t kPackStep = 8;

// The lanes of a word, of `lane` bits each, behind one another in pairs: of each `bits` are used.
inline std::uint64_t join_lanes(std::uint64_t word, std::uint32_t lane, std::uint32_t bits) {
  const std::uint64_t pair_of_ones = ~std::uint64_t{0} / ((std::uint64_t{1} << lane) + 1);
  return (word & pair_of_ones) | (word & ~pair_of_ones) >> (lane - bits);
}

inline void pack_steps(const std::uint8_t* values, std::uint32_t count, std::uint32_t bits,
                       char* out) {
  for (std::uint32_t i = 0; i < count; i += kPackStep, out += bits) {
    const std::uint64_t pairs = join_lanes(load_u64(values + i), 8, bits);
    const std::uint64_t word = join_lanes(join_lanes(pairs, 16, 2 * bits), 32, 4 * bits);
    std::memcpy(out, &word, sizeof word);
  }
}

inline void pack_steps(const std::uint16_t* values, std::uint32_t count, std::uint32_t bits,
                       char* out) {
  const auto four = [bits](const std::uint16_t* from) {
    return join_lanes(join_lanes(load_u64(from), 16, bits), 32, 2 * bits);
  };
  for (std::uint32_t i = 0; i < count; i += kPackStep, out += bits) {
    const std::uint64_t low = four(values + i);
    const std::uint64_t high = four(values + i + 4);
    const std::uint64_t words[] = {low | high << 4 * bits, high >> (64 - 4 * bits)};
    std::memcpy(out, words, sizeof words);
  }
}

// Shifts that the compiler knows: with a function for each width.
template <std::uint32_t kBits>
void pack_steps_of(const std::uint32_t* values, std::uint32_t count, char* out) {
  for (std::uint32_t i = 0; i < count; i += kPackStep, out += kBits) {
    std::uint64_t word = 0;
    const auto put = [&]<std::uint32_t kAt>() {
      constexpr std::uint32_t kFrom = kAt * kBits % 64;
      const std::uint64_t value = values[i + kAt];
      word |= value << kFrom;
      if constexpr (kFrom + kBits >= 64 || kAt == kPackStep - 1) {
        std::memcpy(out + kAt * kBits / 64 * 8, &word, sizeof word);
        if constexpr (kFrom + kBits > 64) word = value >> (64 - kFrom);
        if constexpr (kFrom + kBits == 64) word = 0;
        if constexpr (kFrom + kBits > 64 && kAt == kPackStep - 1) {
          std::memcpy(out + (kAt * kBits / 64 + 1) * 8, &word, sizeof word);
        }
      }
    };
    [&]<std::uint32_t... kAt>(std::integer_sequence<std::uint32_t, kAt...>) {
      (put.template operator()<kAt>(), ...);
    }
    (std::make_integer_sequence<std::uint32_t, kPackStep>());
  }
}

inline void pack_steps(const std::uint32_t* values, std::uint32_t count, std::uint32_t bits,
                       char* out) {
  static constexpr auto kOfWidth =
      []<std::uint32_t... kLess>(std::integer_sequence<std::uint32_t, kLess...>) {
    return std::array{&pack_steps_of<kLess + 1>...};
  }
  (std::make_integer_sequence<std::uint32_t, 31>());
  kOfWidth[bits - 1](values, count, out);
}

// Seldom: up to 56 bits each.
inline void pack_steps(const std::uint64_t* values, std::uint32_t count, std::uint32_t bits,
                       char* out) {
  std::uint64_t open = 0;    // what the last byte so far has room for
  std::uint32_t filled = 0;  // its bits
  for (std::uint32_t i = 0; i < count; ++i) {
    open |= values[i] << filled;
    std::memcpy(out, &open, sizeof open);
    filled += bits;
    out += filled / 8;
    open >>= filled & ~7U;
    filled &= 7;
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

// The bytes of `count` values of `bits`: up to 56, or 64. `values` has room for kPackStep more,
// `out` for as many at 64 bits.
template <typename T>
std::size_t pack(T* values, std::uint32_t count, std::uint32_t bits, char* out) {
  if (bits == 0) return 0;
  if (bits == 64) return narrow_to<std::uint64_t>(values, count, out);
  if (bits == 32) return narrow_to<std::uint32_t>(values, count, out);
  if (bits == 16) return narrow_to<std::uint16_t>(values, count, out);
  if (bits == 8) return narrow_to<std::uint8_t>(values, count, out);
  std::fill_n(values + count, kPackStep, T{0});
  pack_steps(values, count, bits, out);
  return (std::size_t{count} * bits + 7) / 8;
}

}  // namespace panoptes
