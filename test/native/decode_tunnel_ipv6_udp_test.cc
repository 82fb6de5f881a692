// IPv6 in UDP: Teredo and AYIYA, with the addresses and lengths that prove them.
#include <gtest/gtest.h>

#include "tunnel_udp_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::Frame;

constexpr std::size_t kTransport = 20 + 5;  // what inner_tcp() puts behind the IP header

// Between a Teredo client and a server of the IPv6 network.
Bytes teredo_packet(bool back, const Bytes& before, const Bytes& behind = {}) {
  Frame f = udp4(back, 3544, before);
  f.ipv6(back ? "2001:db8::1" : "2001:0:102:304::9", back ? "2001:0:102:304::9" : "2001:db8::1");
  Bytes bytes = f.tcp(back ? 80 : 1234, back ? 1234 : 80, kAck).payload("hello").bytes();
  return grow_udp(bytes, behind);
}

TEST(DecodeTunnelIpv6Udp, TeredoWithItsIndications) {
  const Bytes authentication{0, 1, 2, 3, 9, 9, 8, 8, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0};
  const Bytes origin{0, 0, 0xf1, 0x2a, 0xb9, 0xc8, 0x28, 0x15};
  const Bytes trailers{1, 4, 1, 2, 3, 4, 2, 0};
  for (const Bytes& before : {Bytes{}, authentication, origin, authentication + origin}) {
    for (const Bytes& behind : {Bytes{}, trailers}) {
      const Decoded there(teredo_packet(false, before, behind)), back(teredo_packet(true, before));
      ASSERT_TRUE(there.has(kHasTunnel | kHasTcp)) << before.size();
      EXPECT_EQ(there.packet.tunnel.type, TunnelType::teredo);
      EXPECT_FALSE(there.packet.tunnel.has_id);
      EXPECT_EQ(there.sender(), "2001:0:102:304::9:1234");
      EXPECT_EQ(there.payload(), "hello");  // without the trailers
      EXPECT_EQ(there.key(), back.key());
    }
  }
}

TEST(DecodeTunnelIpv6Udp, TeredoBubble) {
  Frame f = udp4(false, 3544, {});
  const Decoded d(f.ipv6("fe80::1", "2001:0:102:304::9").protocol(59).bytes());
  ASSERT_TRUE(d.has(kHasTunnel));
  EXPECT_EQ(d.key().protocol, 59);
  EXPECT_EQ(d.packet.payload_bytes, 0U);
}

TEST(DecodeTunnelIpv6Udp, TeredoClientWithoutAnAddressSpeaksToItsServer) {
  for (const char* router : {"ff02::2", "fe80::8000:f227:bec8:61af", "febf::1"}) {
    Frame f = udp4(false, 3544, {});
    const Decoded d(f.ipv6("fe80::8000:ffff:ffff:fffd", router).icmpv6(133).bytes());
    EXPECT_TRUE(d.has(kHasTunnel)) << router;
  }
}

TEST(DecodeTunnelIpv6Udp, Ayiya) {
  const auto ayiya = [](bool back) {
    Bytes header{0x41, 0x52, 0x11, 41, 1, 2, 3, 4};
    header.resize(8 + 16 + 20, 7);
    Frame f = udp4(back, 5072, header);
    return inner_tcp(f.protocol(0), back, true).bytes();
  };
  const Decoded there(ayiya(false)), back(ayiya(true));
  ASSERT_TRUE(there.has(kHasTunnel));
  EXPECT_EQ(there.packet.tunnel.type, TunnelType::ayiya);
  EXPECT_EQ(there.sender(), "fd01::1:1234");
  EXPECT_EQ(there.key(), back.key());
}

TEST(DecodeTunnelIpv6Udp, TeredoNeedsItsAddressesAndLengths) {
  const auto teredo = [](const char* src, const char* dst, const Bytes& behind) {
    Frame f = udp4(false, 3544, {});
    return grow_udp(f.ipv6(src, dst).tcp(1, 2, kAck).bytes(), behind);
  };
  const char* client = "2001:0:102:304::9";
  EXPECT_TRUE(Decoded(teredo(client, "2001:db8::1", {})).has(kHasTunnel));
  expect_datagram(teredo("2001:db8::2", "2001:db8::1", {}), "no client", 3544);
  expect_datagram(teredo("fe80::1", "2001:db8::1", {}), "no server", 3544);
  expect_datagram(teredo(client, "2001:db8::1", {1, 9, 1}), "bad trailer", 3544);
  expect_datagram(teredo(client, "2001:db8::1", {1}), "half a trailer", 3544);
  Bytes longer = teredo(client, "2001:db8::1", {});
  ++longer[14 + 20 + 8 + 5];  // the inner payload length
  expect_datagram(longer, "too long", 3544);
}

TEST(DecodeTunnelIpv6Udp, AyiyaFillsItsDatagramAndHasKnownMethods) {
  const auto ayiya = [](std::uint8_t identity, std::uint8_t hash, std::uint8_t operation) {
    const Bytes header{
        static_cast<std::uint8_t>(0x10 | identity), hash, operation, 4, 1, 2, 3, 4, 9, 9};
    return inner_tcp(udp4(false, 5072, header), false).bytes();
  };
  EXPECT_TRUE(Decoded(ayiya(2, 2, 0x21)).has(kHasTunnel));
  EXPECT_TRUE(Decoded(ayiya(0, 0, 0x03)).has(kHasTunnel));
  expect_datagram(ayiya(3, 0, 0x11), "identity", 5072);
  expect_datagram(ayiya(0, 3, 0x11), "hash", 5072);
  expect_datagram(ayiya(0, 0, 0x31), "authentication", 5072);
  expect_datagram(grow_udp(ayiya(0, 0, 0x11), {0}), "a byte behind", 5072);
  Bytes longer = ayiya(0, 0, 0x11);
  ++longer[longer.size() - kInner4 + 3];
  expect_datagram(longer, "a byte missing", 5072);
}

// A copy as long as the cut, so that the sanitizer sees an overrun.
void expect_cut_anywhere(const Bytes& whole, const char* what) {
  for (std::size_t size = 34; size < whole.size(); ++size) {
    const Bytes piece(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const Decoded d(piece, 1, static_cast<std::uint32_t>(whole.size()));
    ASSERT_EQ(d.reason, Undecoded::none) << what << size;
    ASSERT_EQ(d.has(kHasTunnel), size >= whole.size() - kTransport) << what << size;
    ASSERT_EQ(Decoded(piece).reason, Undecoded::none) << what << size;
  }
}

TEST(DecodeTunnelIpv6Udp, CutAnywhere) {
  const Bytes authentication{0, 1, 2, 3, 9, 9, 8, 8, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0};
  const Bytes origin{0, 0, 0xf1, 0x2a, 0xb9, 0xc8, 0x28, 0x15};
  expect_cut_anywhere(teredo_packet(false, {}), "plain");
  expect_cut_anywhere(teredo_packet(false, origin), "origin");
  expect_cut_anywhere(teredo_packet(false, authentication + origin), "both");
  Bytes header{0x41, 0x52, 0x11, 41, 1, 2, 3, 4};
  header.resize(8 + 16 + 20, 7);
  expect_cut_anywhere(inner_tcp(udp4(false, 5072, header), false, true).bytes(), "AYIYA");
}

}  // namespace
}  // namespace panoptes
