// Sums of squared deviations for values whose sum is known: Welford's step without a mean to keep.
#pragma once

#include <cstdint>

namespace panoptes {

// `m2` is that of n - 1 values with the sum `before`; then that of n, with `value` the last.
inline void add_squares(double& m2, double n, std::int64_t value, std::int64_t before) {
  if (n <= 1) return;
  const double delta = static_cast<double>(value) * (n - 1) - static_cast<double>(before);
  m2 += delta * delta / (n * (n - 1));
}

}  // namespace panoptes
