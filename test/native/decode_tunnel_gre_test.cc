// GRE in all its forms, and what is no tunnel of it.
#include <gtest/gtest.h>

#include "tunnel_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::Frame;

constexpr std::uint8_t kGre = 47;

// GRE with these bytes for its flags, its protocol and whatever follows.
Frame gre(bool back, const Bytes& header) { return outer4(back, kGre).bytes_as_they_are(header); }
// GRE whose protocol is that of what follows; `fields` come behind it.
Frame named(bool back, std::uint8_t flags, const Bytes& fields) {
  return outer4(back, kGre).bytes_as_they_are({flags, 0}).next_field(2).bytes_as_they_are(fields);
}
Frame bridged(bool back, const Bytes& key) {
  Frame f = gre(back, {0x20, 0, 0x65, 0x58});
  return ethernet_inside(f.bytes_as_they_are(key));
}
Bytes erspan2(std::uint8_t version, std::uint8_t session) {
  return {0x10, 0,    0x88,    0xbe, 0, 0, 0, 1, static_cast<std::uint8_t>(version << 4),
          5,    0x18, session, 0,    0, 0, 9};
}
// `frame`: what the header says of the frame; `options`: its last byte.
Bytes erspan3(std::uint8_t frame, std::uint8_t options) {
  return {0x10,
          0,
          0x22,
          0xeb,
          0,
          0,
          0,
          1,
          0x20,
          5,
          0x02,
          101,
          0,
          0,
          0,
          0,
          0,
          0,
          static_cast<std::uint8_t>(0x80 | frame << 2),
          options};
}
Bytes pptp(std::uint8_t call, std::uint8_t size, bool ack) {
  Bytes header{
      0x30, static_cast<std::uint8_t>(ack ? 0x81 : 0x01), 0x88, 0x0b, 0, size, 0, call, 0, 0, 0, 1};
  if (ack) header.insert(header.end(), {0, 0, 0, 0});
  return header;
}
// Of PPP and what inner_tcp() adds.
constexpr std::uint8_t kPppBytes = 4 + 20 + 20 + 5;

