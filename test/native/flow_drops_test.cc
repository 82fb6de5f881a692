// What the links lost, on the records of the status interval in which it was.
#include "flow_support.h"

namespace panoptes {
namespace {

using frames::ethernet;

TrackerOptions every_five_seconds() {
  TrackerOptions options;
  options.max_flows = 100;
  options.status_interval_ns = 5 * kSecond;
  return options;
}

std::int64_t at(double seconds) { return kEpoch + static_cast<std::int64_t>(seconds * 1e9); }

auto packet_of(std::uint16_t port) {
  return ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(port, 9).payload(10);
}

TEST(IntervalDrops, CountForTheIntervalInWhichBothLooksLie) {
  IntervalDrops drops(5 * kSecond);
  drops.note(0, at(1));
  drops.note(7, at(2));
  drops.note(10, at(3));
  EXPECT_EQ(drops.of(at(0)), 10u);
  EXPECT_EQ(drops.of(at(4.9)), 10u);
  EXPECT_EQ(drops.of(at(-0.1)), 0u);
  EXPECT_EQ(drops.of(at(5)), 0u);
}

TEST(IntervalDrops, CountForEachIntervalBetweenTheLooks) {
  IntervalDrops drops(5 * kSecond);
  drops.note(2, at(1));
  drops.note(3, at(16));  // a probe that slept for three intervals
  drops.note(3, at(17));
  drops.note(8, at(18));
  EXPECT_EQ(drops.of(at(1)), 2u + 1);
  EXPECT_EQ(drops.of(at(7)), 1u);
  EXPECT_EQ(drops.of(at(12)), 1u);
  EXPECT_EQ(drops.of(at(15)), 1u + 5);
  EXPECT_EQ(drops.of(at(20)), 0u);
}

TEST(IntervalDrops, WithoutIntervalsAllOfThemCount) {
  IntervalDrops drops(0);
  drops.note(4, at(1));
  drops.note(9, at(1000));
  EXPECT_EQ(drops.of(at(5)), 9u);
}

TEST(IntervalDrops, OnlyTheOldestAreForgotten) {
  IntervalDrops drops(kSecond);
  for (int i = 0; i < 1000; ++i) {
    drops.note(static_cast<std::uint64_t>(2 * i + 1), at(i + 0.1));
    drops.note(static_cast<std::uint64_t>(2 * i + 2), at(i + 0.9));
  }
  EXPECT_EQ(drops.of(at(999)), 2u);      // one between the intervals, one within
  EXPECT_EQ(drops.of(at(990)), 2u + 1);  // and that of the looks around its end
  EXPECT_EQ(drops.of(at(5)), 0u);
}

TEST(IntervalDrops, AClockThatIsSetBackLosesNone) {
  IntervalDrops drops(kSecond);
  drops.note(1, at(100));
  drops.note(5, at(50));
  EXPECT_EQ(drops.of(at(50)), 4u);
}

TEST(FlowDrops, AreOnTheRecordsOfTheirIntervalOnly) {
  Trace t(every_five_seconds());
  t.packet(1, packet_of(1000)).packet(1, packet_of(2000));
  t.tracker.note_drops(0, at(1));
  t.tracker.note_drops(6, at(4));
  t.packet(6, packet_of(1000));  // reports the first interval
  t.tracker.note_drops(6, at(9));
  t.packet(11, packet_of(1000));  // and the second
  t.finish();
  std::vector<std::pair<double, std::uint64_t>> seen;
  for (const Record& r : t.records.all) {
    seen.emplace_back(static_cast<double>(r.src()->first_ns() - kEpoch) / 1e9, r.drops);
  }
  std::sort(seen.begin(), seen.end());
  const std::vector<std::pair<double, std::uint64_t>> expected{{1, 6}, {1, 6}, {6, 0}, {11, 0}};
  EXPECT_EQ(seen, expected);
}

}  // namespace
}  // namespace panoptes
