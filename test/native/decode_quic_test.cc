// QUIC by the structure of its long header, whatever the port; and what looks like it but is not.
#include <gtest/gtest.h>

#include <random>

#include "decode/quic.h"
#include "decode_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;

constexpr std::uint32_t kVersion1 = 1, kVersion2 = 0x6b3343cf, kDraft29 = 0xff00001d,
                        kGrease = 0x1a2a3a4a, kGoogle43 = 0x51303433, kGoogle46 = 0x51303436,
                        kGoogle50 = 0x51303530;

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
Bytes be32(std::uint32_t v) {
  return {static_cast<std::uint8_t>(v >> 24), static_cast<std::uint8_t>(v >> 16),
          static_cast<std::uint8_t>(v >> 8), static_cast<std::uint8_t>(v)};
}
Bytes id(std::uint8_t size) { return Bytes{size} + Bytes(size, 0x77); }
Bytes number(std::uint16_t v) {  // in two bytes
  return {static_cast<std::uint8_t>(0x40 | v >> 8), static_cast<std::uint8_t>(v)};
}
Bytes padded(Bytes b, std::size_t size) {
  b.resize(size, 0xee);
  return b;
}

// The invariant part (RFC 8999 5.1).
Bytes header(std::uint8_t first, std::uint32_t version, std::uint8_t destination = 8,
             std::uint8_t source = 5) {
  return Bytes{first} + be32(version) + id(destination) + id(source);
}
// An initial packet with a payload of `length`, `token` bytes before it.
Bytes initial(std::uint32_t version, std::uint16_t token, std::uint16_t length,
              std::uint8_t first = 0xc3) {
  return header(first, version) + number(token) + Bytes(token, 1) + number(length);
}

bool is_quic(const Bytes& datagram, std::uint32_t version, std::uint32_t length = 0) {
  std::uint32_t said = 99;
  const auto size = static_cast<std::uint32_t>(datagram.size());
  if (!read_quic(Layer(datagram.data(), size, std::max(size, length)), said)) return false;
  EXPECT_EQ(said, version);
  return true;
}

TEST(DecodeQuic, InitialOfEachVersion) {
  for (const std::uint32_t v : {kVersion1, kDraft29, kGoogle50, 0x54303530U, 0x54303531U,
                                0xff000016U, 0xff000022U, 0xfaceb002U}) {
    EXPECT_TRUE(is_quic(padded(initial(v, 0, 1100), 1200), v)) << std::hex << v;
  }
  EXPECT_TRUE(is_quic(padded(initial(kVersion2, 0, 1100, 0xd3), 1200), kVersion2));
}

TEST(DecodeQuic, OtherTypesOfPacket) {
  // 0-RTT and handshake, by the numbers of version 1 and of version 2 (RFC 9369 3.2).
  for (const auto& [version, first] :
       {std::pair{kVersion1, 0xd0}, {kVersion1, 0xe0}, {kVersion2, 0xe0}, {kVersion2, 0xf0}}) {
    const Bytes packet = header(static_cast<std::uint8_t>(first), version) + number(40);
    EXPECT_TRUE(is_quic(padded(packet, packet.size() + 40), version)) << first;
    EXPECT_TRUE(is_quic(padded(packet, packet.size() + 90), version)) << "others follow";
    EXPECT_FALSE(is_quic(padded(packet, packet.size() + 39), version)) << first;
  }
  for (const auto& [version, first] : {std::pair{kVersion1, 0xf0}, {kVersion2, 0xc0}}) {
    const Bytes retry = header(static_cast<std::uint8_t>(first), version, 5, 8);
    EXPECT_TRUE(is_quic(padded(retry, retry.size() + 17), version)) << first;
    EXPECT_FALSE(is_quic(padded(retry, retry.size() + 16), version)) << "no token";
  }
}

TEST(DecodeQuic, LengthsHaveToFit) {
  const Bytes ends = initial(kVersion1, 0, 30);
  EXPECT_TRUE(is_quic(padded(ends, ends.size() + 30), kVersion1));
  EXPECT_FALSE(is_quic(padded(ends, ends.size() + 29), kVersion1)) << "beyond the datagram";
  EXPECT_TRUE(is_quic(padded(initial(kVersion1, 0, 20), 1200), kVersion1));
  EXPECT_FALSE(is_quic(padded(initial(kVersion1, 0, 19), 1200), kVersion1)) << "no room for a tag";
  EXPECT_TRUE(is_quic(padded(initial(kVersion1, 50, 1000), 1200), kVersion1)) << "with a token";
  EXPECT_FALSE(is_quic(padded(initial(kVersion1, 50, 1000), 1199), kVersion1)) << "not padded";
  EXPECT_FALSE(is_quic(padded(header(0xc0, kVersion1) + number(1300), 1200), kVersion1)) << "token";
  const Bytes huge = header(0xc0, kVersion1) + Bytes(8, 0xff);
  EXPECT_FALSE(is_quic(padded(huge, 1200), kVersion1)) << "a token of 2^62 bytes";
}

