// Protocols beyond TCP, UDP and ICMP: each is a flow with what it has for ports; padding and FCS
// are never payload.
#include <gtest/gtest.h>

#include "decode_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;
using frames::Frame;

Frame ip(std::uint8_t protocol, bool ipv6 = false, bool back = false) {
  Frame frame = ethernet();
  if (ipv6) {
    return frame.ipv6(back ? "fd00::2" : "fd00::1", back ? "fd00::1" : "fd00::2")
        .protocol(protocol);
  }
  return frame.ipv4(back ? "10.0.0.2" : "10.0.0.1", back ? "10.0.0.1" : "10.0.0.2")
      .protocol(protocol);
}

TEST(DecodeProtocols, EspIsAFlowOfItsSpi) {
  for (const bool ipv6 : {false, true}) {
    const auto esp = [ipv6](const Bytes& spi) {
      return ip(50, ipv6).bytes_as_they_are(spi).payload(40, 0xee).bytes();
    };
    const Decoded d(esp({0x01, 0x02, 0x03, 0x04}));
    EXPECT_EQ(d.packet.layers, kHasMac | kHasIp | kHasSpi);
    EXPECT_EQ(d.key().protocol, 50);
    EXPECT_EQ(d.key().icmp_type, 0x01);
    EXPECT_EQ(d.key().icmp_code, 0x02);
    EXPECT_EQ(d.key().aux, 0x0304);
    EXPECT_EQ(d.packet.payload_bytes, 44U);
    for (std::size_t i = 0; i < 4; ++i) {
      Bytes other = {0x01, 0x02, 0x03, 0x04};
      other[i] ^= 0x80;
      EXPECT_NE(d.key(), Decoded(esp(other)).key()) << i;
    }
  }
}

TEST(DecodeProtocols, AhOfWhichNoMoreWasCapturedIsAFlowOfItsSpi) {
  const Bytes frame =
      ip(51).bytes_as_they_are({6, 4, 0, 0, 0x0a, 0x0b, 0x0c, 0x0d}).payload(60, 0xee).bytes();
  const Decoded d(cut(frame, 42), 1, static_cast<std::uint32_t>(frame.size()));
  EXPECT_EQ(d.packet.layers, kHasMac | kHasIp | kHasSpi);
  EXPECT_EQ(d.key().protocol, 51);
  EXPECT_EQ(d.key().icmp_type, 0x0a);
  EXPECT_EQ(d.key().icmp_code, 0x0b);
  EXPECT_EQ(d.key().aux, 0x0c0d);
}

TEST(DecodeProtocols, AnSpiThatWasNotCapturedIsNone) {
  const Bytes frame = ip(50).payload(60, 0xee).bytes();
  const Decoded d(cut(frame, 37), 1, static_cast<std::uint32_t>(frame.size()));
  EXPECT_EQ(d.packet.layers, kHasMac | kHasIp);
  EXPECT_EQ(d.key().aux, 0);
  EXPECT_EQ(d.packet.payload_bytes, 60U);
}

TEST(DecodeProtocols, SctpTellsTheClientByItsInit) {
  const auto sctp = [](bool back, std::uint8_t chunk) {
    const std::uint8_t src = back ? 2 : 1, dst = back ? 1 : 2;
    return Decoded(ip(132, false, back)
                       .bytes_as_they_are({0, src, 0, dst, 0, 0, 0, 0, 9, 9, 9, 9, chunk})
                       .payload(19)
                       .bytes());
  };
  EXPECT_EQ(sctp(false, 1).packet.request_sense, 1);
  EXPECT_EQ(sctp(true, 2).packet.request_sense, 2);
  EXPECT_EQ(sctp(true, 0).packet.request_sense, 0) << "DATA";
  EXPECT_EQ(sctp(false, 1).key(), sctp(true, 2).key());
  EXPECT_EQ(sctp(true, 2).sender(), "10.0.0.2:2");
  EXPECT_EQ(sctp(false, 1).packet.payload_bytes, 20U);
}

TEST(DecodeProtocols, DccpTellsTheClientByItsRequest) {
  const auto dccp = [](std::uint8_t type) {
    return Decoded(
        ip(33)
            .bytes_as_they_are({0, 1, 0, 2, 4, 0, 9, 9, static_cast<std::uint8_t>(type << 1)})
            .payload(27)
            .bytes());
  };
  EXPECT_EQ(dccp(0).packet.request_sense, 1);
  EXPECT_EQ(dccp(1).packet.request_sense, 2);
  EXPECT_EQ(dccp(2).packet.request_sense, 0);
  EXPECT_EQ(dccp(0).sender(), "10.0.0.1:1");
  EXPECT_EQ(dccp(0).packet.payload_bytes, 20U);
}

TEST(DecodeProtocols, UdpLiteHasPorts) {
  const Decoded d(ethernet().ipv6("fd00::1", "fd00::2").udp(5, 6, 136).payload(20).bytes());
  EXPECT_EQ(d.sender(), "fd00::1:5");
  EXPECT_EQ(d.packet.payload_bytes, 20U);
}

