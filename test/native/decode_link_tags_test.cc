// What may stand between an ethertype and the network layer: 802.2, SNAP, PPPoE, and the tags of
// bridges, switches and security.
#include <gtest/gtest.h>

#include "link_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;
using frames::Frame;
using frames::kClientMac;
using frames::link;

constexpr std::uint16_t kEthernet = 1;

// Ethernet with `header` behind its addresses: an ethertype, a tag, the next ethertype.
Frame behind(const Bytes& header) {
  return link(bytes_of(frames::kServerMac) + bytes_of(kClientMac) + header);
}
// An Ethernet frame of others, as bridges carry it.
Bytes customer(const Bytes& inside) {
  return bytes_of({6, 6, 6, 6, 6, 6}) + bytes_of({8, 8, 8, 8, 8, 8}) + inside;
}

TEST(DecodeTag, EachTagOfFixedSizeIsFollowed) {
  const Bytes tags[] = {
      {0x89, 0x26, 0x80, 0x05, 0x00, 0x07, 0x08, 0x00},                 // VN-Tag
      {0x89, 0x09, 0x01, 0x01, 0x00, 0x01, 0x00, 0x63, 0x08, 0x00},     // Cisco metadata
      {0x89, 0x2f, 0x00, 0x34, 0x00, 0x09, 0x08, 0x00},                 // HSR
      {0xf1, 0xc1, 0x00, 0x00, 0x00, 0x09, 0x08, 0x00},                 // 802.1CB
      {0x89, 0x3f, 0x00, 0x01, 0x00, 0x02, 0x00, 0x00, 0x08, 0x00},     // 802.1BR
      {0xd2, 0x8b, 0, 1, 1, 0x10, 1, 2, 3, 4, 5, 6, 7, 8, 0x08, 0x00},  // Arista, 64 bit
      {0xd2, 0x8b, 0, 1, 0, 0x21, 1, 2, 3, 4, 5, 6, 0x08, 0x00},        // Arista, 48 bit
  };
  for (const Bytes& tag : tags) {
    const Decoded d(udp4(behind(tag)));
    expect_udp4(d);
    expect_client_to_server(d);
    expect_cuts(udp4(behind(tag)), kEthernet);
    // A VLAN may stand behind it.
    Bytes tagged = cut(tag, tag.size() - 2) + Bytes{0x81, 0, 0, 9, 0x08, 0};
    EXPECT_EQ(Decoded(udp4(behind(tagged))).key().link_context, 9U);
  }
}

TEST(DecodeTag, TheTrailerOfPrpIsNoPayload) {
  expect_udp4(Decoded(udp4(ethernet()) + Bytes{0, 9, 0xa0, 0x25, 0x88, 0xfb}));
  expect_udp6(Decoded(udp6(ethernet()) + Bytes{0, 9, 0xb0, 0x39, 0x88, 0xfb}));
}

TEST(DecodeTag, UnknownFormsOfATagAreFlowsOfItsEthertype) {
  const std::pair<Bytes, std::uint16_t> cases[] = {
      {{0x89, 0x09, 2, 1, 0, 1, 0, 99, 0x08, 0}, 0x8909},
      {{0xd2, 0x8b, 0, 2, 0, 0x10, 1, 2, 3, 4, 5, 6, 7, 8, 0x08, 0}, 0xd28b},
      {{0xd2, 0x8b, 0, 1, 0, 0x30, 1, 2, 3, 4, 5, 6, 7, 8, 0x08, 0}, 0xd28b},
      {{0x22, 0xf3, 0x40, 0x3f, 0, 1, 0, 2}, 0x22f3},        // TRILL of another version
      {{0x89, 0x4f, 0x40, 0x06, 1, 1, 0, 0, 0, 1}, 0x894f},  // NSH of another version
      {{0x89, 0x4f, 0x0f, 0xc1, 1, 1, 0, 0, 0, 1}, 0x894f},  // shorter than itself
      {{0x89, 0x4f, 0x0f, 0xc2, 1, 4, 0, 0, 0, 1}, 0x894f},  // carries something else
  };
  for (const auto& [tag, type] : cases) expect_macs(Decoded(udp4(behind(tag))), type);
}

