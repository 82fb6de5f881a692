// Over a short way a resend comes as soon as a copy made by the capture would, and sooner than the
// handshake lets one expect. Found with real kernels (test/system/real-stacks.test.ts).
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>

#include "flow_support.h"
#include "tcp_wire.h"

namespace panoptes {
namespace {

constexpr double kMicro = 1e-6;
constexpr const char* kNear = "fd00::1";
constexpr const char* kFar = "fd00::2";

// A client that sends segments of 100 bytes from number 1 on; times in microseconds, each packet
// captured `times` times.
class ShortWay {
 public:
  explicit ShortWay(int times = 1, std::uint16_t first_ip_id = 0)
      : times_(times), ip_id_(first_ip_id) {
    packet(-50, to().tcp(40000, 80, kSyn, {.seq = 0, .window = 1000}));
    packet(-40, from().tcp(80, 40000, kSyn | kAck, {.seq = 0, .ack = 1, .window = 1000}));
    packet(-30, to().tcp(40000, 80, kAck, {.seq = 1, .ack = 1, .window = 1000}));
  }
  ShortWay& data(double us, std::uint32_t seq) {
    return packet(us, to().tcp(40000, 80, kAck, {.seq = seq, .ack = 1, .window = 1000})
                          .payload(std::string(100, 'x')));
  }
  ShortWay& ack(double us, std::uint32_t ack,
                std::initializer_list<std::pair<std::uint32_t, std::uint32_t>> sacks = {}) {
    Options options;
    if (sacks.size() != 0) options = {1, 1, 5, static_cast<std::uint8_t>(2 + 8 * sacks.size())};
    for (const auto& [left, right] : sacks) {
      put32(options, left);
      put32(options, right);
    }
    return packet(us, from().tcp(80, 40000, kAck,
                                 {.seq = 1, .ack = ack, .window = 1000, .options = options}));
  }
  // Of the client, in its only record.
  TcpCounters counters() {
    trace_.finish();
    EXPECT_EQ(trace_.count(), 1U);
    const Record& r = trace_.record(0);
    copies = r.extra.duplicates[r.flow.src_is_high()];
    return r.tcp.side[r.flow.src_is_high()];
  }

  unsigned copies = 0;

 private:
  frames::Frame ip(const char* source, const char* target, std::uint16_t id) const {
    if (ip_id_ == 0) return frames::ethernet().ipv6(source, target);
    return frames::ethernet().ipv4(source == kNear ? kClient : kServer,
                                   target == kNear ? kClient : kServer, {.id = id});
  }
  frames::Frame to() const { return ip(kNear, kFar, ip_id_); }
  frames::Frame from() { return ip(kFar, kNear, ++ack_id_); }
  ShortWay& packet(double us, const frames::Frame& frame) {
    for (int i = 0; i < times_; ++i) trace_.packet(1 + (us + i) * kMicro, frame);
    return *this;
  }

