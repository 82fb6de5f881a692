// RTCP: how it is known, what receivers report, round trips.
#include <gtest/gtest.h>

#include "rtp_support.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kReceiver = 0x0badcafe;
constexpr std::uint64_t kNtp = 0xe0000001'80000000;  // its middle is 00018000
constexpr std::uint32_t kMiddle = 0x00018000;

TEST(FlowRtcp, IsKnownByACompoundThatNamesItsSource) {
  Trace t;
  t.packet(1, datagram(sender_report(kSsrc, kNtp, 0) + description(kSsrc)));
  t.finish();
  const Record& r = t.record(0);
  EXPECT_TRUE(r.rtp.is_rtcp);
  EXPECT_EQ(rtcp_of(r, false).packets, 1U);
  EXPECT_FALSE(client_rtp(r).known);
  EXPECT_FALSE(rtcp_of(r, true).has_report);
}

TEST(FlowRtcp, IsKnownByTwoCompoundsOfOneSource) {
  Trace t;
  t.packet(1, datagram(receiver_report(kSsrc, {{}}), false, 1));
  t.packet(2, datagram(receiver_report(kSsrc, {{}}), false, 2)).finish();
  EXPECT_TRUE(t.record(0).rtp.is_rtcp);
  EXPECT_EQ(rtcp_of(t.record(0), false).packets, 2U);
}

TEST(FlowRtcp, IsNotKnownByLess) {
  const auto known = [](const std::vector<frames::Bytes>& payloads) {
    Trace t;
    std::uint16_t id = 1;
    for (const auto& payload : payloads) t.packet(id, datagram(payload, false, id)), ++id;
    t.finish();
    return t.record(0).rtp.is_rtcp;
  };
  const auto report = receiver_report(kSsrc, {{}});
  EXPECT_FALSE(known({report}));
  EXPECT_FALSE(known({report, receiver_report(7, {{}})}));
  EXPECT_FALSE(known({report + description(7)})) << "another source is named";
  EXPECT_FALSE(known({description(kSsrc) + report})) << "a report comes first (RFC 3550 6.1)";
  auto longer = report + description(kSsrc);
  longer.push_back(0);
  EXPECT_FALSE(known({longer, longer}));
  auto shorter = report + description(kSsrc);
  shorter.resize(shorter.size() - 4);
  EXPECT_FALSE(known({shorter, shorter}));
  auto more_blocks = report;
  more_blocks[0] |= 3;
  EXPECT_FALSE(known({more_blocks, more_blocks})) << "three blocks do not fit";
  auto many = report + description(kSsrc);
  for (int i = 0; i < RtcpCompound::kMostPackets; ++i) many = many + rtcp_packet(204, 0, {});
  EXPECT_FALSE(known({many})) << "more packets than a compound can have";
  auto padded = report;
  padded[0] |= 0x20;
  EXPECT_FALSE(known({padded + description(kSsrc)})) << "only the last one is padded";
}

TEST(FlowRtcp, SharesThePortsOfRtp) {
  Trace t;
  RtpSender s(t);
  s.send_many(1, 5);
  t.packet(1.1, datagram(sender_report(kSsrc, kNtp, 0)));
  t.packet(1.2,
           datagram(receiver_report(kReceiver, {{.fraction = 64, .lost = 7, .jitter = 40}}), true));
  s.send_many(1.3, 5);
  t.finish();
  const Record& r = t.record(0);
  EXPECT_EQ(client_rtp(r).received, 10U);
  EXPECT_EQ(client_rtp(r).expected, 10U);
  EXPECT_FALSE(r.rtp.is_rtcp) << "it is RTP";
  EXPECT_EQ(rtcp_of(r, false).packets, 1U);
  EXPECT_EQ(rtcp_of(r, true).packets, 1U);
  const RtcpSideRecord& of_client = rtcp_of(r, false);
  EXPECT_TRUE(of_client.has_report);
  EXPECT_EQ(of_client.fraction, 64);
  EXPECT_EQ(of_client.lost, 7);
  EXPECT_TRUE(of_client.has_jitter);
  EXPECT_EQ(of_client.jitter_ns, 5'000'000U) << "40 units of 8000 Hz";
  EXPECT_FALSE(rtcp_of(r, true).has_report);
}

TEST(FlowRtcp, KeepsTheLastReportAndItsSign) {
  Trace t;
  const auto report = [&t](double at, std::int32_t lost) {
    t.packet(at,
             datagram(receiver_report(kReceiver, {{.lost = lost}}) + description(kReceiver), true));
  };
  t.packet(0.5, datagram(sender_report(kSsrc, kNtp, 0) + description(kSsrc)));
  report(1, 5);
  report(2, -3);
  t.finish();
  const Record& r = t.record(0);
  EXPECT_EQ(rtcp_of(r, false).lost, -3);
  EXPECT_FALSE(rtcp_of(r, false).has_jitter) << "the clock rate is not known";
}

