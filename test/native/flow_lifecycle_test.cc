// The life of flows: keys, direction, status intervals, ends and their reasons, eviction.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "flow_support.h"

namespace panoptes {
namespace {

TEST(Lifecycle, PutsBothDirectionsIntoOneRecordWithTheSynSenderAsSrc) {
  Trace t;
  t.packet(0, from_client(kSyn, 100)).packet(0.01, from_server(kSyn | kAck, 500, 101));
  t.packet(0.03, from_client(kAck, 101, 501)).finish();
  ASSERT_EQ(t.count(), 1U);
  const Record& r = t.record(0);
  EXPECT_EQ(r.src()->packets, 2U);
  EXPECT_EQ(r.dst()->packets, 1U);
  EXPECT_EQ(r.flow.evidence, Evidence::syn);
  EXPECT_EQ(r.cause, Cause::end);
  EXPECT_EQ(r.reason, EndReason::shutdown);
  EXPECT_EQ(r.flow.synack.ns(), 10'000'000);
  EXPECT_EQ(r.flow.ackdat.ns(), 20'000'000);
  EXPECT_NE(r.flow.tcp_state & kStateEstablished, 0);
}

TEST(Lifecycle, TakesTheReceiverOfALoneSynAckAsSrc) {
  Trace t;
  t.packet(0, from_server(kSyn | kAck, 500, 101)).finish();
  EXPECT_EQ(t.record(0).src(), nullptr);
  EXPECT_EQ(t.record(0).dst()->packets, 1U);
  EXPECT_EQ(t.record(0).flow.evidence, Evidence::syn_ack);
}

TEST(Lifecycle, KnowsAServerByThePortThatAnsweredBefore) {
  Trace t;
  auto answer =
      frames::ethernet().ipv4(kServer, kClient).tcp(31337, 40000, kSyn | kAck, {.seq = 1});
  t.packet(0, answer);
  auto later = frames::ethernet().ipv4(kServer, kClient).tcp(31337, 41000, kAck, {.seq = 9});
  t.packet(1, later).finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(t.record(1).flow.evidence, Evidence::learned_port);
  EXPECT_EQ(t.record(1).src(), nullptr);
}

TEST(Lifecycle, KnowsAServerByItsPortInTheMiddleOfAConnection) {
  Trace t;
  t.packet(0, from_server(kAck, 500, 101)).finish();
  EXPECT_EQ(t.record(0).flow.evidence, Evidence::known_port);
  EXPECT_EQ(t.record(0).src(), nullptr);
}

TEST(Lifecycle, TakesTheFirstSenderWhereNothingElseTells) {
  Trace t;
  t.packet(0, udp(kServer, 50000, kClient, 50001)).finish();
  EXPECT_EQ(t.record(0).flow.evidence, Evidence::first_packet);
  ASSERT_NE(t.record(0).src(), nullptr);
}

TEST(Lifecycle, CutsRecordsAtMultiplesOfTheStatusInterval) {
  Trace t;
  for (const double at : {3.0, 4.9, 5.0, 9.9, 21.0}) t.packet(at, udp(kClient, 999, kServer, 998));
  t.finish();
  ASSERT_EQ(t.count(), 3U);
  EXPECT_EQ(t.record(0).cause, Cause::start);
  EXPECT_EQ(t.record(0).packets(), 2U);
  EXPECT_EQ(t.record(1).cause, Cause::status);
  EXPECT_EQ(t.record(1).packets(), 2U);
  EXPECT_EQ(t.record(2).cause, Cause::end);
  EXPECT_EQ(t.record(2).packets(), 1U);
  EXPECT_EQ(t.record(0).flow.id, t.record(2).flow.id);
  for (const Record& r : t.records.all) {
    const Side& s = *r.src();
    EXPECT_EQ(s.first_ns() / (5 * kSecond), s.last_ns / (5 * kSecond));
  }
}

TEST(Lifecycle, ReportsWithoutAnotherPacketOnceTheClockPassesTheInterval) {
  Trace t;
  t.packet(1, udp(kClient, 999, kServer, 998));
  t.tracker.tick(Trace::at(4.9));
  EXPECT_EQ(t.count(), 0U);
  t.tracker.tick(Trace::at(5.5));
  t.tracker.tick(Trace::at(5.9));
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).cause, Cause::start);
}

