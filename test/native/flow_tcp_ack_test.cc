// Keep-alives, duplicate ACKs and closed windows.
#include <gtest/gtest.h>

#include "tcp_wire.h"

namespace panoptes {
namespace {

// --- keep-alives, duplicate ACKs, windows

TEST(TcpSequence, KnowsKeepAlivesAndTheirAnswers) {
  for (const std::uint32_t bytes : {0U, 1U}) {
    Wire w;
    w.handshake();
    w.at(20).client(kAck | kPsh, 1, 1, 100);
    w.at(30).server(kAck, 1, 101);
    for (int i = 1; i <= 3; ++i) {
      EXPECT_EQ(w.at(1000 * i).client(kAck, 100, 1, bytes), TcpVerdict::keep_alive);
      EXPECT_EQ(w.at(1000 * i + 10).server(kAck, 1, 101), TcpVerdict::none);
    }
    EXPECT_EQ(w.of_client(), (TcpCounters{.keep_alives = 3}));
    EXPECT_EQ(w.of_server(), TcpCounters{});
    EXPECT_EQ(w.at(9000).client(kAck, 101, 1, 10), TcpVerdict::in_order);
  }
}

TEST(TcpSequence, TellsAResentByteFromAKeepAlive) {
  Wire w;
  w.handshake();
  w.at(20).client(kAck | kPsh, 1, 1, 1);
  EXPECT_EQ(w.at(300).client(kAck | kPsh, 1, 1, 1), TcpVerdict::retrans);
  EXPECT_EQ(w.at(900).client(kAck, 1, 1, 1), TcpVerdict::retrans) << "it is not acknowledged";
  EXPECT_EQ(w.at(901).client(kAck, 1, 1, 0), TcpVerdict::none) << "an ACK that it overtook";
  w.at(910).server(kAck, 1, 2);
  EXPECT_EQ(w.at(950).client(kAck | kPsh, 1, 1, 1), TcpVerdict::spurious);
  EXPECT_EQ(w.at(9000).client(kAck, 1, 1, 1), TcpVerdict::keep_alive);
}

TEST(TcpSequence, CountsDuplicateAcksByTheirDefinition) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 100);
  w.at(21).client(kAck, 1, 101);
  EXPECT_TRUE(w.clean());
  w.at(22).client(kAck, 1, 101, 0, {.window = 1100});   // a window update
  w.at(23).client(kAck, 1, 101, 0, {.window = 1100});   // one
  w.at(24).client(kAck, 1, 101, 10, {.window = 1100});  // data
  w.at(25).client(kAck, 11, 101, 0, {.window = 1100});  // two
  w.at(26).client(kAck, 11, 1, 0, {.window = 1100});    // an older one that was overtaken
  w.at(27).client(kAck, 11, 101, 0, {.window = 1100});  // three
  EXPECT_EQ(w.of_client(), (TcpCounters{.dup_acks = 3}));
}

TEST(TcpSequence, CountsZeroWindowsAndTheTimeTheyLast) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 100);
  w.at(30).client(kAck, 1, 101, 0, {.window = 0});
  EXPECT_EQ(w.at(100).server(kAck, 100, 1), TcpVerdict::keep_alive) << "a window probe";
  w.at(109).client(kAck, 1, 101, 0, {.window = 0});
  w.at(110).client(kAck, 1, 101, 0, {.window = 0});
  TcpCounters c = w.of_client();
  EXPECT_EQ(c.zero_windows, 3U);
  EXPECT_EQ(c.dup_acks, 0U);
  EXPECT_EQ(c.stalled_ns, 80'000'000) << "so far";
  w.at(150).client(kAck, 1, 101, 0, {.window = 500});
  w.at(160).client(kAck | kRst, 1, 101, 0, {.window = 0});
  c = w.of_client();
  EXPECT_EQ(c.zero_windows, 0U);
  EXPECT_EQ(c.stalled_ns, 40'000'000) << "the rest";
}

TEST(TcpSequence, DoesNotTakeWindowProbesForRetransmissions) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 100);
  w.at(30).client(kAck, 1, 101, 0, {.window = 0});
  w.at(100).server(kAck | kPsh, 101, 1, 1);
  w.at(110).client(kAck, 1, 101, 0, {.window = 0});  // not taken
  EXPECT_EQ(w.at(300).server(kAck | kPsh, 101, 1, 1), TcpVerdict::keep_alive);
  w.at(310).client(kAck, 1, 101, 0, {.window = 0});
  w.at(350).client(kAck, 1, 101, 0, {.window = 900});
  EXPECT_EQ(w.at(352).server(kAck, 101, 1, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.at(353).server(kAck, 201, 1, 100), TcpVerdict::in_order);
  EXPECT_EQ(w.of_server().retrans, 0U);
}
}  // namespace
}  // namespace panoptes
