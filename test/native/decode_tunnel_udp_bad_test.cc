// What is no tunnel in spite of its port: the flow is that of the UDP datagram.
#include <gtest/gtest.h>

#include "tunnel_udp_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::Frame;

// The header of a tunnel with one thing wrong; an inner packet that is right follows.
struct Bad {
  const char* what;
  std::uint16_t port;
  Bytes header;
  bool bridged = false;
};

TEST(DecodeTunnelUdpBad, BadHeadersAreDeclined) {
  const Bytes gpe_nsh{0x0c, 0, 0, 4, 0, 0, 7, 0};
  const Bad all[] = {
      {"VXLAN without a network", 4789, {0, 0, 0, 0, 0, 0, 7, 0}, true},
      {"VXLAN with a reserved flag", 4789, {0x18, 0, 0, 0, 0, 0, 7, 0}, true},
      {"VXLAN with reserved bits", 4789, {8, 0, 1, 0, 0, 0, 7, 0}, true},
      {"VXLAN with a reserved byte", 4789, {8, 0, 0, 0, 0, 0, 7, 1}, true},
      {"VXLAN with policy bits but no policy", 4789, {8, 0x40, 0, 1, 0, 0, 7, 0}, true},
      {"VXLAN with reserved bits of the policy", 4789, {0x88, 0x01, 0, 1, 0, 0, 7, 0}, true},
      {"GPE of another version", 4790, {0x1c, 0, 0, 3, 0, 0, 7, 0}, true},
      {"GPE without a network", 4790, {0x04, 0, 0, 3, 0, 0, 7, 0}, true},
      {"GPE with reserved bits", 4790, {0x0c, 1, 0, 3, 0, 0, 7, 0}, true},
      {"GPE with a reserved byte", 4790, {0x0c, 0, 0, 3, 0, 0, 7, 2}, true},
      {"GPE of an unknown protocol", 4790, {0x0c, 0, 0, 9, 0, 0, 7, 0}, true},
      {"GPE of the first number that is none", 4790, {0x0c, 0, 0, 6, 0, 0, 7, 0}},
      {"GPE with an unnamed protocol", 4790, {0x08, 0, 0, 3, 0, 0, 7, 0}, true},
      {"NSH of another version", 4790, gpe_nsh + Bytes{0x40, 0xc2, 2, 1, 0, 0, 1, 255}},
      {"NSH of type 1 and odd length", 4790, gpe_nsh + nsh(1, 5, 1)},
      {"NSH too short", 4790, gpe_nsh + Bytes{0x0f, 0xc1, 2, 1}},
      {"NSH of an unknown type", 4790, gpe_nsh + nsh(3, 2, 1)},
      {"NSH in NSH", 4790, gpe_nsh + nsh(2, 2, 4) + nsh(2, 2, 1)},
      {"GENEVE of another version", 6081, {0x40, 0, 8, 0, 0, 0, 7, 0}},
      {"GENEVE with reserved bits", 6081, {0, 1, 8, 0, 0, 0, 7, 0}},
      {"GENEVE with a reserved byte", 6081, {0, 0, 8, 0, 0, 0, 7, 1}},
      {"GENEVE of an unknown protocol", 6081, {0, 0, 8, 6, 0, 0, 7, 0}},
      {"GENEVE option too long", 6081, {1, 0, 8, 0, 0, 0, 7, 0, 1, 2, 3, 1}},
      {"GENEVE options beyond the packet", 6081, {0x3f, 0, 8, 0, 0, 0, 7, 0}},
      {"GTP echo", 2152, {0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0}},
      {"GTP end marker", 2152, {0x30, 254, 0, kInner4, 1, 2, 3, 4}},
      {"GTP'", 2152, {0x20, 255, 0, kInner4, 1, 2, 3, 4}},
      {"GTP of version 2", 2152, {0x50, 255, 0, kInner4, 1, 2, 3, 4}},
      {"GTP with a reserved bit", 2152, {0x38, 255, 0, kInner4, 1, 2, 3, 4}},
      {"GTP too long", 2152, {0x30, 255, 0, kInner4 + 1, 1, 2, 3, 4}},
      {"GTP too short", 2152, {0x30, 255, 0, kInner4 - 1, 1, 2, 3, 4}},
      {"GTP shorter than its options", 2152, {0x32, 255, 0, 3, 1, 2, 3, 4, 0, 1, 0, 0}},
      {"GTP extension without a length",
       2152,
       {0x34, 255, 0, kInner4 + 8, 1, 2, 3, 4, 0, 0, 0, 0x85, 0, 0, 0, 0}},
      {"GTP extension beyond the packet",
       2152,
       {0x34, 255, 0, kInner4 + 8, 1, 2, 3, 4, 0, 0, 0, 0x85, 99, 0, 0, 0}},
      {"GTP of the first version that is not",
       3386,
       {0x0e, 255, 0, kInner4, 0, 1, 5, 6, 0xff, 0xff, 0xff, 0xff, 0x21, 0x43, 5, 6, 7, 8, 9, 0}},
      {"L2TP control", 1701, {0xc8, 2, 0, 57, 0, 7, 0, 9, 0, 0, 0, 0, 0xff, 3, 0, 0x21}},
      {"L2TP with reserved bits", 1701, {0x20, 2, 0, 7, 0, 9, 0xff, 3, 0, 0x21}},
      {"L2F", 1701, {0, 1, 0, 7, 0, 9, 0xff, 3, 0, 0x21}},
      {"L2TP too long", 1701, {0x40, 2, 1, 0, 0, 7, 0, 9, 0xff, 3, 0, 0x21}},
      {"L2TP cut short", 1701, {0x40, 2, 0, 20, 0, 7, 0, 9, 0xff, 3, 0, 0x21}},
      {"L2TP without a session", 1701, {0, 2, 0, 7, 0, 0, 0xff, 3, 0, 0x21}},
      {"L2TP without a tunnel", 1701, {0, 2, 0, 0, 0, 9, 0xff, 3, 0, 0x21}},
      {"L2TP offset beyond the packet", 1701, {2, 2, 0, 7, 0, 9, 0xff, 0xff, 0xff, 3, 0, 0x21}},
      {"L2TP of something else", 1701, {0, 2, 0, 7, 0, 9, 0xff, 3, 0xc0, 0x21}},
      {"L2TPv3 without a session", 1701, {0, 3, 0, 0, 0, 0, 0, 0}},
      {"L2TPv3 with reserved bits", 1701, {0, 3, 0, 1, 0, 0, 0, 1}},
      {"L2TPv3 with an odd cookie", 1701, {0, 3, 0, 0, 0, 0, 0, 1, 9, 9}},
      {"Teredo of IPv4", 3544, {}},
      {"AYIYA of another method", 5072, {0x43, 0, 0x11, 4, 1, 2, 3, 4, 9, 9, 9, 9,
                                         9,    9, 9,    9, 9, 9, 9, 9, 9, 9, 9, 9}},
      {"AYIYA that is an echo", 5072, {0x11, 0, 0x12, 4, 1, 2, 3, 4, 9, 9}},
      {"AYIYA of another protocol", 5072, {0x11, 0, 0x11, 6, 1, 2, 3, 4, 9, 9}},
      {"AYIYA of another version", 5072, {0x11, 0, 0x11, 41, 1, 2, 3, 4, 9, 9}},
      {"MPLS without a bottom", 6635, label(99, false)},
      {"MPLS of something else", 6635, label(99, true) + Bytes{9, 9}},
      {"GRE of another version", 4754, {0x20, 1, 8, 0, 0, 0, 0, 7}},
      {"GRE with routing", 4754, {0x40, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
  };
  for (const Bad& bad : all) {
    Frame f = udp4(false, bad.port, bad.header);
    if (bad.bridged) f = ethernet_inside(f);
    expect_datagram(inner_tcp(f, false).bytes(), bad.what, bad.port);
  }
}

// Each tunnel with a right header around a packet that is none.
TEST(DecodeTunnelUdpBad, WhatIsNotIpStaysWithTheDatagram) {
  struct Case {
    const char* what;
    std::uint16_t port;
    Bytes header;
  };
  const Bytes addresses{2, 9, 9, 9, 9, 2, 2, 9, 9, 9, 9, 1};
  const Case all[] = {
      {"VXLAN", 4789, Bytes{8, 0, 0, 0, 0, 0, 7, 0} + addresses + Bytes{8, 0}},
      {"VXLAN of ARP", 4789, Bytes{8, 0, 0, 0, 0, 0, 7, 0} + addresses + Bytes{8, 6}},
      {"GPE", 4790, {0x0c, 0, 0, 1, 0, 0, 7, 0}},
      {"GENEVE", 6081, geneve(false, 0, 0x0800)},
      {"GTP", 2152, {0x30, 255, 0, 45, 1, 2, 3, 4}},
      {"L2TP", 1701, l2tp(false, 0, {}, {0xff, 3, 0, 0x21})},
      {"L2TPv3", 1701, {0, 3, 0, 0, 0, 0, 1, 2}},
      {"Teredo", 3544, {0, 0, 0xf1, 0x2a, 0xb9, 0xc8, 0x28, 0x15}},
      {"MPLS", 6635, label(99, true)},
      {"GRE", 4754, {0, 0, 8, 0}},
  };
  for (const Case& c : all) {
    for (const std::uint8_t first : Bytes{0x00, 0x35, 0x44, 0x55, 0x75}) {
      Bytes inner(45, 9);
      inner[0] = first;
      const Bytes frame = udp4(false, c.port, c.header + inner).bytes();
      expect_datagram(frame, c.what, c.port);
    }
  }
}

// Where the header says little, the inner packet has to fit.
TEST(DecodeTunnelUdpBad, InnerPacketsBeyondTheDatagramAreNone) {
  struct Case {
    const char* what;
    std::uint16_t port;
    Bytes header;
  };
  const Case all[] = {
      {"GTP", 2152, gtp(false, 0x30, {})},
      {"L2TP", 1701, l2tp(false, 0, {}, {0x21})},
      {"MPLS", 6635, label(99, true)},
      {"GRE", 4754, {0, 0, 8, 0}},
  };
  for (const Case& c : all) {
    Bytes frame = inner_tcp(udp4(false, c.port, c.header), false).bytes();
    EXPECT_TRUE(Decoded(frame).has(kHasTunnel)) << c.what;
    const std::size_t inner = frame.size() - kInner4;
    ++frame[inner + 3];   // total length
    --frame[inner + 11];  // checksum
    expect_datagram(frame, c.what, c.port);
  }
  Bytes frame = inner_tcp(udp4(false, 1701, l2tp(false, 0, {}, {0x57})), false, true).bytes();
  EXPECT_TRUE(Decoded(frame).has(kHasTunnel));
  ++frame[frame.size() - 20 - 5 - 40 + 5];  // payload length
  expect_datagram(frame, "L2TP of IPv6", 1701);
}

TEST(DecodeTunnelUdpBad, MplsNeedsProofOfWhatItLeadsTo) {
  const auto frame_of = [](std::uint8_t changed, std::uint8_t value) {
    Bytes frame = inner_tcp(udp4(false, 6635, label(99, true)), false).bytes();
    frame[frame.size() - kInner4 + changed] = value;
    return frame;
  };
  expect_datagram(frame_of(8, 99), "a wrong checksum", 6635);
  const auto ipv6_of = [](std::uint8_t next) {
    Bytes frame = inner_tcp(udp4(false, 6635, label(99, true)), false, true).bytes();
    frame[frame.size() - 20 - 5 - 40 + 6] = next;
    return frame;
  };
  EXPECT_TRUE(Decoded(ipv6_of(6)).has(kHasTunnel));
  expect_datagram(ipv6_of(200), "an uncommon next header", 6635);
}

TEST(DecodeTunnelUdpBad, PseudowiresAndGreOfIpv6NeedProofToo) {
  // A control word begins with four bits of 0 (RFC 4385 3).
  Frame wire = ethernet_inside(udp4(false, 6635, label(9, true) + Bytes{0x10, 0, 0, 0}));
  expect_datagram(inner_tcp(wire, false).bytes(), "a control word that is none", 6635);
  Bytes frame = inner_tcp(udp4(false, 4754, {0, 0, 0x86, 0xdd}), false, true).bytes();
  EXPECT_TRUE(Decoded(frame).has(kHasTunnel));
  ++frame[frame.size() - 20 - 5 - 40 + 5];  // payload length
  expect_datagram(frame, "GRE of IPv6", 4754);
}

TEST(DecodeTunnelUdpBad, LongChainsAndStacksEnd) {
  Bytes chain;
  for (int i = 0; i < 17; ++i) chain = chain + Bytes{1, 0, 0, 0x85};
  chain.back() = 0;
  expect_datagram(
      inner_tcp(udp4(false, 2152, gtp(false, 0x34, Bytes{0, 0, 0, 0x85} + chain)), false).bytes(),
      "17 extension headers", 2152);
  Bytes stack;
  for (int i = 0; i < 16; ++i) stack = stack + label(5, false);
  expect_datagram(inner_tcp(udp4(false, 6635, stack + label(9, true)), false).bytes(), "17 labels",
                  6635);
}

TEST(DecodeTunnelUdpBad, OtherPortsAreNotTried) {
  constexpr std::uint16_t kOthers[] = {4788, 8473, 2151, 6082, 53, 443};
  for (const std::uint16_t port : kOthers) {
    Frame f = ethernet_inside(udp4(false, port, {8, 0, 0, 0, 0, 0, 7, 0}));
    expect_datagram(inner_tcp(f, false).bytes(), "VXLAN elsewhere", port);
  }
}

}  // namespace
}  // namespace panoptes
