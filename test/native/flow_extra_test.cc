// What only some flows have: tunnel, second VLAN, MPLS labels, QUIC version.
#include <gtest/gtest.h>

#include "flow_support.h"

namespace panoptes {
namespace {

constexpr char kTunnelA[] = "198.51.100.1", kTunnelB[] = "198.51.100.2";

frames::Frame in_tunnel(const char* outer_src, const char* outer_dst, const char* src,
                        std::uint16_t src_port, const char* dst, std::uint16_t dst_port) {
  return frames::ethernet().ipv4(outer_src, outer_dst).ipv4(src, dst).udp(src_port, dst_port);
}
std::string text(const std::uint8_t* address) {
  char out[INET_ADDRSTRLEN];
  return inet_ntop(AF_INET, address, out, sizeof out);
}
// Outer source of the packets of the record's src, as a reader of the record takes it.
std::string tunnel_src(const Record& r) {
  const bool as_kept = ((r.extra.seen & kExtraTunnelSrcIsHigh) != 0) == r.flow.src_is_high();
  return text(as_kept ? r.extra.tunnel_src : r.extra.tunnel_dst);
}

TEST(FlowExtra, TellsTheTunnelOfAFlow) {
  Trace t;
  t.packet(1, in_tunnel(kTunnelA, kTunnelB, kClient, 50000, kServer, 53000)).finish();
  ASSERT_EQ(t.count(), 1U);
  const FlowExtra& extra = t.record(0).extra;
  EXPECT_EQ(extra.tunnel_type, TunnelType::ipip);
  EXPECT_EQ(extra.tunnel_depth, 1);
  EXPECT_EQ(extra.seen & (kExtraTunnelIpv6 | kExtraTunnelHasId), 0);
  EXPECT_EQ(tunnel_src(t.record(0)), kTunnelA);
}

TEST(FlowExtra, TurnsTheTunnelsEndsWithTheFlow) {
  // Seen first in the answer, and with the inner addresses in either order.
  for (const auto& [client, server] :
       {std::pair{"10.0.0.9", "10.0.0.1"}, {"10.0.0.1", "10.0.0.9"}}) {
    Trace t;
    t.packet(1, in_tunnel(kTunnelB, kTunnelA, server, 123, client, 50000));
    t.packet(1.1, in_tunnel(kTunnelA, kTunnelB, client, 50000, server, 123)).finish();
    ASSERT_EQ(t.count(), 1U);
    EXPECT_EQ(t.record(0).src()->packets, 1U);
    EXPECT_EQ(t.record(0).flow.evidence, Evidence::known_port);
    EXPECT_EQ(tunnel_src(t.record(0)), kTunnelA) << "the client's packets enter it there";
  }
}

TEST(FlowExtra, StaysForAllRecordsOfTheFlow) {
  Trace t;
  for (const double at : {1.0, 6.0, 11.0}) {
    t.packet(at, in_tunnel(kTunnelA, kTunnelB, kClient, 50000, kServer, 53000));
  }
  t.finish();
  ASSERT_EQ(t.count(), 3U);
  for (const Record& r : t.records.all) EXPECT_EQ(r.extra.tunnel_type, TunnelType::ipip);
}

TEST(FlowExtra, KeepsIdDepthAndFamilyOfTheTunnel) {
  Trace t;
  t.bytes(1, in_tunnel(kTunnelA, kTunnelB, kClient, 1, kServer, 2).bytes(), 0xffff, [](Packet& p) {
    p.tunnel.type = TunnelType::vxlan;
    p.tunnel.has_id = true;
    p.tunnel.id = 0x00abcdef;
    p.tunnel.ipv6 = true;
    p.tunnel.depth = 3;
  });
  t.finish();
  const FlowExtra& extra = t.record(0).extra;
  EXPECT_EQ(extra.tunnel_type, TunnelType::vxlan);
  EXPECT_EQ(extra.tunnel_id, 0x00abcdefU);
  EXPECT_EQ(extra.tunnel_depth, 3);
  EXPECT_EQ(extra.seen & (kExtraTunnelIpv6 | kExtraTunnelHasId),
            kExtraTunnelIpv6 | kExtraTunnelHasId);
}

TEST(FlowExtra, KeepsTheSecondVlanWhereTheKeyHasOnlyAHash) {
  Trace t;
  const auto vlans = [](int count) {
    frames::Frame f = frames::ethernet();
    for (int i = 0; i < count; ++i) f.vlan(static_cast<std::uint16_t>(11 + i));
    return f.ipv4(kClient, kServer).udp(1, 2);
  };
  t.packet(1, vlans(1)).packet(1, vlans(2)).packet(1, vlans(3)).finish();
  ASSERT_EQ(t.count(), 3U);
  EXPECT_EQ(t.record(0).extra.inner_vlan, 0);
  EXPECT_EQ(t.record(1).extra.inner_vlan, 0) << "the key says it: no extra is needed";
  EXPECT_EQ(t.record(2).extra.inner_vlan, 12);
}

TEST(FlowExtra, KeepsTheLastLabelOfEachEndpoint) {
  Trace t;
  const auto labelled = [&t](double at, const frames::Frame& frame, std::uint32_t label) {
    t.bytes(at, frame.bytes(), 0xffff, [label](Packet& p) {
      p.layers |= kHasMpls;
      p.mpls_label = label;
    });
  };
  labelled(1, udp(kClient, 999, kServer, 998), 0x12345);
  labelled(1.1, udp(kClient, 999, kServer, 998), 0xfedcb);
  t.finish();
  const Record& r = t.record(0);
  const bool src = r.flow.src_is_high();
  EXPECT_EQ(r.extra.seen & (kExtraLowMpls | kExtraHighMpls), src ? kExtraHighMpls : kExtraLowMpls);
  EXPECT_EQ(r.extra.mpls[src][0] << 16 | r.extra.mpls[src][1] << 8 | r.extra.mpls[src][2], 0xfedcb);
}

TEST(FlowExtra, KeepsTheQuicVersionAgreedUpon) {
  Trace t;
  const auto version = [&t](double at, std::uint32_t v) {
    t.bytes(at, udp(kClient, 999, kServer, 443).bytes(), 0xffff, [v](Packet& p) {
      p.layers |= kIsQuic;
      p.quic_version = v;
    });
  };
  version(1, 0x1a2a3a4a);
  version(1.1, 0);
  version(1.2, 1);
  version(1.3, 0);
  t.packet(1.4, udp(kClient, 999, kServer, 443)).finish();
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).extra.quic_version, 1U);
}

