// What is taken for RTP and what is not, and that what is not costs no memory.
#include <gtest/gtest.h>

#include <random>

#include "rtp_support.h"

namespace panoptes {
namespace {

bool any_rtp(const Record& r) { return r.rtp.is_rtcp || r.rtp.rtp[0].known || r.rtp.rtp[1].known; }
std::uint32_t count_rtp(const Trace& t) {
  std::uint32_t count = 0;
  for (const Record& r : t.records.all) count += any_rtp(r) ? 1 : 0;
  return count;
}
frames::Bytes filled(int byte) { return frames::Bytes(40, static_cast<std::uint8_t>(byte)); }
void send_all(Trace& t, const std::vector<frames::Bytes>& payloads) {
  double at = 1;
  std::uint16_t id = 1;
  for (const frames::Bytes& payload : payloads) {
    t.packet(at, datagram(payload, false, id++));
    at += 0.02;
  }
  t.finish();
}
// RTP packets that `change` has changed, which gets their number too.
std::uint32_t known_of(int count, const std::function<void(frames::Bytes&, int)>& change) {
  Trace t;
  std::vector<frames::Bytes> payloads;
  for (int i = 0; i < count; ++i) {
    payloads.push_back(rtp_bytes({.sequence = static_cast<std::uint16_t>(7 + i),
                                  .timestamp = static_cast<std::uint32_t>(160 * i)},
                                 20));
    change(payloads.back(), i);
  }
  send_all(t, payloads);
  return count_rtp(t);
}

TEST(FlowRtpRecognition, TakesWhatGoesOnForRtp) {
  EXPECT_EQ(known_of(3, [](frames::Bytes&, int) {}), 1U);
}

TEST(FlowRtpRecognition, TakesNothingThatDoesNotGoOn) {
  const auto nothing = [](frames::Bytes&, int) {};
  EXPECT_EQ(known_of(1, nothing), 0U);
  EXPECT_EQ(known_of(2, nothing), 0U);
  const auto version_1 = [](frames::Bytes& b, int) { b[0] = 0x40; };
  EXPECT_EQ(known_of(50, version_1), 0U);
  const auto other_ssrc = [](frames::Bytes& b, int i) { b[11] = static_cast<std::uint8_t>(i); };
  EXPECT_EQ(known_of(50, other_ssrc), 0U);
  const auto other_type = [](frames::Bytes& b, int i) { b[1] = static_cast<std::uint8_t>(i); };
  EXPECT_EQ(known_of(50, other_type), 0U);
  const auto same_sequence = [](frames::Bytes& b, int) { b[3] = 9; };
  EXPECT_EQ(known_of(50, same_sequence), 0U);
  const auto by_two = [](frames::Bytes& b, int i) { b[3] = static_cast<std::uint8_t>(2 * i); };
  EXPECT_EQ(known_of(50, by_two), 0U);
  const auto backwards = [](frames::Bytes& b, int i) { b[6] = static_cast<std::uint8_t>(99 - i); };
  EXPECT_EQ(known_of(50, backwards), 0U);
  const auto leaps = [](frames::Bytes& b, int i) { b[4] = static_cast<std::uint8_t>(i); };
  EXPECT_EQ(known_of(50, leaps), 0U);
  // A header of constants and a counter, as many a protocol has.
  const auto stands = [](frames::Bytes& b, int) { std::fill(b.begin() + 4, b.begin() + 8, 3); };
  EXPECT_EQ(known_of(1000, stands), 0U);
}

TEST(FlowRtpRecognition, WaitsForTheTimestampOfALongFrame) {
  const auto frame = [](frames::Bytes& b, int i) {
    std::fill(b.begin() + 4, b.begin() + 8, i < 40 ? 3 : 4);
    b[4] = b[5] = 0;
  };
  EXPECT_EQ(known_of(40, frame), 0U);
  EXPECT_EQ(known_of(41, frame), 1U);
}

TEST(FlowRtpRecognition, TakesNoHeaderThatDoesNotFit) {
  constexpr std::uint32_t kSize = 12 + 20;
  const auto first_byte = [](std::uint8_t bits) {
    return [bits](frames::Bytes& b, int) { b[0] |= bits; };
  };
  EXPECT_EQ(known_of(9, first_byte(5)), 1U) << "five sources take all of the 20 bytes";
  EXPECT_EQ(known_of(9, first_byte(6)), 0U);
  const auto extension = [](std::uint8_t words) {
    return [words](frames::Bytes& b, int) {
      b[0] |= 0x10;
      b[14] = 0;
      b[15] = words;
    };
  };
  EXPECT_EQ(known_of(9, extension(4)), 1U);
  EXPECT_EQ(known_of(9, extension(5)), 0U);
  const auto padding = [](std::uint8_t bytes) {
    return [bytes](frames::Bytes& b, int) {
      b[0] |= 0x20;
      b[kSize - 1] = bytes;
    };
  };
  EXPECT_EQ(known_of(9, padding(20)), 1U);
  EXPECT_EQ(known_of(9, padding(21)), 0U);
  EXPECT_EQ(known_of(9, padding(0)), 0U);
}

TEST(FlowRtpRecognition, NeedsOnlyTheHeaderToBeCaptured) {
  Trace t;
  for (std::uint16_t i = 0; i < 5; ++i) {
    const RtpFields f{.sequence = i, .timestamp = 160U * i};
    t.bytes(1 + 0.02 * i, datagram(rtp_bytes(f)).bytes(), 54);
  }
  t.finish();
  EXPECT_EQ(client_rtp(t.record(0)).received, 5U);
}

TEST(FlowRtpRecognition, FindsItBehindWhatComesBefore) {
  // STUN, DTLS, some noise of version 2, and a stream that loses packets while it is looked at.
  Trace t;
  std::vector<frames::Bytes> payloads;
  for (int i = 0; i < 40; ++i) payloads.push_back(filled(i % 2 == 0 ? 0x00 : 0x16));
  for (std::uint8_t i = 0; i < 5; ++i) payloads.push_back(filled(0x80 + i));
  for (const std::uint32_t i : {1U, 2U, 4U, 6U, 7U, 8U, 9U}) {
    const auto sequence = static_cast<std::uint16_t>(i);
    payloads.push_back(rtp_bytes({.sequence = sequence, .timestamp = 160 * i}));
  }
  send_all(t, payloads);
  EXPECT_EQ(client_rtp(t.record(0)).received, 4U) << "6 to 9";
}

TEST(FlowRtpRecognition, GivesUpOnAFlowThatFailedOften) {
  Trace t;
  std::vector<frames::Bytes> payloads;
  for (std::uint8_t i = 0; i < 20; ++i) payloads.push_back(filled(0x80 + i));
  for (std::uint16_t i = 0; i < 20; ++i) {
    payloads.push_back(rtp_bytes({.sequence = i, .timestamp = 160U * i}));
  }
  send_all(t, payloads);
  EXPECT_EQ(count_rtp(t), 0U);
  EXPECT_EQ(t.record(0).flow.no_rtp, 1);
}

TEST(FlowRtpRecognition, GivesBackTheRoomOfFlowsThatFailed) {
  // Two packets go on, then nothing does: more such flows than there is room for at a time.
  TrackerOptions o;
  o.max_flows = 8192;
  Trace t(o);
  for (std::uint32_t i = 0; i < 2 * RtpMeters::flow_blocks(o.max_flows); ++i) {
    const auto port = static_cast<std::uint16_t>(10000 + i);
    for (std::uint16_t k = 0; k < 20; ++k) {
      const auto sequence = static_cast<std::uint16_t>(k < 2 ? k : 1000 * k);
      const RtpFields f{.sequence = sequence, .timestamp = k, .ssrc = i + 1};
      t.packet(1, datagram(rtp_bytes(f, 0), false, k, port));
    }
  }
  EXPECT_EQ(t.tracker.counters().rtp_skipped, 0U);
  t.finish();
  EXPECT_EQ(count_rtp(t), 0U);
}

TEST(FlowRtpRecognition, LeavesDnsAlone) {
  Trace t;
  for (std::uint16_t i = 0; i < 10; ++i) {
    // The transaction id is part of the key, so it is the same: version 2 it is, all the same.
    frames::Frame f = frames::ethernet().ipv4(kClient, kServer, {.id = i}).udp(40000, 53);
    t.packet(1 + i * 0.1, f.dns(0x8000, false));
  }
  t.finish();
  EXPECT_EQ(count_rtp(t), 0U);
}

TEST(FlowRtpRecognition, TakesNoOtherProtocolForIt) {
  std::mt19937 random(7);
  const auto noise = [&](frames::Bytes& b, std::size_t from) {
    for (std::size_t i = from; i < b.size(); ++i) b[i] = static_cast<std::uint8_t>(random());
  };
  std::vector<frames::Bytes> esp, utp, quic, stun;
  for (std::uint32_t i = 0; i < 500; ++i) {
    frames::Bytes b;
    put(b, 0x80004321, 4);  // ESP in UDP (RFC 3948): SPI, sequence number
    put(b, i, 4);
    b.resize(100);
    noise(b, 8);
    esp.push_back(b);
    b.assign({0x01, 0, 0x12, 0x34});  // uTP: type and version, extension, connection, times
    put(b, 1000 * i, 4);
    put(b, 55, 4);
    put(b, 0x100000, 4);
    put(b, i, 2);
    put(b, i, 2);
    b.resize(120);
    utp.push_back(b);
    b.assign(80, 0);  // QUIC with a short header, the fixed bit greased (RFC 9287) at times
    noise(b, 0);
    b[0] = static_cast<std::uint8_t>((i % 2 == 0 ? 0x40 : 0x00) | (b[0] & 0x3f));
    quic.push_back(b);
    b.assign({0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42});  // STUN binding request
    b.resize(20);
    noise(b, 8);
    stun.push_back(b);
  }
  for (const auto& payloads : {esp, utp, quic, stun}) {
    Trace t;
    send_all(t, payloads);
    EXPECT_EQ(count_rtp(t), 0U);
    EXPECT_EQ(t.tracker.counters().rtp_skipped, 0U);
  }
}

// A million datagrams of noise that begin as RTP does, in flows of 20, and in one of all.
TEST(FlowRtpRecognition, TakesNoNoiseForIt) {
  std::mt19937_64 random(20261127);
  Records records;
  TrackerOptions o;
  o.max_flows = 100'000;
  FlowTracker tracker(o, records);
  frames::Bytes frame = datagram(frames::Bytes(60, 0)).bytes();
  constexpr std::size_t kPorts = 14 + 20, kPayload = kPorts + 8;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    const std::uint32_t flow = i % 2 == 0 ? 0 : 1 + i / 40;
    frame[kPorts] = static_cast<std::uint8_t>(flow >> 8);
    frame[kPorts + 1] = static_cast<std::uint8_t>(flow);
    frame[kPorts - 1] = static_cast<std::uint8_t>(1 + (flow >> 16));
    for (std::size_t at = kPayload; at + 8 <= frame.size(); at += 8) {
      const std::uint64_t word = random();
      std::memcpy(&frame[at], &word, 8);
    }
    frame[kPayload] = 0x80;
    const auto size = static_cast<std::uint32_t>(frame.size());
    Packet p;
    ASSERT_EQ(decode({frame.data(), size, size, kEpoch + i * 10'000, 1}, p), Undecoded::none);
    tracker.prepare(p);
    tracker.process(std::span(&p, 1));
  }
  tracker.finish();
  std::uint32_t taken = 0;
  for (const Record& r : records.all) taken += any_rtp(r) ? 1 : 0;
  EXPECT_EQ(taken, 0U);
  EXPECT_EQ(tracker.counters().rtp_skipped, 0U);
  EXPECT_EQ(records.packets(), 1'000'000U);
}

}  // namespace
}  // namespace panoptes
