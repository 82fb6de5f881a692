// The queue between capture threads and event loop: order, bounds, and who is told what.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "probe/item_queue.h"

namespace panoptes {
namespace {

std::unique_ptr<EncodedBatch> batch_of(std::uint32_t records, std::uint64_t packets) {
  auto batch = std::make_unique<EncodedBatch>();
  batch->bytes.assign(64, '\0');
  batch->begin = 32;
  batch->records = records;
  batch->packets = packets;
  return batch;
}

TEST(ItemQueue, NumbersBatchesWithoutHoles) {
  ItemQueue queue({.batches = 2}, [] {});
  for (int i = 0; i < 5; ++i) queue.push_batch(batch_of(10, 100), false);
  Item item;
  ASSERT_TRUE(queue.take(item));
  EXPECT_EQ(item.number, 1U);
  ASSERT_TRUE(queue.take(item));
  EXPECT_EQ(item.number, 2U);
  queue.push_batch(batch_of(10, 100), false);
  ASSERT_TRUE(queue.take(item));
  EXPECT_EQ(item.kind, Item::Kind::gap);
  ASSERT_TRUE(queue.take(item));
  EXPECT_EQ(item.kind, Item::Kind::batch);
  EXPECT_EQ(item.number, 3U);
}

TEST(ItemQueue, CountsWhatItDrops) {
  ItemQueue queue({.batches = 1}, [] {});
  for (int i = 0; i < 3; ++i) queue.push_batch(batch_of(10, 100), false);
  const QueueCounters c = queue.counters();
  EXPECT_EQ(c.batches, 1U);
  EXPECT_EQ(c.records, 10U);
  EXPECT_EQ(c.batches_dropped, 2U);
  EXPECT_EQ(c.records_dropped, 20U);
  EXPECT_EQ(c.packets_dropped, 200U);
}

TEST(ItemQueue, IsCrowdedFromHalfOfItsRoomOn) {
  ItemQueue queue({.batches = 4}, [] {});
  queue.push_batch(batch_of(10, 100), false);
  EXPECT_FALSE(queue.crowded());
  queue.push_batch(batch_of(10, 100), false);
  EXPECT_TRUE(queue.crowded());
  Item item;
  ASSERT_TRUE(queue.take(item));
  EXPECT_FALSE(queue.crowded());
  ItemQueue bytes({.batches = 100, .bytes = 128}, [] {});
  bytes.push_batch(batch_of(10, 100), false);
  EXPECT_TRUE(bytes.crowded());
  bytes.close();
  EXPECT_FALSE(bytes.crowded());
}

std::unique_ptr<EncodedBatch> batch_of_bytes(std::size_t bytes) {
  auto batch = batch_of(10, 100);
  batch->bytes.assign(bytes, '\0');
  return batch;
}

TEST(ItemQueue, IsBoundedInBytesAsWell) {
  ItemQueue queue({.batches = 100, .bytes = 5000}, [] {});
  for (int i = 0; i < 3; ++i) queue.push_batch(batch_of_bytes(2000), false);
  EXPECT_EQ(queue.counters().queued, 3U) << "the third came while 4000 bytes were waiting";
  EXPECT_EQ(queue.counters().queued_bytes, 6000U);
  queue.push_batch(batch_of_bytes(100), false);
  EXPECT_EQ(queue.counters().batches_dropped, 1U);
  Item item;
  ASSERT_TRUE(queue.take(item));
  EXPECT_EQ(queue.counters().queued_bytes, 4000U);
  queue.push_batch(batch_of_bytes(100), false);
  EXPECT_EQ(queue.counters().batches_dropped, 1U);
}

TEST(ItemQueue, TakesABatchThatIsLargerThanItsLimit) {
  ItemQueue queue({.batches = 100, .bytes = 1000}, [] {});
  for (int i = 0; i < 3; ++i) {
    queue.push_batch(batch_of_bytes(1'000'000), true);  // would wait for ever
    Item item;
    ASSERT_TRUE(queue.take(item));
  }
  EXPECT_EQ(queue.counters().batches_dropped, 0U);
  EXPECT_EQ(queue.counters().queued_bytes, 0U);
}

TEST(ItemQueue, WakesTheReaderForAFewLargeBatches) {
  int signals = 0;
  ItemQueue queue({.batches = 1000, .bytes = 80'000}, [&] { ++signals; });
  queue.push_batch(batch_of_bytes(9'000), true, false);
  EXPECT_EQ(signals, 0);
  queue.push_batch(batch_of_bytes(9'000), true, false);
  EXPECT_EQ(signals, 1) << "18000 of 80000 bytes are more than an eighth";
}

TEST(ItemQueue, KeepsTheLatestOfManyStatusesThatNobodyTakes) {
  ItemQueue queue({.batches = 1}, [] {});
  const auto status = [](int number) {
    Item item;
    item.kind = Item::Kind::status;
    item.bytes = std::to_string(number);
    return item;
  };
  for (int i = 0; i < 1000; ++i) queue.push(status(i));
  std::vector<std::string> taken;
  for (Item item; queue.take(item);) taken.push_back(item.bytes);
  EXPECT_EQ(taken, (std::vector<std::string>{"0", "1", "2", "999"}));
}

TEST(ItemQueue, MakesALosslessWriterWaitForRoom) {
  ItemQueue queue({.batches = 1}, [] {});
  queue.push_batch(batch_of(1, 1), true);
  std::atomic<bool> pushed{false};
  std::thread writer([&] {
    queue.push_batch(batch_of(1, 1), true);
    pushed = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(pushed.load());
  Item item;
  ASSERT_TRUE(queue.take(item));
  writer.join();
  EXPECT_TRUE(pushed.load());
  EXPECT_EQ(queue.counters().batches_dropped, 0U);
}

TEST(ItemQueue, MakesAWriterOfManyWordsWaitAsWell) {
  ItemQueue queue({.batches = 1}, [] {});
  std::atomic<int> pushed{0};
  std::thread writer([&] {
    for (int i = 0; i < 20; ++i) {
      queue.push(Item{}, true);
      ++pushed;
    }
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(pushed.load(), 4);
  Item item;
  for (int taken = 0; taken < 20;) taken += queue.take(item) ? 1 : 0;
  writer.join();
  EXPECT_EQ(pushed.load(), 20);
}

TEST(ItemQueue, SignalsOnceUntilTheReaderFoundNothing) {
  int signals = 0;
  ItemQueue queue({.batches = 10}, [&] { ++signals; });
  queue.push_batch(batch_of(1, 1), false);
  queue.push_batch(batch_of(1, 1), false);
  EXPECT_EQ(signals, 1);
  Item item;
  while (queue.take(item)) {
  }
  queue.push_batch(batch_of(1, 1), false);
  EXPECT_EQ(signals, 2);
}

TEST(ItemQueue, WakesTheReaderForAFewBatchesAtOnceWhereNoneIsUrgent) {
  int signals = 0;
  ItemQueue queue({.batches = 32}, [&] { ++signals; });
  for (int i = 0; i < 3; ++i) queue.push_batch(batch_of(1, 1), true, false);
  EXPECT_EQ(signals, 0);
  queue.push_batch(batch_of(1, 1), true, false);
  EXPECT_EQ(signals, 1);
  Item item;
  while (queue.take(item)) {
  }
  queue.wake();
  EXPECT_EQ(signals, 1) << "there is nothing to tell of";
  queue.push_batch(batch_of(1, 1), true, false);
  queue.wake();
  EXPECT_EQ(signals, 2);
}

// A file of days has thousands of statuses: to wake the reader costs more than all else about one.
TEST(ItemQueue, WakesTheReaderForManyWordsAtOnceWhereNoneIsUrgent) {
  int signals = 0;
  ItemQueue queue({.batches = 64}, [&] { ++signals; });  // an eighth of four times as many: 32
  for (int i = 0; i < 31; ++i) queue.push(Item{}, true, false);
  EXPECT_EQ(signals, 0);
  queue.push(Item{}, true, false);
  EXPECT_EQ(signals, 1);
  Item item;
  while (queue.take(item)) {
  }
  queue.push(Item{}, true, false);
  EXPECT_EQ(signals, 1);
  queue.push(Item{}, true);
  EXPECT_EQ(signals, 2) << "an urgent one tells of those before it";
}

TEST(ItemQueue, LetsAWaitingWriterGoWhenItIsClosed) {
  ItemQueue queue({.batches = 1}, [] {});
  queue.push_batch(batch_of(1, 1), true);
  std::thread writer([&] { queue.push_batch(batch_of(1, 1), true); });
  queue.close();
  writer.join();
  Item item;
  EXPECT_FALSE(queue.take(item));
}

}  // namespace
}  // namespace panoptes