TEST(DecodeTag, MacsecThatOnlySignsIsFollowed) {
  const Bytes icv(16, 0xee);
  const Bytes plain{0x88, 0xe5, 0x00, 0, 0, 0, 0, 1, 0x08, 0};
  const Bytes channel{0x88, 0xe5, 0x20, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0, 1, 0x08, 0};
  expect_udp4(Decoded(udp4(behind(plain)) + icv));
  expect_udp4(Decoded(udp4(behind(channel)) + icv));
  expect_cuts(udp4(behind(channel)) + icv, kEthernet);
  // 33 bytes of secure data are given in the tag where they are less than 48: padding follows.
  Bytes shorter =
      behind({0x88, 0xe5, 0x00, 19, 0, 0, 0, 1, 0x00, 0x03, 0x42, 0x42, 0x03}).payload(14).bytes();
  expect_macs(Decoded(shorter + icv + Bytes(8, 0)), 0x4242);
}

TEST(DecodeTag, MacsecThatHidesIsAFlowOfTheMacs) {
  for (const std::uint8_t control : Octets{0x0c, 0x08, 0x04, 0x2c, 0x80}) {
    const Bytes tag{0x88, 0xe5, control, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0, 1, 0x08, 0};
    const Decoded d(udp4(behind(tag)) + Bytes(16, 0));
    expect_macs(d, 0x88e5);
    expect_client_to_server(d);
  }
}

TEST(DecodeTag, TheServiceOfABackboneTellsCustomersApart) {
  auto frame = [](std::uint8_t service) {
    return udp4(behind(Bytes{0x88, 0xa8, 0, 5, 0x88, 0xe7, 0, 0, 0, service} +
                       customer({0x81, 0, 0, 9, 0x08, 0})));
  };
  const Decoded d(frame(7));
  expect_udp4(d);
  expect_client_to_server(d);  // of the backbone: what the frame itself says
  EXPECT_EQ(d.packet.vlan_outer, 5);
  EXPECT_EQ(d.packet.vlan_inner, 9);
  EXPECT_EQ(d.key(), Decoded(frame(7)).key());
  EXPECT_NE(d.key(), Decoded(frame(8)).key());
  expect_cuts(frame(7), kEthernet);
}

TEST(DecodeTag, TrillLeadsToTheFrameInside) {
  const Bytes plain = Bytes{0x22, 0xf3, 0x00, 0x3f, 0, 1, 0, 2} + customer({0x08, 0});
  expect_udp4(Decoded(udp4(behind(plain))));
  const Bytes options =
      Bytes{0x22, 0xf3, 0x00, 0xbf, 0, 1, 0, 2} + Bytes(8, 0) + customer({0x81, 0, 0, 4, 0x08, 0});
  const Decoded d(udp4(behind(options)));
  expect_udp4(d);
  EXPECT_EQ(d.key().link_context, 4U);
  expect_cuts(udp4(behind(options)), kEthernet);
}

TEST(DecodeTag, ServiceFunctionChainsLeadToWhatTheyName) {
  const Bytes ip{0x89, 0x4f, 0x0f, 0xc2, 2, 1, 0, 0, 1, 255};
  expect_udp4(Decoded(udp4(behind(ip))));
  const Bytes context =
      Bytes{0x89, 0x4f, 0x0f, 0xc6, 1, 3, 0, 0, 1, 255} + Bytes(16, 0) + customer({0x08, 0});
  expect_udp4(Decoded(udp4(behind(context))));
  expect_udp6(Decoded(udp6(behind({0x89, 0x4f, 0x0f, 0xc2, 2, 2, 0, 0, 1, 255}))));
  expect_udp4(Decoded(udp4(behind({0x89, 0x4f, 0x0f, 0xc2, 2, 5, 0, 0, 1, 255, 0, 1, 1, 64}))));
  expect_cuts(udp4(behind(context)), kEthernet);
}

TEST(DecodeTag, EthernetAndPppInsideEthernetAreFollowed) {
  const Decoded d(udp4(behind(Bytes{0x65, 0x58} + customer({0x08, 0}))));
  expect_udp4(d);
  expect_client_to_server(d);
  expect_udp6(Decoded(udp6(behind({0x88, 0x0b, 0x00, 0x57}))));
  expect_macs(Decoded(behind({0x88, 0x0b, 0xc0, 0x21}).payload(20).bytes()), 0x880b);
}