const std::vector<TunnelCase>& cases() {
  static const std::vector<TunnelCase> all = {
      {"plain", TunnelType::gre, false, 0, [](bool b) { return named(b, 0, {}); }},
      {"checksum", TunnelType::gre, false, 0,
       [](bool b) {
         return named(b, 0x80, {1, 2, 0, 0});
       }},
      {"key", TunnelType::gre, true, 7,
       [](bool b) {
         return named(b, 0x20, {0, 0, 0, static_cast<std::uint8_t>(b ? 8 : 7)});
       }},
      {"sequence", TunnelType::gre, false, 0,
       [](bool b) {
         return named(b, 0x10, {0, 0, 0, 7});
       }},
      {"checksum, key, sequence", TunnelType::gre, true, 0x01020304,
       [](bool b) {
         return named(b, 0xb0, {9, 9, 0, 0, 1, 2, 3, 4, 0, 0, 0, 1});
       }},
      {"routing", TunnelType::gre, false, 0,
       [](bool b) {
         return named(b, 0x40, {0, 0, 0, 0, 8, 0, 0, 4, 10, 0, 0, 1, 0, 0, 0, 0});
       }},
      {.name = "IPv6",
       .type = TunnelType::gre,
       .has_id = false,
       .id = 0,
       .around = [](bool b) { return named(b, 0, {}); },
       .inner_ipv6 = true},
      {"over IPv6", TunnelType::gre, false, 0,
       [](bool b) {
         Frame f = outer6(b, kGre);
         return f.bytes_as_they_are({0, 0}).next_field(2);
       }},
      {"bridged", TunnelType::gre, false, 0,
       [](bool b) {
         return ethernet_inside(gre(b, {0, 0, 0x65, 0x58}));
       }},
      {"bridged with a tag", TunnelType::gre, false, 0,
       [](bool b) {
         return ethernet_inside(gre(b, {0, 0, 0x65, 0x58})).vlan(77);
       }},
      {"bridged with a small key", TunnelType::gre, true, 100,
       [](bool b) {
         return bridged(b, {0, 0, 0, 100});
       }},
      {"NVGRE", TunnelType::nvgre, true, 0x123456,
       [](bool b) {
         return bridged(b, {0x12, 0x34, 0x56, static_cast<std::uint8_t>(b ? 1 : 2)});
       }},
      {"ERSPAN I", TunnelType::erspan, false, 0,
       [](bool b) {
         return ethernet_inside(gre(b, {0, 0, 0x88, 0xbe}));
       }},
      {"ERSPAN II", TunnelType::erspan, true, 33,
       [](bool b) { return ethernet_inside(gre(b, erspan2(1, 33))); }},
      {"ERSPAN III", TunnelType::erspan, true, 0x265,
       [](bool b) { return ethernet_inside(gre(b, erspan3(0, 0))); }},
      {"ERSPAN III with a platform header", TunnelType::erspan, true, 0x265,
       [](bool b) {
         Frame f = gre(b, erspan3(0, 1));
         return ethernet_inside(f.payload(8));
       }},
      {"ERSPAN III of IP", TunnelType::erspan, true, 0x265,
       [](bool b) { return gre(b, erspan3(2, 0)); }},
      {"WCCP 1", TunnelType::gre, false, 0,
       [](bool b) {
         return gre(b, {0, 0, 0x88, 0x3e});
       }},
      {"WCCP 2", TunnelType::gre, false, 0,
       [](bool b) {
         return gre(b, {0, 0, 0x88, 0x3e, 0x80, 1, 0, 0});
       }},
      {"PPP", TunnelType::gre, false, 0,
       [](bool b) {
         return gre(b, {0, 0, 0x88, 0x0b, 0xff, 3, 0, 0x21});
       }},
      {"Cisco metadata", TunnelType::gre, true, 40,
       [](bool b) {
         return gre(b, {0x20, 0, 0x89, 9, 0, 0, 0, 40, 8, 0, 1, 1, 0, 1, 0, 5});
       }},
      {"PPTP", TunnelType::pptp, true, 5,
       [](bool b) {
         Frame f = gre(b, pptp(b ? 6 : 5, kPppBytes, false));
         return f.bytes_as_they_are({0xff, 3, 0, 0x21});
       }},
      {"PPTP with an acknowledgement", TunnelType::pptp, true, 5,
       [](bool b) {
         Frame f = gre(b, pptp(b ? 6 : 5, kPppBytes, true));
         return f.bytes_as_they_are({0xff, 3, 0, 0x21});
       }},
  };
  return all;
}

TEST(DecodeGre, LeadsToTheInnerFlow) {
  for (const TunnelCase& t : cases()) expect_inner_flow(t);
}

TEST(DecodeGre, BothDirectionsAreOneFlow) {
  for (const TunnelCase& t : cases()) expect_one_flow(t);
}

TEST(DecodeGre, MayBeCutAnywhere) {
  for (const TunnelCase& t : cases()) expect_cut_anywhere(t);
}

TEST(DecodeGre, SubnetsAndSessionsAreNetworksOfTheirOwn) {
  const auto key_of = [](Frame f) { return Decoded(inner_tcp(std::move(f), false).bytes()).key(); };
  EXPECT_FALSE(key_of(bridged(false, {0, 0x10, 1, 0})) == key_of(bridged(false, {0, 0x10, 2, 0})));
  EXPECT_EQ(key_of(bridged(false, {0, 0x10, 1, 0})), key_of(bridged(false, {0, 0x10, 1, 99})));
  EXPECT_FALSE(key_of(ethernet_inside(gre(false, erspan2(1, 1)))) ==
               key_of(ethernet_inside(gre(false, erspan2(1, 2)))));
}

// Key 0 for what a machine received, this one for what it sent, both to the same monitor.
TEST(DecodeGre, ThePortMirrorOfVmwareKeepsAFlowInOnePiece) {
  const Decoded there(inner_tcp(bridged(false, {0, 0, 0, 0}), false).bytes());
  const Decoded back(inner_tcp(bridged(false, {2, 0, 0, 0}), true).bytes());
  EXPECT_EQ(there.key(), back.key());
  EXPECT_EQ(back.packet.tunnel.type, TunnelType::gre);
  EXPECT_EQ(back.packet.tunnel.id, 0x02000000U);
}

