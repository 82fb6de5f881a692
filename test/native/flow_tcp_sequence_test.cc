// Clean connections, their beginnings and ends, captures that show half of one.
#include <gtest/gtest.h>

#include "tcp_wire.h"

namespace panoptes {
namespace {

// --- clean connections

TEST(TcpSequence, NeedsNothingBeyondTheHotStateWhereNothingIsOdd) {
  Wire w;
  w.handshake();
  EXPECT_EQ(w.at(13).client(kAck | kPsh, 1, 1, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.at(23).server(kAck, 1, 101, 1000), TcpVerdict::in_order);
  EXPECT_EQ(w.at(24).server(kAck, 1001, 101, 1000), TcpVerdict::in_order);
  EXPECT_EQ(w.at(26).client(kAck, 101, 2001), TcpVerdict::none);
  EXPECT_EQ(w.at(30).client(kAck | kFin, 101, 2001), TcpVerdict::in_order);
  EXPECT_EQ(w.at(40).server(kAck | kFin, 2001, 102), TcpVerdict::in_order);
  EXPECT_EQ(w.at(42).client(kAck, 102, 2002), TcpVerdict::none);
  EXPECT_TRUE(w.clean());
  EXPECT_EQ(w.of_client(), TcpCounters{});
  EXPECT_EQ(w.of_server(), TcpCounters{});
  EXPECT_EQ(w.pool.in_use(), 0U);
}

TEST(TcpSequence, MeasuresTheRoundTripOfEachSide) {
  Wire w;
  w.isn[0] = 0U - 150;  // wraps between the end of the timed segment and its acknowledgement
  w.handshake();        // server 10 ms, client 2 ms
  w.at(20).client(kAck, 1, 1, 100);    // timed
  w.at(21).client(kAck, 101, 1, 100);  // not: one at a time
  w.at(34).server(kAck, 1, 201, 50);   // 14 ms; timed
  w.at(35).client(kAck, 201, 51);      // 1 ms
  Rtt server = w.rtt(true), client = w.rtt(false);
  EXPECT_EQ(server.samples, 2U);
  EXPECT_DOUBLE_EQ(server.mean(), 12e6);
  EXPECT_DOUBLE_EQ(server.m2, 8e12);
  EXPECT_EQ(server.min_ns, 10'000'000);
  EXPECT_EQ(server.max_ns, 14'000'000);
  EXPECT_EQ(client.samples, 2U);
  EXPECT_EQ(client.min_ns, 1'000'000);
  EXPECT_EQ(client.max_ns, 2'000'000);
  EXPECT_EQ(w.flow.rtt[w.swapped].least_ns, 1'000'000U);
  EXPECT_EQ(take_rtt(w.flow.rtt[w.swapped]).samples, 2U);
  w.at(40).server(kAck, 51, 201, 50);
  w.at(45).client(kAck, 201, 101);
  client = w.rtt(false);
  EXPECT_EQ(client.samples, 1U) << "the next record begins anew";
  EXPECT_DOUBLE_EQ(client.mean(), 5e6);
  EXPECT_DOUBLE_EQ(client.m2, 0);
  EXPECT_EQ(w.flow.rtt[w.swapped].least_ns, 1'000'000U) << "but for this";
}

TEST(TcpSequence, DropsARoundTripSampleWhereTimeRanBackwards) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck, 1, 1, 100);
  w.at(15).server(kAck, 1, 101);
  EXPECT_EQ(w.rtt(true).samples, 1U);
}

// --- the ends of connections

TEST(TcpSequence, CountsSynRepeatsWithoutABlockForAsLongAsASystemTries) {
  Wire w;
  w.at(0).client(kSyn, 0, 0);
  for (int i = 1; i <= 7; ++i) {
    EXPECT_EQ(w.at(1000 * i).client(kSyn, 0, 0), TcpVerdict::retrans);
  }
  EXPECT_TRUE(w.clean());
  w.at(9000).client(kSyn, 0, 0);
  EXPECT_FALSE(w.clean());
  const TcpCounters c = w.of_client();
  EXPECT_EQ(c.retrans, 8U);
  EXPECT_EQ(c.syn_repeats, 8U);
  EXPECT_EQ(c.loss(), 8U);
  EXPECT_EQ(c.retrans_bytes, 0U);
  EXPECT_EQ(w.of_client(), TcpCounters{});
}

TEST(TcpSequence, CountsARepeatedSynAck) {
  Wire w;
  w.at(0).client(kSyn, 0, 0);
  w.at(10).server(kSyn | kAck, 0, 1);
  EXPECT_EQ(w.at(1010).server(kSyn | kAck, 0, 1), TcpVerdict::retrans);
  w.at(1012).client(kAck, 1, 1);
  EXPECT_EQ(w.at(1013).server(kSyn | kAck, 0, 1), TcpVerdict::spurious);
  const TcpCounters c = w.of_server();
  EXPECT_EQ(c.syn_repeats, 2U);
  EXPECT_EQ(c.spurious, 1U);
  EXPECT_EQ(c.loss(), 1U);
}

TEST(TcpSequence, StartsAgainAtASynWithAnotherNumber) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck, 1, 1, 5000);
  w.at(30).server(kAck, 1, 5001, 100);
  EXPECT_EQ(w.at(100).client(kSyn, 2000, 0), TcpVerdict::in_order);
  EXPECT_EQ(w.at(110).server(kSyn | kAck, 77'000'000, 2001), TcpVerdict::in_order);
  EXPECT_EQ(w.at(112).client(kAck, 2001, 77'000'001), TcpVerdict::none);
  EXPECT_EQ(w.at(113).client(kAck, 2001, 77'000'001, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.at(123).server(kAck, 77'000'001, 2101, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.at(124).client(kAck, 1, 1, 500), TcpVerdict::stray) << "of the old connection";
  EXPECT_EQ(w.of_client(), (TcpCounters{.strays = 1}));
  EXPECT_EQ(w.of_server(), TcpCounters{});
}

TEST(TcpSequence, IgnoresTheChallengeAckOfAHalfOpenConnection) {
  Wire w;
  w.at(0).client(kSyn, 0, 0);
  w.at(10).server(kAck, 500'000, 900'000);  // numbers of the old connection
  w.at(11).client(kRst, 900'000, 0);
  EXPECT_EQ(w.at(1000).client(kSyn, 0, 0), TcpVerdict::retrans);
  w.at(1010).server(kSyn | kAck, 0, 1);
  w.at(1012).client(kAck, 1, 1);
  w.at(1013).client(kAck, 1, 1, 427);
  for (std::uint32_t i = 0; i < 7; ++i) {
    EXPECT_EQ(w.at(1024).server(kAck, 1 + 1000 * i, 428, 1000), TcpVerdict::in_order);
  }
  EXPECT_EQ(w.of_client(), (TcpCounters{.retrans = 1, .syn_repeats = 1}));
  EXPECT_EQ(w.of_server(), TcpCounters{});
}

TEST(TcpSequence, GoesOnWithTheOldConnectionWhereASynWasNotAccepted) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck, 1, 1, 5000);
  w.at(30).server(kAck, 1, 5001);
  w.at(40).client(kSyn, 800'000, 0);     // injected, say
  w.at(50).server(kAck, 1, 5001);        // a challenge ACK
  w.at(60).client(kAck, 5001, 1, 1000);  // the true client goes on
  w.at(70).server(kAck, 1, 6001);
  EXPECT_EQ(w.at(71).client(kAck, 6001, 1, 1000), TcpVerdict::in_order);
  const TcpCounters c = w.of_client();
  EXPECT_EQ(c.resyncs, 1U);
  EXPECT_EQ(c.loss() + c.gap_bytes + c.strays, 0U);
}

TEST(TcpSequence, TakesASimultaneousOpenForNoLoss) {
  Wire w;
  w.at(0).client(kSyn, 0, 0);
  w.at(0.5).server(kSyn, 0, 0);
  EXPECT_EQ(w.at(10).server(kSyn | kAck, 0, 1), TcpVerdict::in_order);
  EXPECT_EQ(w.at(11).client(kSyn | kAck, 0, 1), TcpVerdict::in_order);
  EXPECT_EQ(w.of_client(), TcpCounters{});
  EXPECT_EQ(w.of_server(), TcpCounters{});
  EXPECT_EQ(w.at(1010).client(kSyn | kAck, 0, 1), TcpVerdict::spurious) << "a second one";
}

TEST(TcpSequence, FollowsFastOpenAcceptedAndRejected) {
  for (const bool accepted : {true, false}) {
    Wire w;
    w.at(0).client(kSyn, 0, 0, 517);
    w.at(10).server(kSyn | kAck, 0, accepted ? 518 : 1);
    if (!accepted) {
      EXPECT_EQ(w.at(12).client(kAck, 1, 1, 517), TcpVerdict::retrans);
    }
    EXPECT_EQ(w.at(13).client(kAck, 518, 1, 100), TcpVerdict::in_order);
    const TcpCounters c = w.of_client();
    EXPECT_EQ(c.retrans, accepted ? 0U : 1U);
    EXPECT_EQ(c.retrans_bytes, accepted ? 0U : 517U);
    EXPECT_EQ(c.spurious, 0U);
  }
}

TEST(TcpSequence, IgnoresTheNumberOfAReset) {
  Wire w;
  w.handshake();
  EXPECT_EQ(w.at(20).client(kRst, 400'000, 0), TcpVerdict::none);
  EXPECT_EQ(w.at(21).client(kAck, 1, 1, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.at(22).server(kRst | kAck, 0, 101), TcpVerdict::none);
  EXPECT_EQ(w.of_client(), TcpCounters{});
  EXPECT_EQ(w.of_server(), TcpCounters{});
}

// --- half of the picture

TEST(TcpSequence, JudgesACaptureOfOneDirection) {
  Wire w;
  w.at(0).client(kSyn, 0, 0);
  w.at(12).client(kAck, 1, 1);
  EXPECT_EQ(w.at(13).client(kAck, 1, 1, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.at(14).client(kAck, 201, 1, 100, {.id = 110}), TcpVerdict::jump);
  EXPECT_EQ(w.at(15).client(kAck, 101, 1, 100, {.id = 109}), TcpVerdict::out_of_order);
  EXPECT_EQ(w.at(400).client(kAck, 201, 1, 100), TcpVerdict::retrans);
  w.at(500).client(kAck, 301, 501);
  w.at(501).client(kAck, 301, 501);
  const TcpCounters c = w.of_client();
  EXPECT_EQ(c.retrans, 1U);
  EXPECT_EQ(c.spurious, 0U) << "nobody knows";
  EXPECT_EQ(c.dup_acks, 1U);
  EXPECT_EQ(c.gap_bytes, 0U);
  EXPECT_EQ(w.of_server(), TcpCounters{});
}

TEST(TcpSequence, StartsInTheMiddle) {
  Wire w;
  w.at(0).client(kAck, 7000, 3000);
  EXPECT_EQ(w.at(1).server(kAck, 1000, 7000, 1000), TcpVerdict::in_order) << "was acknowledged";
  EXPECT_EQ(w.at(2).server(kAck, 3000, 7000, 1000), TcpVerdict::in_order);
  EXPECT_EQ(w.at(3).client(kAck, 7000, 4000), TcpVerdict::none);
  EXPECT_EQ(w.at(4).client(kAck, 7000, 4000, 10), TcpVerdict::in_order);
  EXPECT_EQ(w.of_server(), TcpCounters{});
  EXPECT_TRUE(w.clean());
}

TEST(TcpSequence, JudgesWhatLiesBelowTheFirstSegmentSeen) {
  Wire w;
  w.at(0).server(kAck, 1000, 1, 100);
  EXPECT_EQ(w.at(0.1).server(kAck, 900, 1, 100), TcpVerdict::out_of_order);
  EXPECT_EQ(w.at(200).server(kAck, 800, 1, 100), TcpVerdict::lost_before);
  w.at(201).client(kAck, 1, 1100);
  EXPECT_EQ(w.at(400).server(kAck, 800, 1, 100), TcpVerdict::spurious);
}

TEST(TcpSequence, FollowsNumbersThatGoElsewhere) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck, 1, 1, 100);
  EXPECT_EQ(w.at(21).client(kAck, 0x50000000, 1, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.at(22).client(kAck, 0x50000000 + 100, 1, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.of_client(), (TcpCounters{.resyncs = 1}));
}

// What goes elsewhere does so in the same flow, which began where it began.
TEST(TcpSequence, KeepsTheBaseOfTheFlowWhereNumbersGoElsewhere) {
  for (const std::uint32_t isn : {0x10000000U, 0xf0000000U}) {
    for (const std::uint32_t step : {0x50000000U, 0xb0000000U}) {
      Wire w;
      w.isn[0] = isn;
      w.handshake();
      w.at(20).client(kAck, 1, 1, 100);
      w.at(21).client(kAck, step, 1, 100);
      w.at(22).server(kAck, 1, step + 100);
      EXPECT_EQ(w.sides[0].base, isn);
      // From there on everything is judged as before.
      EXPECT_EQ(w.at(30).client(kAck, step + 100, 1, 100), TcpVerdict::in_order);
      EXPECT_EQ(w.at(31).client(kAck, step + 300, 1, 100, {.id = 106}), TcpVerdict::jump);
      EXPECT_EQ(w.at(31.1).client(kAck, step + 200, 1, 100, {.id = 105}), TcpVerdict::out_of_order);
      EXPECT_EQ(w.at(80).client(kAck, step + 100, 1, 100), TcpVerdict::retrans);
      w.at(90).server(kAck, 1, step + 400);
      const TcpCounters c = w.of_client();
      EXPECT_EQ(c.resyncs, 1U);
      EXPECT_EQ(c.gap_bytes + c.strays, 0U);
      EXPECT_EQ(w.sides[0].base, isn);
    }
  }
}
}  // namespace
}  // namespace panoptes
