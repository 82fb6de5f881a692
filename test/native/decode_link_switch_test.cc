// Ethernet as switches, routers and capture cards hand it out.
#include <gtest/gtest.h>

#include "link_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;
using frames::kClientMac;
using frames::kServerMac;
using frames::link;

constexpr std::uint16_t kJuniperPppoe = 167, kJuniperPppoeAtm = 168, kJuniperEther = 178,
                        kJuniperPpp = 179, kJuniperFrameRelay = 180, kJuniperHdlc = 181,
                        kNetanalyzer = 240, kNetanalyzerTransparent = 241, kMpacket = 274,
                        kBroadcom = 281, kBroadcomPrepended = 282, kMarvell = 284,
                        kMarvellEthertype = 285;

Bytes macs() { return bytes_of(kServerMac) + bytes_of(kClientMac); }

TEST(DecodeMpacket, OnlyTheFirstPartOfAFrameHasItsHeader) {
  const Bytes frame = udp4(ethernet()) + Bytes(4, 0xee);
  for (const std::uint8_t delimiter : Octets{0xd5, 0xe6, 0x4c, 0x7f, 0xb3}) {
    const Bytes whole = Bytes(7, 0x55) + Bytes{delimiter} + frame;
    const Decoded d(whole, kMpacket);
    expect_udp4(d);
    expect_client_to_server(d);
    expect_cuts(whole, kMpacket);
  }
  for (const std::uint8_t delimiter : Octets{0x07, 0x19}) {  // verify, respond
    EXPECT_EQ(Decoded(Bytes(7, 0x55) + Bytes{delimiter} + Bytes(64, 0), kMpacket).reason,
              Undecoded::unknown_network);
  }
  EXPECT_EQ(Decoded(Bytes(6, 0x55) + Bytes{0x61, 0xe6 ^ 0xff} + frame, kMpacket).reason,
            Undecoded::unknown_network);
}

TEST(DecodeNetanalyzer, TheCheckSequenceIsNoPartOfThePacket) {
  const Bytes frame = udp4(ethernet()) + Bytes(4, 0xee);
  expect_udp4(Decoded(Bytes(4, 1) + frame, kNetanalyzer));
  expect_cuts(Bytes(4, 1) + frame, kNetanalyzer);
}

TEST(DecodeNetanalyzer, ThePreambleMayBeOfAnyLength) {
  const Bytes frame = Bytes{0xd5} + udp4(ethernet()) + Bytes(4, 0xee);
  for (const std::size_t size : {0U, 3U, 7U, 15U}) {
    expect_udp4(Decoded(Bytes(4, 1) + Bytes(size, 0x55) + frame, kNetanalyzerTransparent));
    expect_cuts(Bytes(4, 1) + Bytes(size, 0x55) + frame, kNetanalyzerTransparent);
  }
  EXPECT_EQ(Decoded(Bytes(4, 1) + Bytes(16, 0x55) + frame, kNetanalyzerTransparent).reason,
            Undecoded::unknown_network);
  EXPECT_EQ(
      Decoded(Bytes(4, 1) + Bytes(7, 0x55) + udp4(ethernet()), kNetanalyzerTransparent).reason,
      Undecoded::unknown_network);
}

TEST(DecodeSwitchTag, BroadcomStandsBehindTheAddressesOrInFront) {
  const Bytes inside = udp4(link(macs() + Bytes{0x20, 0, 0, 1, 0x08, 0}));
  const Decoded d(inside, kBroadcom);
  expect_udp4(d);
  expect_client_to_server(d);
  const Decoded tagged(udp4(link(macs() + Bytes{0x20, 0, 0, 1, 0x81, 0, 0, 7, 0x08, 0})),
                       kBroadcom);
  EXPECT_EQ(tagged.key().link_context, 7U);
  expect_udp4(Decoded(Bytes{0x20, 0, 0, 1} + udp4(ethernet()), kBroadcomPrepended));
  expect_cuts(inside, kBroadcom);
  expect_cuts(Bytes{0x20, 0, 0, 1} + udp4(ethernet()), kBroadcomPrepended);
}

