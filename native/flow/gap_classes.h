// Gaps between the segments of a TCP side, apart as active and idle ones. A gap is of the class of
// the packet that ends it: active is data behind data that is not acknowledged yet, everything else
// is idle. Between meters.cc, which knows the gap, and batch/, which reads a record's classes.
//
// A flow has a block from its first active gap in a record on; until then all of its gaps are idle
// and Side has their statistics. While there is a block it has those of either class instead, and
// finish() joins them in Side. Where the pool is empty the classes of the record are not known.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/prefetch.h"
#include "decode/transport.h"
#include "flow/block_pool.h"
#include "flow/flow.h"

namespace panoptes {

// Sum of squared deviations from the mean after the n-th value; the others have the sum `before`.
// Welford's step without a mean to keep, as the sum is known.
inline void add_squares(double& m2, double n, std::int64_t value, std::int64_t before) {
  if (n <= 1) return;
  const double delta = static_cast<double>(value) * (n - 1) - static_cast<double>(before);
  m2 += delta * delta / (n * (n - 1));
}

struct GapClasses {
  struct OfSide {
    double active_m2;         // ns^2
    double idle_m2;           // ns^2
    std::int64_t active_sum;  // ns; the idle ones' is the rest of gap_sum()
    std::uint32_t low[4];     // active min and max, idle min and max: 48 bits, as in SideDetail
    std::uint16_t high[4];

    enum Extreme : std::uint8_t { kActiveMin, kActiveMax, kIdleMin, kIdleMax };
    std::int64_t get(Extreme of) const {
      return static_cast<std::int64_t>(std::uint64_t{high[of]} << 32 | low[of]);
    }
    void set(Extreme of, std::int64_t ns) {
      const auto bits = static_cast<std::uint64_t>(std::min(ns, SideDetail::kMost));
      low[of] = static_cast<std::uint32_t>(bits);
      high[of] = static_cast<std::uint16_t>(bits >> 32);
    }
  };
  OfSide side[2];  // of what the low [0] and the high [1] endpoint sent
  std::uint32_t active_count[2];
};
static_assert(sizeof(GapClasses) == 104);
// Flow::gap_classes: there was no block when the record needed one.
inline constexpr std::uint32_t kNoGapClasses = 0xffffffff;

class GapMeter {
 public:
  static std::uint32_t blocks(std::uint32_t max_flows) {
    return max_flows / 8 < 1024 ? 1024 : max_flows / 8;
  }
  // `skipped` counts the records whose classes are not known.
  GapMeter(std::uint32_t blocks, std::uint64_t& skipped) : pool_(blocks), skipped_(skipped) {}

  // A gap of `me` that has ended with the packet that the side counts as its last.
  static void count(Side& side, std::int64_t gap) {
    add_squares(side.gap_m2, gap_count(side), gap, gap_sum(side) - gap);
    side.detail.widen(gap);
  }
  // The same in a TCP flow that has a block or whose gap is active.
  [[gnu::noinline]] void count_class(Flow& flow, bool me, std::int64_t gap, bool active);
  // Before the record: Side has the statistics of all gaps again.
  void finish(Flow& flow);
  static bool skipped(const Flow& flow) {
    return flow.key.protocol == kTcp && flow.gap_classes == kNoGapClasses;
  }
  // nullptr: all gaps of TCP are idle, unless they were skipped.
  const GapClasses* of(const Flow& flow) const {
    return has_block(flow) ? &pool_[flow.gap_classes] : nullptr;
  }
  // After the record.
  void release(Flow& flow) {
    if (has_block(flow)) pool_.release(flow.gap_classes);
    if (flow.key.protocol == kTcp) flow.gap_classes = 0;
  }

  [[gnu::always_inline]] void prefetch_block(const Flow& flow, bool me) const {
    if (!has_block(flow)) return;
    const GapClasses& block = pool_[flow.gap_classes];
    prefetch(&block.side[me]);
    prefetch(&block.active_count[me]);
  }

 private:
  static bool has_block(const Flow& flow) {
    return flow.key.protocol == kTcp && flow.gap_classes != 0 && flow.gap_classes != kNoGapClasses;
  }
  bool open(Flow& flow);

  BlockPool<GapClasses> pool_;
  std::uint64_t& skipped_;
};

}  // namespace panoptes