TEST(Lifecycle, ReportsOnlyAtTheEndWithInterval0) {
  TrackerOptions o;
  o.status_interval_ns = 0;
  Trace t(o);
  for (int i = 0; i < 20; ++i) t.packet(i * 3, udp(kClient, 999, kServer, 998));
  t.finish();
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).packets(), 20U);
}

TEST(Lifecycle, EndsAConnectionTwoSecondsAfterBothFinsAreAcknowledged) {
  Trace t;
  t.packet(0, from_client(kSyn, 100)).packet(0.1, from_server(kSyn | kAck, 500, 101));
  t.packet(0.2, from_client(kAck, 101, 501)).packet(0.3, from_client(kFin | kAck, 101, 501));
  t.packet(0.4, from_server(kFin | kAck, 501, 102)).packet(0.5, from_client(kAck, 102, 502));
  t.packet(1.0, from_client(kAck, 102, 502));  // within the linger: the same flow
  t.packet(3.5, udp(kClient, 999, kServer, 998));
  t.tracker.tick(Trace::at(4.0));
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).reason, EndReason::fin);
  EXPECT_EQ(t.record(0).packets(), 7U);
}

TEST(Lifecycle, SaysThatAConnectionWasReset) {
  Trace t;
  t.packet(0, from_client(kSyn, 100)).packet(0.1, from_server(kRst | kAck, 0, 101)).finish();
  EXPECT_EQ(t.record(0).reason, EndReason::rst);
}

TEST(Lifecycle, StartsANewFlowWithASynOnAClosingOne) {
  Trace t;
  t.packet(0, from_client(kSyn, 100)).packet(0.1, from_client(kFin | kAck, 101, 501));
  t.packet(0.2, from_client(kSyn, 9000)).finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(t.record(0).reason, EndReason::reused);
  EXPECT_NE(t.record(0).flow.id, t.record(1).flow.id);
  EXPECT_EQ(t.record(1).src()->tcp.base, 9000U);
}

TEST(Lifecycle, KeepsTheFlowWhenASynIsRepeated) {
  Trace t;
  t.packet(0, from_client(kSyn, 100)).packet(1, from_client(kSyn, 100)).finish();
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).src()->packets, 2U);
}

TEST(Lifecycle, EndsByIdleTimeOfThePacketsClock) {
  TrackerOptions o;
  o.status_interval_ns = 0;
  Trace t(o);
  t.packet(1, udp(kClient, 999, kServer, 998)).packet(61.5, udp(kClient, 999, kServer, 998));
  t.finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(t.record(0).reason, EndReason::idle);
  EXPECT_NE(t.record(0).flow.id, t.record(1).flow.id);
}

// The interval ends at 5 s, long before the idle time of 60 s: whoever looks first, and when, finds
// the same.
TEST(Lifecycle, ReportsAFlowAtTheEndOfItsIntervalWhenNobodyLookedInTime) {
  const auto looks = [](const std::function<void(Trace&)>& look) {
    Trace t;
    t.packet(1, udp(kClient, 999, kServer, 998));
    look(t);
    t.finish();
    EXPECT_EQ(t.record(0).cause, Cause::start);
    EXPECT_EQ(t.record(0).reason, EndReason::none);
    EXPECT_EQ(t.record(0).packets(), 1U);
    return t.count();
  };
  const auto other = [](double at, Trace& t) { t.packet(at, udp("10.1.1.1", 1, "10.1.1.2", 2)); };
  EXPECT_EQ(looks([](Trace& t) { t.tracker.tick(Trace::at(6)); }), 1U);
  EXPECT_EQ(looks([](Trace& t) { t.tracker.tick(Trace::at(100)); }), 1U);
  EXPECT_EQ(looks([&](Trace& t) { other(5.1, t); }), 2U);
  EXPECT_EQ(looks([&](Trace& t) { other(200, t); }), 2U);
  EXPECT_EQ(looks([](Trace& t) { t.packet(100, udp(kClient, 999, kServer, 998)); }), 2U);
}

TEST(Lifecycle, SaysIdleWhereTheIdleTimePassesWithinTheInterval) {
  TrackerOptions o;
  o.idle_udp_ns = 2 * kSecond;
  Trace t(o);
  t.packet(1, udp(kClient, 999, kServer, 998))
      .packet(9, udp("10.1.1.1", 1, "10.1.1.2", 2))
      .finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(t.record(0).cause, Cause::end);
  EXPECT_EQ(t.record(0).reason, EndReason::idle);
}

