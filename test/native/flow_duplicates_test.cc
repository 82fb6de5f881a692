// Copies made by the capture are told from packets that the network carried twice.
#include <gtest/gtest.h>

#include <random>

#include "flow_support.h"

namespace panoptes {
namespace {

constexpr double kMicro = 1e-6;

frames::Frame ip4(std::uint16_t id, std::uint8_t ttl = 64) {
  return frames::ethernet().ipv4(kClient, kServer, {.ttl = ttl, .id = id});
}
frames::Frame ip6() { return frames::ethernet().ipv6("fd00::1", "fd00::2"); }
frames::Frame segment(frames::Frame ip, std::uint8_t flags, std::uint32_t seq,
                      std::string_view payload = "", std::uint16_t window = 1000) {
  return ip.tcp(40000, 80, flags, {.seq = seq, .ack = 77, .window = window}).payload(payload);
}

// Copies that were told in all records, of both endpoints.
unsigned duplicates(Trace& t) {
  t.finish();
  unsigned sum = 0;
  for (const Record& r : t.records.all) sum += r.extra.duplicates[0] + r.extra.duplicates[1];
  EXPECT_EQ(t.records.packets(), t.sent) << "copies are packets all the same";
  return sum;
}
unsigned duplicates(const std::vector<std::pair<double, frames::Frame>>& packets) {
  Trace t;
  for (const auto& [at, frame] : packets) t.packet(1 + at, frame);
  return duplicates(t);
}

TEST(Duplicates, AreCountedForTheirSender) {
  const auto there = segment(ip4(5), kAck, 100, "data");
  const auto back = frames::ethernet().ipv4(kServer, kClient, {.id = 5}).tcp(80, 40000, kAck);
  Trace t;
  t.packet(1, there).packet(1 + kMicro, there).packet(1 + 2 * kMicro, back);
  t.packet(1.1, back).packet(1.1 + kMicro, there).finish();
  ASSERT_EQ(t.count(), 1U);
  const Record& r = t.record(0);
  EXPECT_EQ(r.extra.duplicates[r.flow.src_is_high()], 1U);
  EXPECT_EQ(r.extra.duplicates[!r.flow.src_is_high()], 0U);
  EXPECT_EQ(r.src()->packets, 3U);
  EXPECT_EQ(r.src()->app_bytes, 12U);
}

TEST(Duplicates, MayBeSeveral) {
  const auto frame = segment(ip4(5), kAck, 100, "data");
  EXPECT_EQ(duplicates({{0, frame}, {kMicro, frame}, {2 * kMicro, frame}, {3 * kMicro, frame}}),
            3U);
}

TEST(Duplicates, ComeWithinAMillisecond) {
  const auto frame = segment(ip4(5), kAck, 100, "data");
  EXPECT_EQ(duplicates({{0, frame}, {990 * kMicro, frame}}), 1U);
  EXPECT_EQ(duplicates({{0, frame}, {1010 * kMicro, frame}}), 0U);
  EXPECT_EQ(duplicates({{0, frame}, {0, frame}}), 1U);
  EXPECT_EQ(duplicates({{100 * kMicro, frame}, {0, frame}}), 1U) << "two taps, two clocks";
  EXPECT_EQ(duplicates({{3000 * kMicro, frame}, {0, frame}}), 0U);
}

// At a million packets a second, with the copies half a millisecond behind.
TEST(Duplicates, AreFoundBehindOtherPackets) {
  constexpr unsigned kPackets = 500;
  Trace t;
  for (unsigned i = 0; i < 2 * kPackets; ++i) {
    const auto port = static_cast<std::uint16_t>(2000 + i % kPackets);
    t.packet(1 + i * kMicro, udp("10.1.1.1", port, kServer, 99));
  }
  const unsigned found = duplicates(t);
  EXPECT_LE(found, kPackets);
  EXPECT_GE(found, kPackets * 98 / 100);
}

TEST(Duplicates, DifferInNothing) {
  const auto frame = segment(ip4(5), kAck, 100, "data");
  const std::pair<const char*, frames::Frame> others[] = {
      {"IP id", segment(ip4(6), kAck, 100, "data")},
      {"sequence number", segment(ip4(5), kAck, 104, "data")},
      {"flags", segment(ip4(5), kAck | kPsh, 100, "data")},
      {"window", segment(ip4(5), kAck, 100, "data", 1001)},
      {"length", segment(ip4(5), kAck, 100, "data2")},
      {"bytes", segment(ip4(5), kAck, 100, "dbta")},
      {"flow", frames::ethernet()
                   .ipv4(kClient, kServer, {.id = 5})
                   .tcp(40001, 80, kAck, {.seq = 100, .ack = 77, .window = 1000})
                   .payload("data")}};
  for (const auto& [what, other] : others) {
    EXPECT_EQ(duplicates({{0, frame}, {kMicro, other}}), 0U) << what;
  }
}

TEST(Duplicates, MayHavePassedARouterInBetween) {
  EXPECT_EQ(duplicates({{0, segment(ip4(5, 64), kAck, 100, "data")},
                        {kMicro, segment(ip4(5, 63), kAck, 100, "data")}}),
            1U);
}

TEST(Duplicates, WithoutAnIpIdNeedPayloadSynOrFin) {
  for (const bool v6 : {false, true}) {
    const auto twice = [&](std::uint8_t flags, std::string_view payload) {
      const auto frame = segment(v6 ? ip6() : ip4(0), flags, 100, payload);
      return duplicates({{0, frame}, {kMicro, frame}});
    };
    EXPECT_EQ(twice(kAck, "data"), 1U) << v6;
    EXPECT_EQ(twice(kSyn, ""), 1U) << v6;
    EXPECT_EQ(twice(kFin | kAck, ""), 1U) << v6;
    EXPECT_EQ(twice(kAck, ""), 0U) << "that is what duplicate ACKs look like";
    EXPECT_EQ(twice(kRst, ""), 0U) << v6;
  }
  const auto ack = segment(ip4(5), kAck, 100);
  EXPECT_EQ(duplicates({{0, ack}, {kMicro, ack}}), 1U) << "the IP id tells";
}

TEST(Duplicates, OfUdpAreToldByTheIpIdAndThePayload) {
  const auto datagram = [](std::uint16_t id, std::string_view payload) {
    return ip4(id).udp(1000, 2000).payload(payload);
  };
  EXPECT_EQ(duplicates({{0, datagram(5, "hello")}, {kMicro, datagram(5, "hello")}}), 1U);
  EXPECT_EQ(duplicates({{0, datagram(5, "hello")}, {kMicro, datagram(6, "hello")}}), 0U)
      << "sent twice by the application";
  EXPECT_EQ(duplicates({{0, datagram(0, "hello")}, {kMicro, datagram(0, "hello")}}), 1U);
  EXPECT_EQ(duplicates({{0, datagram(0, "")}, {kMicro, datagram(0, "")}}), 0U) << "nothing tells";
}

// On the sender itself the card fills in the checksum: that of the capture is the same in all.
TEST(Duplicates, AreToldByThePayloadWhereTheHeaderSaysNothing) {
  // No IP id, and a protocol without checksum, sequence numbers and flags.
  const auto message = [](const char* to, std::string_view payload) {
    return frames::ethernet().ipv4(kClient, to, {.id = 0}).protocol(46).payload(payload);
  };
  const auto one = message(kServer, "one message of all"), other = message(kServer, "another one");
  EXPECT_EQ(duplicates({{0, one}, {kMicro, other}}), 0U);
  EXPECT_EQ(duplicates({{0, one}, {kMicro, message("10.0.0.2", "one message of all")}}), 0U);
  EXPECT_EQ(duplicates({{0, one}, {kMicro, other}, {2 * kMicro, one}}), 1U);
}

TEST(Duplicates, AreNotBelievedToBeThoseThatOnlyTheChecksumWouldTellApart) {
  for (const std::size_t size : {1U, 7U, 8U, 12U, 20U, 27U, 28U, 40U, 1200U}) {
    for (const std::size_t differs : {std::size_t{0}, std::min<std::size_t>(size, 24) - 1}) {
      const auto datagram = [&](char byte) {
        std::string payload(size, 'x');
        payload[differs] = byte;
        frames::Bytes frame = ip4(0).udp(1000, 2000).payload(payload).bytes();
        frame[40] = 0x12;
        frame[41] = 0x34;
        return frame;
      };
      Trace t;
      t.bytes(1, datagram('a')).bytes(1, datagram('b'));
      t.bytes(1.1, datagram('c')).bytes(1.1, datagram('c'));
      EXPECT_EQ(duplicates(t), 1U) << size << " " << differs;
    }
  }
}

TEST(Duplicates, AreNotTheFragmentsOfADatagram) {
  const auto fragment = [](std::uint16_t place) {
    return frames::ethernet()
        .ipv4(kClient, kServer, {.id = 5, .fragment = place})
        .protocol(17)
        .payload(1480);
  };
  EXPECT_EQ(duplicates({{0, fragment(0x2000 | 185)}, {kMicro, fragment(0x2000 | 370)}}), 0U);
  EXPECT_EQ(duplicates({{0, fragment(0x2000 | 185)}, {kMicro, fragment(0x2000 | 185)}}), 1U);
}

TEST(Duplicates, OfPingAndArp) {
  const auto ping = [](std::uint16_t sequence) {
    return ip4(0).icmp(8, 0, 7, sequence).payload(56);
  };
  EXPECT_EQ(duplicates({{0, ping(1)}, {kMicro, ping(1)}}), 1U);
  EXPECT_EQ(duplicates({{0, ping(1)}, {kMicro, ping(2)}}), 0U);
  const auto arp = frames::ethernet().arp(1, kClient, kServer);
  EXPECT_EQ(duplicates({{0, arp}, {kMicro, arp}}), 0U) << "nothing tells";
}

TEST(Duplicates, AreToldInSnapsOfTheHeaders) {
  Trace t;
  for (int i = 0; i < 2; ++i) t.bytes(1, segment(ip4(5), kAck, 100, "some data").bytes(), 54);
  for (int i = 0; i < 2; ++i) t.bytes(1, segment(ip4(0), kAck, 200, "some data").bytes(), 54);
  t.bytes(1, segment(ip4(0), kAck, 209, "some data").bytes(), 54);
  EXPECT_EQ(duplicates(t), 2U);
}

TEST(Duplicates, OfASynOpenNoFlow) {
  const auto syn = segment(ip4(5), kSyn, 100);
  Trace t;
  t.packet(1, syn).packet(1 + 50 * kMicro, from_server(kRst | kAck, 0, 101));
  t.packet(1 + 60 * kMicro, syn).finish();
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).reason, EndReason::rst);
  EXPECT_EQ(t.record(0).src()->packets, 2U);
}

