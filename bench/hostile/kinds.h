// The kinds of traffic that an attacker would choose to make a packet dear: deep nesting, long
// chains, state that is never finished, noise. One frame a call; main.cc writes them into a
// capture.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "frames.h"

namespace panoptes::hostile {

struct Kind {
  std::string_view name;
  std::string_view about;
  // Frame number `i` of the flood.
  frames::Bytes (*frame)(std::uint32_t i, std::mt19937& random);
  std::uint32_t packets = 20'000;
  // So many frames are built and sent in turn: the dear ones are dear to build, too. 0: all differ.
  std::uint32_t distinct = 0;
  std::uint32_t max_flows = 0;  // of the flow table; 0: the default
  std::uint64_t step_ns = 1'000;
};

std::vector<Kind> nesting_kinds();
std::vector<Kind> chain_kinds();
std::vector<Kind> state_kinds();
std::vector<Kind> noise_kinds();

// As long as the frames of a kind get: a jumbo frame.
inline constexpr std::size_t kMostBytes = 9'000;

inline std::string address(std::uint32_t n) {
  return "10." + std::to_string(n >> 16 & 255) + "." + std::to_string(n >> 8 & 255) + "." +
         std::to_string(n & 255);
}
inline std::string address6(std::uint32_t n) {
  char text[24];
  std::snprintf(text, sizeof text, "2001:db8::%x:%x", n >> 16, n & 0xffff);
  return text;
}
inline std::uint16_t low16(std::uint32_t n) { return static_cast<std::uint16_t>(n); }
inline std::uint8_t low8(std::uint32_t n) { return static_cast<std::uint8_t>(n); }

inline frames::Bytes noise(std::size_t size, std::mt19937& random) {
  frames::Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = low8(static_cast<std::uint32_t>(random()));
  return bytes;
}

}  // namespace panoptes::hostile
