// Tunnels in UDP: every form of their headers, both directions, nested, in fragments, cut anywhere.
// What is no tunnel in spite of its port: decode_tunnel_udp_bad_test.cc.
#include <gtest/gtest.h>

#include "tunnel_udp_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;
using frames::Frame;

TunnelCase ipv6_inside(const char* name, TunnelType type, std::uint32_t id,
                       std::function<Frame(bool back)> around) {
  return {.name = name,
          .type = type,
          .has_id = true,
          .id = id,
          .around = std::move(around),
          .inner_ipv6 = true};
}

const std::vector<TunnelCase>& cases() {
  static const std::vector<TunnelCase> all = {
      {"VXLAN", TunnelType::vxlan, true, 0x123456,
       [](bool b) {
         return ethernet_inside(udp4(b, 4789, {8, 0, 0, 0, 0x12, 0x34, 0x56, 0}));
       }},
      {"VXLAN over IPv6", TunnelType::vxlan, true, 7,
       [](bool b) {
         return ethernet_inside(udp6(b, 4789, {8, 0, 0, 0, 0, 0, 7, 0}));
       }},
      {"VXLAN on Linux", TunnelType::vxlan, true, 7,
       [](bool b) {
         return ethernet_inside(udp4(b, 8472, {8, 0, 0, 0, 0, 0, 7, 0}));
       }},
      {"VXLAN of a tagged frame", TunnelType::vxlan, true, 7,
       [](bool b) {
         return ethernet_inside(udp4(b, 4789, {8, 0, 0, 0, 0, 0, 7, 0})).vlan(9);
       }},
      {"VXLAN with a group policy", TunnelType::vxlan, true, 7,
       [](bool b) {
         return ethernet_inside(udp4(b, 4789, {0x88, 0x48, 1, 2, 0, 0, 7, 0}));
       }},
      {"VXLAN-GPE of Ethernet", TunnelType::vxlan_gpe, true, 7,
       [](bool b) {
         return ethernet_inside(udp4(b, 4790, {0x0c, 0, 0, 3, 0, 0, 7, 0}));
       }},
      {"VXLAN-GPE that is VXLAN", TunnelType::vxlan_gpe, true, 7,
       [](bool b) {
         return ethernet_inside(udp4(b, 4790, {0x08, 0, 0, 0, 0, 0, 7, 0}));
       }},
      {"VXLAN-GPE of IP", TunnelType::vxlan_gpe, true, 7,
       [](bool b) {
         return udp4(b, 4790, {0x0c, 0, 0, 1, 0, 0, 7, 0});
       }},
      {"VXLAN-GPE of MPLS", TunnelType::vxlan_gpe, true, 7,
       [](bool b) {
         return udp4(b, 4790, Bytes{0x0c, 0, 0, 5, 0, 0, 7, 0} + label(99, true));
       }},
      {"VXLAN-GPE of NSH of type 1", TunnelType::vxlan_gpe, true, 7,
       [](bool b) {
         return udp4(b, 4790, Bytes{0x0c, 0, 0, 4, 0, 0, 7, 0} + nsh(1, 6, 1));
       }},
      {"VXLAN-GPE of NSH of type 2", TunnelType::vxlan_gpe, true, 7,
       [](bool b) {
         return ethernet_inside(udp4(b, 4790, Bytes{0x0c, 0, 0, 4, 0, 0, 7, 0} + nsh(2, 3, 3)));
       }},
      {"GENEVE of Ethernet", TunnelType::geneve, true, 7,
       [](bool b) { return ethernet_inside(udp4(b, 6081, geneve(b, 0, 0x6558))); }},
      {"GENEVE of IP with options", TunnelType::geneve, true, 7,
       [](bool b) {
         const Bytes options{1, 2, 0x80, 1, 9, 9, 9, 9, 1, 2, 3, 0};
         return udp4(b, 6081, geneve(b, 3, 0x0800) + options);
       }},
      {"GENEVE of NSH", TunnelType::geneve, true, 7,
       [](bool b) { return udp4(b, 6081, geneve(b, 0, 0x894f) + nsh(2, 2, 1)); }},
      {"GTP-U", TunnelType::gtp, true, 0x01020304,
       [](bool b) { return udp4(b, 2152, gtp(b, 0x30, {})); }},
      {"GTP-U with a sequence number", TunnelType::gtp, true, 0x01020304,
       [](bool b) {
         return udp4(b, 2152, gtp(b, 0x32, {0, 9, 0, 0x85}));
       }},
      {"GTP-U with extension headers", TunnelType::gtp, true, 0x01020304,
       [](bool b) {
         return udp4(b, 2152, gtp(b, 0x34, {0, 0, 0, 0x85, 1, 0, 9, 0x32, 2, 1, 2, 3, 4, 5, 6, 0}));
       }},
      {"GTP of the first version", TunnelType::gtp, true, 0x0506,
       [](bool b) {
         const std::uint8_t flow = b ? 7 : 6;
         return udp4(b, 3386, {0x1e, 255,  0,    kInner4, 0, 1, 5, flow, 0xff, 0xff,
                               0xff, 0xff, 0x21, 0x43,    5, 6, 7, 8,    9,    0});
       }},
      {"L2TP", TunnelType::l2tp, true, 0x00070009,
       [](bool b) {
         return udp4(b, 1701, l2tp(b, 0x00, {}, {0xff, 3, 0, 0x21}));
       }},
      {"L2TP with a length", TunnelType::l2tp, true, 0x00070009,
       [](bool b) {
         return udp4(b, 1701, l2tp(b, 0x40, {}, {0xff, 3, 0, 0x21}));
       }},
      {"L2TP with everything", TunnelType::l2tp, true, 0x00070009,
       [](bool b) {
         return udp4(b, 1701, l2tp(b, 0x4b, {0, 1, 0, 2, 0, 3, 9, 9, 9}, {0x21}));
       }},
      {"L2TPv3", TunnelType::l2tp, true, 0x102,
       [](bool b) {
         const std::uint8_t session = b ? 3 : 2;
         return ethernet_inside(udp4(b, 1701, {0, 3, 0, 0, 0, 0, 1, session, 9, 9, 9, 9}));
       }},
      {"MPLS", TunnelType::mpls_udp, true, 99,
       [](bool b) { return udp4(b, 6635, label(5, false) + label(b ? 98 : 99, true)); }},
      {"MPLS of a pseudowire", TunnelType::mpls_udp, true, 99,
       [](bool b) {
         return ethernet_inside(udp4(b, 6635, label(b ? 98 : 99, true) + Bytes{0, 0, 0, 0}));
       }},
      {"GRE", TunnelType::gre, true, 7,
       [](bool b) {
         return udp4(b, 4754, {0x20, 0, 8, 0, 0, 0, 0, 7});
       }},
      ipv6_inside("VXLAN-GPE of IPv6", TunnelType::vxlan_gpe, 7,
                  [](bool b) {
                    return udp4(b, 4790, {0x0c, 0, 0, 2, 0, 0, 7, 0});
                  }),
      ipv6_inside("MPLS of a pseudowire with IPv6", TunnelType::mpls_udp, 99,
                  [](bool b) { return ethernet_inside(udp4(b, 6635, label(b ? 98 : 99, true))); }),
  };
  return all;
}

