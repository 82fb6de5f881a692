// How many frames of each size a record counts: exact, however many they are.
#include <gtest/gtest.h>

#include <numeric>

#include "flow_support.h"

namespace panoptes {
namespace {

// A datagram from the client that is `size` bytes on the wire.
void send(Trace& t, double seconds, std::size_t size, std::uint16_t port = 999) {
  t.packet(seconds, udp(kClient, port, kServer, 998), size);
}
SizeHistogram of_src(const Record& r) { return r.sizes[r.flow.src_is_high()]; }

TEST(Sizes, AreCountedByPowersOfTwo) {
  Trace t;
  constexpr std::size_t kSizes[] = {60,   63,   64,   127,  128,  255,  256,  511,   512,
                                    1023, 1024, 2047, 2048, 4095, 4096, 9000, 60'000};
  for (const std::size_t size : kSizes) {
    send(t, 0, size);
  }
  t.finish();
  EXPECT_EQ(of_src(t.record(0)), (SizeHistogram{2, 2, 2, 2, 2, 2, 2, 3}));
}

TEST(Sizes, HaveABinForEveryLength) {
  EXPECT_EQ(size_bin(0), 0U);
  EXPECT_EQ(size_bin(0xffffffff), 7U);
}

TEST(Sizes, AreCountedForEachSide) {
  Trace t;
  send(t, 0, 60);
  t.packet(0.1, udp(kServer, 998, kClient, 999), 1500);
  t.packet(0.2, udp(kServer, 998, kClient, 999), 300).finish();
  const Record& r = t.record(0);
  EXPECT_EQ(of_src(r), (SizeHistogram{1}));
  EXPECT_EQ(r.sizes[!r.flow.src_is_high()], (SizeHistogram{0, 0, 0, 1, 0, 1}));
}

// Six bits hold 62; beyond that the counters move.
TEST(Sizes, AreExactWhenACounterOutgrowsItsSide) {
  for (const std::uint32_t count : {61U, 62U, 63U, 64U, 1000U}) {
    constexpr std::size_t kSizes[] = {60, 1500, 5000};
    for (const std::size_t size : kSizes) {
      Trace t;
      constexpr std::size_t kOthers[] = {100, 200, 200};
      for (const std::size_t other : kOthers) send(t, 0, other);
      for (std::uint32_t i = 0; i < count; ++i) send(t, 0, size);
      send(t, 0, 3000);
      t.finish();
      ASSERT_EQ(t.count(), 1U);
      SizeHistogram want{0, 1, 2, 0, 0, 0, 1, 0};
      want[size == 60 ? 0 : size == 1500 ? 5 : 7] = count;
      EXPECT_EQ(of_src(t.record(0)), want) << count << " of " << size;
    }
  }
}

TEST(Sizes, BeginAgainWithEachRecord) {
  Trace t;
  for (int i = 0; i < 100; ++i) send(t, 1, 60);
  for (int i = 0; i < 3; ++i) send(t, 6, 60);
  for (int i = 0; i < 70; ++i) send(t, 11, 1000);
  send(t, 11, 60);
  t.finish();
  ASSERT_EQ(t.count(), 3U);
  EXPECT_EQ(of_src(t.record(0)), (SizeHistogram{100}));
  EXPECT_EQ(of_src(t.record(1)), (SizeHistogram{3}));
  EXPECT_EQ(of_src(t.record(2)), (SizeHistogram{1, 0, 0, 0, 70}));
}

TEST(Sizes, OfATcpFlowAreBesideItsGaps) {
  Trace t;
  t.packet(4, from_client(kSyn, 100));
  for (int i = 0; i < 100; ++i) t.packet(4.001, from_client(kAck, 101, 1).payload("four"), 80);
  t.packet(6.5, from_client(kAck, 105, 1)).finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(of_src(t.record(0)), (SizeHistogram{1, 100}));
  EXPECT_EQ(t.record(0).src()->detail.gap_max(), 1'000'000);
  EXPECT_EQ(of_src(t.record(1)), (SizeHistogram{1}));
  EXPECT_EQ(t.record(1).src()->detail.lead(), 2'499'000'000);
}

TEST(Sizes, OfAllRecordsOfAFlowAddUpToThoseOfOne) {
  const auto run = [](std::int64_t interval) {
    TrackerOptions o;
    o.status_interval_ns = interval;
    Trace t(o);
    for (std::uint32_t i = 0; i < 2000; ++i) send(t, 0.01 * i, 60 + i * 7919 % 5000);
    t.finish();
    SizeHistogram sum{};
    for (const Record& r : t.records.all) {
      for (std::uint32_t bin = 0; bin < kSizeBins; ++bin) sum[bin] += of_src(r)[bin];
    }
    return std::pair(sum, t.count());
  };
  const auto [whole, one] = run(0);
  const auto [added, many] = run(kSecond);
  EXPECT_EQ(one, 1U);
  EXPECT_EQ(many, 20U);
  EXPECT_EQ(added, whole);
  EXPECT_EQ(std::accumulate(whole.begin(), whole.end(), 0U), 2000U);
}

TEST(Sizes, SendTheRecordEarlyWhereThereIsNoRoom) {
  TrackerOptions o;
  o.max_flows = 8192;  // room for 1024 sides
  Trace t(o);
  const std::uint16_t flows = 1025;
  for (std::uint16_t i = 0; i < flows; ++i) {
    for (int k = 0; k < 130; ++k) send(t, 0.001 * k, 60, static_cast<std::uint16_t>(2000 + i));
    send(t, 0.2, 600, static_cast<std::uint16_t>(2000 + i));
  }
  t.finish();
  EXPECT_EQ(t.count(), flows + 2U) << "62 packets, 62 packets, and the rest";
  std::uint64_t small = 0, large = 0;
  for (const Record& r : t.records.all) {
    const SizeHistogram sizes = of_src(r);
    EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}), r.packets());
    small += sizes[0];
    large += sizes[4];
  }
  EXPECT_EQ(small, flows * 130U);
  EXPECT_EQ(large, flows);
}

}  // namespace
}  // namespace panoptes
