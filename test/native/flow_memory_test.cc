// A table that held many flows and holds few: its memory goes back, its flows stay, and the next
// many find room again.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "flow/flow_table.h"
#include "flow_support.h"
#include "sanitized.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kFlows = 100'000;  // 22 steps
constexpr std::size_t kStep = Arena::kStep;

class Crowd {
 public:
  explicit Crowd(std::uint32_t flows) : table(flows) {}

  void add(std::uint32_t n) {
    const std::uint32_t slot = table.allocate();
    ASSERT_NE(slot, FlowTable::kNone);
    std::memset(static_cast<void *>(&table.flow(slot)), 0xee, sizeof(Flow));
    table.flow(slot).key = key(n);
    table.flow(slot).id = n;
    table.insert(hash_of(n), slot);
    table.set_due(slot, 1 + n);
    ASSERT_TRUE(slots_.emplace(n, slot).second);
    ASSERT_TRUE(taken_.insert(slot).second) << "a slot is given once";
  }
  void end(std::uint32_t n) {
    const std::uint32_t slot = slots_.at(n);
    table.erase(slot);
    table.release(slot);
    slots_.erase(n);
    taken_.erase(slot);
  }
  void end_all_but(const std::set<std::uint32_t> &some) {
    std::vector<std::uint32_t> gone;
    for (const auto &[n, slot] : slots_) {
      if (!some.contains(n)) gone.push_back(n);
    }
    std::mt19937 random(3);
    std::shuffle(gone.begin(), gone.end(), random);
    for (const std::uint32_t n : gone) end(n);
  }
  // Every flow is where it was, as it was.
  void check() {
    ASSERT_EQ(table.size(), slots_.size());
    for (const auto &[n, slot] : slots_) {
      const Flow *flow = table.find(hash_of(n), key(n));
      ASSERT_EQ(flow, &table.flow(slot)) << n;
      ASSERT_EQ(flow->id, n);
      ASSERT_EQ(reinterpret_cast<const std::uint8_t *>(flow + 1)[-1], 0xee) << "its last byte";
      ASSERT_EQ(table.due(slot), 1 + n);
    }
  }
  std::size_t flows() const { return slots_.size(); }

  FlowTable table;

 private:
  static FlowKey key(std::uint32_t n) {
    FlowKey key;
    std::memcpy(key.low_addr.data(), &n, sizeof n);
    return key;
  }
  static std::uint64_t hash_of(std::uint32_t n) { return hash(key(n), 7); }

  std::map<std::uint32_t, std::uint32_t> slots_;
  std::set<std::uint32_t> taken_;
};

TEST(FlowMemory, GoesBackWhenAllFlowsHaveEnded) {
  Crowd crowd(kFlows);
  for (std::uint32_t n = 0; n < kFlows; ++n) crowd.add(n);
  const std::size_t full = crowd.table.real_bytes();
  EXPECT_GT(full, kFlows * sizeof(Flow));
  crowd.table.give_back(kFlows);
  EXPECT_EQ(crowd.table.real_bytes(), full) << "all are in use";
  crowd.end_all_but({});
  crowd.table.give_back(kFlows);
  EXPECT_EQ(crowd.table.real_bytes(), full) << "so many may come again";
  crowd.table.give_back(100);
  EXPECT_LE(crowd.table.real_bytes(), 2 * kStep) << "one of the slab, one of the index";
  EXPECT_LT(crowd.table.used_slots(), 5000U);
}

