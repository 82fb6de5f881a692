// AH and ESP: security associations, what AH lets through, and ESP that hides nothing.
#include <gtest/gtest.h>

#include "tunnel_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::Frame;

constexpr std::uint8_t kEsp = 50, kAh = 51;
constexpr std::uint32_t kSpi = 0x01020304;

// AH with a check value of 12 bytes; there and back have different SPIs.
Bytes ah(std::uint8_t next, bool back = false) {
  Bytes header{next, 4, 0, 0, 1, 2, 3, static_cast<std::uint8_t>(back ? 5 : 4), 0, 0, 0, 9};
  header.resize(24, 0xcc);
  return header;
}
Frame behind(Frame f, const Bytes& header) { return f.bytes_as_they_are(header); }

struct EspShape {
  std::uint8_t nonce = 0;
  std::uint8_t check_value = 12;
  std::uint8_t extra_padding = 0;  // a multiple of 4
};

// ESP without encryption around `body`.
Bytes esp_around(const Bytes& body, std::uint8_t next, EspShape shape = {}) {
  Bytes esp{1, 2, 3, 4, 0, 0, 0, 1};
  esp.insert(esp.end(), shape.nonce, 0x5a);
  esp.insert(esp.end(), body.begin(), body.end());
  std::uint8_t padding = 0;
  while (padding < shape.extra_padding || (esp.size() + 2) % 4 != 0) esp.push_back(++padding);
  esp.insert(esp.end(), {padding, next});
  esp.insert(esp.end(), shape.check_value, 0xa7);
  return esp;
}
Bytes esp_frame(const Bytes& esp, bool ipv6 = false) {
  return behind(ipv6 ? outer6(false, kEsp) : outer4(false, kEsp), esp).bytes();
}
Bytes inner_packet(bool ipv6) { return inner_tcp(frames::raw_ip(), false, ipv6).bytes(); }
// The transport layer of a packet between the outer addresses.
Bytes transport_of(const Frame& packet, std::size_t ip_header) {
  const Bytes all = packet.bytes();
  return {all.begin() + static_cast<std::ptrdiff_t>(ip_header), all.end()};
}
Bytes tcp4() {
  return transport_of(
      frames::raw_ip().ipv4("192.0.2.1", "192.0.2.2").tcp(1234, 80, kAck).payload("hello"), 20);
}

const std::vector<TunnelCase>& tunnel_mode() {
  static const std::vector<TunnelCase> all = {
      {"AH", TunnelType::ah, true, kSpi, [](bool b) { return behind(outer4(b, kAh), ah(4, b)); }},
      {.name = "AH of IPv6",
       .type = TunnelType::ah,
       .has_id = true,
       .id = kSpi,
       .around = [](bool b) { return behind(outer4(b, kAh), ah(41, b)); },
       .inner_ipv6 = true},
      {"AH over IPv6", TunnelType::ah, true, kSpi,
       [](bool b) { return behind(outer6(b, kAh), ah(4, b)); }},
  };
  return all;
}

TEST(DecodeAh, TunnelModeLeadsToTheInnerFlow) {
  for (const TunnelCase& t : tunnel_mode()) {
    expect_inner_flow(t);
    expect_one_flow(t);
    expect_cut_anywhere(t);
  }
}

TEST(DecodeAh, TransportModeIsTheFlowOfTheTransport) {
  const auto frame = [](bool back, bool ipv6) {
    Frame f = behind(ipv6 ? outer6(back, kAh) : outer4(back, kAh), ah(6, back));
    return f.tcp(back ? 80 : 1234, back ? 1234 : 80, kAck).payload("hello").bytes();
  };
  for (const bool ipv6 : {false, true}) {
    const Decoded there(frame(false, ipv6)), back(frame(true, ipv6));
    ASSERT_TRUE(there.has(kHasTunnel | kHasTcp | kHasPorts)) << ipv6;
    EXPECT_FALSE(there.has(kHasSpi));
    EXPECT_EQ(there.packet.tunnel.type, TunnelType::ah);
    EXPECT_EQ(there.packet.tunnel.id, kSpi);
    EXPECT_EQ(there.key().protocol, 6);
    EXPECT_EQ(there.sender(), ipv6 ? "fd00::1:1234" : "192.0.2.1:1234");
    EXPECT_EQ(there.tunnel_ends(), ipv6 ? "fd00::1 > fd00::2" : "192.0.2.1 > 192.0.2.2");
    EXPECT_EQ(there.payload(), "hello");
    EXPECT_EQ(there.key(), back.key());
    EXPECT_EQ(back.packet.tunnel.id, kSpi + 1);
  }
}

