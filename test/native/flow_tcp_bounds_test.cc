// TCP tracking does not depend on numbers, time and roles, and keeps within its memory.
#include <gtest/gtest.h>

#include <random>

#include "flow/tcp_holes.h"
#include "tcp_wire.h"

namespace panoptes {
namespace {

// --- the same whatever the numbers, the time and the roles

// Some of everything, within 20 kB each way; the counters of both sides.
std::array<TcpCounters, 2> eventful(Wire& w) {
  w.handshake();
  std::uint32_t at = 1, ms = 20;
  for (int round = 0; round < 4; ++round, ms += 3000) {
    w.at(ms).client(kAck | kPsh, at, at, 700);
    w.at(ms + 10).server(kAck, at, at + 700, 700);
    w.at(ms + 10).server(kAck, at + 1400, at + 700, 700);
    w.at(ms + 10.1).server(kAck, at + 2100, at + 700, 700);
    w.at(ms + 12).client(kAck, at + 700, at + 700);
    w.at(ms + 12.1).client(kAck, at + 700, at + 700, 0,
                           {.window = std::uint16_t(round == 2 ? 0 : 1000)});
    w.at(ms + 300).server(kAck, at + 700, at + 700, 700);
    w.at(ms + 302).client(kAck, at + 700, at + 2800);
    w.at(ms + 600).server(kAck, at + 2100, at + 700, 700);
    w.at(ms + 601).server(kAck, at + 3500, at + 700, 700);
    w.at(ms + 603).client(kAck, at + 700, at + 4200);
    w.at(ms + 700).client(kAck, at + 700, at + 4200, 3500);
    w.at(ms + 710).client(kAck, at + 2000, at + 4200, 2200);
    w.at(ms + 720).server(kAck, at + 4200, at + 4200);
    w.at(ms + 2000).client(kAck, at + 4199, at + 4200);
    w.at(ms + 2010).server(kAck, at + 4200, at + 4200);
    at += 4200;
  }
  return {w.of_client(), w.of_server()};
}

TEST(TcpSequence, SaysTheSameWhereverTheNumbersWrap) {
  Wire plain;
  const auto expected = eventful(plain);
  EXPECT_EQ(expected[0].retrans, 4U);
  EXPECT_EQ(expected[0].keep_alives, 4U);
  EXPECT_EQ(expected[1].retrans, 4U);
  EXPECT_EQ(expected[1].lost_before, 4U);
  EXPECT_EQ(expected[1].gap_bytes, 2800U);
  for (std::uint32_t before = 0; before < 17'500; before += 97) {
    Wire w;
    w.isn[0] = 0U - before;
    w.isn[1] = 0x80000000U - before;
    ASSERT_EQ(eventful(w), expected) << before;
    Wire other;
    other.isn[1] = 0U - before;
    ASSERT_EQ(eventful(other), expected) << before;
    for (const Wire* each : {&w, &other}) {
      for (const bool side : {false, true}) {
        ASSERT_EQ(each->rtt(side).samples, plain.rtt(side).samples) << before;
        ASSERT_DOUBLE_EQ(each->rtt(side).mean(), plain.rtt(side).mean()) << before;
      }
    }
  }
}

TEST(TcpSequence, SaysTheSameAtAnyTimeAndForEitherEndpoint) {
  Wire plain;
  const auto expected = eventful(plain);
  for (const std::int64_t start :
       {std::int64_t{0}, std::int64_t{-5'000'000'000}, std::int64_t{4'300'000'000'000'000'000}}) {
    Wire w;
    w.start_ns = start;
    EXPECT_EQ(eventful(w), expected);
  }
  Wire w;
  w.swapped = true;
  EXPECT_EQ(eventful(w), expected);
  EXPECT_EQ(w.rtt(false).samples, plain.rtt(false).samples);
}

TEST(TcpSequence, FollowsMoreThanFourGigabytes) {
  Wire w;
  w.handshake();
  std::uint32_t at = 1;
  for (int i = 0; i < 5000; ++i) {
    ASSERT_EQ(w.client(kAck, at, 1, 1'000'000), TcpVerdict::in_order);
    at += 1'000'000;
    w.server(kAck, 1, at);
  }
  EXPECT_TRUE(w.clean());
  EXPECT_EQ(w.client(kAck, at - 1000, 1, 1000), TcpVerdict::spurious);
  EXPECT_EQ(w.of_client().strays, 0U);
}

// --- bounds

TEST(TcpSequence, GivesUpTheLowestHoleWhenThereAreTooMany) {
  Wire w(1, 2);
  w.handshake();
  for (std::uint32_t i = 1; i <= 3; ++i) w.at(20).server(kAck, 1 + 200 * i, 1, 100);
  EXPECT_EQ(w.pool.counters().hole_overflow, 1U);
  EXPECT_EQ(w.at(300).server(kAck, 301, 1, 100), TcpVerdict::lost_before);
  EXPECT_EQ(w.at(300).server(kAck, 501, 1, 100), TcpVerdict::lost_before);
  w.at(400).client(kAck, 1, 701);
  EXPECT_EQ(w.of_server().gap_bytes, 0U) << "of the hole given up nothing is known";
}

TEST(TcpSequence, CountsNothingForAFlowThatFoundNoBlock) {
  Wire w(0);
  w.handshake();
  w.at(20).server(kAck, 101, 1, 100);
  w.at(21).server(kAck, 1, 1, 100);
  w.at(22).client(kAck, 1, 1);
  w.at(23).client(kAck, 1, 201, 0, {.window = 0});
  w.at(24).client(kAck, 1, 201);
  EXPECT_EQ(w.of_server(), TcpCounters{});
  EXPECT_EQ(w.of_client(), TcpCounters{});
  EXPECT_EQ(w.flow.cold, kTcpNoBlock);
  EXPECT_GE(w.pool.counters().exhausted, 4U);
  EXPECT_EQ(w.at(30).server(kAck, 201, 1, 100), TcpVerdict::in_order) << "it still follows";
  release_tcp(w.sides[0], w.sides[1], w.flow, w.pool, false);
  EXPECT_EQ(w.flow.cold, 0U) << "the next record asks again";
}

TEST(TcpSequence, GivesTheBlockBackAfterARecordInWhichNothingHappened) {
  Wire w(1);
  w.handshake();
  w.at(20).client(kAck, 1, 1, 100);
  w.at(300).client(kAck, 1, 1, 100);
  const auto report = [&] {
    release_tcp(w.sides[0], w.sides[1], w.flow, w.pool, false);
    w.of_server();
    return w.of_client().retrans;
  };
  EXPECT_EQ(report(), 1U);
  EXPECT_EQ(w.pool.in_use(), 1U);
  EXPECT_EQ(report(), 0U);
  EXPECT_EQ(w.pool.in_use(), 0U);
  w.at(400).client(kAck, 201, 1, 100);  // a hole is kept
  EXPECT_EQ(report(), 0U);
  EXPECT_EQ(report(), 0U);
  EXPECT_EQ(w.pool.in_use(), 1U);
  release_tcp(w.sides[0], w.sides[1], w.flow, w.pool, true);
  EXPECT_EQ(w.pool.in_use(), 0U);
}

TEST(TcpHoles, FillsAnyPart) {
  TcpColdPool pool(1, 3);
  const std::uint32_t block = pool.allocate();
  TcpHoles holes(pool, block, true);
  TcpHole first{};
  holes.add({.start = 100,
             .end = 200,
             .time_ns = 1,
             .tsval = 0,
             .ip_id = 7,
             .has_tsval = false,
             .has_ip_id = true});
  holes.add({.start = 300,
             .end = 400,
             .time_ns = 2,
             .tsval = 0,
             .ip_id = 9,
             .has_tsval = false,
             .has_ip_id = true});
  EXPECT_EQ(holes.fill(0, 100, first), 0U);
  EXPECT_EQ(holes.fill(200, 300, first), 0U);
  EXPECT_EQ(holes.fill(90, 110, first), 10U);
  EXPECT_EQ(first.ip_id, 7);
  EXPECT_EQ(holes.fill(190, 310, first), 20U);
  EXPECT_EQ(holes.fill(340, 360, first), 20U);  // two of it
  EXPECT_EQ(first.ip_id, 9);
  EXPECT_EQ(pool.counters().hole_overflow, 0U);
  EXPECT_EQ(holes.fill(320, 330, first), 10U);  // a fourth: [110, 190) has to go
  EXPECT_EQ(pool.counters().hole_overflow, 1U);
  EXPECT_EQ(holes.drop_below(315), 5U);
  EXPECT_EQ(holes.fill(0, 1000, first), 5U + 10U + 40U);
  EXPECT_TRUE(holes.empty());
}

// --- anything at all

TEST(TcpSequence, StaysConsistentForRandomSegments) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    std::mt19937 engine(seed);
    const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
    const auto below = [&](std::uint32_t n) { return random() % n; };
    TcpColdPool pool(2, 1 + seed % 5);
    TcpSideState sides[2] = {};
    TcpOwnState flow;
    std::array<std::array<std::uint32_t, 10>, 2> seen{};
    const std::uint32_t near = seed % 3 == 0 ? 0xfffff000U : random();
    const std::uint32_t spread = seed % 2 == 0 ? 3000 : 0xffffffff;
    std::int64_t now = 0;
    TcpCounters sum[2];
    for (int i = 0; i < 4000; ++i) {
      Options options(below(41));
      for (std::uint8_t& o : options) o = static_cast<std::uint8_t>(random());
      if (below(3) == 0 && options.size() >= 12) {
        options[0] = options[1] = 1;
        options[2] = below(2) == 0 ? 5 : 8;
        options[3] = 10;
        for (std::size_t k = 4; k + 4 <= 12; k += 4) {
          const std::uint32_t edge = near + below(spread);
          for (std::size_t b = 0; b < 4; ++b) {
            options[k + b] = static_cast<std::uint8_t>(edge >> (24 - 8 * b));
          }
        }
      }
      now += static_cast<std::int64_t>(below(1'000'000'000)) - (below(20) == 0 ? 900'000'000 : 0);
      TcpSegment s{};
      s.time_ns = now;
      s.quiet_ns = static_cast<std::int64_t>(below(1'000'000'000)) - 1;
      s.seq = near + below(spread);
      s.ack = near + below(spread);
      s.payload_bytes = below(4) == 0 ? 0 : below(8) == 0 ? random() : below(300);
      s.flags = static_cast<std::uint8_t>(below(3) == 0 ? random() : kAck);
      s.from_high = below(2) != 0;
      s.duplicate = below(50) == 0;
      s.has_ip_id = below(2) != 0;
      s.last_ip_id = s.ip_id = static_cast<std::uint16_t>(random());
      s.last_ip_id += static_cast<std::uint16_t>(below(3));
      s.window = static_cast<std::uint16_t>(below(4) * 100);
      s.options = options.data();
      s.options_captured = static_cast<std::uint32_t>(options.size());
      s.has_sack = s.options_captured != 0;
      const bool me = s.from_high;
      const TcpVerdict v = track(sides[me], sides[!me], flow, s, pool).verdict;
      ++seen[me].at(static_cast<std::size_t>(v));
      if (below(100) == 0 || i == 3999) {
        if (i == 3999) close_tcp(sides[0], sides[1], flow, pool);
        release_tcp(sides[0], sides[1], flow, pool, false);
        for (const bool side : {false, true}) {
          const TcpCounters c = take_tcp_counters(sides[side], flow, side, now, pool);
          ASSERT_LE(c.spurious, c.retrans);
          ASSERT_LE(c.syn_repeats, c.retrans);
          ASSERT_LE(c.fast + c.timeout, c.retrans + c.lost_before);
          ASSERT_GE(c.stalled_ns, 0);
          sum[side].retrans += c.retrans;
          sum[side].lost_before += c.lost_before;
          sum[side].out_of_order += c.out_of_order;
          sum[side].keep_alives += c.keep_alives;
          sum[side].duplicates += c.duplicates;
          sum[side].strays += c.strays;
          sum[side].jumps += c.jumps;
        }
      }
    }
    EXPECT_EQ(pool.counters().exhausted, 0U);
    for (const bool side : {false, true}) {
      const auto count = [&](TcpVerdict v) { return seen[side][static_cast<std::size_t>(v)]; };
      EXPECT_EQ(sum[side].retrans, count(TcpVerdict::retrans) + count(TcpVerdict::spurious));
      EXPECT_EQ(sum[side].lost_before, count(TcpVerdict::lost_before));
      EXPECT_EQ(sum[side].out_of_order, count(TcpVerdict::out_of_order));
      EXPECT_EQ(sum[side].keep_alives, count(TcpVerdict::keep_alive));
      EXPECT_EQ(sum[side].duplicates, count(TcpVerdict::duplicate));
      EXPECT_EQ(sum[side].strays, count(TcpVerdict::stray));
      EXPECT_EQ(sum[side].jumps, count(TcpVerdict::jump));
    }
    release_tcp(sides[0], sides[1], flow, pool, true);
    EXPECT_EQ(pool.in_use(), 0U);
  }
}
}  // namespace
}  // namespace panoptes
