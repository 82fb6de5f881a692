// Round-trip times as they are kept and as a record says them, whatever they were measured by. Used
// by flow/tcp_* and flow/responses; read by batch/.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/squares.h"

namespace panoptes {

// Round trips between here and one endpoint, in one record.
struct Rtt {
  std::int64_t sum_ns;
  double m2;  // ns^2, of the deviations from the mean
  std::int64_t min_ns;
  std::int64_t max_ns;
  std::uint32_t samples;  // 0: the rest is undefined

  double mean() const { return static_cast<double>(sum_ns) / samples; }
};

// What the samples of a record were taken by, where its flow's protocol does not say it (proto:
// RttKind).
enum class RttKind : std::uint8_t { by_protocol, echo, dns, spin };

struct RttRecord {
  Rtt side[2];  // to the low [0] and the high [1] endpoint
  RttKind kind;
};

inline constexpr std::int64_t kMostRtt = (std::int64_t{1} << 40) - 1;
inline constexpr std::int64_t kMostRttSum = (std::int64_t{1} << 48) - 1;

// The same as it is kept, in half a line; what exceeds 18 minutes counts as 18 minutes. All 0 at
// first.
struct RttState {
  std::uint64_t sum_and_highs;  // 48 bits; the highest 8 of the maximum; those of the minimum
  double m2;
  std::uint32_t samples;   // 0: what is of this record is undefined
  std::uint32_t least_ns;  // ever, at most 4.29 s; 0: none
  std::uint32_t min_low;
  std::uint32_t max_low;

  std::int64_t sum() const { return static_cast<std::int64_t>(sum_and_highs >> 16); }
  std::int64_t min() const {
    return static_cast<std::int64_t>((sum_and_highs & 0xff) << 32 | min_low);
  }
  std::int64_t max() const {
    return static_cast<std::int64_t>((sum_and_highs & 0xff00) << 24 | max_low);
  }
};
static_assert(sizeof(RttState) == 32);

// `sample` is not negative. True: the record has to go out before another one comes.
inline bool add_rtt_sample(RttState& rtt, std::int64_t sample) {
  sample = std::min(sample, kMostRtt);
  std::int64_t sum = 0, min = sample, max = sample;
  if (rtt.samples != 0) {
    sum = rtt.sum();
    min = std::min(min, rtt.min());
    max = std::max(max, rtt.max());
    add_squares(rtt.m2, rtt.samples + 1.0, sample, sum);
  } else {
    rtt.m2 = 0;
  }
  ++rtt.samples;
  sum += sample;
  rtt.sum_and_highs = static_cast<std::uint64_t>(sum) << 16 |
                      (static_cast<std::uint64_t>(max) >> 32) << 8 |
                      static_cast<std::uint64_t>(min) >> 32;
  rtt.min_low = static_cast<std::uint32_t>(min);
  rtt.max_low = static_cast<std::uint32_t>(max);
  const auto least = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(sample, 1, std::numeric_limits<std::uint32_t>::max()));
  rtt.least_ns = rtt.least_ns == 0 ? least : std::min(rtt.least_ns, least);
  return sum > kMostRttSum - kMostRtt;
}

// The round trips of this record, which start again.
inline Rtt take_rtt(RttState& rtt) {
  const Rtt out{.sum_ns = rtt.sum(),
                .m2 = rtt.m2,
                .min_ns = rtt.min(),
                .max_ns = rtt.max(),
                .samples = rtt.samples};
  rtt.samples = 0;
  return out;
}

}  // namespace panoptes
