// Round trips of TCP that timestamps (RFC 7323) prove, where acknowledged data alone tells none.
#include <gtest/gtest.h>

#include "tcp_wire.h"

namespace panoptes {
namespace {

struct Sample {
  std::uint32_t samples;
  std::int64_t latest_ns;  // the largest, as those of the handshake are 10 ms
  std::uint32_t by_timestamp;
};
Sample to_server(Wire& w) {
  const Rtt rtt = w.rtt(true);
  return {rtt.samples, rtt.max_ns, w.of_server().rtt_by_timestamp};
}

// Five segments of the client, of which the first one is lost behind the probe; then its resend.
Wire& lose_the_first(Wire& w, double resent_ms, std::uint32_t tsval) {
  for (std::uint32_t i = 0; i < 5; ++i) {
    w.at(20 + i * 0.1).client(kAck, 1 + i * 100, 1, 100, {.options = timestamps(20)});
  }
  for (std::uint32_t i = 0; i < 4; ++i) {
    w.at(30 + i * 0.1).server(kAck, 1, 1, 0, {.options = timestamps(7, 12)});
  }
  w.at(resent_ms).client(kAck, 1, 1, 100, {.options = timestamps(tsval)});
  return w;
}

TEST(TcpRtt, IsThatOfAResendWhoseTimestampIsEchoed) {
  for (const std::uint32_t echoed : {20U, 35U}) {
    Wire w;
    lose_the_first(w.handshake(), 35, 35);
    w.at(46).server(kAck, 1, 501, 0, {.options = timestamps(8, echoed)});
    const Sample s = to_server(w);
    EXPECT_EQ(s.samples, echoed == 35 ? 2U : 1U);
    EXPECT_EQ(s.latest_ns, echoed == 35 ? 11'000'000 : 10'000'000);
    EXPECT_EQ(s.by_timestamp, echoed == 35 ? 1U : 0U);
  }
}

TEST(TcpRtt, IsNoneOfAResendThatNobodyWaitsFor) {
  Wire w;
  lose_the_first(w.handshake(), 35, 35);
  w.at(36).client(kAck, 101, 1, 100, {.options = timestamps(36)});  // this one had arrived
  w.at(46).server(kAck, 1, 501, 0, {.options = timestamps(8, 36)});
  EXPECT_EQ(to_server(w).samples, 1U);
}

TEST(TcpRtt, IsNoneOfAResendWhoseTimestampMayBeThatOfTheFirst) {
  Wire w;
  w.at(0).client(kSyn, 0, 0);
  w.at(0.2).server(kSyn | kAck, 0, 1);
  w.at(0.3).client(kAck, 1, 1);
  for (std::uint32_t i = 0; i < 5; ++i) {
    w.at(1 + i * 0.01).client(kAck, 1 + i * 100, 1, 100, {.options = timestamps(20)});
  }
  for (std::uint32_t i = 0; i < 4; ++i) w.at(1.3 + i * 0.01).server(kAck, 1, 1);
  w.at(1.5).client(kAck, 1, 1, 100, {.options = timestamps(20)});
  w.at(1.6).server(kAck, 1, 501, 0, {.options = timestamps(8, 20)});
  EXPECT_EQ(to_server(w).samples, 1U);
}

// The segment was lost before the probe: the one behind it opens a hole, the resend fills it.
TEST(TcpRtt, IsThatOfWhatFillsAHoleLater) {
  for (const std::uint32_t resent : {20U, 35U}) {
    Wire w;
    w.handshake();
    w.at(20).client(kAck, 101, 1, 100, {.options = timestamps(20)});
    for (std::uint32_t i = 0; i < 4; ++i) w.at(30 + i * 0.1).server(kAck, 1, 1);
    EXPECT_EQ(w.at(35).client(kAck, 1, 1, 100, {.id = 900, .options = timestamps(resent)}),
              TcpVerdict::lost_before);
    w.at(46).server(kAck, 1, 201, 0, {.options = timestamps(8, resent)});
    const Sample s = to_server(w);
    EXPECT_EQ(s.samples, resent == 35 ? 2U : 1U);
    EXPECT_EQ(s.latest_ns, resent == 35 ? 11'000'000 : 10'000'000);
    EXPECT_EQ(s.by_timestamp, resent == 35 ? 1U : 0U);
  }
}

// The receiver has what the capture lost.
TEST(TcpRtt, IsThatOfWhatFollowsAHoleOfTheCapture) {
  for (const std::uint32_t echoed : {19U, 20U}) {
    Wire w;
    w.handshake();
    w.at(20).client(kAck, 101, 1, 100, {.options = timestamps(20)});
    w.at(31).server(kAck, 1, 201, 0, {.options = timestamps(8, echoed)});
    const Rtt rtt = w.rtt(true);
    EXPECT_EQ(rtt.samples, echoed == 20 ? 2U : 1U);
    EXPECT_EQ(rtt.max_ns, echoed == 20 ? 11'000'000 : 10'000'000);
    EXPECT_EQ(w.of_client().gap_bytes, 100U);
  }
}

TEST(TcpRtt, IsNoneOfWhatOvertookAnotherSegment) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck, 101, 1, 100, {.id = 51, .options = timestamps(20)});
  EXPECT_EQ(w.at(25).client(kAck, 1, 1, 100, {.id = 50, .options = timestamps(20)}),
            TcpVerdict::out_of_order);
  w.at(36).server(kAck, 1, 201, 0, {.options = timestamps(8, 20)});
  EXPECT_EQ(to_server(w).samples, 1U);
  w.at(40).client(kAck, 201, 1, 100, {.options = timestamps(40)});
  w.at(52).server(kAck, 1, 301, 0, {.options = timestamps(9, 40)});
  EXPECT_EQ(to_server(w).samples, 2U) << "from here on as ever";
}

// Nothing but the timestamp ends such a sample, whatever path its acknowledgement takes.
TEST(TcpRtt, IsNoneWithoutTheOption) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck, 101, 1, 100, {.options = timestamps(20)});
  w.at(31).server(kAck, 1, 201);
  EXPECT_EQ(to_server(w).samples, 1U);
}

}  // namespace
}  // namespace panoptes
