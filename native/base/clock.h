// The two clocks: packets are stamped with the real one, waiting is measured with the other.
#pragma once

#include <cstdint>
#include <ctime>

namespace panoptes {

inline std::int64_t read_clock_ns(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}
inline std::int64_t realtime_ns() { return read_clock_ns(CLOCK_REALTIME); }
inline std::int64_t monotonic_ns() { return read_clock_ns(CLOCK_MONOTONIC); }

}  // namespace panoptes
