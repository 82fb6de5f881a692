// What of RTP is counted: packets, losses, order, several streams of a direction.
#include <gtest/gtest.h>

#include "rtp_support.h"

namespace panoptes {
namespace {

TEST(FlowRtp, KnowsAStreamByThreePacketsInSequence) {
  Trace t;
  RtpSender(t).send_many(1, 3);
  t.finish();
  ASSERT_EQ(t.count(), 1U);
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_TRUE(rtp.known);
  EXPECT_EQ(rtp.received, 3U);
  EXPECT_EQ(rtp.expected, 3U);
  EXPECT_EQ(rtp.streams, 1U);
  EXPECT_EQ(rtp.ssrc, kSsrc);
  EXPECT_EQ(rtp.payload_type, 0);
  EXPECT_EQ(rtp.clock_rate, 8000U);
  EXPECT_FALSE(rtp.estimated);
  EXPECT_FALSE(t.record(0).rtp.rtp[!t.record(0).flow.src_is_high()].known) << "nothing came back";
}

TEST(FlowRtp, CountsLossBySequenceNumbers) {
  Trace t;
  RtpSender(t).send_many(1, 5).lose(1).send_many(2, 5).lose(2).send_many(3, 1);
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.received, 11U);
  EXPECT_EQ(rtp.expected, 14U);
  EXPECT_EQ(rtp.out_of_order, 0U);
}

TEST(FlowRtp, FollowsTheNumbersOverTheirWrap) {
  Trace t;
  RtpSender(t, {.sequence = 65530, .timestamp = 0xffffff00})
      .send_many(1, 5)
      .lose(3)
      .send_many(2, 5);
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.received, 10U);
  EXPECT_EQ(rtp.expected, 13U);
}

TEST(FlowRtp, TellsWhatWasOvertakenFromWhatWasLost) {
  Trace t;
  RtpSender s(t);
  s.send_many(1, 5);
  const RtpFields late = s.next();
  s.lose(1).send_many(1.1, 3);
  const RtpFields after = s.next();
  s.send(1.17, late).send(1.2, after);
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.received, 10U);
  EXPECT_EQ(rtp.expected, 10U);
  EXPECT_EQ(rtp.out_of_order, 1U);
}

TEST(FlowRtp, CorrectsTheLossOfTheRecordBeforeByWhatComesLate) {
  Trace t;
  RtpSender s(t);
  s.send_many(4.7, 5);
  const RtpFields late = s.next();
  s.lose(1).send_many(4.9, 3);
  const RtpFields after = s.next();
  s.send(5.1, late).send(5.2, after);
  t.finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(client_rtp(t.record(0)).expected, 9U);
  EXPECT_EQ(client_rtp(t.record(0)).received, 8U);
  EXPECT_EQ(client_rtp(t.record(1)).expected, 1U);
  EXPECT_EQ(client_rtp(t.record(1)).received, 2U);
  EXPECT_EQ(client_rtp(t.record(1)).out_of_order, 1U);
}

TEST(FlowRtp, CountsANumberThatComesAgainAsADuplicate) {
  Trace t;
  RtpSender s(t);
  s.send_many(1, 5);
  const RtpFields again{.sequence = 104, .timestamp = 1000 + 4 * 160};
  s.send(1.0802, again, 2).send(1.09, again, 3);
  s.send(1.1);
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.duplicates, 2U);
  EXPECT_EQ(rtp.received, 6U);
  EXPECT_EQ(rtp.expected, 6U);
  EXPECT_EQ(rtp.out_of_order, 0U);
}

TEST(FlowRtp, LeavesCopiesOfTheCaptureAlone) {
  Trace t;
  for (int i = 0; i < 5; ++i) {
    const RtpFields f{.sequence = static_cast<std::uint16_t>(i),
                      .timestamp = static_cast<std::uint32_t>(160 * i)};
    const auto id = static_cast<std::uint16_t>(50 + i);
    t.packet(1 + 0.02 * i, datagram(rtp_bytes(f), false, id));
    t.packet(1.0001 + 0.02 * i, datagram(rtp_bytes(f), false, id));
  }
  t.finish();
  EXPECT_EQ(t.record(0).src()->packets, 10U);
  EXPECT_EQ(client_rtp(t.record(0)).received, 5U);
  EXPECT_EQ(client_rtp(t.record(0)).duplicates, 0U);
}

TEST(FlowRtp, MovesTheBeginBackForWhatTheFirstPacketsOvertook) {
  Trace t;
  RtpSender s(t);
  s.send_many(1, 3);
  const RtpFields after = s.next();
  s.send(1.05, {.sequence = 98, .timestamp = 1000 - 2 * 160});
  s.send(1.06, after);
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.expected, 6U) << "98 to 103";
  EXPECT_EQ(rtp.received, 5U);
}

TEST(FlowRtp, TakesTwoNumbersFarAwayForANewStart) {
  Trace t;
  RtpSender(t).send_many(1, 5).lose(30000).send_many(2, 5);
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.received, 10U);
  EXPECT_EQ(rtp.expected, 10U);
  EXPECT_EQ(rtp.streams, 1U);
}

TEST(FlowRtp, TakesOneNumberFarAwayForAStray) {
  Trace t;
  RtpSender s(t);
  s.send_many(1, 5);
  const RtpFields after = s.next();
  s.send(1.1, {.sequence = 40000, .timestamp = 5}).send(1.11, after);
  t.finish();
  EXPECT_EQ(client_rtp(t.record(0)).received, 6U);
  EXPECT_EQ(client_rtp(t.record(0)).expected, 6U);
}