TEST(DecodeVlan, EveryNumberOfATagIsKnown) {
  for (const std::uint16_t number : Words{0x8100, 0x88a8, 0x9100, 0x9200}) {
    const Decoded d(udp4(ethernet().vlan(5, 0, number).vlan(6).vlan(7)));
    expect_udp4(d);
    EXPECT_EQ(d.packet.vlan_outer, 5);
    EXPECT_EQ(d.packet.vlan_inner, 6);
    expect_cuts(udp4(ethernet().vlan(5, 0, number).vlan(6).vlan(7)), kEthernet);
  }
}

// The kernel takes the outermost tag off and says what it was: the same packet, however it is cut.
TEST(DecodeVlan, OfATagThatWasTakenOff) {
  const auto tagged = [] { return ethernet().vlan(7, 5); };
  const Bytes examples[] = {
      tagged().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 80, 2).payload(9).bytes(60),
      tagged().ipv6("fd00::1", "fd00::2").udp(1, 53).dns(7, false).bytes(),
      tagged().vlan(8).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).bytes(),
      tagged().arp(1, "10.0.0.1", "10.0.0.2").bytes(64),
      tagged().ethertype(0x88cc).payload(40).bytes(),
      tagged().ipv4("10.0.0.1", "10.0.0.2").protocol(47).bytes_as_they_are({0, 0, 8, 0}).bytes(),
  };
  for (const Bytes& frame : examples) {
    const auto wire = static_cast<std::uint32_t>(frame.size());
    Bytes rest = frame;
    rest.erase(rest.begin() + 12, rest.begin() + 16);
    for (std::size_t captured = 18; captured <= frame.size(); ++captured) {
      const Decoded in_frame(Bytes(frame.begin(), frame.begin() + std::ptrdiff_t(captured)), 1,
                             wire);
      const Decoded aside(Bytes(rest.begin(), rest.begin() + std::ptrdiff_t(captured - 4)), 1, wire,
                          {}, 7 | 5 << 13);
      ASSERT_EQ(aside.reason, in_frame.reason) << captured;
      ASSERT_EQ(aside.packet.wire_bytes, wire);
      if (aside.reason != Undecoded::none) continue;
      ASSERT_EQ(std::memcmp(&aside.key(), &in_frame.key(), sizeof(FlowKey)), 0) << captured;
      ASSERT_EQ(aside.packet.layers, in_frame.packet.layers);
      ASSERT_EQ(aside.packet.vlan_outer, in_frame.packet.vlan_outer);
      ASSERT_EQ(aside.packet.vlan_inner, in_frame.packet.vlan_inner);
      ASSERT_EQ(aside.packet.payload_bytes, in_frame.packet.payload_bytes);
      ASSERT_EQ(aside.payload(), in_frame.payload());
      ASSERT_EQ(PacketHeader::of(aside.packet), PacketHeader::of(in_frame.packet));
    }
  }
}

TEST(DecodeVlan, OneTagHasNoInner) {
  const Decoded slow(ethernet().vlan(5).ethertype(0x88cc).payload(40).bytes());
  expect_macs(slow, 0x88cc);
  EXPECT_EQ(slow.packet.vlan_outer, 5);
  EXPECT_EQ(slow.packet.vlan_inner, 0);
}

TEST(DecodeLlc, TheLengthKeepsPaddingOut) {
  // A length of 5 in a frame of 60 bytes: SNAP does not fit into it, nor does IP.
  const Decoded d(behind(Bytes{0, 5} + Bytes{0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0}).bytes(60));
  EXPECT_EQ(d.reason, Undecoded::truncated_link);
  EXPECT_EQ(Decoded(behind({0, 3, 0x06, 0x06, 3}).bytes(60)).reason, Undecoded::truncated_ip);
}

TEST(DecodeLlc, ALengthThatHoldsNoHeaderStandsForItself) {
  expect_macs(Decoded(behind({0, 0}).payload(46).bytes()), 0);
  expect_macs(Decoded(behind({0, 2}).payload(46).bytes()), 2);
}