TEST(Duplicates, FillARecordWithoutLosingOne) {
  Trace t;
  const auto frame = segment(ip4(5), kAck, 100, "data");
  for (int i = 0; i <= 70'000; ++i) t.packet(1, frame);
  EXPECT_EQ(duplicates(t), 70'000U);
  EXPECT_EQ(t.record(0).cause, Cause::start);
  EXPECT_EQ(std::max(t.record(0).extra.duplicates[0], t.record(0).extra.duplicates[1]), 0xffff);
}

TEST(Duplicates, AreNoneInTrafficWithoutAny) {
  std::mt19937_64 random(7);
  Duplicates table;
  Packet p;
  std::memset(static_cast<void*>(&p), 0, sizeof p);
  unsigned found = 0;
  for (std::int64_t i = 0; i < 3'000'000; ++i) {
    p.layers = kHasIp | kHasTcp;
    p.hash = random() % 5000 * 0x9e3779b97f4a7c15U;
    p.ip_id = static_cast<std::uint16_t>(i | 1);
    p.seq = static_cast<std::uint32_t>(i * 1460);
    p.payload_bytes = 1460;
    p.time_ns = i * 100;
    table.prepare(p);
    found += table.seen(p) ? 1 : 0;
  }
  EXPECT_EQ(found, 0U);
}

}  // namespace
}  // namespace panoptes
