// The part of FlowTable that gives memory back when it has held many more flows than it does.
#include <algorithm>
#include <cstring>

#include "flow/flow_table.h"

namespace panoptes {
namespace {

constexpr std::size_t kSlack = 4;  // steps that are not worth a look

constexpr std::size_t step_of(std::size_t byte) { return byte / Arena::kStep; }
// A flow may lie in two steps.
constexpr std::size_t first_step(std::uint32_t slot) {
  return step_of(std::size_t{slot} * sizeof(Flow));
}
constexpr std::size_t last_step(std::uint32_t slot) {
  return step_of((std::size_t{slot} + 1) * sizeof(Flow) - 1);
}
// Flows that lie below the end of a step as a whole.
constexpr std::uint32_t slots_below(std::size_t steps) {
  return static_cast<std::uint32_t>(steps * Arena::kStep / sizeof(Flow));
}

}  // namespace

bool FlowTable::is_real(std::uint32_t slot) const {
  return !given_back_[first_step(slot)] && !given_back_[last_step(slot)];
}

bool FlowTable::give_back(std::uint32_t flows) {
  const std::size_t need = last_step(std::max<std::uint32_t>(flows, 1) - 1) + 1;
  if (prefaulted_ || real_steps() <= 2 * need + kSlack) return false;
  // What was kept then was in use; it still is, unless many flows have ended.
  if (real_steps() <= kept_steps_ && size_ > kept_flows_ / 2) return false;

  std::size_t steps = step_of(slab_memory_.populated());
  std::vector<bool> keep(steps, false);
  std::fill_n(keep.begin(), need, true);
  for (std::uint32_t slot = slots_below(need); slot < fresh_; ++slot) {
    if (due(slot) == kNeverDue) continue;
    keep[first_step(slot)] = true;
    keep[last_step(slot)] = true;
  }
  for (std::size_t step = need; step < steps; ++step) {
    if (keep[step] || given_back_[step]) continue;
    slab_memory_.release(step, 1);
    given_back_[step] = true;
    ++holes_;
  }
  // What lies behind the last that is kept is as if it had never been used.
  while (given_back_[steps - 1]) {
    given_back_[--steps] = false;
    --holes_;
  }
  slab_memory_.release_behind(steps * Arena::kStep);
  fresh_ = std::min(fresh_, slots_below(steps));
  link_memory_.release_behind(std::size_t{fresh_} * sizeof(Link));
  tag_memory_.release_behind(std::size_t{fresh_} * sizeof(std::uint32_t));
  deadlines_.release_behind(fresh_);

  // The lowest slots first from now on, so that the others stay free.
  free_ = kNone;
  for (std::uint32_t slot = fresh_; slot-- > 0;) {
    if (due(slot) == kNeverDue && is_real(slot)) push_free(slot);
  }
  shrink(std::max(flows, size_));
  kept_steps_ = real_steps();
  kept_flows_ = size_;
  return true;
}

// Makes the lowest step real again that was given back, when there is no free slot elsewhere.
void FlowTable::fill_hole() {
  const auto hole = std::find(given_back_.begin(), given_back_.end(), true);
  const auto step = static_cast<std::size_t>(hole - given_back_.begin());
  slab_memory_.populate_step(step);
  *hole = false;
  --holes_;
  const std::uint32_t first = slots_below(step);  // it may begin in the step before
  for (std::uint32_t slot = std::min(fresh_, slots_below(step + 1) + 1); slot-- > first;) {
    if (first_step(slot) <= step && is_real(slot)) push_free(slot);
  }
}

// Builds an index that is large enough for so many flows.
void FlowTable::shrink(std::uint32_t flows) {
  const std::uint64_t entries = index_entries(flows);
  if (entries > mask_) return;
  // What lies behind it is to be zeros, and so is the rest of its last step.
  index_memory_.release_behind(entries * sizeof(Entry));
  std::memset(index_, 0, std::min(index_memory_.populated(), (mask_ + 1) * sizeof(Entry)));
  mask_ = entries - 1;
  for (std::uint32_t slot = 0; slot < fresh_; ++slot) {
    if (due(slot) != kNeverDue) place(tags_[slot], slot);
  }
}

}  // namespace panoptes
