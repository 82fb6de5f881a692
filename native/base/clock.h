// The two clocks: packets are stamped with the real one, waiting is measured with the other.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <limits>

namespace panoptes {

inline std::int64_t read_clock_ns(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}
// The stamp of a packet as it is counted with: one before 1970, or so late that sums of times would
// overflow, is taken for the nearest that is possible.
inline std::int64_t clamp_time(std::int64_t time_ns) {
  return std::clamp<std::int64_t>(time_ns, 0, std::numeric_limits<std::int64_t>::max() / 2);
}
inline std::int64_t realtime_ns() { return read_clock_ns(CLOCK_REALTIME); }
inline std::int64_t monotonic_ns() { return read_clock_ns(CLOCK_MONOTONIC); }

}  // namespace panoptes