TEST(Lifecycle, GoesOnWithASynThatIsRepeatedAfterAReset) {
  Trace t;
  t.packet(0, from_client(kSyn, 100));
  t.packet(0.1, from_server(kAck, 9000, 5000));  // of an old connection
  t.packet(0.2, from_client(kRst, 5000));
  t.packet(3.2, from_client(kSyn, 100));  // later than a reset connection lingers
  t.packet(3.3, from_server(kSyn | kAck, 700, 101));
  t.packet(3.4, from_client(kAck, 101, 701)).finish();
  ASSERT_EQ(t.count(), 1U);
  const Record& r = t.record(0);
  EXPECT_EQ(r.packets(), 6U);
  EXPECT_EQ(r.reason, EndReason::shutdown) << "not reset";
  EXPECT_EQ(r.tcp.side[r.flow.src_is_high()].syn_repeats, 1U);
}

TEST(Lifecycle, EndsADnsTransactionWithItsAnswer) {
  Trace t;
  const auto dns = [](std::uint16_t id, bool answer) {
    return (answer ? frames::ethernet().ipv4(kServer, kClient).udp(53, 5000)
                   : frames::ethernet().ipv4(kClient, kServer).udp(5000, 53))
        .dns(id, answer);
  };
  t.packet(0, dns(1, false)).packet(0.1, dns(2, false)).packet(0.2, dns(1, true));
  EXPECT_EQ(t.count(), 0U) << "a copy of the answer may follow";
  t.tracker.tick(Trace::at(0.203));
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).reason, EndReason::answered);
  EXPECT_EQ(t.record(0).flow.key.aux, 1);
  EXPECT_EQ(t.record(0).src()->packets, 1U);
  EXPECT_EQ(t.record(0).dst()->packets, 1U);
}

frames::Frame dns_of(std::uint16_t id, bool answer) {
  return (answer ? frames::ethernet().ipv4(kServer, kClient, {.id = id}).udp(53, 5000)
                 : frames::ethernet().ipv4(kClient, kServer, {.id = id}).udp(5000, 53))
      .dns(id, answer);
}

TEST(Lifecycle, CountsCopiesOfADnsAnswerInItsTransaction) {
  Trace t;
  t.packet(0, dns_of(1, false)).packet(0.0001, dns_of(1, false));
  t.packet(0.02, dns_of(1, true)).packet(0.0209, dns_of(1, true)).finish();
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).reason, EndReason::answered);
  EXPECT_EQ(t.record(0).src()->packets, 2U);
  EXPECT_EQ(t.record(0).dst()->packets, 2U);
  EXPECT_EQ(t.record(0).extra.duplicates[0] + t.record(0).extra.duplicates[1], 2);
}

TEST(Lifecycle, TakesAQuestionRightAfterTheAnswerForAnotherTransaction) {
  Trace t;
  const auto asked_again = [] {
    return frames::ethernet().ipv4(kClient, kServer, {.id = 77}).udp(5000, 53).dns(1, false);
  };
  t.packet(0, dns_of(1, false)).packet(0.02, dns_of(1, true)).packet(0.0201, asked_again());
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).reason, EndReason::answered);
  EXPECT_EQ(t.record(0).packets(), 2U);
  t.finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(t.record(1).reason, EndReason::shutdown);
  EXPECT_NE(t.record(1).flow.id, t.record(0).flow.id);
}

TEST(Lifecycle, EndsAnsweredTransactionsFirstWhereThereIsNoRoom) {
  TrackerOptions o;
  o.max_flows = 4;
  Trace t(o);
  t.packet(0, udp(kClient, 999, kServer, 998)).packet(0, udp(kClient, 999, kServer, 998));
  t.packet(0, dns_of(1, false)).packet(0.001, dns_of(1, true));
  for (std::uint16_t port = 1; port <= 3; ++port) {
    t.packet(0.0011, udp(kClient, port, kServer, 998));
  }
  ASSERT_GE(t.count(), 1U);
  EXPECT_EQ(t.record(0).reason, EndReason::answered);
  EXPECT_EQ(t.tracker.counters().evicted, t.count() - 1);
  t.finish();
  EXPECT_EQ(t.records.packets(), 7U);
}

