#include "flow/gap_classes.h"

#include <algorithm>

namespace panoptes {

// All gaps up to here were idle; `gap` has just ended, `me` has counted its packet, and it is in no
// statistics yet.
void GapMeter::open(Flow& flow, bool me, std::int64_t gap) {
  flow.gap_classes = pool_.allocate();
  if (flow.gap_classes == 0) {
    flow.gap_classes = kNoGapClasses;
    ++skipped_;
    return;
  }
  GapClasses& classes = pool_[flow.gap_classes];
  for (const bool high : {false, true}) {
    const Side* side = flow.sent(high);
    if (side == nullptr) continue;
    GapClasses::Class& idle = classes.side[high].idle;
    idle.count = gap_count(*side) - (high == me ? 1 : 0);
    if (idle.count == 0) continue;
    idle.m2 = side->gap_m2;
    idle.sum = gap_sum(*side) - (high == me ? gap : 0);
    idle.set_min(side->detail.gap_min());
    idle.set_max(side->detail.gap_max());
  }
}

void GapMeter::finish(Flow& flow) {
  if (!has_block(flow)) return;
  for (const bool high : {false, true}) {
    if (flow.sent(high) == nullptr) continue;
    Side& side = flow.side[high];
    const auto& [idle, active] = pool_[flow.gap_classes].side[high];
    side.gap_m2 = active.m2 + idle.m2;
    if (active.count != 0 && idle.count != 0) {
      const double n = active.count, rest = idle.count;
      const double between =
          static_cast<double>(active.sum) / n - static_cast<double>(idle.sum) / rest;
      side.gap_m2 += between * between * n * rest / (n + rest);
    }
    for (const GapClasses::Class* of : {&idle, &active}) {
      if (of->count == 0) continue;
      side.detail.set_gap_min(std::min(side.detail.gap_min(), of->min()));
      side.detail.set_gap_max(std::max(side.detail.gap_max(), of->max()));
    }
  }
}

}  // namespace panoptes
