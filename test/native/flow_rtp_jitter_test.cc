// Interarrival jitter (RFC 3550 6.4.1), worked out by hand; clock rates; silences.
#include <gtest/gtest.h>

#include "rtp_support.h"

namespace panoptes {
namespace {

constexpr std::uint64_t kMs = 1'000'000;

TEST(FlowRtpJitter, IsThatOfTheRfc) {
  // At 8000 Hz 160 units are 20 ms. D = (43 - 20) - 20 = 3 ms, (58 - 43) - 20 = -5 ms.
  // J = 0, then 3 / 16 = 0.1875, then 0.1875 + (5 - 0.1875) / 16 = 0.48828125 ms.
  Trace t;
  RtpSender(t).send(1).send(1.020).send(1.043).send(1.058);
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.samples, 3U);
  EXPECT_EQ(rtp.jitter_ns, 488'281U);
  EXPECT_EQ(rtp.jitter_max_ns, 488'281U);
  EXPECT_EQ(rtp.jitter_sum_ns, 675'781U) << "0 + 187500 + 488281.25";
}

TEST(FlowRtpJitter, GoesOnInTheNextRecordWhoseSumsBeginAgain) {
  Trace t;
  RtpSender(t).send(4.9).send(4.92).send(4.94 + 0.016).send(5.0 + 0.016 - 0.040 + 0.020 + 0.020);
  t.finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(client_rtp(t.record(0)).samples, 2U);
  EXPECT_EQ(client_rtp(t.record(0)).jitter_ns, kMs) << "16 ms / 16";
  // 5.016 - 4.956 is 60 ms where 20 were due: 1 + (40 - 1) / 16.
  const RtpSideRecord& second = client_rtp(t.record(1));
  EXPECT_EQ(second.samples, 1U);
  EXPECT_EQ(second.jitter_ns, 3'437'500U);
  EXPECT_EQ(second.jitter_sum_ns, 3'437'500U);
  EXPECT_EQ(second.jitter_max_ns, 3'437'500U);
}

TEST(FlowRtpJitter, TakesPacketsInTheOrderOfTheirArrival) {
  // The fifth and the sixth change places: D = (40 - 20) - 40 = -20, (60 - 40) - -20 = 40.
  Trace t;
  RtpSender(t)
      .send_many(0.96, 4)
      .send(1.04, {.sequence = 105, .timestamp = 1000 + 5 * 160})
      .send(1.06, {.sequence = 104, .timestamp = 1000 + 4 * 160});
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.samples, 5U);
  // 20 / 16 = 1.25, 1.25 + (40 - 1.25) / 16 = 3.671875.
  EXPECT_EQ(rtp.jitter_ns, 3'671'875U);
  EXPECT_EQ(rtp.out_of_order, 1U);
}

TEST(FlowRtpJitter, IsNotMovedBySilence) {
  // Speech begins again after 2 s: so says the timestamp, and the marker.
  Trace t;
  RtpSender s(t);
  s.send_many(1, 5);
  RtpFields next = s.next();
  next.timestamp += 16000;
  next.marker = true;
  s.send(3.1, next).send(3.12);
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.jitter_ns, 0U);
  EXPECT_EQ(rtp.samples, 6U);
  EXPECT_EQ(rtp.silences, 1U);
  EXPECT_EQ(rtp.expected, rtp.received);
}

TEST(FlowRtpJitter, TakesComfortNoiseForSilence) {
  Trace t;
  RtpSender s(t);
  s.send_many(1, 5);
  RtpFields noise = s.next();
  noise.type = 13;
  s.send(1.1, noise);
  RtpFields speech = s.next();
  speech.timestamp += 8000;
  speech.type = 0;
  speech.marker = true;
  s.send(2.12, speech);
  t.finish();
  EXPECT_EQ(client_rtp(t.record(0)).silences, 1U) << "one silence, filled and ended";
  EXPECT_EQ(client_rtp(t.record(0)).jitter_ns, 0U) << "both have 8000 Hz";
}

TEST(FlowRtpJitter, TakesTheMarkerOfVideoForNoSilence) {
  // Frames of three packets and of one, all marked at their end, 3000 units of 90 kHz apart.
  Trace t;
  RtpFields f{.sequence = 1, .timestamp = 0, .type = 34};
  RtpSender s(t);
  for (int frame = 0; frame < 30; ++frame) {
    const int packets = frame % 3 == 0 ? 3 : 1;
    for (int i = 0; i < packets; ++i) {
      f.marker = i + 1 == packets;
      s.send(1 + frame / 30.0 + i * 0.001, f);
      ++f.sequence;
    }
    f.timestamp += frame == 20 ? 90000 : 3000;
  }
  t.finish();
  EXPECT_EQ(client_rtp(t.record(0)).received, 50U);
  EXPECT_EQ(client_rtp(t.record(0)).silences, 0U);
}

TEST(FlowRtpJitter, CountsTheSpreadOfAFrameAsTheRfcDoes) {
  // Two packets of a frame 1 ms apart, the next frame 40 ms (3600 units) after the first packet:
  // D = 1, (40 - 1) - 40 = -1, 1. J = 1/16, then + (1 - J) / 16 each time.
  Trace t;
  RtpSender s(t);
  s.send(1, {.sequence = 1, .timestamp = 0, .type = 34});
  s.send(1.001, {.sequence = 2, .timestamp = 0, .type = 34});
  s.send(1.040, {.sequence = 3, .timestamp = 3600, .type = 34});
  s.send(1.041, {.sequence = 4, .timestamp = 3600, .type = 34});
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.clock_rate, 90000U);
  EXPECT_EQ(rtp.samples, 3U);
  // 1/16 = 0.0625; 0.0625 + 0.9375 / 16 = 0.12109375; 0.12109375 + 0.87890625 / 16.
  EXPECT_EQ(rtp.jitter_ns, 176'025U);
}

TEST(FlowRtpJitter, TakesNoSampleWhereTimestampsBeginAnew) {
  Trace t;
  RtpSender s(t);
  s.send_many(1, 5);
  RtpFields next = s.next();
  next.timestamp += 0x40000000;
  s.send(1.1, next).send(1.12);
  t.finish();
  EXPECT_EQ(client_rtp(t.record(0)).jitter_ns, 0U);
  EXPECT_EQ(client_rtp(t.record(0)).samples, 5U)
      << "of seven packets: not the first, not the sixth";
}

TEST(FlowRtpJitter, LeavesOutPacketsOfAnotherClock) {
  // Events (RFC 4733) repeat the timestamp of their begin.
  Trace t;
  RtpSender s(t);
  s.send_many(1, 5);
  RtpFields event = s.next();
  event.type = 101;
  for (int i = 0; i < 3; ++i) {
    s.send(1.1 + i * 0.02, event);
    ++event.sequence;
  }
  RtpFields voice = event;
  voice.type = 0;
  voice.timestamp += 3 * 160;
  s.send(1.16, voice);
  t.finish();
  const RtpSideRecord& rtp = client_rtp(t.record(0));
  EXPECT_EQ(rtp.received, 9U);
  EXPECT_EQ(rtp.samples, 5U);
  EXPECT_EQ(rtp.jitter_ns, 0U);
}

// Packets of a dynamic type every 20 ms, `units` of timestamps apart, one in `late_every` 3 ms
// late.
RtpSideRecord dynamic(std::uint32_t units, int packets, int late_every = 1000) {
  TrackerOptions o;
  o.status_interval_ns = 0;
  Trace t(o);
  RtpFields f{.sequence = 1, .timestamp = 0xfffff000, .type = 96};
  for (int i = 0; i < packets; ++i) {
    RtpSender(t).send(1 + i * 0.02 + (i % late_every == late_every - 1 ? 0.003 : 0), f);
    ++f.sequence;
    f.timestamp += units;
  }
  t.finish();
  return client_rtp(t.record(0));
}

TEST(FlowRtpJitter, FindsTheClockRateOfADynamicTypeByWatchingIt) {
  for (const auto& [units, rate] : {std::pair{160U, 8000U},
                                    {320U, 16000U},
                                    {640U, 32000U},
                                    {882U, 44100U},
                                    {960U, 48000U},
                                    {1800U, 90000U}}) {
    const RtpSideRecord rtp = dynamic(units, 200);
    EXPECT_EQ(rtp.clock_rate, rate);
    EXPECT_TRUE(rtp.estimated);
    EXPECT_EQ(rtp.jitter_ns, 0U);
    EXPECT_GE(rtp.samples, 100U);
    EXPECT_LE(rtp.samples, 200U - 50U) << "none in the first second";
  }
}

TEST(FlowRtpJitter, FindsItThroughJitter) {
  const RtpSideRecord rtp = dynamic(960, 300, 4);
  EXPECT_EQ(rtp.clock_rate, 48000U);
  EXPECT_GT(rtp.jitter_ns, kMs) << "every second D is 3 ms";
  EXPECT_LT(rtp.jitter_ns, 3 * kMs);
}

TEST(FlowRtpJitter, IsMissingWhileTheRateIsNotKnown) {
  const RtpSideRecord soon = dynamic(960, 50);
  EXPECT_EQ(soon.received, 50U);
  EXPECT_EQ(soon.clock_rate, 0U);
  EXPECT_EQ(soon.samples, 0U);
  const RtpSideRecord odd = dynamic(1234, 2000);  // 61700 Hz
  EXPECT_EQ(odd.clock_rate, 0U);
  EXPECT_EQ(odd.samples, 0U);
}

}  // namespace
}  // namespace panoptes
