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
#include "base/squares.h"
#include "decode/transport.h"
#include "flow/block_pool.h"
#include "flow/flow.h"

namespace panoptes {

struct GapClasses {
  // The gaps of one class. All 0 before the first.
  struct Class {
    double m2;                       // ns^2
    std::int64_t sum;                // ns
    std::uint32_t min_low, max_low;  // 48 bits, at most SideDetail::kMost
    std::uint16_t min_high, max_high;
    std::uint32_t count;  // 0: the extremes are undefined

    std::int64_t min() const {
      return static_cast<std::int64_t>(std::uint64_t{min_high} << 32 | min_low);
    }
    std::int64_t max() const {
      return static_cast<std::int64_t>(std::uint64_t{max_high} << 32 | max_low);
    }
    void set_min(std::int64_t ns) {
      ns = std::min(ns, SideDetail::kMost);
      min_low = static_cast<std::uint32_t>(ns);
      min_high = static_cast<std::uint16_t>(ns >> 32);
    }
    void set_max(std::int64_t ns) {
      ns = std::min(ns, SideDetail::kMost);
      max_low = static_cast<std::uint32_t>(ns);
      max_high = static_cast<std::uint16_t>(ns >> 32);
    }
    void add(std::int64_t gap) {
      add_squares(m2, ++count, gap, sum);
      sum += gap;
      if (count == 1 || gap < min()) set_min(gap);
      if (count == 1 || gap > max()) set_max(gap);
    }
  };
  struct alignas(64) OfSide {
    Class idle;
    Class active;
  };
  OfSide side[2];  // of what the low [0] and the high [1] endpoint sent
};
static_assert(sizeof(GapClasses) == 128, "a line for each side");
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
  void count_class(Flow& flow, bool me, std::int64_t gap, bool active) {
    if (flow.gap_classes == 0) [[unlikely]]
      open(flow, me, gap);
    if (flow.gap_classes == kNoGapClasses) [[unlikely]] {
      count(flow.side[me], gap);
      return;
    }
    GapClasses::OfSide& to = pool_[flow.gap_classes].side[me];
    (active ? to.active : to.idle).add(gap);
  }
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
    prefetch(&pool_[flow.gap_classes].side[me]);
  }
  void prefault() { pool_.prefault(); }
  void give_back() { pool_.give_back(); }

 private:
  static bool has_block(const Flow& flow) {
    return flow.key.protocol == kTcp && flow.gap_classes != 0 && flow.gap_classes != kNoGapClasses;
  }
  [[gnu::noinline]] void open(Flow& flow, bool me, std::int64_t gap);

  BlockPool<GapClasses> pool_;
  std::uint64_t& skipped_;
};

}  // namespace panoptes