TEST(Lifecycle, EndsEveryAnsweredTransactionOfAFlood) {
  Trace t;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    const auto id = static_cast<std::uint16_t>(i);
    t.packet(1e-8 * i, dns_of(id, false)).packet(1e-8 * i, dns_of(id, true));
  }
  EXPECT_GE(t.count(), 10'000U - 4096);
  t.tracker.tick(Trace::at(1));
  EXPECT_EQ(t.count(), 10'000U);
  EXPECT_EQ(t.tracker.flows(), 0U);
  for (const Record& r : t.records.all) EXPECT_EQ(r.reason, EndReason::answered);
}

TEST(Lifecycle, ToleratesTimeThatRunsBackwards) {
  Trace t;
  for (const double at : {10.0, 9.0, 10.5, 2.0, 11.0})
    t.packet(at, udp(kClient, 999, kServer, 998));
  t.finish();
  EXPECT_EQ(t.records.packets(), 5U);
  for (const Record& r : t.records.all) EXPECT_GE(r.src()->last_ns, r.src()->first_ns());
}

TEST(Lifecycle, RecoversFromOneStampFarInTheFuture) {
  Trace t;
  t.packet(1, udp(kClient, 999, kServer, 998)).packet(2e9, udp(kClient, 1999, kServer, 998));
  for (int i = 0; i < 8; ++i) t.packet(2 + i, udp(kClient, 999, kServer, 998));
  t.finish();
  EXPECT_EQ(t.records.packets(), 10U);
  const auto last = std::count_if(t.records.all.begin(), t.records.all.end(),
                                  [](const Record& r) { return r.packets() > 1; });
  EXPECT_GE(last, 1) << "the flow must not be ended packet by packet";
}

TEST(Lifecycle, EvictsOnePacketFlowsBeforeEstablishedOnes) {
  TrackerOptions o;
  o.max_flows = 100;
  Trace t(o);
  t.packet(0, from_client(kSyn, 100)).packet(0.1, from_server(kSyn | kAck, 500, 101));
  t.packet(0.2, from_client(kAck, 101, 501));
  for (std::uint16_t i = 0; i < 1000; ++i) {
    t.packet(0.3 + i * 1e-4, from_client(kSyn, 1, 0, static_cast<std::uint16_t>(1000 + i)));
  }
  EXPECT_EQ(t.tracker.flows(), 100U);
  EXPECT_EQ(t.tracker.counters().evicted, 901U);
  t.packet(0.9, from_client(kAck, 101, 501)).finish();
  EXPECT_EQ(t.records.packets(), t.sent);
  for (const Record& r : t.records.all) {
    if (r.reason == EndReason::evicted) {
      EXPECT_EQ(r.packets(), 1U);
    }
  }
  const auto established = std::find_if(t.records.all.begin(), t.records.all.end(),
                                        [](const Record& r) { return r.packets() == 4; });
  EXPECT_NE(established, t.records.all.end());
}

TEST(Lifecycle, EvictsTheLeastRecentlySeenHalfOpenFlowFirst) {
  TrackerOptions o;
  o.max_flows = 3;
  Trace t(o);
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{1, 2, 3, 1})
    t.packet(0, from_client(kSyn, 100, 0, port));
  t.packet(0.1, from_client(kSyn, 100, 0, 4));
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).packets(), 1U);
  const FlowKey& key = t.record(0).flow.key;
  EXPECT_TRUE(key.low_port == 2 || key.high_port == 2);
}

// Whatever comes, every packet is in exactly one record and no flow is lost by the index.
TEST(Lifecycle, ConservesPacketsUnderRandomTraffic) {
  for (const unsigned seed : {1U, 2U, 3U, 4U}) {
    std::mt19937 engine(seed);
    const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
    TrackerOptions o;
    o.max_flows = seed % 2 == 0 ? 50 : 5000;
    o.idle_udp_ns = 3 * kSecond;
    o.hash_seed = seed;
    Trace t(o);
    double now = 0;
    for (int i = 0; i < 4000; ++i) {
      now += std::uniform_real_distribution<>(-0.01, 0.03)(engine);
      const auto port = static_cast<std::uint16_t>(1 + random() % 300);
      switch (random() % 4) {
        case 0:
          t.packet(now, udp(kClient, port, kServer, 7000));
          break;
        case 1:
          t.packet(now, udp(kServer, 7000, kClient, port));
          break;
        case 2:
          t.packet(now, from_client(static_cast<std::uint8_t>(random()), random(), random(), port));
          break;
        default:
          t.packet(now, from_server(static_cast<std::uint8_t>(random()), random(), random(), port));
          break;
      }
    }
    t.finish();
    EXPECT_EQ(t.records.packets(), t.sent);
    EXPECT_EQ(t.tracker.flows(), 0U);
  }
}

}  // namespace
}  // namespace panoptes
