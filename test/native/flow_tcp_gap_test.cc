// What the capture lost of a TCP stream, and what it has twice.
#include <gtest/gtest.h>

#include "flow_support.h"
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
// The client acknowledges 300 bytes that the capture never sees, and then nobody says anything.
Trace& ends_with_a_gap(Trace& t) {
  t.packet(1, from_client(kSyn, 1000));
  t.packet(1.01, from_server(kSyn | kAck, 5000, 1001));
  t.packet(1.02, from_client(kAck, 1001, 5001));
  return t.packet(1.1, from_client(kAck, 1001, 5301));
}

TEST(TcpGapAtTheEnd, IsInTheLastRecordWhereThatHasPackets) {
  Trace t;
  ends_with_a_gap(t).finish();
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).tcp.side[!t.record(0).flow.src_is_high()].gap_bytes, 300U);
}

// It is reported at 5 s, when what was acknowledged may still come, and ends at 301 s.
TEST(TcpGapAtTheEnd, MakesARecordOfItsOwnWhereThereAreNoPackets) {
  Trace t;
  ends_with_a_gap(t);
  t.tracker.tick(Trace::at(6));
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).tcp.side[!t.record(0).flow.src_is_high()].gap_bytes, 0U);
  t.tracker.tick(Trace::at(400));
  ASSERT_EQ(t.count(), 2U);
  const Record& last = t.record(1);
  EXPECT_EQ(last.cause, Cause::end);
  EXPECT_EQ(last.reason, EndReason::idle);
  EXPECT_EQ(last.packets(), 0U);
  EXPECT_EQ(last.flow.last_ns, Trace::at(1.1));
  EXPECT_EQ(last.tcp.side[!last.flow.src_is_high()].gap_bytes, 300U);
  EXPECT_EQ(last.tcp.side[last.flow.src_is_high()], TcpCounters{});
}

TEST(TcpGapAtTheEnd, MakesNoRecordWhereTheDataCameInTime) {
  Trace t;
  ends_with_a_gap(t);
  t.packet(1.1001, from_server(kAck | kPsh, 5001, 1001).payload(300));
  t.tracker.tick(Trace::at(6));
  t.tracker.tick(Trace::at(400));
  EXPECT_EQ(t.count(), 1U);
}

// The server sends nothing in the second interval; what the client's ACK tells of it is told then.
TEST(TcpGap, IsToldInTheRecordOfTheAckAlsoWithoutAPacketOfItsSender) {
  Trace t;
  ends_with_a_gap(t);
  t.packet(2, from_server(kAck | kPsh, 5401, 1001).payload(100));  // beyond 100 more
  t.packet(7, from_client(kAck, 1001, 5501));
  t.tracker.tick(Trace::at(12));
  t.tracker.tick(Trace::at(400));
  ASSERT_EQ(t.count(), 2U);
  const auto gap = [&](std::size_t i) {
    return t.record(i).tcp.side[!t.record(i).flow.src_is_high()].gap_bytes;
  };
  EXPECT_EQ(gap(0), 300U);
  EXPECT_EQ(gap(1), 100U);
  EXPECT_EQ(t.record(1).dst(), nullptr);
}

}  // namespace
}  // namespace panoptes