  Trace trace_;
  int times_;
  std::uint16_t ip_id_;
  std::uint16_t ack_id_ = 7;
};

TEST(ShortWay, ASegmentThatSackAsksForIsSentAgain) {
  ShortWay w;
  w.data(0, 1).data(10, 101).ack(20, 1, {{101, 201}}).data(40, 1).ack(50, 201);
  const TcpCounters c = w.counters();
  EXPECT_EQ(c.retrans, 1U);
  EXPECT_EQ(c.fast, 1U);
  EXPECT_EQ(w.copies, 0U);
}

TEST(ShortWay, ASegmentThatNobodyAskedForIsACopy) {
  for (const std::uint32_t copied : {101U, 201U}) {  // SACK has told of it, it is the last one
    ShortWay w;
    w.data(0, 1).data(10, 101).ack(20, 1, {{101, 201}}).data(30, 201).data(40, copied);
    w.ack(50, 1, {{101, 301}}).data(60, 1).ack(70, 301);
    EXPECT_EQ(w.counters().retrans, 1U) << copied;
    EXPECT_EQ(w.copies, 1U) << copied;
  }
}

TEST(ShortWay, WithoutSackThreeDuplicateAcksAsk) {
  for (const int dup_acks : {2, 3}) {
    ShortWay w;
    for (std::uint32_t seq : {1U, 101U, 201U, 301U}) w.data(seq / 10, seq);
    for (int i = 0; i < dup_acks; ++i) w.ack(40 + i, 1);
    w.data(50, 1).ack(60, 401);
    EXPECT_EQ(w.counters().retrans, dup_acks == 3 ? 1U : 0U) << dup_acks;
    EXPECT_EQ(w.copies, dup_acks == 3 ? 0U : 1U) << dup_acks;
  }
}

TEST(ShortWay, AnAckOfAPartAsksForTheNextThatWasLost) {
  ShortWay w;
  for (std::uint32_t seq : {1U, 101U, 201U, 301U, 401U}) w.data(seq / 10, seq);
  for (int i = 0; i < 3; ++i) w.ack(50 + i, 1);
  w.data(60, 1).ack(70, 201).data(80, 201).ack(90, 501);
  EXPECT_EQ(w.counters().retrans, 2U);
  EXPECT_EQ(w.copies, 0U);
}

TEST(ShortWay, ACopyOfAResendIsACopy) {
  ShortWay w(2);
  w.data(0, 1).data(10, 101).ack(20, 1, {{101, 201}}).data(40, 1).ack(50, 201);
  EXPECT_EQ(w.counters().retrans, 1U);
  EXPECT_EQ(w.copies, 4U)
      << "of the SYN, of two segments and of the resend; of bare ACKs nothing tells";
}

TEST(ShortWay, CopiesOfEverythingAreNoResends) {
  for (const int times : {2, 3}) {
    ShortWay w(times);
    std::uint32_t seq = 1;
    for (double us = 0; us < 4000; us += 100, seq += 200) {
      w.data(us, seq).data(us + 10, seq + 100).ack(us + 50, seq + 200);
    }
    const TcpCounters c = w.counters();
    EXPECT_EQ(c.retrans, 0U) << times;
    EXPECT_EQ(w.copies, static_cast<unsigned>((times - 1) * (1 + 2 * 40))) << "SYN and data";
  }
}

TEST(ShortWay, WhatHasTheSameIpIdIsACopyWhoeverAskedForIt) {
  ShortWay w(1, 500);
  w.data(0, 1).data(10, 101).ack(20, 1, {{101, 201}}).data(40, 1).ack(50, 201);
  EXPECT_EQ(w.counters().retrans, 0U);
  EXPECT_EQ(w.copies, 1U);
}

// Each end repeats after a second, and the SYN that comes second is answered.
TEST(ShortWay, ASynAckAnswersARepeatedSynAtOnce) {
  for (const bool syn_again : {true, false}) {
    Trace t;
    const auto client = [](std::uint16_t id, std::uint8_t flags, std::uint32_t seq) {
      return frames::ethernet()
          .ipv4(kClient, kServer, {.id = id})
          .tcp(40000, 80, flags, {.seq = seq, .ack = seq});
    };
    const auto syn_ack = frames::ethernet()
                             .ipv4(kServer, kClient, {.id = 0})
                             .tcp(80, 40000, kSyn | kAck, {.seq = 0, .ack = 1});
    t.packet(1, client(1, kSyn, 0)).packet(2, syn_ack);
    if (syn_again) t.packet(2 + 20 * kMicro, client(2, kSyn, 0));
    t.packet(2 + 80 * kMicro, syn_ack).packet(2 + 81 * kMicro, syn_ack);
    t.packet(2 + 90 * kMicro, client(3, kAck, 1)).finish();
    ASSERT_EQ(t.count(), 1U);
    const Record& r = t.record(0);
    const bool server = !r.flow.src_is_high();
    EXPECT_EQ(r.tcp.side[server].retrans, syn_again ? 1U : 0U);
    EXPECT_EQ(r.extra.duplicates[server], syn_again ? 1U : 2U);
  }
}

// 12 ms there and back by the handshake, in which hosts are slower than later on.
TEST(ShortWay, OrderIsJudgedWithAllowanceForHostsOnceSackHasTold) {
  for (const auto& [sacked, after_ms, verdict] :
       {std::tuple{true, 11.9, TcpVerdict::lost_before},
        std::tuple{true, 11.7, TcpVerdict::out_of_order},
        std::tuple{false, 11.9, TcpVerdict::out_of_order}}) {
    Wire w;
    w.ipv6 = true;
    w.handshake();
    w.at(100).server(kAck, 101, 1, 100);
    if (sacked) w.at(102).client(kAck, 1, 1, 0, {.options = w.sack({{101, 201}})});
    EXPECT_EQ(w.at(100 + after_ms).server(kAck, 1, 1, 100), verdict) << sacked << after_ms;
  }
}

// A FIN that went out alone and is sent again with the data before it, which was lost before.
TEST(ShortWay, TheNumberOfAFinIsNoPayloadThatWasSeenBefore) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 100);
  w.at(20).server(kAck | kFin, 201, 1);
  w.at(22).client(kAck, 1, 101);
  EXPECT_EQ(w.at(300).server(kAck | kFin, 101, 1, 100), TcpVerdict::retrans);
  const TcpCounters first = w.of_server();
  EXPECT_EQ(first.retrans, 1U);
  EXPECT_EQ(first.retrans_bytes, 0U);
  EXPECT_EQ(w.at(700).server(kAck | kFin, 101, 1, 100), TcpVerdict::retrans);
  EXPECT_EQ(w.of_server().retrans_bytes, 100U);
}

// The window of the ACK that brings the first SACK is often another one: it is no duplicate ACK.
TEST(ShortWay, TheFirstSackCountsWhateverItsWindow) {
  Wire w;
  w.handshake();
  w.at(20).server(kAck, 1, 1, 100);
  w.at(20).server(kAck, 101, 1, 100);
  w.at(22).client(kAck, 1, 1, 0, {.window = 900, .options = w.sack({{101, 201}})});
  EXPECT_EQ(w.at(33).server(kAck, 1, 1, 100), TcpVerdict::retrans);
  EXPECT_EQ(w.of_server().fast, 1U);
}

}  // namespace
}  // namespace panoptes