TEST(DecodeLlc, JumboFramesHaveAnEthertypeInPlaceOfTheLength) {
  expect_udp4(Decoded(udp4(behind({0x88, 0x70, 0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0}))));
  expect_macs(Decoded(behind({0x88, 0x70, 0xfe, 0xfe, 3, 0x83}).payload(40).bytes()), 0xfefe);
}

TEST(DecodeLlc, BothOrganisationsOfEthertypesAreFollowed) {
  for (const std::uint8_t last : Octets{0x00, 0xf8}) {
    const Decoded d(udp4(behind({0, 39, 0xaa, 0xaa, 3, 0, 0, last, 0x08, 0})));
    expect_udp4(d);
    expect_cuts(udp4(behind({0, 39, 0xaa, 0xaa, 3, 0, 0, last, 0x08, 0})), kEthernet);
  }
  // Tags may stand behind SNAP; a number below the ethertypes is none.
  const Decoded tagged(udp4(behind({0, 43, 0xaa, 0xaa, 3, 0, 0, 0, 0x81, 0, 0, 7, 0x08, 0})));
  expect_udp4(tagged);
  EXPECT_EQ(tagged.key().link_context, 7U);
  expect_macs(Decoded(udp4(behind({0, 39, 0xaa, 0xaa, 3, 0, 0, 0, 0x01, 0}))), 0xaaaa);
  // Not an unnumbered frame.
  expect_macs(Decoded(udp4(behind({0, 39, 0xaa, 0xaa, 0xaf, 0, 0, 0, 0x08, 0}))), 0xaaaa);
}

TEST(DecodePppoe, TheLengthEndsThePacket) {
  const Bytes header{0x88, 0x64, 0x11, 0, 0, 1, 0, 33, 0, 0x21};
  expect_udp4(Decoded(udp4(behind(header)) + Bytes(20, 0xee)));
  expect_cuts(udp4(behind(header)), kEthernet);
  // A length beyond the frame does not add to it; none at all holds no protocol.
  expect_udp4(Decoded(udp4(behind({0x88, 0x64, 0x11, 0, 0, 1, 0xff, 0xff, 0, 0x21}))));
  expect_macs(Decoded(udp4(behind({0x88, 0x64, 0x11, 0, 0, 1, 0, 0, 0, 0x21}))), 0x8864);
  expect_macs(Decoded(udp4(behind({0x88, 0x64, 0x21, 0, 0, 1, 0, 33, 0, 0x21}))), 0x8864);
  expect_udp6(Decoded(udp6(behind({0x88, 0x64, 0x11, 0, 0, 1, 0, 52, 0x57}))));
}

TEST(DecodePppoe, DiscoveryIsAFlowOfItsMacs) {
  expect_macs(Decoded(behind({0x88, 0x63, 0x11, 0x09, 0, 0, 0, 4}).payload(40).bytes()), 0x8863);
}

TEST(DecodeLinkNesting, HeadersWithoutEndAreAFlowAfterSixtyFour) {
  // Each takes another way through resolve().
  const Bytes units[] = {
      {0x89, 0x26, 0, 0, 0, 0},                                         // tags
      Bytes{0x65, 0x58} + bytes_of(kClientMac) + bytes_of(kClientMac),  // frames in frames
      {0x88, 0x70, 0xaa, 0xaa, 3, 0, 0, 0},                             // SNAP in SNAP
      {0x81, 0, 0, 1},
  };
  for (const Bytes& unit : units) {
    for (const std::size_t count : {63U, 64U, 65U, 3000U}) {
      Bytes nest;
      for (std::size_t i = 0; i < count; ++i) nest.insert(nest.end(), unit.begin(), unit.end());
      const Decoded d(udp4(behind(nest + Bytes{0x08, 0})));
      ASSERT_EQ(d.reason, Undecoded::none);
      const FlowKind kind = count <= 64 ? FlowKind::ipv4 : FlowKind::ethernet;
      EXPECT_EQ(d.key().kind, kind) << count;
    }
  }
}

}  // namespace
}  // namespace panoptes
