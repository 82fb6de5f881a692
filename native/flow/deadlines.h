// By when each slot of the flow table wants to be looked at, and which of them come next. Part of
// flow_table; flow_tracker_sweep walks over what is due.
#pragma once

#include <array>
#include <cstdint>

#include "base/arena.h"

namespace panoptes {

// A tree over the ticks of all slots: each level has the least tick of every 16 entries below, up
// to one root. What is above the slots is a lower bound: a tick that comes nearer lowers it, one
// that moves away or ends leaves it, and the walk that finds nothing there corrects it. So set()
// reads one entry more than it writes, mostly, and a walk goes only where something may be due.
//
// Ticks are kept as their complements: memory that was never touched is due never.
class Deadlines {
 public:
  static constexpr std::uint32_t kNever = 0xffffffff;
  static constexpr std::uint32_t kBlock = 16;

  explicit Deadlines(std::uint32_t slots);

  std::uint32_t of(std::uint32_t slot) const { return ~urgency_[slot]; }
  [[gnu::always_inline]] void set(std::uint32_t slot, std::uint32_t tick) {
    urgency_[slot] = ~tick;
    if (blocks_[slot / kBlock] < ~tick) [[unlikely]]
      hurry(slot, ~tick);
  }
  // The slot is not in use any more.
  [[gnu::always_inline]] void clear(std::uint32_t slot) { urgency_[slot] = 0; }

  void prefault() { memory_.populate(memory_.size()); }
  // No slot from this one on is in use: gives back their memory, in whole steps of it.
  void release_behind(std::uint32_t slot);

  enum class Step : std::uint8_t {
    due,     // at the slot that `at` says
    paused,  // the walk has used up its blocks; it goes on at `at`
    done,    // nothing is due up to the last slot
  };
  // Walks on to the first slot at or behind `at` whose tick is at most `tick`. Whoever has looked
  // at it, and moved its tick beyond `tick`, goes on behind it. A walk begins at 0. Each block of
  // slots that it enters is taken from `blocks`.
  Step next(std::uint32_t& at, std::uint32_t tick, std::uint32_t& blocks);

 private:
  struct Level {
    std::uint32_t* entries;
    std::uint32_t count;
  };
  static constexpr std::uint32_t kMostLevels = 9;  // 16 to the eighth is more than there are slots

  [[gnu::noinline]] void hurry(std::uint32_t slot, std::uint32_t urgency);
  void settle(std::uint32_t level, std::uint32_t block);

  std::array<Level, kMostLevels> levels_{};  // [0]: of the slots
  std::uint32_t top_ = 0;                    // the level of the root
  Arena memory_;                             // the levels above the slots, and these
  std::uint32_t* urgency_ = nullptr;         // levels_[0]
  std::uint32_t* blocks_ = nullptr;          // levels_[1]
};

}  // namespace panoptes
