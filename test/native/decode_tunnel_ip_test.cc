// Tunnels that are an IP protocol of their own, and tunnels inside tunnels.
#include <gtest/gtest.h>

#include "tunnel_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::Frame;

constexpr std::uint8_t kIpip = 4, kIpv6InIp = 41, kGre = 47, kEtherIp = 97, kL2tpv3 = 115,
                       kMplsInIp = 137;

Frame after(Frame f, const Bytes& header) { return f.bytes_as_they_are(header); }
Frame l2tp(bool back, const Bytes& rest) {
  Frame f = after(outer4(back, kL2tpv3), {0, 0, 1, static_cast<std::uint8_t>(back ? 3 : 2)});
  return f.bytes_as_they_are(rest);
}

const std::vector<TunnelCase>& cases() {
  static const std::vector<TunnelCase> all = {
      {"IPIP", TunnelType::ipip, false, 0, [](bool b) { return outer4(b, kIpip); }},
      {.name = "6in4",
       .type = TunnelType::sixin4,
       .has_id = false,
       .id = 0,
       .around = [](bool b) { return outer4(b, kIpv6InIp); },
       .inner_ipv6 = true},
      {"4in6", TunnelType::fourin6, false, 0, [](bool b) { return outer6(b, kIpip); }},
      {"4in6 with a limit of nesting", TunnelType::fourin6, false, 0,
       [](bool b) {
         return after(outer6(b, 60), {kIpip, 0, 4, 1, 4, 1, 1, 0});  // RFC 2473 4.1.1
       }},
      {.name = "6in6",
       .type = TunnelType::sixin6,
       .has_id = false,
       .id = 0,
       .around = [](bool b) { return outer6(b, kIpv6InIp); },
       .inner_ipv6 = true},
      {"EtherIP", TunnelType::etherip, false, 0,
       [](bool b) {
         return ethernet_inside(after(outer4(b, kEtherIp), {0x30, 0}));
       }},
      {"EtherIP with tags", TunnelType::etherip, false, 0,
       [](bool b) {
         Frame f = ethernet_inside(after(outer4(b, kEtherIp), {0x30, 0}));
         return f.vlan(3).vlan(4);
       }},
      {"MPLS", TunnelType::mpls_ip, false, 0,
       [](bool b) {
         return after(outer4(b, kMplsInIp),
                      {0, 1, 0, 64, 0, static_cast<std::uint8_t>(b ? 2 : 3), 1, 64});
       }},
      {"L2TPv3 of Ethernet", TunnelType::l2tp, true, 0x102,
       [](bool b) { return ethernet_inside(l2tp(b, {})); }},
      {"L2TPv3 of tagged Ethernet", TunnelType::l2tp, true, 0x102,
       [](bool b) { return ethernet_inside(l2tp(b, {})).vlan(9); }},
      {"L2TPv3 with a sublayer", TunnelType::l2tp, true, 0x102,
       [](bool b) {
         return ethernet_inside(l2tp(b, {0x40, 0, 0, 1}));
       }},
      {"L2TPv3 with a cookie", TunnelType::l2tp, true, 0x102,
       [](bool b) {
         return ethernet_inside(l2tp(b, {1, 2, 3, 4, 5, 6, 7, 8}));
       }},
      {"L2TPv3 with both", TunnelType::l2tp, true, 0x102,
       [](bool b) {
         return ethernet_inside(l2tp(b, {1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0}));
       }},
      {.name = "L2TPv3 of Ethernet with IPv6",
       .type = TunnelType::l2tp,
       .has_id = true,
       .id = 0x102,
       .around =
           [](bool b) {
             return ethernet_inside(l2tp(b, {1, 2, 3, 4}));
           },
       .inner_ipv6 = true},
      {"L2TPv3 of PPP", TunnelType::l2tp, true, 0x102,
       [](bool b) {
         return l2tp(b, {0xff, 3, 0, 0x21});
       }},
      {"L2TPv3 of IP", TunnelType::l2tp, true, 0x102,
       [](bool b) {
         return l2tp(b, {0x40, 0, 0, 1});
       }},
      {.name = "L2TPv3 of IPv6",
       .type = TunnelType::l2tp,
       .has_id = true,
       .id = 0x102,
       .around = [](bool b) { return l2tp(b, {}); },
       .inner_ipv6 = true},
  };
  return all;
}

TEST(DecodeTunnelIp, LeadsToTheInnerFlow) {
  for (const TunnelCase& t : cases()) expect_inner_flow(t);
}

TEST(DecodeTunnelIp, BothDirectionsAreOneFlow) {
  for (const TunnelCase& t : cases()) expect_one_flow(t);
}

TEST(DecodeTunnelIp, MayBeCutAnywhere) {
  for (const TunnelCase& t : cases()) expect_cut_anywhere(t);
}

