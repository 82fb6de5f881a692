// MPLS: what a label stack carries, which it does not say.

#include <gtest/gtest.h>

#include "link_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;
using frames::Frame;
using frames::link;

constexpr std::uint16_t kEthernet = 1, kPpp = 9, kMpls = 219;

Bytes label(std::uint32_t value, bool bottom) {
  return {static_cast<std::uint8_t>(value >> 12), static_cast<std::uint8_t>(value >> 4),
          static_cast<std::uint8_t>(value << 4 | (bottom ? 1U : 0U)), 64};
}
Frame labelled(const Bytes& stack, std::uint16_t ethertype = 0x8847) {
  return ethernet().ethertype(ethertype).bytes_as_they_are(stack);
}

TEST(DecodeMpls, TheStackIsReadToItsBottom) {
  for (const std::uint16_t ethertype : Words{0x8847, 0x8848}) {
    const Bytes stack = label(100, false) + label(0xfffff, false) + label(777, true);
    const Decoded d(udp4(labelled(stack, ethertype)));
    expect_udp4(d);
    expect_client_to_server(d);
    ASSERT_TRUE(d.has(kHasMpls));
    EXPECT_EQ(d.packet.mpls_label, 777U);
    EXPECT_EQ(d.key().link_context, 0U);  // labels differ by direction
    expect_udp6(Decoded(udp6(labelled(stack, ethertype))));
    expect_cuts(udp4(labelled(stack, ethertype)), kEthernet);
    expect_cuts(udp6(labelled(stack, ethertype)), kEthernet);
  }
}

TEST(DecodeMpls, BothPppNumbersAndTheRawLinkLeadToIt) {
  const Bytes stack = label(100, false) + label(16, true);
  for (const std::uint8_t protocol : Octets{0x81, 0x83}) {
    const Decoded d(udp4(link(Bytes{0xff, 3, 2, protocol} + stack)), kPpp);
    expect_udp4(d);
    EXPECT_EQ(d.packet.mpls_label, 16U);
  }
  const Decoded raw(udp6(link(stack)), kMpls);
  expect_udp6(raw);
  EXPECT_EQ(raw.packet.mpls_label, 16U);
  EXPECT_FALSE(raw.has(kHasMac));
  expect_cuts(udp4(link(stack)), kMpls, Undecoded::unknown_network);
  EXPECT_EQ(Decoded(stack + Bytes(40, 0x10), kMpls).reason, Undecoded::unknown_network);
}

TEST(DecodeMpls, ExplicitNullLabelsDecideAgainstTheChecksum) {
  Bytes frame = udp4(labelled(label(0, true)));
  frame[28] ^= 0x55;  // checksum of IPv4
  expect_udp4(Decoded(frame));
  Bytes other = udp4(labelled(label(16, true)));
  other[28] ^= 0x55;
  expect_macs(Decoded(other), 0x8847);
  // Padding that is no longer than Ethernet makes it would be allowed without the label.
  Bytes long6 = udp6(labelled(label(2, true))) + Bytes(400, 0);
  expect_udp6(Decoded(long6));
  expect_macs(Decoded(udp6(labelled(label(16, true))) + Bytes(400, 0)), 0x8847);
  // The label does not make one version of the other.
  expect_udp6(Decoded(udp6(labelled(label(0, true)))));
  expect_udp4(Decoded(udp4(labelled(label(2, true)))));
}

TEST(DecodeMpls, APacketHasToBeIpThroughout) {
  const Bytes good = udp4(labelled(label(16, true)));
  const std::size_t ip = 18;
  Bytes header = good;
  header[ip] = 0x44;  // header length
  expect_macs(Decoded(header), 0x8847);
  Bytes shorter = good;
  shorter[ip + 3] = 19;  // total length; the checksum is right
  shorter[ip + 11] = static_cast<std::uint8_t>(shorter[ip + 11] + 31 - 19);
  expect_macs(Decoded(shorter), 0x8847);
  Bytes six = udp6(labelled(label(16, true)));
  six[ip + 4] = 0x10;  // payload length
  expect_macs(Decoded(six), 0x8847);
}

TEST(DecodeMpls, WhatWasNotCapturedIsBelieved) {
  const Bytes frame = udp4(labelled(label(16, true)));
  EXPECT_EQ(Decoded(cut(frame, 18 + 12), kEthernet, 100).reason, Undecoded::truncated_ip);
  // Not sent either: that is no IP.
  expect_macs(Decoded(cut(frame, 18 + 12)), 0x8847);
}

