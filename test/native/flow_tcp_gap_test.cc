// What the capture lost of a TCP stream, and what it has twice.
#include <gtest/gtest.h>

#include "tcp_wire.h"

namespace panoptes {
namespace {

TEST(TcpSequence, CountsWhatWasAcknowledgedAndNeverSeenAsGap) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 100);
  w.at(21).server(kAck, 401, 1, 100);
  EXPECT_EQ(w.of_server().gap_bytes, 0U);
  w.at(23).client(kAck, 1, 501);
  EXPECT_EQ(w.of_server().gap_bytes, 300U);
  EXPECT_EQ(w.at(30).server(kAck, 501, 1, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.of_server().loss(), 0U);
}

TEST(TcpSequence, CountsOnlyTheAcknowledgedPartOfAHole) {
  Wire w;
  w.handshake();
  w.at(21).server(kAck, 301, 1, 100);
  w.at(23).client(kAck, 1, 101);
  EXPECT_EQ(w.of_server().gap_bytes, 100U);
  EXPECT_EQ(w.at(60).server(kAck, 101, 1, 200), TcpVerdict::lost_before);
  w.at(63).client(kAck, 1, 401);
  EXPECT_EQ(w.of_server().gap_bytes, 0U);
}

TEST(TcpSequence, CountsBytesThatWereAcknowledgedBeforeTheSenderWentOn) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck, 1, 501);  // of 500 bytes that the capture lost
  EXPECT_EQ(w.at(30).server(kAck, 501, 1, 100), TcpVerdict::jump);
  EXPECT_EQ(w.of_server().gap_bytes, 500U);
  w.at(31).client(kAck, 1, 1601);
  w.at(33).server(kAck, 1601, 1);  // a bare ACK, of an end that has sent as much
  EXPECT_EQ(w.of_server().gap_bytes, 1000U);
  EXPECT_EQ(w.at(34).server(kAck, 1601, 1, 100), TcpVerdict::in_order);
  w.at(35).client(kAck, 1, 2001);  // the last of it
  EXPECT_EQ(w.of_server().gap_bytes, 0U);
  close_tcp(w.sides[0], w.sides[1], w.flow, w.pool);
  EXPECT_EQ(w.of_server().gap_bytes, 300U);
}

TEST(TcpSequence, ForgetsTheHolesOfAnOlderConnection) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 301, 1, 100);
  w.at(100).client(kSyn, 5000, 0);
  w.at(110).server(kSyn | kAck, 70'000, 5001);
  w.at(112).client(kAck, 5001, 70'001);
  w.at(120).server(kAck, 70'101, 5001, 100);
  w.at(122).client(kAck, 5001, 70'201);
  EXPECT_EQ(w.of_server().gap_bytes, 100U);
}

TEST(TcpSequence, TakesAnAckThatOvertookItsDataInTheCaptureForNothing) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck, 1, 201);
  EXPECT_EQ(w.at(20.1).server(kAck, 1, 1, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.at(20.2).server(kAck, 101, 1, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.at(20.3).server(kAck, 201, 1, 100), TcpVerdict::in_order);
  w.at(22).client(kAck, 1, 301);
  close_tcp(w.sides[0], w.sides[1], w.flow, w.pool);
  EXPECT_EQ(w.of_server(), TcpCounters{});
  EXPECT_TRUE(w.clean());
}

TEST(TcpSequence, MovesOnDataOnlyNotOnABareAckThatOvertakesIt) {
  Wire w;
  w.handshake();
  EXPECT_EQ(w.at(20).server(kAck, 301, 1, 0, {.window = 900}), TcpVerdict::none);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(w.at(20.1).server(kAck, 1 + 100 * i, 1, 100), TcpVerdict::in_order);
  }
  EXPECT_EQ(w.of_server(), TcpCounters{});
}

TEST(TcpSequence, ReportsCaptureCopiesApart) {
  Wire w;
  w.handshake();
  EXPECT_EQ(w.client(kAck, 1, 1, 0, {.duplicate = true}), TcpVerdict::duplicate);
  w.at(20).client(kAck, 1, 1, 100);
  EXPECT_EQ(w.client(kAck, 1, 1, 100, {.duplicate = true}), TcpVerdict::duplicate);
  w.at(30).server(kAck, 1, 101);
  EXPECT_EQ(w.server(kAck, 1, 101, 0, {.duplicate = true}), TcpVerdict::duplicate);
  EXPECT_EQ(w.of_client(), (TcpCounters{.duplicates = 2}));
  EXPECT_EQ(w.of_server(), (TcpCounters{.duplicates = 1}));
  EXPECT_EQ(w.rtt(true).samples, 2U);
}
}  // namespace
}  // namespace panoptes