TEST(DecodeTunnelIp, ReportsTheLabelOfTheInnermostStack) {
  const Decoded d(
      inner_tcp(after(outer4(false, kMplsInIp), {0, 1, 0, 64, 0, 3, 1, 64}), false).bytes());
  ASSERT_TRUE(d.has(kHasMpls));
  EXPECT_EQ(d.packet.mpls_label, 48U);
}

TEST(DecodeTunnelIp, KeepsTheTagsOfTheFrameNotThoseInside) {
  Frame f = frames::ethernet().vlan(5).ipv4("192.0.2.1", "192.0.2.2").protocol(kEtherIp);
  const Decoded d(inner_tcp(ethernet_inside(after(f, {0x30, 0})).vlan(6).vlan(7), false).bytes());
  ASSERT_TRUE(d.has(kHasTunnel | kHasVlan));
  EXPECT_EQ(d.packet.vlan_outer & 0xfff, 5);
  EXPECT_EQ(d.packet.vlan_inner, 0);
  // But they do tell flows apart.
  Frame g = frames::ethernet().vlan(5).ipv4("192.0.2.1", "192.0.2.2").protocol(kEtherIp);
  const Decoded other(
      inner_tcp(ethernet_inside(after(g, {0x30, 0})).vlan(6).vlan(8), false).bytes());
  EXPECT_FALSE(d.key() == other.key());
}

TEST(DecodeTunnelIp, BadHeadersStayInTheOuterFlow) {
  const auto stays = [](const Frame& f, const char* what, std::uint8_t protocol) {
    expect_outer_flow(f.bytes(), what, protocol);
  };
  stays(inner_tcp(outer4(false, kIpip), false, true), "IPv6 called IPv4", kIpip);
  stays(inner_tcp(outer4(false, kIpv6InIp), false), "IPv4 called IPv6", kIpv6InIp);
  stays(after(outer4(false, kIpip), {0x44}).payload(40), "a short inner header", kIpip);
  stays(outer4(false, kIpip), "nothing inside", kIpip);
  stays(outer6(false, kIpip).payload(19), "less than a header", kIpip);
  for (const Bytes& header : {Bytes{0x20, 0}, Bytes{0x40, 0}, Bytes{0x30, 1}, Bytes{0x03, 0}}) {
    stays(inner_tcp(ethernet_inside(after(outer4(false, kEtherIp), header)), false),
          "EtherIP of another version", kEtherIp);
  }
  stays(ethernet_inside(after(outer4(false, kEtherIp), {0x30, 0})).arp(1, "10.0.0.1", "10.0.0.2"),
        "ARP in EtherIP", kEtherIp);
  stays(after(outer4(false, kMplsInIp), {0, 0, 0x10, 64, 0x45}), "labels without an end",
        kMplsInIp);
}

TEST(DecodeTunnelIp, L2tpv3HasToProveItself) {
  const auto stays = [](const Bytes& frame, const char* what) {
    expect_outer_flow(frame, what, kL2tpv3);
  };
  stays(inner_tcp(ethernet_inside(after(outer4(false, kL2tpv3), {0, 0, 0, 0})), false).bytes(),
        "a control message");
  const Bytes good = inner_tcp(ethernet_inside(l2tp(false, {1, 2, 3, 4})), false).bytes();
  constexpr std::size_t kEthernet = 14 + 20 + 8, kInner = kEthernet + 14;
  const auto with = [&good](std::size_t at, std::uint8_t value) {
    Bytes bytes = good;
    bytes[at] = value;
    return bytes;
  };
  ASSERT_TRUE(Decoded(good).has(kHasTunnel));
  stays(with(kEthernet + 6, 3), "sent by a group");
  stays(with(kEthernet + 13, 6), "another ethertype");
  stays(with(kInner + 8, 9), "a wrong checksum");
  stays(inner_tcp(ethernet_inside(l2tp(false, Bytes(16, 0))), false).bytes(), "a longer cookie");
  Bytes longer = inner_tcp(ethernet_inside(l2tp(false, {})), false).payload("trailing").bytes();
  ASSERT_TRUE(Decoded(longer).has(kHasTunnel)) << "not so long that it would not be padded";
  Frame padded = ethernet_inside(l2tp(false, {})).ethertype(0x0800);
  const Bytes packet = frames::raw_ip().ipv4("10.1.0.1", "10.1.0.2").udp(5, 6).bytes();
  EXPECT_TRUE(Decoded(Frame(padded).bytes_as_they_are(packet).payload(18).bytes()).has(kHasTunnel));
  stays(Frame(padded).bytes_as_they_are(packet).payload(19).bytes(), "more behind it than padding");
}