TEST(DecodeSwitchTag, MarvellHoldsTheVlanOfATaggedFrame) {
  auto marvell = [](std::uint8_t first) {
    return udp4(link(macs() + Bytes{first, 0x08, 0x7f, 0xff, 0x08, 0}));
  };
  const Decoded untagged(marvell(0x00), kMarvell);
  expect_udp4(untagged);
  EXPECT_EQ(untagged.key().link_context, 0U);
  EXPECT_FALSE(untagged.has(kHasVlan));
  const Decoded tagged(marvell(0x20), kMarvell);
  expect_udp4(tagged);
  expect_client_to_server(tagged);
  EXPECT_EQ(tagged.key().link_context, 0xfffU);
  EXPECT_EQ(tagged.packet.vlan_outer, 0x6fff);  // priority 3
  const Bytes behind = udp4(link(macs() + Bytes{0xda, 0xda, 0, 0, 0x20, 0x08, 0, 9, 0x08, 0}));
  const Decoded other(behind, kMarvellEthertype);
  expect_udp4(other);
  EXPECT_EQ(other.key().link_context, 9U);
  expect_cuts(marvell(0x20), kMarvell);
  expect_cuts(behind, kMarvellEthertype);
}

TEST(DecodeJuniper, EachLinkIsReadBehindTheHeader) {
  const Bytes mgc{0x4d, 0x47, 0x43, 0x01};
  const Bytes extended = Bytes{0x4d, 0x47, 0x43, 0x80, 0, 6} + Bytes{3, 1, 14, 6, 1, 9};
  for (const Bytes& header : {mgc, extended}) {
    for (const std::uint16_t type : {kJuniperEther, kJuniperPppoe}) {
      const Decoded d(header + udp4(ethernet()), type);
      expect_udp4(d);
      expect_client_to_server(d);
      expect_cuts(header + udp4(ethernet()), type);
    }
    expect_udp4(Decoded(udp4(link(header + Bytes{0xff, 3, 0, 0x21})), kJuniperPpp));
    expect_udp4(Decoded(udp4(link(header + Bytes{0x18, 0x41, 3, 0xcc})), kJuniperFrameRelay));
    expect_udp4(Decoded(udp4(link(header + Bytes{0x0f, 0, 0x08, 0})), kJuniperHdlc));
    expect_udp4(Decoded(udp4(link(header + Bytes{0x88, 0x64, 0x11, 0, 0, 1, 0, 33, 0, 0x21})),
                        kJuniperPppoeAtm));
  }
}

TEST(DecodeJuniper, APacketWithoutItsLinkHeaderIsToldByItsVersion) {
  const Bytes bare{0x4d, 0x47, 0x43, 0x03, 2, 0, 0, 0};
  expect_udp4(Decoded(udp4(link(bare)), kJuniperEther));
  expect_udp6(Decoded(udp6(link(bare)), kJuniperPpp));
  const Bytes extended{0x4d, 0x47, 0x43, 0x83, 0, 3, 1, 1, 0, 2, 0, 0, 0};
  expect_udp4(Decoded(udp4(link(extended)), kJuniperHdlc));
  EXPECT_EQ(Decoded(bare + Bytes{0x00, 1}, kJuniperEther).reason, Undecoded::unknown_network);
  expect_cuts(udp4(link(bare)), kJuniperEther);
}

TEST(DecodeJuniper, AnotherMagicOrAnImpossibleLengthIsCounted) {
  EXPECT_EQ(Decoded(Bytes{0x4d, 0x47, 0x44, 0} + udp4(ethernet()), kJuniperEther).reason,
            Undecoded::bad_link_header);
  EXPECT_EQ(
      Decoded(Bytes{0x4d, 0x47, 0x43, 0x80, 0xff, 0xff} + udp4(ethernet()), kJuniperEther).reason,
      Undecoded::bad_link_header);
}

}  // namespace
}  // namespace panoptes
