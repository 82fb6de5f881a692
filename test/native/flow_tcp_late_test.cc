// TCP segments sent again, out of order, or lost before they came to the capture.
#include <gtest/gtest.h>

#include "tcp_wire.h"

namespace panoptes {
namespace {

// --- sent again

TEST(TcpSequence, CountsARetransmissionOnce) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck, 1, 1, 100);
  EXPECT_EQ(w.at(500).client(kAck, 1, 1, 100), TcpVerdict::retrans);
  w.at(510).server(kAck, 1, 101);
  const TcpCounters c = w.of_client();
  EXPECT_EQ(c.retrans, 1U);
  EXPECT_EQ(c.retrans_bytes, 100U);
  EXPECT_EQ(c.spurious, 0U);
  EXPECT_EQ(c.loss(), 1U);
  EXPECT_EQ(c.timeout, 1U);
  EXPECT_EQ(w.of_client(), TcpCounters{}) << "the next record begins with nothing";
  EXPECT_EQ(w.of_server(), TcpCounters{});
}

TEST(TcpSequence, CallsAResendOfWhatWasAcknowledgedSpurious) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck, 1, 1, 100);
  w.at(30).server(kAck, 1, 101);
  EXPECT_EQ(w.at(300'000).client(kAck | kPsh, 1, 1, 100), TcpVerdict::spurious);
  const TcpCounters c = w.of_client();
  EXPECT_EQ(c.retrans, 1U);
  EXPECT_EQ(c.spurious, 1U);
  EXPECT_EQ(c.loss(), 0U);
}

TEST(TcpSequence, CountsASegmentThatIsPartlyNewAsRetransmissionWithTheOldBytes) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 265);
  EXPECT_EQ(w.at(300).server(kAck, 1, 1, 1400), TcpVerdict::retrans);
  const TcpCounters c = w.of_server();
  EXPECT_EQ(c.retrans, 1U);
  EXPECT_EQ(c.retrans_bytes, 265U);
  EXPECT_EQ(w.at(301).server(kAck, 1401, 1, 10), TcpVerdict::in_order);
}

TEST(TcpSequence, CountsARepeatedFin) {
  Wire w;
  w.handshake();
  EXPECT_EQ(w.at(20).client(kAck | kFin, 1, 1), TcpVerdict::in_order);
  EXPECT_EQ(w.at(400).client(kAck | kFin, 1, 1), TcpVerdict::retrans);
  EXPECT_EQ(w.at(1200).client(kAck | kFin, 1, 1), TcpVerdict::retrans);
  const TcpCounters c = w.of_client();
  EXPECT_EQ(c.retrans, 2U);
  EXPECT_EQ(c.retrans_bytes, 0U);
}

TEST(TcpSequence, TellsFastRetransmissionFromTimeout) {
  Wire w;
  w.handshake();
  for (std::uint32_t i = 0; i < 5; ++i) w.at(20).server(kAck, 1 + 100 * i, 1, 100);
  for (int i = 0; i < 4; ++i) w.at(22).client(kAck, 1, 1);  // the first repeats the handshake's
  w.at(34).server(kAck, 1, 1, 100);
  w.at(35).server(kAck, 101, 1, 100);  // the same recovery
  w.at(37).client(kAck, 1, 501);
  w.at(50).server(kAck, 501, 1, 100);
  w.at(800).server(kAck, 501, 1, 100);  // a timeout
  w.at(801).client(kAck, 1, 601);
  w.at(810).server(kAck, 601, 1, 100);
  w.at(860).server(kAck, 601, 1, 100);  // a tail loss probe, perhaps: neither is proved
  EXPECT_EQ(w.of_client().dup_acks, 4U);
  const TcpCounters c = w.of_server();
  EXPECT_EQ(c.retrans, 4U);
  EXPECT_EQ(c.fast, 2U);
  EXPECT_EQ(c.timeout, 1U);
}

TEST(TcpSequence, TakesSackAsWordOfALoss) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 100);
  w.at(20).server(kAck, 101, 1, 100);
  w.at(22).client(kAck, 1, 1, 0, {.options = w.sack({{101, 201}})});
  w.at(33).server(kAck, 1, 1, 100);
  const TcpCounters c = w.of_server();
  EXPECT_EQ(c.retrans, 1U);
  EXPECT_EQ(c.fast, 1U);
  EXPECT_EQ(c.spurious, 0U);
}

TEST(TcpSequence, CallsAResendOfWhatSackReportedSpurious) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 100);
  w.at(20).server(kAck, 101, 1, 100);
  w.at(22).client(kAck, 1, 1, 0, {.options = w.sack({{101, 201}})});
  EXPECT_EQ(w.at(33).server(kAck, 101, 1, 100), TcpVerdict::spurious);
  EXPECT_EQ(w.of_server().spurious, 1U);
}