TEST(DecodeQuic, ConnectionIdsHaveAtMost20Bytes) {
  const auto with_ids = [](std::uint8_t destination, std::uint8_t source) {
    return padded(header(0xc0, kVersion1, destination, source) + number(0) + number(1000), 1200);
  };
  EXPECT_TRUE(is_quic(with_ids(20, 20), kVersion1));
  EXPECT_TRUE(is_quic(with_ids(8, 0), kVersion1));
  EXPECT_FALSE(is_quic(with_ids(21, 0), kVersion1));
  EXPECT_FALSE(is_quic(with_ids(8, 21), kVersion1));
}

TEST(DecodeQuic, VersionNegotiation) {
  const auto list = [](const Bytes& versions, std::uint8_t first = 0x80, std::uint8_t source = 8) {
    return header(first, 0, 5, source) + versions;
  };
  EXPECT_TRUE(is_quic(list(be32(kVersion1)), 0));
  EXPECT_TRUE(is_quic(list(be32(kGrease) + be32(kVersion2) + be32(0x12345678), 0xca), 0));
  EXPECT_TRUE(is_quic(list(be32(kGoogle43), 0xff), 0));
  EXPECT_FALSE(is_quic(list({}), 0)) << "empty";
  EXPECT_FALSE(is_quic(list(be32(kVersion1) + Bytes{0}), 0)) << "half a version";
  EXPECT_FALSE(is_quic(list(be32(kVersion1) + be32(0)), 0)) << "negotiates itself";
  EXPECT_FALSE(is_quic(list(be32(kGrease) + be32(0x12345678)), 0)) << "none known";
  EXPECT_FALSE(is_quic(list(be32(kVersion1), 0x80, 7), 0)) << "id that no client made up";
  EXPECT_TRUE(is_quic(padded(list(be32(kVersion1)), list({}).size() + 256), 0));
  EXPECT_FALSE(is_quic(padded(list(be32(kVersion1)), list({}).size() + 260), 0)) << "endless";
}

TEST(DecodeQuic, GreasedVersionsOfClients) {
  EXPECT_TRUE(is_quic(padded(header(0xc0, kGrease, 8), 1200), kGrease));
  EXPECT_FALSE(is_quic(padded(header(0xc0, kGrease, 8), 1199), kGrease));
  EXPECT_FALSE(is_quic(padded(header(0xc0, kGrease, 7), 1200), kGrease));
}

TEST(DecodeQuic, GooglesOwn) {
  const Bytes cid(8, 0x66);
  for (const std::uint8_t first : Bytes{0x09, 0x0d, 0x19, 0x3d}) {
    EXPECT_TRUE(is_quic(Bytes{first} + cid + be32(kGoogle43), kGoogle43)) << int{first};
  }
  EXPECT_FALSE(is_quic(Bytes{0x09} + cid + be32(0x51303441), 0)) << "Q04A";
  EXPECT_FALSE(is_quic(Bytes{0x09} + cid + be32(0x5130343a), 0)) << "Q04:";
  EXPECT_FALSE(is_quic(Bytes{0x0b} + cid + be32(kGoogle43), 0)) << "a reset";
  EXPECT_FALSE(is_quic(Bytes{0x08} + cid + be32(kGoogle43), 0)) << "says that it has no version";
  EXPECT_FALSE(is_quic(Bytes{0x09} + cid, 0));
  for (const std::uint8_t lengths : Bytes{0x50, 0x05}) {
    EXPECT_TRUE(is_quic(padded(Bytes{0xc3} + be32(kGoogle46) + Bytes{lengths}, 80), kGoogle46));
  }
  EXPECT_FALSE(is_quic(padded(Bytes{0xc3} + be32(kGoogle46) + Bytes{0x55}, 80), kGoogle46));
  EXPECT_FALSE(is_quic(padded(Bytes{0xcf} + be32(kGoogle46) + Bytes{0x50}, 80), kGoogle46));
}

