#include "flow/deadlines.h"

#include <algorithm>

namespace panoptes {
namespace {

constexpr std::uint32_t kBlock = Deadlines::kBlock;

std::uint32_t blocks_of(std::uint32_t entries) { return (entries + kBlock - 1) / kBlock; }

// Entries of all levels, each in whole blocks. The slots have a root above them even if it is one.
std::size_t entries_of(std::uint32_t slots) {
  std::size_t all = kBlock;
  do {
    all += std::size_t{blocks_of(slots)} * kBlock;
    slots = blocks_of(slots);
  } while (slots > 1);
  return all;
}

}  // namespace

Deadlines::Deadlines(std::uint32_t slots) : memory_(entries_of(slots) * sizeof(std::uint32_t)) {
  levels_[0].count = slots;
  do {
    ++top_;
    levels_[top_].count = blocks_of(levels_[top_ - 1].count);
  } while (levels_[top_].count > 1);
  // The upper levels first: they share their pages with the slots that are used first.
  auto* entries = reinterpret_cast<std::uint32_t*>(memory_.data());
  for (std::uint32_t level = top_ + 1; level-- > 0;) {
    levels_[level].entries = entries;
    entries += std::size_t{blocks_of(levels_[level].count)} * kBlock;
  }
  urgency_ = levels_[0].entries;
  blocks_ = levels_[1].entries;
}

void Deadlines::release_behind(std::uint32_t slot) {
  const auto* begin = reinterpret_cast<const std::uint8_t*>(urgency_ + slot);
  memory_.release_behind(static_cast<std::size_t>(begin - memory_.data()));
}

// Lowers what stands above the slot, as far as it is too late.
void Deadlines::hurry(std::uint32_t slot, std::uint32_t urgency) {
  std::uint32_t entry = slot;
  for (std::uint32_t level = 1; level <= top_; ++level) {
    entry /= kBlock;
    std::uint32_t& bound = levels_[level].entries[entry];
    if (bound >= urgency) return;
    bound = urgency;
  }
}

// Makes what stands above a block what the block says.
void Deadlines::settle(std::uint32_t level, std::uint32_t block) {
  const std::uint32_t* entries = levels_[level].entries + std::size_t{block} * kBlock;
  std::uint32_t most = 0;
  for (std::uint32_t k = 0; k < kBlock; ++k) most = std::max(most, entries[k]);
  levels_[level + 1].entries[block] = most;
}

Deadlines::Step Deadlines::next(std::uint32_t& at, std::uint32_t tick, std::uint32_t& blocks) {
  // From the root down, or on from where the walk was: the block of the slot before.
  std::uint32_t level = at == 0 ? top_ : 0;
  std::uint32_t block = at == 0 ? 0 : (at - 1) / kBlock;
  std::uint32_t entry = at;
  for (;;) {
    const std::uint32_t* entries = levels_[level].entries;
    const std::uint32_t end = (block + 1) * kBlock;  // what is behind the last entry is never due
    while (entry < end && entries[entry] < ~tick) ++entry;
    if (entry < end) {
      if (level == 0) {
        at = entry;
        return Step::due;
      }
      --level;
      block = entry;
      entry *= kBlock;
      if (level > 0) continue;
      if (blocks == 0) {
        at = entry;
        return Step::paused;
      }
      --blocks;
    } else if (level == top_) {
      at = 0;
      return Step::done;
    } else {
      settle(level, block);
      entry = block + 1;
      block /= kBlock;
      ++level;
    }
  }
}

}  // namespace panoptes