TEST(FlowMemory, OfFlowsThatStayIsNotTouched) {
  Crowd crowd(kFlows);
  std::set<std::uint32_t> stay = {0, 7, 30'000, 30'001, 77'777};
  // Flows that lie in two steps, which are kept both.
  for (const std::size_t step : {3U, 12U, 19U}) {
    stay.insert(static_cast<std::uint32_t>(step * kStep / sizeof(Flow)));
  }
  for (std::uint32_t n = 0; n < kFlows; ++n) crowd.add(n);
  crowd.end_all_but(stay);
  crowd.table.give_back(100);
  crowd.check();
  EXPECT_LE(crowd.table.real_bytes(), (1 + 2 * stay.size()) * kStep);
  EXPECT_LT(crowd.table.used_slots(), kFlows);
}

TEST(FlowMemory, IsThereAgainForTheNextFlood) {
  Crowd crowd(kFlows);
  for (std::uint32_t round = 0; round < 3; ++round) {
    const std::uint32_t first = round * kFlows;
    std::set<std::uint32_t> stay;
    for (std::uint32_t n = first; !crowd.table.full(); ++n) crowd.add(n);
    EXPECT_EQ(crowd.table.allocate(), FlowTable::kNone);
    EXPECT_GT(crowd.table.real_bytes(), kFlows * sizeof(Flow));
    crowd.check();
    for (std::uint32_t n = first + round; n < first + kFlows / 2; n += 20'000) stay.insert(n);
    crowd.end_all_but(stay);
    crowd.table.give_back(100);
    EXPECT_LT(crowd.table.real_bytes(), kFlows * sizeof(Flow) / 2);
    crowd.check();
  }
}

// Flows that come and go at random, with memory given back between.
TEST(FlowMemory, IsRightWhateverComesAndGoes) {
  Crowd crowd(kFlows);
  std::mt19937 random(11);
  std::uint32_t next = 0;
  std::vector<std::uint32_t> there;
  for (int round = 0; round < (kSanitized ? 10 : 40); ++round) {
    const auto many = static_cast<std::uint32_t>(random() % (round % 4 == 0 ? kFlows : 5000));
    for (std::uint32_t k = 0; k < many && !crowd.table.full(); ++k) {
      there.push_back(next);
      crowd.add(next++);
    }
    const std::size_t rest = random() % 300;
    std::shuffle(there.begin(), there.end(), random);
    for (; there.size() > rest; there.pop_back()) crowd.end(there.back());
    crowd.table.give_back(static_cast<std::uint32_t>(random() % 10'000));
    crowd.check();
  }
}

TEST(FlowMemory, StaysOnALinkWhereAllOfItIsRealFromTheStart) {
  Crowd crowd(kFlows);
  crowd.table.prefault();
  const std::size_t all = crowd.table.real_bytes();
  for (std::uint32_t n = 0; n < kFlows; ++n) crowd.add(n);
  crowd.end_all_but({});
  crowd.table.give_back(1);
  EXPECT_EQ(crowd.table.real_bytes(), all);
}

class Discard final : public RecordSink {
 public:
  void record(const Flow &, const RecordInfo &) override {}
};

TrackerOptions crowded() {
  TrackerOptions options;
  options.max_flows = kFlows;
  return options;
}

// Clients that say one thing each, and time that passes.
class Flood {
 public:
  Flood() : tracker(crowded(), discard_) {}

  void clients(std::uint32_t count) {
    frames::Bytes frame = udp("1.0.0.0", 5000, kServer, 9000).bytes();
    for (std::uint32_t k = 0; k < count; ++k, ++next_) {
      for (std::size_t i = 0; i < 3; ++i) {
        frame[27 + i] = static_cast<std::uint8_t>(next_ >> (16 - 8 * i));
      }
      const auto size = static_cast<std::uint32_t>(frame.size());
      Packet packet;
      ASSERT_EQ(decode({frame.data(), size, size, now_ns_, 1}, packet), Undecoded::none);
      tracker.prepare(packet);
      tracker.process({&packet, 1});
      now_ns_ += 1000;
    }
  }
  void quiet(int seconds) {
    for (; seconds > 0; --seconds) {
      now_ns_ += kSecond;
      tracker.tick(now_ns_);
    }
  }

 private:
  Discard discard_;
  std::uint32_t next_ = 0;
  std::int64_t now_ns_ = kEpoch;

 public:
  FlowTracker tracker;
};

TEST(FlowMemory, IsGivenBackAfterAFloodAndNotWhileItsLoadMayComeAgain) {
  Flood flood;
  flood.clients(10);
  const std::size_t base = flood.tracker.table_bytes();
  for (int round = 0; round < 2; ++round) {
    flood.clients(kFlows);
    const std::size_t full = flood.tracker.table_bytes();
    EXPECT_GT(full, kFlows * sizeof(Flow));
    flood.quiet(65);
    EXPECT_EQ(flood.tracker.flows(), 0U) << "UDP may be idle for a minute";
    EXPECT_EQ(flood.tracker.table_bytes(), full);
    flood.quiet(95);
    EXPECT_LE(flood.tracker.table_bytes(), base + 2 * kStep);
  }
}

}  // namespace
}  // namespace panoptes
