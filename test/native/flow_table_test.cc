// The table alone: against std::map under random use, and its lists.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "flow/flow_table.h"

namespace panoptes {
namespace {

FlowKey key_of(std::uint32_t n) {
  FlowKey key;
  std::memcpy(key.low_addr.data(), &n, sizeof n);
  return key;
}

TEST(FlowTable, AgreesWithAMapUnderRandomInsertsAndErases) {
  // A hash of few bits, so that long runs of collisions and their repair are met.
  const auto weak_hash = [](std::uint32_t n) { return std::uint64_t{n % 7} * 300 + n % 3; };
  FlowTable table(400);
  std::map<std::uint32_t, std::uint32_t> model;
  std::mt19937 random(5);
  for (int i = 0; i < 20000; ++i) {
    const auto n = static_cast<std::uint32_t>(random() % 600);
    const FlowKey key = key_of(n);
    Flow* flow = table.find(weak_hash(n), key);
    const auto known = model.find(n);
    ASSERT_EQ(flow != nullptr, known != model.end()) << "step " << i;
    if (flow != nullptr) {
      ASSERT_EQ(known->second, table.slot_of(*flow));
      table.erase(table.slot_of(*flow));
      table.release(table.slot_of(*flow));
      model.erase(known);
    } else if (!table.full()) {
      const std::uint32_t slot = table.allocate();
      table.flow(slot).key = key;
      table.insert(weak_hash(n), slot);
      table.set_due(slot, 1);
      model[n] = slot;
    }
    ASSERT_EQ(table.size(), model.size());
  }
}

TEST(FlowTable, FindsEveryFlowWhileItsIndexGrows) {
  constexpr std::uint32_t kFlows = 20'000;  // from 1024 entries to 65536: six times
  FlowTable table(kFlows);
  const auto hash_of = [](std::uint32_t n) { return hash(key_of(n), 7); };
  const auto add = [&](std::uint32_t n) {
    const std::uint32_t slot = table.allocate();
    table.flow(slot).key = key_of(n);
    table.insert(hash_of(n), slot);
    table.set_due(slot, 1);
  };
  std::uint32_t gone = 0;  // flows below it
  for (std::uint32_t n = 0; n < kFlows; ++n) {
    add(n);
    if (n % 3 == 0) {
      const std::uint32_t slot = table.slot_of(*table.find(hash_of(gone), key_of(gone)));
      table.erase(slot);
      table.release(slot);
      ++gone;
    }
    if (n % 97 != 0) continue;
    for (std::uint32_t k = 0; k <= n; ++k) {
      Flow* flow = table.find(hash_of(k), key_of(k));
      ASSERT_EQ(flow != nullptr, k >= gone) << k << " of " << n;
      ASSERT_TRUE(flow == nullptr || flow->key == key_of(k));
    }
  }
  while (!table.full()) add(kFlows + table.size());
  for (std::uint32_t k = gone; k < kFlows; ++k) {
    ASSERT_NE(table.find(hash_of(k), key_of(k)), nullptr) << k;
  }
}

TEST(FlowTable, GivesOutExactlyItsLimit) {
  FlowTable table(3);
  for (int i = 0; i < 3; ++i) EXPECT_NE(table.allocate(), FlowTable::kNone);
  EXPECT_TRUE(table.full());
  EXPECT_EQ(table.allocate(), FlowTable::kNone);
  table.release(1);
  EXPECT_EQ(table.allocate(), 1U);
}

TEST(FlowTable, KeepsTheWeakInOrderWhenOneLeavesTheMiddle) {
  FlowTable table(10);
  for (const std::uint32_t slot : {4U, 7U, 2U}) table.weak_push(slot);
  table.weak_remove(7);
  EXPECT_EQ(table.weak_front(), 4U);
  table.start_ahead(1);
  EXPECT_EQ(table.weak_ahead(), 2U);
  table.weak_remove(2);
  table.weak_remove(4);
  EXPECT_EQ(table.weak_front(), FlowTable::kNone);
}

TEST(FlowTable, WalksAheadOfTheWeakThatLeave) {
  FlowTable table(10);
  for (std::uint32_t slot = 0; slot < 5; ++slot) table.weak_push(slot);
  EXPECT_EQ(table.weak_ahead(), FlowTable::kNone) << "not started";
  table.start_ahead(2);
  EXPECT_EQ(table.weak_ahead(), 2U);
  table.weak_remove(0);
  table.weak_remove(3);  // the one that the walk stands on
  EXPECT_EQ(table.weak_ahead(), 4U);
  EXPECT_EQ(table.weak_ahead(), FlowTable::kNone) << "at the end";
  table.start_ahead(9);
  EXPECT_EQ(table.weak_ahead(), FlowTable::kNone) << "fewer than that";
  table.start_ahead(1);
  table.weak_remove(1);
  EXPECT_EQ(table.weak_ahead(), FlowTable::kNone) << "the front has caught up";
}

}  // namespace
}  // namespace panoptes