TEST(DecodeGre, ReadsTheDirectionOfEachPacketsTunnel) {
  const Decoded d(inner_tcp(named(false, 0, {}), true).bytes());  // against the outer packet
  EXPECT_EQ(d.tunnel_ends(), "192.0.2.1 > 192.0.2.2");
  EXPECT_EQ(d.sender(), "10.1.0.2:80");
}

TEST(DecodeGre, WhatIsNoPacketStaysInTheOuterFlow) {
  const auto stays = [](Frame f, const char* what) { expect_outer_flow(f.bytes(), what, kGre); };
  stays(gre(false, {0, 0, 0, 0}), "keepalive");
  stays(inner_tcp(gre(false, {0, 0, 0, 0}), false), "an unknown protocol");
  stays(inner_tcp(gre(false, {0, 0, 0x20, 0}), false), "CDP");
  stays(bridged(false, {1, 2, 3, 4}).arp(1, "10.0.0.1", "10.0.0.2"), "ARP");
  stays(gre(false, {0, 0, 0x88, 0x0b, 0xff, 3, 0xc0, 0x21, 1, 1, 0, 4}), "LCP");
  stays(gre(false, {0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 5, 0, 0, 0, 9}), "acknowledgement of PPTP");
  stays(ethernet_inside(gre(false, erspan3(7, 0))).payload(72), "time stamp marker");
  stays(gre(false, {0, 0, 8, 0}), "nothing inside");
  stays(gre(false, {0, 0, 0x65, 0x58}).payload(13), "a cut Ethernet header");
}

TEST(DecodeGre, BadHeadersStayInTheOuterFlow) {
  const auto stays = [](const Frame& f, const char* what) {
    expect_outer_flow(inner_tcp(f, false).bytes(), what, kGre);
  };
  stays(gre(false, {0, 2, 8, 0}), "version 2");
  stays(gre(false, {0, 7, 8, 0}), "version 7");
  stays(ethernet_inside(gre(false, erspan2(2, 1))), "ERSPAN II with the version of III");
  stays(ethernet_inside(gre(false, erspan2(0, 1))), "ERSPAN II with the version of I");
  stays(gre(false, {0, 0, 0x86, 0xdd}), "IPv4 called IPv6");
  stays(gre(false, {0x20, 0, 0x89, 9, 0, 0, 0, 40, 8, 0, 2, 1, 0, 1, 0, 5}), "metadata version 2");
  stays(gre(false, {0x20, 0, 0x89, 9, 0, 0, 0, 40, 8, 0, 1, 2, 0, 1, 0, 5}),
        "two metadata options");
  const Bytes ppp{0xff, 3, 0, 0x21};
  const auto pptp_with = [&ppp](std::size_t at, std::uint8_t value) {
    Bytes header = pptp(5, kPppBytes, false);
    header[at] = value;
    Frame f = gre(false, header);
    return f.bytes_as_they_are(ppp);
  };
  stays(pptp_with(0, 0x10), "PPTP without a key");
  stays(pptp_with(0, 0xb0), "PPTP with a checksum");
  stays(pptp_with(1, 0x09), "PPTP with a reserved bit");
  stays(pptp_with(3, 0x0c), "PPTP with another protocol");
  stays(pptp_with(5, kPppBytes + 1), "PPTP longer than its packet");
  Bytes route{0, 0, 0, 0};
  for (int i = 0; i < 40; ++i) route.insert(route.end(), {0, 8, 0, 0});
  stays(named(false, 0x40, route), "a source route without an end");
}

TEST(DecodeGre, LengthOfPptpEndsItsFrame) {
  Frame f = gre(false, pptp(5, 4 + 20 + 8 + 3, false));
  f.bytes_as_they_are({0xff, 3, 0, 0x21}).ipv4("10.1.0.1", "10.1.0.2").udp(5, 6).payload("abcde");
  const Decoded d(f.bytes());
  EXPECT_EQ(d.key().protocol, 17);
  EXPECT_EQ(d.payload(), "abc");
}

}  // namespace
}  // namespace panoptes