TEST(DecodeMpls, PseudowiresAreToldByTheFrameInside) {
  const Bytes stack = label(100, false) + label(16, true);
  const Bytes word{0, 0, 0, 9};
  for (const Bytes& control : {Bytes{}, word}) {
    auto inside = [&](const Bytes& frame) {
      return Decoded(labelled(stack + control + frame).bytes());
    };
    const Decoded four = Decoded(labelled(stack + control + udp4(ethernet())).bytes());
    expect_udp4(four);
    expect_client_to_server(four);
    EXPECT_EQ(four.packet.mpls_label, 16U);
    const Decoded tagged(labelled(stack + control + udp6(ethernet().vlan(9).vlan(10))).bytes());
    expect_udp6(tagged);
    EXPECT_EQ(tagged.key().link_context, 9U | 10U << 12);
    EXPECT_EQ(inside(ethernet().arp(1, "10.0.0.1", "10.0.0.2").bytes(60)).key().kind,
              FlowKind::arp);
    EXPECT_EQ(inside(ethernet().llc(0x42, 0x42).payload(35).bytes(60)).key().aux, 0x4242);
    EXPECT_EQ(inside(ethernet().ethertype(0x88cc).payload(46).bytes()).key().aux, 0x88cc);
    expect_udp4(inside(udp4(ethernet().ethertype(0x8847).bytes_as_they_are(label(5, true)))));
    expect_cuts(labelled(stack + control + udp4(ethernet())).bytes(), kEthernet);
  }
}

TEST(DecodeMpls, MacsThatLookLikeIpAreStillAFrame) {
  // Destinations whose first byte has the version of IPv4 or IPv6, and a header length.
  for (const std::uint8_t first : Octets{0x45, 0x46, 0x60, 0x6e}) {
    const frames::Mac mac{first, 0, 0, 40, 1, 2};
    const Decoded d(labelled(label(16, true) + udp4(ethernet(frames::kClientMac, mac))).bytes());
    expect_udp4(d);
  }
}

TEST(DecodeMpls, AFrameThatProvesNothingIsAFlowOfTheMacs) {
  const Bytes stack = label(16, true);
  const Bytes word{0, 0, 0, 0};
  const Bytes unknown = ethernet().ethertype(0x1234).payload(46).bytes();
  Bytes broken = udp4(ethernet());
  broken[24] ^= 1;  // checksum of IPv4
  Bytes group = udp4(ethernet());
  group[6] |= 1;  // sent by a group
  Bytes too_long = ethernet().llc(0x42, 0x42).payload(35).bytes();
  too_long.resize(300);
  Bytes odd_arp = ethernet().arp(1, "1.1.1.1", "2.2.2.2").bytes();
  odd_arp[18] = 5;
  for (const Bytes& frame : {unknown, broken, group, too_long, odd_arp}) {
    const Decoded d(labelled(stack + word + frame).bytes());
    expect_macs(d, 0x8847);
    EXPECT_EQ(d.packet.mpls_label, 16U);
    expect_macs(Decoded(labelled(stack + frame).bytes()), 0x8847);
  }
  expect_macs(Decoded(labelled(stack + Bytes{0x10, 0, 0, 0x21}).payload(40).bytes()), 0x8847);
}

TEST(DecodeMpls, IpMayFollowAControlWord) {
  expect_udp4(Decoded(udp4(labelled(label(16, true) + Bytes{0, 0, 0, 1}))));
}

TEST(DecodeMpls, LabelsWithoutEndAreBounded) {
  for (const std::size_t count : {62U, 64U, 3000U}) {
    Bytes stack;
    for (std::size_t i = 1; i < count; ++i) {
      const Bytes one = label(5, false);
      stack.insert(stack.end(), one.begin(), one.end());
    }
    const Decoded d(udp4(labelled(stack + label(6, true))));
    if (count <= 64) {
      expect_udp4(d);
      EXPECT_EQ(d.packet.mpls_label, 6U);
    } else {
      expect_macs(d, 0x8847);
      EXPECT_FALSE(d.has(kHasMpls));
    }
  }
  EXPECT_EQ(Decoded(ethernet().ethertype(0x8847).bytes_as_they_are(label(5, false)).bytes()).reason,
            Undecoded::truncated_link);
}

TEST(DecodeMpls, ATunnelMayCarryIt) {
  const Bytes packet = udp4(link(label(100, false) + label(16, true)));
  Packet out;
  begin_packet(out, 0, 100);
  const auto size = static_cast<std::uint32_t>(packet.size());
  const LinkEnd end = resolve({Layer(packet.data(), size, size), kEtherMpls, 5}, out);
  EXPECT_EQ(end.error, Undecoded::none);
  EXPECT_EQ(end.protocol, kEtherIpv4);
  EXPECT_EQ(end.link_context, 5U);
  EXPECT_EQ(end.network.length(), size - 8);
  EXPECT_EQ(out.mpls_label, 16U);
}

}  // namespace
}  // namespace panoptes