TEST(TcpSequence, BelievesADsackOnceAndOnlyOfAResend) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 100);
  w.at(300).server(kAck, 1, 1, 100);  // the ACK was only slow
  w.at(301).client(kAck, 1, 101);
  w.at(302).client(kAck, 1, 101, 0, {.options = w.sack({{1, 101}})});
  w.at(303).client(kAck, 1, 101, 0, {.options = w.sack({{1, 101}})});
  TcpCounters c = w.of_server();
  EXPECT_EQ(c.retrans, 1U);
  EXPECT_EQ(c.spurious, 1U);
  EXPECT_EQ(c.loss(), 0U);
  // Known as spurious when it was sent: the DSACK says nothing new.
  w.at(310).server(kAck, 1, 1, 100);
  w.at(312).client(kAck, 1, 101, 0, {.options = w.sack({{1, 101}})});
  c = w.of_server();
  EXPECT_EQ(c.retrans, 1U);
  EXPECT_EQ(c.spurious, 1U);
}

TEST(TcpSequence, TakesADsackForTheResendThatIsKnownAsSpurious) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 100);  // lost behind the probe
  EXPECT_EQ(w.at(300).server(kAck, 1, 1, 100), TcpVerdict::retrans);
  w.at(310).client(kAck, 1, 101);
  EXPECT_EQ(w.at(320).server(kAck, 1, 1, 100), TcpVerdict::spurious);
  w.at(330).client(kAck, 1, 101, 0, {.options = w.sack({{1, 101}})});
  EXPECT_EQ(w.of_server().spurious, 1U) << "the first resend was needed";
}

TEST(TcpSequence, WaitsTwoSecondsForADsack) {
  for (const double wait : {1900.0, 2100.0}) {
    Wire w;
    w.handshake();
    w.at(20).server(kAck, 1, 1, 100);
    w.at(300).server(kAck, 1, 1, 100);
    w.at(300 + wait).client(kAck, 1, 101, 0, {.options = w.sack({{1, 101}})});
    EXPECT_EQ(w.of_server().spurious, wait < 2000 ? 1U : 0U);
  }
}

TEST(TcpSequence, NeverCountsMoreSpuriousThanRetransmissionsInARecord) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 100);
  w.at(300).server(kAck, 1, 1, 100);
  EXPECT_EQ(w.of_server().retrans, 1U);
  w.at(302).client(kAck, 1, 101, 0, {.options = w.sack({{1, 101}})});
  EXPECT_EQ(w.of_server().spurious, 0U) << "its retransmission is in another record";
}

TEST(TcpSequence, TimesNothingThatWasSentTwice) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck, 1, 1, 100);
  w.at(400).client(kAck, 1, 1, 100);
  w.at(410).server(kAck, 1, 101);
  EXPECT_EQ(w.rtt(true).samples, 1U) << "that of the SYN";
}

TEST(TcpSequence, TimesAResendWhoseTimestampIsEchoed) {
  for (const std::uint32_t echoed : {1000U, 1380U}) {
    Wire w;
    w.handshake();
    w.at(20).client(kAck, 1, 1, 100, {.options = timestamps(1000)});
    w.at(400).client(kAck, 1, 1, 100, {.options = timestamps(1380)});
    w.at(411).server(kAck, 1, 101, 0, {.options = timestamps(7, echoed)});
    ASSERT_EQ(w.rtt(true).samples, echoed == 1380 ? 2U : 1U);
    EXPECT_EQ(w.rtt(true).max_ns, echoed == 1380 ? 11'000'000 : 10'000'000);
  }
}

// --- late: out of order, or lost before it came here

struct Late {
  const char* what;
  bool ipv6;
  int jump_id, late_id;
  Options jump_options, late_options;
  double after_ms;
  bool handshake;
  int dup_acks;
  TcpVerdict verdict;
};

