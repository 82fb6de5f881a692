#include "flow/gap_classes.h"

#include <algorithm>

namespace panoptes {
namespace {

using OfSide = GapClasses::OfSide;

void widen(OfSide& classes, OfSide::Extreme min, std::int64_t gap) {
  const auto max = static_cast<OfSide::Extreme>(min + 1);
  if (gap < classes.get(min)) classes.set(min, gap);
  if (gap > classes.get(max)) classes.set(max, gap);
}

}  // namespace

// All gaps up to here were idle; the one that has just ended is in no statistics yet.
bool GapMeter::open(Flow& flow) {
  flow.gap_classes = pool_.allocate();
  if (flow.gap_classes == 0) {
    flow.gap_classes = kNoGapClasses;
    ++skipped_;
    return false;
  }
  GapClasses& classes = pool_[flow.gap_classes];
  for (const bool high : {false, true}) {
    OfSide& to = classes.side[high];
    to.set(OfSide::kActiveMin, SideDetail::kMost);
    to.set(OfSide::kIdleMin, SideDetail::kMost);
    if (const Side* side = flow.sent(high); side != nullptr) {
      to.idle_m2 = side->gap_m2;
      to.set(OfSide::kIdleMin, side->detail.gap_min());
      to.set(OfSide::kIdleMax, side->detail.gap_max());
    }
  }
  return true;
}

void GapMeter::count_class(Flow& flow, bool me, std::int64_t gap, bool active) {
  Side& side = flow.side[me];
  if (flow.gap_classes == kNoGapClasses || (flow.gap_classes == 0 && !open(flow))) {
    count(side, gap);
    return;
  }
  GapClasses& classes = pool_[flow.gap_classes];
  OfSide& to = classes.side[me];
  std::uint32_t& actives = classes.active_count[me];
  if (active) {
    add_squares(to.active_m2, ++actives, gap, to.active_sum);
    to.active_sum += gap;
    widen(to, OfSide::kActiveMin, gap);
  } else {
    add_squares(to.idle_m2, gap_count(side) - actives, gap, gap_sum(side) - to.active_sum - gap);
    widen(to, OfSide::kIdleMin, gap);
  }
}

void GapMeter::finish(Flow& flow) {
  if (!has_block(flow)) return;
  const GapClasses& classes = pool_[flow.gap_classes];
  for (const bool high : {false, true}) {
    if (flow.sent(high) == nullptr) continue;
    Side& side = flow.side[high];
    const OfSide& from = classes.side[high];
    const double active = classes.active_count[high], idle = gap_count(side) - active;
    side.gap_m2 = from.active_m2 + from.idle_m2;
    if (active > 0 && idle > 0) {
      const double between = static_cast<double>(from.active_sum) / active -
                             static_cast<double>(gap_sum(side) - from.active_sum) / idle;
      side.gap_m2 += between * between * active * idle / (active + idle);
    }
    side.detail.set_gap_min(std::min(from.get(OfSide::kActiveMin), from.get(OfSide::kIdleMin)));
    side.detail.set_gap_max(std::max(from.get(OfSide::kActiveMax), from.get(OfSide::kIdleMax)));
  }
}

}  // namespace panoptes
