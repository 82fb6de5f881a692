// What the tests of the link decoders share: one UDP packet behind any link, and frames cut short.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>

#include "decode/link.h"
#include "decode/link_context.h"
#include "decode_support.h"

namespace panoptes {

using Octets = std::initializer_list<std::uint8_t>;
using Words = std::initializer_list<std::uint16_t>;

inline frames::Bytes udp4(frames::Frame link) {
  return link.ipv4("10.0.0.1", "10.0.0.2").udp(1000, 2000).payload("abc").bytes();
}
inline frames::Bytes udp6(frames::Frame link) {
  return link.ipv6("fd00::1", "fd00::2").udp(1000, 2000).payload("abc").bytes();
}

inline void expect_udp4(const Decoded& d) {
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().kind, FlowKind::ipv4);
  EXPECT_EQ(d.sender(), "10.0.0.1:1000");
  EXPECT_EQ(d.receiver(), "10.0.0.2:2000");
  EXPECT_EQ(d.payload(), "abc");
  EXPECT_EQ(d.packet.payload_bytes, 3U);
}
inline void expect_udp6(const Decoded& d) {
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().kind, FlowKind::ipv6);
  EXPECT_EQ(d.sender(), "fd00::1:1000");
  EXPECT_EQ(d.receiver(), "fd00::2:2000");
  EXPECT_EQ(d.payload(), "abc");
  EXPECT_EQ(d.packet.payload_bytes, 3U);
}
// A flow between two MACs; `type` is its ethertype, or what stands in its place.
inline void expect_macs(const Decoded& d, std::uint16_t type) {
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().kind, FlowKind::ethernet);
  EXPECT_EQ(d.key().aux, type);
  EXPECT_TRUE(d.has(kHasMac));
  EXPECT_EQ(d.packet.payload_bytes, 0U);
}
inline void expect_client_to_server(const Decoded& d) {
  ASSERT_TRUE(d.has(kHasMac));
  EXPECT_EQ(std::memcmp(d.packet.mac_src, frames::kClientMac.data(), 6), 0);
  EXPECT_EQ(std::memcmp(d.packet.mac_dst, frames::kServerMac.data(), 6), 0);
}

inline frames::Bytes operator+(frames::Bytes a, const frames::Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
inline frames::Bytes bytes_of(const frames::Mac& mac) { return {mac.begin(), mac.end()}; }

// The frame cut behind each of its bytes, by the capture and by the sender: one of the reasons that
// say so, or a flow. A sender that cuts contradicts its own lengths, and may leave nothing that
// proves what it is (`unproven`). The bytes have a heap block of their own size, so that a
// sanitizer sees a decoder that reads on.
inline void expect_cuts(const frames::Bytes& frame, std::uint16_t link_type,
                        Undecoded unproven = Undecoded::none) {
  const auto whole = static_cast<std::uint32_t>(frame.size());
  for (std::ptrdiff_t size = 0; size < static_cast<std::ptrdiff_t>(whole); ++size) {
    const frames::Bytes part(frame.begin(), frame.begin() + size);
    const Undecoded captured = Decoded(part, link_type, whole).reason;
    const Undecoded sent = Decoded(part, link_type).reason;
    const auto says_so = [](Undecoded reason) {
      return reason == Undecoded::none || reason == Undecoded::truncated_link ||
             reason == Undecoded::truncated_ip;
    };
    EXPECT_TRUE(says_so(captured)) << "link type " << link_type << " captured " << size << " of "
                                   << whole << ": " << name(captured);
    EXPECT_TRUE(says_so(sent) || sent == Undecoded::bad_link_header || sent == unproven)
        << "link type " << link_type << " sent " << size << " of " << whole << ": " << name(sent);
  }
}

}  // namespace panoptes