TEST(DecodeAh, OptionsOfIpv6MayStandOnEitherSide) {
  Frame f = outer6(false, 0).bytes_as_they_are({60, 0, 1, 4, 0, 0, 0, 0});
  f.bytes_as_they_are({kAh, 0, 1, 4, 0, 0, 0, 0}).bytes_as_they_are(ah(60));
  f.bytes_as_they_are({17, 0, 1, 4, 0, 0, 0, 0}).udp(5, 6).payload("x");
  const Decoded d(f.bytes());
  EXPECT_EQ(d.key().protocol, 17);
  EXPECT_EQ(d.sender(), "fd00::1:5");
  EXPECT_EQ(d.payload(), "x");
  EXPECT_EQ(d.packet.tunnel.id, kSpi);
}

TEST(DecodeAh, InFrontOfEspLeavesTheAssociation) {
  const Decoded d(behind(behind(outer4(false, kAh), ah(kEsp)), {9, 8, 7, 6}).payload(60).bytes());
  EXPECT_EQ(d.key().protocol, kEsp);
  ASSERT_TRUE(d.has(kHasSpi | kHasTunnel));
  EXPECT_EQ(d.key().aux, 0x0706);
  EXPECT_EQ(d.packet.tunnel.type, TunnelType::ah);
}

TEST(DecodeAh, WhatCannotBeIsAFlowOfItsAssociation) {
  const auto stays = [](const Bytes& frame, const char* what) {
    expect_outer_flow(frame, what, kAh);
    const Decoded d(frame);
    ASSERT_TRUE(d.has(kHasSpi)) << what;
    EXPECT_EQ(d.key().aux, 0x0304);
  };
  stays(behind(outer4(false, kAh), ah(59)).payload(8).bytes(), "nothing follows");
  Bytes longer = ah(6);
  longer[1] = 200;
  stays(behind(outer4(false, kAh), longer).payload(40).bytes(), "longer than the packet");
  Bytes shorter = ah(6);
  shorter[1] = 0;
  stays(behind(outer4(false, kAh), shorter).payload(40).bytes(), "shorter than itself");
  stays(behind(outer4(false, kAh), ah(4)).payload(40).bytes(), "no packet in tunnel mode");
  const Bytes fragment{17, 0, 0, 9, 0, 0, 0, 1};
  stays(behind(behind(outer6(false, kAh), ah(44)), fragment).payload(40).bytes(),
        "a fragment behind it");
  const Bytes whole = behind(outer4(false, kAh), ah(6)).tcp(1, 2, kAck).bytes();
  expect_outer_flow({whole.begin(), whole.begin() + 14 + 20 + 7}, "cut in its SPI", kAh);
}

TEST(DecodeAh, FirstFragmentHasThePortsAndTheDatagramOfAh) {
  Frame f = frames::ethernet().ipv4("192.0.2.1", "192.0.2.2", {.fragment = 0x2000}).protocol(kAh);
  const Decoded d(f.bytes_as_they_are(ah(17)).udp(5, 6).payload(32).bytes());
  ASSERT_TRUE(d.has(kIsFragment | kHasTunnel));
  EXPECT_EQ(d.sender(), "192.0.2.1:5");
  EXPECT_EQ(d.packet.fragment.datagram.protocol, kAh);
  EXPECT_EQ(d.packet.fragment.datagram.low_port, 0);
}

TEST(DecodeEsp, IsAFlowOfItsAssociation) {
  const Bytes secret =
      esp_frame({1,    2,    3,    4,    0,    0,    0,    1,    0x8f, 0x11, 0x3c, 0x92,
                 0x7e, 0x5d, 0xa1, 0x44, 0x90, 0x0b, 0xee, 0x37, 0x61, 0x28, 0xc5, 0x7a});
  const Decoded d(secret);
  EXPECT_EQ(d.key().protocol, kEsp);
  ASSERT_TRUE(d.has(kHasSpi));
  EXPECT_EQ(d.key().aux, 0x0304);
  EXPECT_EQ(d.key().icmp_type, 1);
  EXPECT_EQ(d.key().icmp_code, 2);
  EXPECT_FALSE(d.has(kHasTunnel));
}

TEST(DecodeEsp, WithoutEncryptionLeadsToTheInnerFlow) {
  constexpr EspShape kShapes[] = {{0, 12, 0}, {0, 16, 0}, {8, 16, 0}, {0, 32, 0},
                                  {0, 24, 0}, {0, 20, 0}, {0, 12, 8}, {0, 16, 200}};
  for (const EspShape& shape : kShapes) {
    for (const bool ipv6 : {false, true}) {
      SCOPED_TRACE(shape.check_value);
      const Decoded d(esp_frame(esp_around(inner_packet(ipv6), ipv6 ? 41 : 4, shape)));
      ASSERT_TRUE(d.has(kHasTunnel));
      EXPECT_EQ(d.packet.tunnel.type, TunnelType::esp_null);
      EXPECT_EQ(d.packet.tunnel.id, kSpi);
      EXPECT_EQ(d.sender(), ipv6 ? "fd01::1:1234" : "10.1.0.1:1234");
      EXPECT_EQ(d.payload(), "hello");
    }
    const Decoded d(esp_frame(esp_around(tcp4(), 6, shape)));
    ASSERT_TRUE(d.has(kHasTunnel | kHasTcp));
    EXPECT_FALSE(d.has(kHasSpi));
    EXPECT_EQ(d.sender(), "192.0.2.1:1234");
    EXPECT_EQ(d.payload(), "hello") << "not without the trailer";
    EXPECT_EQ(d.packet.payload_bytes, 5U);
  }
}