TEST(FlowRtcp, TakesTheReportOfTheBusiestStream) {
  Trace t;
  RtpSender(t, {.sequence = 1, .timestamp = 1, .ssrc = 0xa}).send_many(1, 4);
  RtpSender(t, {.sequence = 1, .timestamp = 1, .type = 8, .ssrc = 0xb}).send_many(1.1, 9);
  t.packet(2, datagram(receiver_report(kReceiver, {{.ssrc = 0xa, .lost = 1},
                                                   {.ssrc = 0xb, .lost = 2},
                                                   {.ssrc = 0xdead, .lost = 3}}),
                       true));
  t.finish();
  EXPECT_EQ(rtcp_of(t.record(0), false).lost, 2);
}

TEST(FlowRtcp, TimesTheWayToTheReceiverAndBack) {
  Trace t;
  const auto from = [&t](bool server, double at, const frames::Bytes& report, std::uint32_t ssrc) {
    t.packet(at, datagram(report + description(ssrc), server));
  };
  from(false, 1, sender_report(kSsrc, kNtp, 0), kSsrc);
  // It waited 13107 / 65536 s, which are 199 996 948 ns: 250 ms less these.
  from(true, 1.25, receiver_report(kReceiver, {{.last_sr = kMiddle, .delay = 13107}}), kReceiver);
  // The same again, 65536 / 65536 s after the sender report: 1100 - 1000 ms.
  from(true, 2.1, receiver_report(kReceiver, {{.last_sr = kMiddle, .delay = 65536}}), kReceiver);
  from(true, 2.2, receiver_report(kReceiver, {{.last_sr = 99, .delay = 1}}), kReceiver);
  from(true, 2.3, receiver_report(kReceiver, {{.last_sr = 0, .delay = 0}}), kReceiver);
  from(true, 2.4, receiver_report(kReceiver, {{.last_sr = kMiddle, .delay = 0x20000}}), kReceiver);
  t.finish();
  const Record& r = t.record(0);
  EXPECT_EQ(rtcp_of(r, true).rtts, 2U) << "not of another report, nor of a delay that cannot be";
  EXPECT_EQ(rtcp_of(r, true).rtt_sum_ns, 50'003'052U + 100'000'000U);
  EXPECT_EQ(rtcp_of(r, true).rtt_max_ns, 100'000'000U);
  EXPECT_EQ(rtcp_of(r, false).rtts, 0U);
}

TEST(FlowRtcp, LearnsTheClockRateFromTwoSenderReports) {
  Trace t;
  for (std::uint32_t i = 0; i < 2; ++i) {  // 5 s and 240 000 units apart
    t.packet(1 + i, datagram(sender_report(kSsrc, kNtp + (i * 5ULL << 32), 7 + i * 240'000) +
                                 description(kSsrc),
                             false, static_cast<std::uint16_t>(i)));
  }
  t.packet(2.5, datagram(receiver_report(kReceiver, {{.jitter = 96}}), true)).finish();
  EXPECT_TRUE(rtcp_of(t.record(0), false).has_jitter);
  EXPECT_EQ(rtcp_of(t.record(0), false).jitter_ns, 2'000'000U) << "96 units of 48 kHz";
}

TEST(FlowRtcp, CountsWhatIsEncryptedAndReadsNothingOfIt) {
  Trace t;
  RtpSender(t).send_many(1, 5);
  // SRTCP (RFC 3711 3.4): behind the first SSRC noise, at the end an index and a tag.
  auto secret = receiver_report(kReceiver, {{.fraction = 99, .lost = 99}});
  secret.resize(secret.size() + 14, 0xe7);
  t.packet(2, datagram(secret, true)).finish();
  EXPECT_EQ(rtcp_of(t.record(0), true).packets, 1U);
  EXPECT_FALSE(rtcp_of(t.record(0), false).has_report);
}

TEST(FlowRtcp, BeginsAgainWithEachRecord) {
  Trace t;
  for (const double at : {1.0, 6.0, 7.0}) {
    t.packet(at, datagram(sender_report(kSsrc, kNtp, 0, {{.ssrc = 5}}) + description(kSsrc), false,
                          static_cast<std::uint16_t>(at)));
  }
  t.finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(rtcp_of(t.record(0), false).packets, 1U);
  EXPECT_EQ(rtcp_of(t.record(1), false).packets, 2U);
}

}  // namespace
}  // namespace panoptes
