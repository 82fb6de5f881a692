// What is counted of packets: volume, gaps, TCP.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "flow_support.h"

namespace panoptes {
namespace {

TEST(Meters, CountsFramesAndPayloadByTheIpLength) {
  Trace t;
  t.packet(0, udp(kClient, 999, kServer, 998), 60).packet(1, udp(kClient, 999, kServer, 998), 60);
  t.finish();
  const Side& s = *t.record(0).src();
  EXPECT_EQ(s.bytes, 120U);
  EXPECT_EQ(s.app_bytes, 10U) << "padding is no payload";
  EXPECT_EQ(s.min_size, 60U);
  EXPECT_EQ(s.max_size, 60U);
}

TEST(Meters, KeepsWelfordStatisticsOfTheGaps) {
  Trace t;
  const std::vector<double> times = {0, 0.03, 0.04, 0.041, 0.28, 0.4};
  for (const double at : times) t.packet(at, udp(kClient, 999, kServer, 998));
  t.finish();
  std::vector<double> gaps(times.size());
  std::adjacent_difference(times.begin(), times.end(), gaps.begin());
  gaps.erase(gaps.begin());
  const double mean = std::accumulate(gaps.begin(), gaps.end(), 0.0) / 5;
  double m2 = 0;
  for (const double g : gaps) m2 += (g - mean) * (g - mean);
  const Side& s = *t.record(0).src();
  EXPECT_EQ(gap_count(s), 5U);
  EXPECT_NEAR(static_cast<double>(gap_sum(s)) / 5e9, mean, 1e-12);
  EXPECT_NEAR(s.gap_m2 / 1e18, m2, 1e-12);
  EXPECT_EQ(s.detail.gap_min(), 1'000'000);
  EXPECT_EQ(s.detail.gap_max(), 239'000'000);
  // The deviation that the published example has wrong by a factor of 42.
  EXPECT_NEAR(std::sqrt(s.gap_m2 / 5) / 1e6, 90.0, 1.0);
}

TEST(Meters, CountsTheGapAcrossTwoRecords) {
  Trace t;
  for (const double at : {4.0, 4.5, 6.0, 6.2}) t.packet(at, udp(kClient, 999, kServer, 998));
  t.finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(gap_count(*t.record(0).src()), 1U);
  const Side& s = *t.record(1).src();
  EXPECT_EQ(gap_count(s), 2U);
  EXPECT_EQ(s.detail.lead(), 1'500'000'000);
  EXPECT_EQ(gap_sum(s), 1'700'000'000);
  EXPECT_NEAR(s.gap_m2, 2 * 0.65e9 * 0.65e9, 1e3);
}

TEST(Meters, StartsRecordValuesAgainAndKeepsWhatTheFlowLearned) {
  Trace t;
  t.packet(4, from_client(kSyn, 100)).packet(4.1, from_server(kSyn | kAck, 500, 101));
  t.packet(4.2, from_client(kAck, 101, 501)).packet(6, from_client(kAck | kPsh, 101, 501)).finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(t.record(0).src()->tcp_flags, kSyn | kAck);
  EXPECT_EQ(t.record(1).src()->tcp_flags, kAck | kPsh);
  EXPECT_EQ(t.record(1).dst(), nullptr);
  EXPECT_EQ(t.record(1).src()->tcp.base, 100U);
  EXPECT_TRUE(t.record(1).flow.ackdat.known());
}

frames::Frame with_options(frames::Frame ip, std::uint16_t src, std::uint16_t dst,
                           std::uint8_t flags, frames::TcpFields f) {
  return ip.tcp(src, dst, flags, f);
}

TEST(Meters, ScalesWindowsOnlyWhenBothSynsOfferIt) {
  const frames::Bytes offer = {2, 4, 5, 0xb4, 3, 3, 7};
  for (const bool both : {true, false}) {
    Trace t;
    t.packet(0, with_options(frames::ethernet().ipv4(kClient, kServer), 40000, 80, kSyn,
                             {.seq = 100, .window = 500, .options = offer}));
    t.packet(
        0.1,
        with_options(
            frames::ethernet().ipv4(kServer, kClient), 80, 40000, kSyn | kAck,
            {.seq = 500, .ack = 101, .window = 600, .options = both ? offer : frames::Bytes{}}));
    t.packet(0.2, from_client(kAck, 101, 501)).finish();
    EXPECT_EQ(t.record(0).src()->tcp.window, 1000);
    EXPECT_EQ((t.record(0).src()->seen & kSeenScaledWindow) != 0, both);
    EXPECT_EQ(t.record(0).dst()->tcp.window, 600);
    EXPECT_EQ(t.record(0).dst()->seen & kSeenScaledWindow, 0) << "a SYN's own is never scaled";
    EXPECT_EQ(t.record(0).src()->mss, 1460);
    EXPECT_EQ(t.record(0).src()->window_shift, 7);
  }
}

TEST(Meters, CountsZeroWindowsButNotThoseOfSynFinAndRst) {
  Trace t;
  double at = 0;
  for (const std::uint8_t flags : {kSyn, kAck, kAck, kRst}) {
    t.packet(at += 0.1, with_options(frames::ethernet().ipv4(kClient, kServer), 40000, 80, flags,
                                     {.seq = 100, .window = 0}));
  }
  t.finish();
  EXPECT_EQ(t.record(0).tcp.side[t.record(0).flow.src_is_high()].zero_windows, 2U);
}

TEST(Meters, NotesTtlTosFragmentsAndVlan) {
  Trace t;
  t.packet(0,
           frames::ethernet().vlan(42, 3).ipv4(kClient, kServer, {.ttl = 60, .tos = 3}).udp(1, 2));
  t.packet(0, frames::ethernet()
                  .vlan(42, 5)
                  .ipv4(kClient, kServer, {.ttl = 64, .tos = 0xb8, .fragment = 0x2000})
                  .udp(1, 2)
                  .payload(16));
  t.finish();
  const Side& s = *t.record(0).src();
  EXPECT_EQ(s.ttl_min, 60);
  EXPECT_EQ(s.ttl_max, 64);
  EXPECT_EQ(s.ttl, 64);
  EXPECT_EQ(s.tos, 0xb8);
  const bool high = t.record(0).flow.src_is_high();
  EXPECT_EQ(t.record(0).extra.ce_packets[high], 1U);
  EXPECT_EQ(t.record(0).extra.fragments[high], 1U);
  EXPECT_EQ(t.record(0).flow.vlan[t.record(0).flow.src_is_high()], 5 << 13 | 42);
}

TEST(Meters, NotesThatAnotherPairOfMacsCarriesTheFlow) {
  Trace t;
  t.packet(0, udp(kClient, 999, kServer, 998));
  t.packet(1, frames::ethernet({2, 0, 0, 0, 0, 9}).ipv4(kClient, kServer).udp(999, 998)).finish();
  EXPECT_NE(t.record(0).src()->ip_flags & kIpMacChanged, 0);
}

}  // namespace
}  // namespace panoptes
