// What the tests of tunnels share: a tunnel as a case of a table, and what has to hold for each.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "decode_support.h"
#include "frames.h"

namespace panoptes {

// A tunnel between 192.0.2.1 and 192.0.2.2 (or fd00::1 and fd00::2) around TCP
// between 10.1.0.1:1234 and 10.1.0.2:80 (or fd01::1 and fd01::2), there and back.
struct TunnelCase {
  std::string name;
  TunnelType type;
  bool has_id;
  std::uint32_t id;  // on the way there
  std::function<frames::Frame(bool back)> around;
  bool whole = false;  // only an uncut packet proves itself
  bool inner_ipv6 = false;
};

inline frames::Frame outer4(bool back, std::uint8_t protocol) {
  frames::Frame f = frames::ethernet();
  return f.ipv4(back ? "192.0.2.2" : "192.0.2.1", back ? "192.0.2.1" : "192.0.2.2")
      .protocol(protocol);
}
inline frames::Frame outer6(bool back, std::uint8_t protocol) {
  frames::Frame f = frames::ethernet();
  return f.ipv6(back ? "fd00::2" : "fd00::1", back ? "fd00::1" : "fd00::2").protocol(protocol);
}
// Both MACs; the ethertype is that of what follows.
inline frames::Frame ethernet_inside(frames::Frame f) {
  return f.bytes_as_they_are({2, 9, 9, 9, 9, 2, 2, 9, 9, 9, 9, 1}).next_field(2);
}
inline frames::Frame inner_tcp(frames::Frame f, bool back, bool ipv6 = false) {
  if (ipv6) {
    f.ipv6(back ? "fd01::2" : "fd01::1", back ? "fd01::1" : "fd01::2");
  } else {
    f.ipv4(back ? "10.1.0.2" : "10.1.0.1", back ? "10.1.0.1" : "10.1.0.2");
  }
  return f.tcp(back ? 80 : 1234, back ? 1234 : 80, kAck).payload("hello");
}
inline frames::Bytes tunnel_frame(const TunnelCase& t, bool back = false) {
  return inner_tcp(t.around(back), back, t.inner_ipv6).bytes();
}

inline void expect_inner_flow(const TunnelCase& t) {
  SCOPED_TRACE(t.name);
  const Decoded d(tunnel_frame(t));
  ASSERT_EQ(d.reason, Undecoded::none);
  ASSERT_TRUE(d.has(kHasTunnel));
  EXPECT_EQ(d.packet.tunnel.type, t.type);
  EXPECT_EQ(d.packet.tunnel.has_id, t.has_id);
  if (t.has_id) {
    EXPECT_EQ(d.packet.tunnel.id, t.id);
  }
  EXPECT_EQ(d.packet.tunnel.depth, 1);
  EXPECT_EQ(d.tunnel_ends(), d.packet.tunnel.ipv6 ? "fd00::1 > fd00::2" : "192.0.2.1 > 192.0.2.2");
  EXPECT_EQ(d.key().protocol, 6);
  EXPECT_EQ(d.sender(), t.inner_ipv6 ? "fd01::1:1234" : "10.1.0.1:1234");
  EXPECT_EQ(d.receiver(), t.inner_ipv6 ? "fd01::2:80" : "10.1.0.2:80");
  EXPECT_EQ(d.payload(), "hello");
  EXPECT_EQ(d.packet.payload_bytes, 5U);
  EXPECT_EQ(d.packet.wire_bytes, d.bytes.size());
  EXPECT_EQ(std::memcmp(d.packet.mac_src, frames::kClientMac.data(), 6), 0) << "not the outer MAC";
  EXPECT_FALSE(d.has(kMayTunnel));
}

inline void expect_one_flow(const TunnelCase& t) {
  SCOPED_TRACE(t.name);
  const Decoded there(tunnel_frame(t)), back(tunnel_frame(t, true));
  ASSERT_TRUE(there.has(kHasTunnel) && back.has(kHasTunnel));
  EXPECT_EQ(there.key(), back.key());
  EXPECT_NE(there.packet.from_high, back.packet.from_high);
  EXPECT_EQ(back.tunnel_ends(),
            back.packet.tunnel.ipv6 ? "fd00::2 > fd00::1" : "192.0.2.2 > 192.0.2.1");
  // Not the flow that the inner packet would be without the tunnel.
  const Decoded bare(inner_tcp(frames::ethernet(), false, t.inner_ipv6).bytes());
  EXPECT_FALSE(there.key() == bare.key());
}

// Cut by the snaplen, then by the sender: a flow of the outer header, and of the inner one from
// where that is captured. The copies are as long as the cut, so that the sanitizer sees an overrun.
inline void expect_cut_anywhere(const TunnelCase& t) {
  SCOPED_TRACE(t.name);
  const frames::Bytes whole = tunnel_frame(t);
  const Decoded d(whole);
  ASSERT_TRUE(d.has(kHasTunnel));
  const std::size_t outer_end = 14 + (d.packet.tunnel.ipv6 ? 40U : 20U);
  const std::size_t inner_end = whole.size() - 5 - 20;  // of the inner IP header
  const auto wire = static_cast<std::uint32_t>(whole.size());
  for (std::size_t size = outer_end; size < whole.size(); ++size) {
    const frames::Bytes piece(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const Decoded snapped(piece, 1, wire);
    ASSERT_EQ(snapped.reason, Undecoded::none) << size;
    const bool inside = size >= inner_end && !t.whole;
    ASSERT_TRUE(t.whole || snapped.has(kHasTunnel) == inside) << size;
    if (snapped.has(kHasTunnel)) {
      ASSERT_EQ(snapped.key().protocol, 6) << size;
      if (snapped.has(kHasTcp)) {
        ASSERT_EQ(snapped.packet.payload_bytes, 5U) << size;
      }
    } else {
      ASSERT_EQ(snapped.sender().substr(0, 5), d.packet.tunnel.ipv6 ? "fd00:" : "192.0") << size;
    }
    const Decoded sent(piece);
    ASSERT_EQ(sent.reason, Undecoded::none) << size;
  }
}

// A packet that stays one of the outer flow, whatever it claims to carry.
inline void expect_outer_flow(const frames::Bytes& frame, const std::string& what,
                              std::uint8_t protocol) {
  SCOPED_TRACE(what);
  const Decoded d(frame);
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_FALSE(d.has(kHasTunnel));
  EXPECT_FALSE(d.has(kMayTunnel));
  EXPECT_EQ(d.key().protocol, protocol);
  EXPECT_EQ(d.key().link_context, 0U);
  EXPECT_EQ(d.sender(), d.key().kind == FlowKind::ipv6 ? "fd00::1:0" : "192.0.2.1:0");
}

}  // namespace panoptes