TEST(DecodeQuic, OtherProtocolsAreNot) {
  const Bytes version_at_1 = padded(header(0x43, kVersion1), 1200);
  EXPECT_FALSE(is_quic(version_at_1, 0)) << "short header";
  EXPECT_FALSE(is_quic(padded(header(0x83, kVersion1) + number(0) + number(1000), 1200), 0))
      << "the fixed bit is 0";
  EXPECT_FALSE(is_quic(padded(initial(3, 0, 1100), 1200), 0)) << "unknown version";
  EXPECT_FALSE(is_quic(padded(initial(0xff000015, 0, 1100), 1200), 0)) << "draft 21";
  EXPECT_FALSE(is_quic(padded(initial(0xff000023, 0, 1100), 1200), 0)) << "draft 35";
  EXPECT_FALSE(is_quic(padded({0x80, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7}, 172), 0)) << "RTP";
  EXPECT_FALSE(is_quic(padded({0x80, 200, 0, 6}, 28), 0)) << "RTCP";
  EXPECT_FALSE(is_quic(padded({0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42}, 20), 0)) << "STUN";
  EXPECT_FALSE(is_quic(padded({22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0}, 100), 0)) << "DTLS";
  EXPECT_FALSE(is_quic(padded({0xc8, 2, 0, 20, 0, 1, 0, 0}, 20), 0)) << "L2TP control";
  EXPECT_FALSE(is_quic(Bytes{0x80} + Bytes(63, 0), 0)) << "SRT handshake";
  EXPECT_FALSE(is_quic({}, 0));
}

TEST(DecodeQuic, NoiseIsNot) {
  std::mt19937 random(7);
  Bytes noise(64);
  for (int i = 0; i < 200'000; ++i) {
    for (auto& b : noise) b = static_cast<std::uint8_t>(random());
    if (i % 2 == 0) noise[0] |= 0xc0;
    ASSERT_FALSE(is_quic(noise, 0)) << i;
  }
}

TEST(DecodeQuic, CutAnywhereItIsBelievedFromItsIdLengthsOn) {
  const Bytes whole = padded(initial(kVersion1, 50, 1000), 1200);
  const std::size_t lengths_end = header(0xc3, kVersion1).size() - 5;
  for (std::size_t size = 0; size < 200; ++size) {
    const Bytes piece(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(is_quic(piece, kVersion1, 1200), size >= lengths_end) << size;
    EXPECT_FALSE(is_quic(piece, kVersion1)) << size << " bytes sent";
  }
}

TEST(DecodeQuic, APacketSaysItsVersionOnAnyPort) {
  const Bytes datagram = padded(initial(kVersion2, 0, 1100, 0xd3), 1200);
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{443, 53, 4789, 40001}) {
    const Decoded d(ethernet()
                        .ipv4("10.0.0.1", "10.0.0.2")
                        .udp(40000, port)
                        .bytes_as_they_are(datagram)
                        .bytes());
    EXPECT_TRUE(d.has(kIsQuic)) << port;
    EXPECT_EQ(d.packet.quic_version, kVersion2) << port;
    EXPECT_FALSE(d.has(kIsDns)) << port;
  }
  const Decoded v6(
      ethernet().ipv6("fd00::1", "fd00::2").udp(40000, 443).bytes_as_they_are(datagram).bytes());
  EXPECT_TRUE(v6.has(kIsQuic));
  const Decoded later(
      ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(40000, 443).payload(1200, 0x4a).bytes());
  EXPECT_FALSE(later.has(kIsQuic));
}

Bytes datagram_to(std::uint16_t port, const Bytes& payload) {
  return ethernet()
      .ipv4("10.0.0.1", "10.0.0.2")
      .udp(40000, port)
      .bytes_as_they_are(payload)
      .bytes();
}

TEST(DecodeQuic, ANegotiationHasVersion0) {
  const Decoded d(datagram_to(443, header(0x80, 0, 5, 8) + be32(kVersion1)));
  EXPECT_TRUE(d.has(kIsQuic));
  EXPECT_EQ(d.packet.quic_version, 0U);
  EXPECT_FALSE(Decoded(datagram_to(5004, header(0x80, 1, 5, 8) + be32(kVersion1))).has(kIsQuic));
}

TEST(DecodeQuic, DnsIsNotTakenForIt) {
  // A question with 8 records could be a version negotiation too; the port decides.
  Bytes both{0xc0, 0, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 1, 1, 1, 1};
  for (int i = 0; i < 30; ++i) both = both + be32(kVersion1);
  const Decoded dns(datagram_to(53, both)), quic(datagram_to(54, both));
  EXPECT_TRUE(dns.has(kIsDns));
  EXPECT_FALSE(dns.has(kIsQuic));
  EXPECT_TRUE(quic.has(kIsQuic));
}

TEST(DecodeQuic, InsideATunnelItIsTheInnerFlows) {
  const Bytes datagram = padded(initial(kVersion1, 0, 1100), 1200);
  const Decoded d(ethernet()
                      .ipv4("10.0.0.1", "10.0.0.2")
                      .udp(40000, 6081)
                      .bytes_as_they_are({0, 0, 8, 0, 0, 0, 7, 0})
                      .ipv4("10.1.0.1", "10.1.0.2")
                      .udp(50000, 443)
                      .bytes_as_they_are(datagram)
                      .bytes());
  EXPECT_TRUE(d.has(kHasTunnel | kIsQuic));
  EXPECT_EQ(d.receiver(), "10.1.0.2:443");
}

}  // namespace
}  // namespace panoptes