TEST(FlowRtp, FollowsASourceThatChangesItsSsrc) {
  Trace t;
  RtpSender(t).send_many(1, 5).lose(1).send_many(1.2, 2);
  RtpSender(t, {.sequence = 7, .timestamp = 1, .ssrc = 0xbeef}).send_many(2, 10).lose(2).send(3);
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.streams, 2U);
  EXPECT_EQ(rtp.received, 18U);
  EXPECT_EQ(rtp.expected, 21U);
  EXPECT_EQ(rtp.ssrc, 0xbeefU) << "which sent the most";
}

TEST(FlowRtp, FollowsSeveralStreamsOfADirectionAtATime) {
  Trace t;
  RtpSender audio(t, {.sequence = 1, .timestamp = 1, .ssrc = 0xa});
  RtpSender video(t, {.sequence = 500, .timestamp = 9, .type = 34, .ssrc = 0xb});
  RtpSender more(t, {.sequence = 900, .timestamp = 99, .type = 8, .ssrc = 0xc});
  for (int i = 0; i < 20; ++i) {
    audio.send(1 + 0.02 * i);
    video.send(1.001 + 0.02 * i);
    video.send(1.002 + 0.02 * i);
    if (i == 10) audio.lose(1);
    if (i == 11) video.lose(2);
    more.send(1.003 + 0.02 * i);
  }
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.streams, 3U);
  EXPECT_EQ(rtp.ssrc, 0xbU);
  EXPECT_EQ(rtp.payload_type, 34);
  EXPECT_EQ(rtp.received, 80U);
  EXPECT_EQ(rtp.expected, 83U);
}

TEST(FlowRtp, KeepsBothDirectionsApart) {
  Trace t;
  RtpSender(t).send_many(1, 5);
  RtpSender(t, {.sequence = 9000, .timestamp = 7, .type = 8, .ssrc = 0xb0b}, true)
      .send_many(1.005, 4)
      .lose(1)
      .send_many(2, 3);
  t.finish();
  const Record& r = t.record(0);
  EXPECT_EQ(client_rtp(r).received, 5U);
  const RtpSideRecord& server = r.rtp.rtp[!r.flow.src_is_high()];
  EXPECT_EQ(server.ssrc, 0xb0bU);
  EXPECT_EQ(server.received, 7U);
  EXPECT_EQ(server.expected, 8U);
}

TEST(FlowRtp, CountsPacketsOfStreamsBeyondItsRoom) {
  constexpr std::uint32_t kStreams = RtpDirection::kStreams;
  Trace t;
  RtpSender(t).send_many(1, 3);
  for (std::uint32_t i = 1; i < kStreams; ++i) {
    RtpSender(t, {.sequence = 1, .timestamp = 1, .ssrc = i}).send_many(1.1 + i * 0.01, 2);
  }
  EXPECT_EQ(t.tracker.counters().rtp_skipped, 0U);
  RtpSender(t, {.sequence = 1, .timestamp = 1, .ssrc = 0x999}).send_many(2, 4);
  EXPECT_EQ(t.tracker.counters().rtp_skipped, 4U);
  t.finish();
  EXPECT_EQ(client_rtp(t.record(0)).streams, kStreams);
  EXPECT_EQ(client_rtp(t.record(0)).received, 3 + 2 * (kStreams - 1));
}

TEST(FlowRtp, GivesThePlaceOfAStreamThatEndedToANewOne) {
  Trace t;
  for (std::uint32_t i = 0; i < RtpDirection::kStreams; ++i) {
    RtpSender(t, {.sequence = 1, .timestamp = 1, .ssrc = i + 1}).send_many(1 + i * 0.1, 3);
  }
  RtpSender keep(t, {.sequence = 4, .timestamp = 481, .ssrc = 1});
  for (int i = 0; i < 30; ++i) keep.send(2 + i);
  RtpSender(t, {.sequence = 1, .timestamp = 1, .ssrc = 0x999}).send_many(32, 3);
  t.finish();
  EXPECT_EQ(t.tracker.counters().rtp_skipped, 0U);
  EXPECT_EQ(client_rtp(t.records.all.back()).streams, 2U);
}

TEST(FlowRtp, CountsPacketsOfFlowsBeyondItsRoom) {
  TrackerOptions o;
  o.max_flows = 4096;
  Trace t(o);
  const std::uint32_t most = RtpMeters::flow_blocks(o.max_flows);
  for (std::uint32_t i = 0; i <= most; ++i) {
    for (std::uint16_t k = 0; k < 3; ++k) {
      const RtpFields f{.sequence = k, .timestamp = k * 160U, .ssrc = i + 1};
      const auto port = static_cast<std::uint16_t>(10000 + i);
      t.packet(1 + 0.02 * k, datagram(rtp_bytes(f, 0), false, 1, port));
    }
  }
  EXPECT_EQ(t.tracker.counters().rtp_skipped, 2U) << "the second and the third of the last flow";
  t.finish();
  std::uint32_t known = 0;
  for (const Record& r : t.records.all) known += client_rtp(r).known ? 1 : 0;
  EXPECT_EQ(known, most);
}

}  // namespace
}  // namespace panoptes
