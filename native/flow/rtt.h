// Round-trip times as they are kept and as a record says them, whatever they were measured by. Used
// by flow/tcp_* and flow/responses; read by batch/.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace panoptes {

// Round trips between here and one endpoint, in one record.
struct Rtt {
  double mean;  // ns (Welford)
  double m2;    // ns^2
  std::int64_t min_ns;
  std::int64_t max_ns;
  std::uint32_t samples;  // 0: the rest is undefined
};

// What the samples of a record were taken by, where its flow's protocol does not say it (proto:
// RttKind).
enum class RttKind : std::uint8_t { by_protocol, echo, dns, spin };

struct RttRecord {
  Rtt side[2];  // to the low [0] and the high [1] endpoint
  RttKind kind;
};

// The same as it is kept, 8 bytes shorter; what exceeds 18 minutes counts as 18 minutes.
struct RttState {
  double mean;
  double m2;
  std::uint32_t samples;
  std::uint32_t least_ns;  // ever, at most 4.29 s; 0: none
  std::uint32_t min_low;   // of 40 bits
  std::uint32_t max_low;
};
// The highest 8 bits of the 40.
struct RttHigh {
  std::uint8_t min;
  std::uint8_t max;
};

inline constexpr std::int64_t kMostRtt = (std::int64_t{1} << 40) - 1;

// `sample` is not negative.
inline void add_rtt_sample(RttState& rtt, RttHigh& high, std::int64_t sample) {
  sample = std::min(sample, kMostRtt);
  const auto low = static_cast<std::uint32_t>(sample);
  const auto top = static_cast<std::uint8_t>(sample >> 32);
  const auto as_ns = [](std::uint8_t h, std::uint32_t l) { return std::int64_t{h} << 32 | l; };
  if (rtt.samples == 0) rtt.mean = rtt.m2 = 0;
  if (rtt.samples == 0 || sample < as_ns(high.min, rtt.min_low)) {
    high.min = top;
    rtt.min_low = low;
  }
  if (rtt.samples == 0 || sample > as_ns(high.max, rtt.max_low)) {
    high.max = top;
    rtt.max_low = low;
  }
  ++rtt.samples;
  const double delta = static_cast<double>(sample) - rtt.mean;
  rtt.mean += delta / rtt.samples;
  rtt.m2 += delta * (static_cast<double>(sample) - rtt.mean);
  const auto least = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(sample, 1, std::numeric_limits<std::uint32_t>::max()));
  rtt.least_ns = rtt.least_ns == 0 ? least : std::min(rtt.least_ns, least);
}

// The round trips of this record, which start again.
inline Rtt take_rtt(RttState& rtt, RttHigh high) {
  const Rtt out{.mean = rtt.mean,
                .m2 = rtt.m2,
                .min_ns = std::int64_t{high.min} << 32 | rtt.min_low,
                .max_ns = std::int64_t{high.max} << 32 | rtt.max_low,
                .samples = rtt.samples};
  rtt.samples = 0;
  return out;
}

}  // namespace panoptes