TEST(DecodeTunnelUdp, GivesTheInnerFlow) {
  for (const TunnelCase& t : cases()) expect_inner_flow(t);
}

TEST(DecodeTunnelUdp, BothDirectionsAreOneFlow) {
  for (const TunnelCase& t : cases()) expect_one_flow(t);
}

TEST(DecodeTunnelUdp, CutAnywhere) {
  for (const TunnelCase& t : cases()) {
    if (!t.inner_ipv6) expect_cut_anywhere(t);
  }
}

TEST(DecodeTunnelUdp, VirtualNetworksOfVxlanDoNotMix) {
  const auto in_network = [](std::uint8_t vni) {
    return inner_tcp(ethernet_inside(udp4(false, 4789, {8, 0, 0, 0, 0, 0, vni, 0})), false).bytes();
  };
  EXPECT_FALSE(Decoded(in_network(7)).key() == Decoded(in_network(8)).key());
}

TEST(DecodeTunnelUdp, NestsInOtherTunnels) {
  // VLAN, GRE, then VXLAN.
  const auto nested = [](bool back) {
    Frame f = ethernet().vlan(5).ipv4("192.0.2.1", "192.0.2.2").protocol(47);
    f.bytes_as_they_are({0, 0}).next_field(2);
    f.ipv4(back ? "172.16.0.2" : "172.16.0.1", back ? "172.16.0.1" : "172.16.0.2");
    f.udp(40000, 4789).bytes_as_they_are({8, 0, 0, 0, 0, 0, 7, 0});
    return inner_tcp(ethernet_inside(f), back).bytes();
  };
  const Decoded there(nested(false)), back(nested(true));
  ASSERT_TRUE(there.has(kHasTunnel | kHasVlan));
  EXPECT_EQ(there.packet.tunnel.type, TunnelType::vxlan);
  EXPECT_EQ(there.packet.tunnel.depth, 2);
  EXPECT_EQ(there.tunnel_ends(), "172.16.0.1 > 172.16.0.2");
  EXPECT_EQ(there.packet.vlan_outer, 5);
  EXPECT_EQ(there.key(), back.key());
}

TEST(DecodeTunnelUdp, FirstFragmentGivesTheInnerFlow) {
  // What the inner lengths promise is in the fragments that follow.
  for (const TunnelCase& t : cases()) {
    if (t.around(false).bytes()[12] != 8 || t.inner_ipv6) continue;  // IPv4 in IPv4 only
    Bytes frame = tunnel_frame(t);
    const std::size_t size = frame.size() - 5;
    frame.resize(size);
    frame[20] = 0x20;  // more fragments
    frame[17] = static_cast<std::uint8_t>(size - 14);
    const Decoded d(frame);
    ASSERT_TRUE(d.has(kHasTunnel | kIsFragment)) << t.name;
    EXPECT_EQ(d.key(), Decoded(tunnel_frame(t)).key()) << t.name;
  }
}

}  // namespace
}  // namespace panoptes