// IGMP, ISIS in IP, RSVP, EIGRP, OSPF, PIM, VRRP, L2TPv3 as an example of one that is not opened.
TEST(DecodeProtocols, OthersAreFlowsOfTheirAddresses) {
  for (const std::uint8_t protocol :
       std::initializer_list<std::uint8_t>{2, 3, 46, 88, 89, 103, 112, 124, 200, 255}) {
    for (const bool ipv6 : {false, true}) {
      const Decoded there(ip(protocol, ipv6).payload(24, 0x11).bytes());
      const Decoded back(ip(protocol, ipv6, true).payload(24, 0x22).bytes());
      EXPECT_EQ(there.packet.layers, kHasMac | kHasIp) << int{protocol};
      EXPECT_EQ(there.key(), back.key());
      EXPECT_EQ(there.key().protocol, protocol);
      EXPECT_EQ(there.key().aux, 0);
      EXPECT_EQ(there.packet.payload_bytes, 24U);
      EXPECT_EQ(there.packet.request_sense, 0);
    }
  }
}

TEST(DecodeProtocols, HipAndMobilityAreProtocolsWhereNothingFollows) {
  for (const std::uint8_t protocol : std::initializer_list<std::uint8_t>{135, 139, 140}) {
    const Bytes body = {59, 1, 0x11, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    const Decoded d(ip(protocol, true).bytes_as_they_are(body).bytes());
    EXPECT_EQ(d.key().protocol, protocol);
    EXPECT_EQ(d.packet.payload_bytes, 16U);
  }
  EXPECT_EQ(Decoded(ip(139).payload(40).bytes()).key().protocol, 139);
}

TEST(DecodeProtocols, ReportTheChecksumWhereItWasCaptured) {
  const std::pair<Bytes, std::size_t> cases[] = {
      {ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2, kAck).payload("x").bytes(), 50},
      {ethernet().ipv6("fd00::1", "fd00::2").tcp(1, 2, kAck).payload("x").bytes(), 70},
      {ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload("x").bytes(), 40},
      {ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2, 136).payload("x").bytes(), 40},
      {ethernet().ipv4("10.0.0.1", "10.0.0.2").icmp(8, 0, 1).payload("x").bytes(), 36},
      {ethernet().ipv6("fd00::1", "fd00::2").icmpv6(128, 0, 1).payload("x").bytes(), 56}};
  for (const auto& [frame, at] : cases) {
    const unsigned expected = std::uint32_t{frame[at]} << 8 | frame[at + 1];
    ASSERT_NE(expected, 0U);
    EXPECT_EQ(Decoded(frame).packet.checksum, expected) << at;
    EXPECT_EQ(Decoded(cut(frame, at + 1), 1, 100).packet.checksum, 0) << at;
  }
}

// Ethernet pads to 60 bytes, and a capture may have the FCS behind that.
TEST(DecodeProtocols, PaddingAndFcsAreNoPayload) {
  const auto v4 = [] { return ethernet().ipv4("10.0.0.1", "10.0.0.2"); };
  const auto v6 = [] { return ethernet().ipv6("fd00::1", "fd00::2"); };
  const std::pair<Frame, std::uint32_t> cases[] = {
      {v4().tcp(1, 2, kAck), 0},
      {v4().tcp(1, 2, kAck).payload(3), 3},
      {v4().udp(1, 2).payload(1), 1},
      {v4().udp(1, 53).dns(1, false), 12},
      {v4().icmp(8, 0, 1).payload(2), 2},
      {v4().icmp(11, 0), 0},
      {v4().protocol(2).payload(8), 8},
      {v4().protocol(50).payload(10), 10},
      {v4().protocol(132).payload(12), 0},
      {ethernet().vlan(5).ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2, kAck), 0},
      {v6().tcp(1, 2, kAck), 0},
      {v6().udp(1, 2).payload(1), 1},
      {v6().icmpv6(128, 0, 1), 0},
      {v6().extension(60).protocol(59), 0},
      {ethernet().arp(1, "10.0.0.1", "10.0.0.2"), 0}};
  for (const auto& [frame, payload] : cases) {
    for (const std::size_t size : {std::size_t{60}, std::size_t{64}, std::size_t{128}}) {
      Bytes bytes = frame.bytes(size);
      std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(frame.bytes().size()), bytes.end(),
                std::uint8_t{0xcc});
      const Decoded d(bytes);
      ASSERT_EQ(d.reason, Undecoded::none);
      EXPECT_EQ(d.packet.payload_bytes, payload) << int{d.key().protocol} << " " << size;
      EXPECT_LE(d.packet.payload_captured, payload);
      EXPECT_EQ(d.packet.wire_bytes, bytes.size()) << "the frame is counted whole";
      EXPECT_EQ(d.packet.layers & kHasQuote, 0) << "padding is not quoted";
    }
  }
}

TEST(DecodeProtocols, FcsBehindALongFrameIsNoPayload) {
  const Frame frame = ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2, kAck).payload(1460);
  const Decoded d(frame.bytes(14 + 1500 + 4));
  EXPECT_EQ(d.packet.payload_bytes, 1460U);
  EXPECT_EQ(d.packet.payload_captured, 1460U);
}

}  // namespace
}  // namespace panoptes
