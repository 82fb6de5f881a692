// Seeded random numbers that are the same on every machine: xoshiro256** and SplitMix64.
#pragma once

#include <cmath>
#include <cstdint>

namespace panoptes::bench {

class SplitMix {
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  // Uniform in [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) {
    SplitMix mix(seed);
    for (auto& word : s_) word = mix.next();
  }

  std::uint64_t next() {
    const std::uint64_t result = rotate(s_[1] * 5, 7) * 9;
    const std::uint64_t shifted = s_[1] << 17;
    s_[2] ^= s_[0];
    s_[3] ^= s_[1];
    s_[1] ^= s_[2];
    s_[0] ^= s_[3];
    s_[2] ^= shifted;
    s_[3] = rotate(s_[3], 45);
    return result;
  }
  // Uniform in [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  // Uniform in [0, n); 0 takes nothing from the sequence.
  std::uint32_t below(std::uint32_t n) {
    return n == 0 ? 0 : static_cast<std::uint32_t>(((next() >> 32) * std::uint64_t{n}) >> 32);
  }
  double exponential() { return -std::log(1.0 - unit()); }
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1.0 - unit()));
    const double angle = 6.283185307179586 * unit();
    return radius * std::cos(angle);
  }
  bool chance(double probability) { return unit() < probability; }
  bool percent(double share) { return chance(share / 100); }

 private:
  static std::uint64_t rotate(std::uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

  std::uint64_t s_[4];
};

}  // namespace panoptes::bench