// `count` packets around TCP, addresses 10.0.0.0 up.
Bytes nested(int count) {
  Frame f = frames::ethernet();
  for (int i = 0; i < count; ++i) {
    f.ipv4("10.0.0." + std::to_string(i), "10.0.1." + std::to_string(i));
  }
  return f.ipv4("10.1.0.1", "10.1.0.2").tcp(1234, 80, kSyn).bytes();
}

TEST(DecodeTunnels, AreFollowedAsDeepAsTheOptionSays) {
  const Bytes eight = nested(8), nine = nested(9);
  const Decoded all(eight);
  EXPECT_EQ(all.sender(), "10.1.0.1:1234");
  EXPECT_EQ(all.packet.tunnel.depth, 8);
  EXPECT_EQ(all.tunnel_ends(), "10.0.0.7 > 10.0.1.7");
  const Decoded deeper(nine);  // the packet in the eighth tunnel is a ninth one
  EXPECT_EQ(deeper.key().protocol, 4);
  EXPECT_EQ(deeper.sender(), "10.0.0.8:0");
  EXPECT_EQ(deeper.packet.tunnel.depth, 8);
  EXPECT_FALSE(deeper.has(kMayTunnel));
  EXPECT_EQ(Decoded(nine, 1, 0, {.max_tunnels = 9}).sender(), "10.1.0.1:1234");
  const Decoded none(eight, 1, 0, {.max_tunnels = 0});
  EXPECT_FALSE(none.has(kHasTunnel));
  EXPECT_EQ(none.sender(), "10.0.0.0:0");
  const Decoded hundred(nested(100), 1, 0, {.max_tunnels = 255});
  EXPECT_EQ(hundred.packet.tunnel.depth, 100);
  EXPECT_EQ(hundred.sender(), "10.1.0.1:1234");
}

TEST(DecodeTunnels, OfDifferentKindsAreFollowedAlike) {
  Frame f = outer6(false, kGre)
                .bytes_as_they_are({0x20, 0})
                .next_field(2)
                .bytes_as_they_are({0, 0, 0, 5});
  f.ipv4("198.51.100.1", "198.51.100.2").protocol(kEtherIp).bytes_as_they_are({0x30, 0});
  f = ethernet_inside(f).ipv6("fd05::1", "fd05::2");
  const Decoded d(inner_tcp(f, false).bytes());
  EXPECT_EQ(d.sender(), "10.1.0.1:1234");
  EXPECT_EQ(d.packet.tunnel.type, TunnelType::fourin6);
  EXPECT_EQ(d.tunnel_ends(), "fd05::1 > fd05::2");
  EXPECT_EQ(d.packet.tunnel.depth, 3);
  EXPECT_FALSE(d.packet.tunnel.has_id);
}

TEST(DecodeTunnels, WhatCannotBeDecodedLeavesTheLastPacketAsItWas) {
  Frame f = outer4(false, kIpip);
  f.ipv4("10.1.0.1", "10.1.0.2", {.ttl = 7}).protocol(kGre).bytes_as_they_are({0, 0, 8, 0, 0x99});
  const Decoded d(f.bytes());
  EXPECT_EQ(d.key().protocol, kGre);
  EXPECT_EQ(d.sender(), "10.1.0.1:0");
  EXPECT_EQ(d.packet.tunnel.type, TunnelType::ipip);
  EXPECT_EQ(d.packet.ttl, 7);
  EXPECT_EQ(d.packet.payload_bytes, 5U);
}

// The later fragments of the outer packet belong to the flow inside.
TEST(DecodeTunnels, FirstFragmentHandsItsDatagramOn) {
  Frame f = frames::ethernet().ipv4("192.0.2.1", "192.0.2.2", {.id = 99, .fragment = 0x2000});
  const Bytes inner = frames::raw_ip().ipv4("10.1.0.1", "10.1.0.2").udp(5, 6).payload(100).bytes();
  const Bytes first(inner.begin(), inner.begin() + 48);
  const Decoded d(f.protocol(kIpip).bytes_as_they_are(first).bytes());
  ASSERT_TRUE(d.has(kHasTunnel | kIsFragment));
  EXPECT_EQ(d.sender(), "10.1.0.1:5");
  EXPECT_EQ(d.packet.payload_bytes, 48U - 28);
  EXPECT_EQ(d.packet.fragment.id, 99U);
  EXPECT_EQ(d.packet.fragment.offset, 0U);
  EXPECT_EQ(d.packet.fragment.bytes, 48U);
  EXPECT_TRUE(d.packet.fragment.more);

  Frame g = frames::ethernet().ipv4("192.0.2.1", "192.0.2.2", {.id = 99, .fragment = 6});
  const Decoded later(g.protocol(kIpip).bytes_as_they_are(inner).bytes());
  EXPECT_FALSE(later.has(kHasTunnel)) << "a later fragment begins in the middle of something";
  EXPECT_EQ(later.key(), d.packet.fragment.datagram);
}

}  // namespace
}  // namespace panoptes
