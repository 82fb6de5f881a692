// Numbers for the mutations. A generator is made anew for each case from the seed of the run and
// the number of the case, so that any case can be repeated alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace panoptes::mutate {

class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t number) : state_(mixed(seed ^ mixed(number))) {}

  std::uint64_t next() {  // splitmix64
    state_ += 0x9e3779b97f4a7c15U;
    return mixed(state_);
  }
  // In [0, n); 0 where n is 0.
  std::uint32_t below(std::uint64_t n) {
    return n == 0 ? 0 : static_cast<std::uint32_t>((next() >> 32) * n >> 32);
  }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  std::uint8_t byte() { return static_cast<std::uint8_t>(next() >> 56); }

  template <typename T, std::size_t N>
  T of(const std::array<T, N>& choices) {
    return choices[below(N)];
  }

 private:
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace panoptes::mutate