TEST(TcpSequence, TellsReorderingFromResendsOfWhatWasLostBefore) {
  using enum TcpVerdict;
  const Late cases[] = {
      {"a lower IP id", false, 201, 200, {}, {}, 0.002, true, 0, out_of_order},
      {"a lower IP id, however late", false, 201, 150, {}, {}, 90, true, 4, out_of_order},
      {"a higher IP id, however early", false, 201, 202, {}, {}, 0.5, true, 0, lost_before},
      {"an IP id that wrapped", false, 3, 0xfffe, {}, {}, 50, true, 0, out_of_order},
      {"an IP id that wrapped upwards", false, 0xfffe, 3, {}, {}, 1, true, 0, lost_before},
      {"no ids, within a round trip", false, 0, 0, {}, {}, 11, true, 0, out_of_order},
      {"no ids, after a round trip", false, 0, 0, {}, {}, 13, true, 0, lost_before},
      {"ids of many, within a round trip", false, 201, 20000, {}, {}, 11, true, 0, out_of_order},
      {"ids of many, after a round trip", false, 201, 50000, {}, {}, 13, true, 0, lost_before},
      {"random ids, within a round trip", false, 30000, 30009, {}, {}, 11, true, 0, out_of_order},
      {"random ids, after a round trip", false, 30000, 29991, {}, {}, 13, true, 0, lost_before},
      {"IPv6, within a round trip", true, 9, 8, {}, {}, 11, true, 0, out_of_order},
      {"IPv6, after a round trip", true, 9, 8, {}, {}, 13, true, 0, lost_before},
      {"IPv6, round trip unknown, early", true, 0, 0, {}, {}, 2.9, false, 0, out_of_order},
      {"IPv6, round trip unknown, late", true, 0, 0, {}, {}, 3.1, false, 0, lost_before},
      {"IPv6, asked for", true, 0, 0, {}, {}, 11, true, 4, lost_before},
      {"IPv6, an older timestamp", true, 0, 0, timestamps(50), timestamps(49), 90, true, 4,
       out_of_order},
      {"IPv6, a newer timestamp", true, 0, 0, timestamps(50), timestamps(54), 4, true, 0,
       lost_before},
      {"IPv6, a timestamp that wrapped", true, 0, 0, timestamps(2), timestamps(0xfffffff0), 90,
       true, 0, out_of_order},
  };
  for (const Late& t : cases) {
    SCOPED_TRACE(t.what);
    Wire w;
    w.ipv6 = t.ipv6;
    if (t.handshake) {
      w.handshake();
    } else {
      w.at(0).server(kAck, 0, 1, 1);
    }
    EXPECT_EQ(w.at(100).server(kAck, 101, 1, 100, {.id = t.jump_id, .options = t.jump_options}),
              TcpVerdict::jump);
    for (int i = 0; i < t.dup_acks; ++i) w.at(102).client(kAck, 1, 1);
    EXPECT_EQ(w.at(100 + t.after_ms)
                  .server(kAck, 1, 1, 100, {.id = t.late_id, .options = t.late_options}),
              t.verdict);
    w.at(300).client(kAck, 1, 201);
    const TcpCounters c = w.of_server();
    EXPECT_EQ(c.out_of_order, t.verdict == out_of_order ? 1U : 0U);
    EXPECT_EQ(c.lost_before, t.verdict == lost_before ? 1U : 0U);
    EXPECT_EQ(c.loss(), c.lost_before);
    EXPECT_EQ(c.retrans, 0U);
    EXPECT_EQ(c.jumps, 1U);
    EXPECT_EQ(c.gap_bytes, 0U);
  }
}

TEST(TcpSequence, NeedsNoOptions) {
  // A snapshot of 54 bytes ends before them.
  for (const bool captured : {true, false}) {
    Wire w;
    w.handshake();
    const Options before = captured ? timestamps(70) : Options{};
    const Options after = captured ? timestamps(90) : Options{};
    w.at(20).server(kAck, 1, 1, 100, {.options = before});
    w.at(20).server(kAck, 301, 1, 100, {.id = 205, .options = before});
    w.at(20.1).server(kAck, 201, 1, 100, {.id = 204, .options = before});
    for (int i = 0; i < 4; ++i) w.at(22).client(kAck, 1, 1);
    w.at(33).server(kAck, 101, 1, 100, {.id = 209, .options = after});
    w.at(34).server(kAck, 1, 1, 100, {.id = 210, .options = after});
    w.at(36).client(kAck, 1, 401);
    const TcpCounters c = w.of_server();
    EXPECT_EQ(c.retrans, 1U);
    EXPECT_EQ(c.lost_before, 1U);
    EXPECT_EQ(c.out_of_order, 1U);
    EXPECT_EQ(c.fast, 1U);
    EXPECT_EQ(w.of_client().dup_acks, 4U);
  }
}

TEST(TcpSequence, JudgesARunThatComesLateThenTheResendsThatItProvoked) {
  Wire w;
  w.handshake();
  w.at(50).server(kAck, 3001, 1, 1000, {.id = 310});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(
        w.at(90).server(kAck, 1 + 1000U * static_cast<std::uint32_t>(i), 1, 1000, {.id = 301 + i}),
        TcpVerdict::out_of_order);
  }
  w.at(92).client(kAck, 1, 4001);
  EXPECT_EQ(w.at(95).server(kAck, 1, 1, 1000, {.id = 315}), TcpVerdict::spurious);
  const TcpCounters c = w.of_server();
  EXPECT_EQ(c.out_of_order, 3U);
  EXPECT_EQ(c.retrans, 1U);
  EXPECT_EQ(c.spurious, 1U);
  EXPECT_EQ(c.loss(), 0U);
}

TEST(TcpSequence, CountsWhatIsPartlyMissingAndPartlySeenAsRetransmission) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 101, 1, 100);
  EXPECT_EQ(w.at(300).server(kAck, 1, 1, 200), TcpVerdict::retrans);
  w.at(302).client(kAck, 1, 201);
  const TcpCounters c = w.of_server();
  EXPECT_EQ(c.retrans, 1U);
  EXPECT_EQ(c.retrans_bytes, 100U);
  EXPECT_EQ(c.gap_bytes, 0U) << "the hole is filled";
}

}  // namespace
}  // namespace panoptes