TEST(DecodeEsp, EachTransportProvesItself) {
  const Frame v4 = frames::raw_ip().ipv4("192.0.2.1", "192.0.2.2");
  const Frame v6 = frames::raw_ip().ipv6("fd00::1", "fd00::2");
  const auto opens = [](const Bytes& transport, std::uint8_t next, bool ipv6) {
    const Decoded d(esp_frame(esp_around(transport, next), ipv6));
    return d.has(kHasTunnel) && d.key().protocol == next;
  };
  EXPECT_TRUE(opens(transport_of(Frame(v4).udp(5, 6).payload("abc"), 20), 17, false));
  EXPECT_TRUE(opens(transport_of(Frame(v4).icmp(8, 0, 1, 1), 20), 1, false));
  EXPECT_TRUE(opens(transport_of(Frame(v6).udp(5, 6).payload("abc"), 40), 17, true));
  EXPECT_TRUE(opens(transport_of(Frame(v6).tcp(5, 6, kSyn), 40), 6, true));
  EXPECT_TRUE(opens(transport_of(Frame(v6).icmpv6(128, 0, 1, 1), 40), 58, true));
  EXPECT_FALSE(opens(transport_of(Frame(v4).udp(5, 6, 132).payload("abc"), 20), 132, false));
}

TEST(DecodeEsp, WhatIsNotProvenStaysHidden) {
  const Bytes good = esp_frame(esp_around(tcp4(), 6, {.extra_padding = 8}));
  ASSERT_TRUE(Decoded(good).has(kHasTunnel));
  const auto hidden = [](const Bytes& frame, std::size_t wire = 0) {
    const Decoded d(frame, 1, static_cast<std::uint32_t>(wire));
    return !d.has(kHasTunnel) && d.has(kHasSpi) && d.key().protocol == kEsp;
  };
  // Any byte of the transport, of the padding or of the trailer.
  for (std::size_t at = 14 + 20 + 8; at < good.size() - 12; ++at) {
    Bytes bad = good;
    bad[at] ^= 0x40;
    EXPECT_TRUE(hidden(bad)) << at;
  }
  const Bytes packet = esp_frame(esp_around(inner_packet(false), 4));
  for (std::size_t at = 14 + 20 + 8; at < 14 + 20 + 8 + 20; ++at) {
    Bytes bad = packet;
    bad[at] ^= 0x40;
    EXPECT_TRUE(hidden(bad)) << at;
  }
  EXPECT_TRUE(hidden(esp_frame(esp_around(inner_packet(false), 41)))) << "another family";
  EXPECT_TRUE(hidden(esp_frame(esp_around(tcp4(), 6, {.check_value = 8})))) << "unknown algorithm";
  Bytes longer = inner_packet(false);
  longer.resize(longer.size() + 4);
  EXPECT_TRUE(hidden(esp_frame(esp_around(longer, 4)))) << "more than the inner packet";
  Bytes odd{1, 2, 3, 4, 0, 0, 0, 1};  // RFC 4303 2.4: the trailer ends on a multiple of 4
  const Bytes body = tcp4();
  odd.insert(odd.end(), body.begin(), body.end());
  odd.insert(odd.end(), {0, 6});
  odd.resize(odd.size() + 12, 0xa7);
  ASSERT_NE(odd.size() % 4, 0U);
  EXPECT_TRUE(hidden(esp_frame(odd))) << "not aligned";
  for (std::size_t size = 14 + 20 + 4; size < good.size(); ++size) {
    const Bytes piece(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_TRUE(hidden(piece, good.size())) << size;
  }
}

TEST(DecodeEsp, GivesUpWhereEveryTrailerLooksRight) {
  Bytes esp = esp_around(tcp4(), 6, {.check_value = 20});
  ASSERT_TRUE(Decoded(esp_frame(esp)).has(kHasTunnel));
  for (const std::size_t check_value : {12U, 16U}) {  // the second is tried twice
    esp[esp.size() - check_value - 2] = 0;
    esp[esp.size() - check_value - 1] = 6;
  }
  EXPECT_FALSE(Decoded(esp_frame(esp)).has(kHasTunnel));
}

TEST(DecodeEsp, AFirstFragmentStaysHidden) {
  Frame f = frames::ethernet().ipv4("192.0.2.1", "192.0.2.2", {.fragment = 0x2000}).protocol(kEsp);
  EXPECT_FALSE(
      Decoded(f.bytes_as_they_are(esp_around(inner_packet(false), 4)).bytes()).has(kHasTunnel));
}

}  // namespace
}  // namespace panoptes
