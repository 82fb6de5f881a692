// The tree of due ticks: against a plain list of them, and where its walks go.
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

#include "flow/deadlines.h"

namespace panoptes {
namespace {

using Step = Deadlines::Step;
constexpr std::uint32_t kBlock = Deadlines::kBlock;
constexpr std::uint32_t kEndless = 0xffffffff;

// All that a walk finds; each is put off to `later` when it was looked at.
std::vector<std::uint32_t> walk(Deadlines& deadlines, std::uint32_t tick, std::uint32_t later) {
  std::vector<std::uint32_t> found;
  std::uint32_t blocks = kEndless;
  for (std::uint32_t at = 0; deadlines.next(at, tick, blocks) == Step::due; ++at) {
    found.push_back(at);
    deadlines.set(at, later);
  }
  return found;
}

// Blocks of slots that a walk goes into.
std::uint32_t blocks_of_a_walk(Deadlines& deadlines, std::uint32_t tick) {
  std::uint32_t blocks = kEndless;
  std::uint32_t at = 0;
  while (deadlines.next(at, tick, blocks) == Step::due) ++at;
  return kEndless - blocks;
}

TEST(Deadlines, AreNeverDueAtFirst) {
  Deadlines deadlines(1000);
  EXPECT_EQ(deadlines.of(0), Deadlines::kNever);
  EXPECT_EQ(deadlines.of(999), Deadlines::kNever);
  EXPECT_TRUE(walk(deadlines, Deadlines::kNever - 1, 0).empty());
}

TEST(Deadlines, AreFoundInTheOrderOfTheirSlots) {
  Deadlines deadlines(500);
  for (std::uint32_t slot = 0; slot < 500; ++slot) deadlines.set(slot, 100);
  deadlines.set(499, 5);
  deadlines.set(130, 5);
  deadlines.set(131, 4);
  EXPECT_TRUE(walk(deadlines, 3, 100).empty());
  EXPECT_EQ(walk(deadlines, 5, 100), (std::vector<std::uint32_t>{130, 131, 499}));
  EXPECT_TRUE(walk(deadlines, 5, 100).empty());
  EXPECT_EQ(walk(deadlines, 100, 101).size(), 500U);
}

TEST(Deadlines, ThatWereClearedAreNotFound) {
  Deadlines deadlines(100);
  deadlines.set(70, 5);
  deadlines.set(71, 5);
  deadlines.clear(70);
  EXPECT_EQ(deadlines.of(70), Deadlines::kNever);
  EXPECT_EQ(walk(deadlines, 5, 9), (std::vector<std::uint32_t>{71}));
}

// One slot, one block and one slot more, levels that are just full.
TEST(Deadlines, ReachTheLastSlotOfAnyTable) {
  for (const std::uint32_t slots : {1U, 2U, 15U, 16U, 17U, 255U, 256U, 257U, 65'536U, 300'000U}) {
    Deadlines deadlines(slots);
    deadlines.set(slots - 1, 7);
    deadlines.set(0, 7);
    EXPECT_EQ(walk(deadlines, 7, 8).size(), slots == 1 ? 1U : 2U) << slots;
    EXPECT_EQ(walk(deadlines, 8, 9).back(), slots - 1) << slots;
  }
}

TEST(Deadlines, AreNotLookedThroughUntilSomethingIsDue) {
  Deadlines deadlines(100'000);
  for (std::uint32_t slot = 0; slot < 100'000; ++slot) deadlines.set(slot, 50);
  EXPECT_EQ(blocks_of_a_walk(deadlines, 49), 0U);
  deadlines.set(77'777, 20);
  EXPECT_EQ(blocks_of_a_walk(deadlines, 20), 1U);
}

// Bounds that are too low send one walk into a block, and no other.
TEST(Deadlines, ThatMovedAwayCostOneWalk) {
  Deadlines deadlines(100'000);
  for (std::uint32_t slot = 0; slot < 100'000; slot += 10) deadlines.set(slot, 5);
  for (std::uint32_t slot = 0; slot < 100'000; slot += 20) deadlines.set(slot, 90);
  for (std::uint32_t slot = 10; slot < 100'000; slot += 20) deadlines.clear(slot);
  EXPECT_EQ(blocks_of_a_walk(deadlines, 5), 100'000U / kBlock);
  EXPECT_EQ(blocks_of_a_walk(deadlines, 5), 0U);
  EXPECT_EQ(blocks_of_a_walk(deadlines, 89), 0U);
}

TEST(Deadlines, PauseAWalkAfterSoManyBlocks) {
  constexpr std::uint32_t kSlots = 20'010;
  Deadlines deadlines(kSlots);
  for (std::uint32_t slot = 0; slot < kSlots; slot += 7) deadlines.set(slot, 5);
  std::uint32_t found = 0, pauses = 0, at = 0;
  for (Step step = Step::paused; step != Step::done;) {
    std::uint32_t blocks = 10;
    const std::uint32_t from = at;
    while ((step = deadlines.next(at, 5, blocks)) == Step::due) {
      EXPECT_EQ(at % 7, 0U);
      EXPECT_LT(at, from + 11 * kBlock) << "ten blocks, and the rest of the one that it was in";
      deadlines.set(at++, 6);
      ++found;
    }
    pauses += step == Step::paused ? 1 : 0;
  }
  EXPECT_EQ(found, (kSlots + 6) / 7);
  EXPECT_EQ(pauses, kSlots / kBlock / 10);
  EXPECT_EQ(at, 0U) << "the next walk begins in front";
}

// Random ticks, also while a walk is on its way. What it passes by is due later, or was set behind
// it.
TEST(Deadlines, AgreeWithAListOfThem) {
  for (const std::uint32_t slots : {40U, 700U, 9'000U}) {
    Deadlines deadlines(slots);
    std::vector<std::uint32_t> model(slots, Deadlines::kNever);
    std::mt19937 random(slots);
    const auto change = [&](std::uint32_t now) {
      const auto slot = static_cast<std::uint32_t>(random() % slots);
      if (random() % 4 == 0) {
        deadlines.clear(slot);
        model[slot] = Deadlines::kNever;
      } else {
        model[slot] = now + static_cast<std::uint32_t>(random() % 50);
        deadlines.set(slot, model[slot]);
      }
    };
    for (std::uint32_t tick = 1; tick < 300; ++tick) {
      for (std::uint32_t k = 0; k < slots / 8; ++k) change(tick);
      std::uint32_t at = 0, passed = 0;
      for (Step step = Step::paused; step != Step::done;) {
        std::uint32_t blocks = 1 + static_cast<std::uint32_t>(random() % 5);
        while ((step = deadlines.next(at, tick, blocks)) == Step::due) {
          for (; passed < at; ++passed) ASSERT_GT(model[passed], tick) << passed;
          ASSERT_LE(model[at], tick);
          ASSERT_EQ(deadlines.of(at), model[at]);
          model[at] = tick + 1 + static_cast<std::uint32_t>(random() % 20);
          deadlines.set(at, model[at]);
          passed = ++at;
        }
        const std::uint32_t reached = step == Step::done ? slots : at;
        for (; passed < reached; ++passed) ASSERT_GT(model[passed], tick) << passed;
        for (int k = 0; k < 3; ++k) change(tick + 1);
      }
    }
  }
}

}  // namespace
}  // namespace panoptes