TEST(FlowExtra, IsGivenBackWithTheFlow) {
  TrackerOptions o;
  o.max_flows = 10;
  o.max_extras = 10;
  Trace t(o);
  for (std::uint16_t i = 0; i < 500; ++i) {
    const auto port = static_cast<std::uint16_t>(1000 + i);
    t.packet(1 + i * 0.001, in_tunnel(kTunnelA, kTunnelB, kClient, port, kServer, 2000));
  }
  // A new flow in the same slot gives back that of the old one.
  for (int i = 0; i < 500; ++i) {
    const auto tcp = [](std::uint8_t flags) {
      return frames::ethernet().ipv4(kTunnelA, kTunnelB).ipv4(kClient, kServer).tcp(5, 6, flags);
    };
    t.packet(2 + i * 0.001, tcp(kSyn)).packet(2 + i * 0.001, tcp(kRst));
  }
  t.finish();
  EXPECT_EQ(t.tracker.counters().extra_skipped, 0U);
  for (const Record& r : t.records.all) EXPECT_EQ(r.extra.tunnel_type, TunnelType::ipip);
  EXPECT_EQ(t.records.packets(), t.sent);
}

TEST(FlowExtra, WithoutRoomIsCounted) {
  TrackerOptions o;
  o.max_extras = 2;
  Trace t(o);
  for (std::uint16_t i = 0; i < 5; ++i) {
    t.packet(1, in_tunnel(kTunnelA, kTunnelB, kClient, i, kServer, 2000));
  }
  t.finish();
  EXPECT_EQ(t.tracker.counters().extra_skipped, 3U);
  EXPECT_EQ(t.records.packets(), 5U);
}

TEST(FlowExtra, BeginsEmpty) {
  ExtraPool pool(1);
  const std::uint32_t handle = pool.allocate();
  pool[handle].icmp_errors = 7;
  pool[handle].mpls[1][2] = 9;
  EXPECT_EQ(pool.allocate(), 0U);
  pool.release(handle);
  EXPECT_EQ(pool.allocate(), handle);
  EXPECT_EQ(pool[handle].icmp_errors, 0);
  EXPECT_EQ(pool[handle].mpls[1][2], 0);
}

}  // namespace
}  // namespace panoptes
