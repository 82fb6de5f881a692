// Headers that a capture or a host puts in front: cooked captures of other links, netfilter's log,
// PKTAP, PPI, pf, IPsec's inside, Solaris.
#include <gtest/gtest.h>

#include "link_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;
using frames::kClientMac;
using frames::kServerMac;
using frames::link;

constexpr std::uint16_t kEnc = 109, kCooked = 113, kPflog = 117, kUser2 = 149, kPpi = 192,
                        kIpnet = 226, kNflog = 239, kPktap = 258, kCooked2 = 276;

Bytes wlan_frame() {
  const Bytes header = Bytes{0x08, 0, 0, 0} + bytes_of(kServerMac) + bytes_of(kClientMac) +
                       Bytes(6, 3) + Bytes{0, 0};
  return udp4(link(header + Bytes{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}));
}
Bytes cooked(std::uint16_t hardware, std::uint16_t protocol) {
  return Bytes{0,
               0,
               static_cast<std::uint8_t>(hardware >> 8),
               static_cast<std::uint8_t>(hardware),
               0,
               6,
               9,
               9,
               9,
               9,
               9,
               9,
               0,
               0,
               static_cast<std::uint8_t>(protocol >> 8),
               static_cast<std::uint8_t>(protocol)};
}
Bytes cooked2(std::uint16_t hardware) {
  return Bytes{0,
               0,
               0,
               0,
               0,
               0,
               0,
               1,
               static_cast<std::uint8_t>(hardware >> 8),
               static_cast<std::uint8_t>(hardware),
               0,
               6,
               9,
               9,
               9,
               9,
               9,
               9,
               0,
               0};
}

TEST(DecodeCooked, TheHardwareTypeSaysWhatIsInside) {
  const Bytes radiotap{0, 0, 8, 0, 0, 0, 0, 0};
  const Bytes prism = Bytes{0x44, 0, 0, 0} + Bytes(140, 0);
  const std::pair<std::uint16_t, Bytes> cases[] = {
      {801, wlan_frame()}, {802, prism + wlan_frame()}, {803, radiotap + wlan_frame()}};
  for (const auto& [hardware, frame] : cases) {
    const Decoded one(cooked(hardware, 25) + frame, kCooked);
    expect_udp4(one);
    expect_client_to_server(one);
    expect_udp4(Decoded(cooked2(hardware) + frame, kCooked2));
    expect_cuts(cooked(hardware, 25) + frame, kCooked);
    expect_cuts(cooked2(hardware) + frame, kCooked2);
  }
  expect_udp4(Decoded(udp4(link(cooked(770, 0) + Bytes{0x18, 0x41, 3, 0xcc})), kCooked));
  expect_udp4(Decoded(udp4(link(cooked(778, 0x0800))), kCooked));  // GRE
  expect_udp4(Decoded(udp4(link(cooked(512, 0x0800))), kCooked));  // PPP
}

TEST(DecodeCooked, TagsAndLabelsAreFollowed) {
  const Decoded d(udp4(link(cooked(1, 0x8100) + Bytes{0, 8, 0x88, 0x47, 0, 1, 0x01, 64})), kCooked);
  expect_udp4(d);
  EXPECT_EQ(d.key().link_context, 8U);
  EXPECT_EQ(d.packet.vlan_outer, 8);
  EXPECT_EQ(d.packet.mpls_label, 16U);
}

TEST(DecodeCooked, NetlinkAndRawIpxHaveNoEthertype) {
  expect_macs(Decoded(cooked(824, 0x0800) + Bytes(40, 0x45), kCooked), 0x0800);
  expect_macs(Decoded(cooked(1, 1) + Bytes(40, 0xff), kCooked), 1);
}

TEST(DecodeLoopback, EveryFamilyOfIpv6IsKnown) {
  for (const std::uint8_t family : Octets{10, 23, 24, 26, 28, 30}) {
    for (const std::uint16_t type : Words{0, 108}) {
      expect_udp6(Decoded(udp6(link({0, 0, 0, family})), type));
      expect_udp6(Decoded(udp6(link({family, 0, 0, 0})), type));
    }
  }
  expect_cuts(udp6(link({0, 0, 0, 30})), 0);
}

TEST(DecodeEnc, LeadsToTheDecryptedPacket) {
  for (const Bytes& family : {Bytes{2, 0, 0, 0}, Bytes{0, 0, 0, 2}}) {
    const Bytes header = family + Bytes{0, 0, 0x10, 0x01, 0x30, 0, 0, 0};
    expect_udp4(Decoded(udp4(link(header)), kEnc));
    expect_cuts(udp4(link(header)), kEnc);
  }
  expect_udp6(Decoded(udp6(link(Bytes{24, 0, 0, 0} + Bytes(8, 0))), kEnc));
  EXPECT_EQ(Decoded(Bytes{7, 0, 0, 0} + Bytes(30, 0), kEnc).reason, Undecoded::unknown_network);
}

TEST(DecodePflog, TheHeaderGivesItsLengthAndFamily) {
  for (const std::uint8_t length : Octets{45, 61, 64, 69, 100}) {
    const std::size_t padded = (length + 3U) & ~3U;
    const Bytes header4 = Bytes{length, 2} + Bytes(padded - 2, 0);
    const Bytes header6 = Bytes{length, 28} + Bytes(padded - 2, 0);
    expect_udp4(Decoded(udp4(link(header4)), kPflog));
    expect_udp6(Decoded(udp6(link(header6)), kPflog));
    expect_cuts(udp4(link(header4)), kPflog);
  }
  EXPECT_EQ(Decoded(Bytes(80, 4), kPflog).reason, Undecoded::bad_link_header);
  EXPECT_EQ(Decoded(Bytes(80, 61), kPflog).reason, Undecoded::unknown_network);
}

TEST(DecodeIpnet, TheHeaderGivesTheFamily) {
  expect_udp4(Decoded(udp4(link(Bytes{1, 2} + Bytes(22, 0))), kIpnet));
  expect_udp6(Decoded(udp6(link(Bytes{1, 26} + Bytes(22, 0))), kIpnet));
  EXPECT_EQ(Decoded(Bytes{1, 5} + Bytes(40, 0), kIpnet).reason, Undecoded::unknown_network);
  expect_cuts(udp4(link(Bytes{1, 2} + Bytes(22, 0))), kIpnet);
}

TEST(DecodeNflog, TheSenderAndTheEthertypeAreTakenFromTheLog) {
  const Bytes packet_header{10, 0, 1, 0, 0x81, 0, 1, 0, 0, 0};  // ethertype 8100, padded to 12
  const Bytes address = Bytes{16, 0, 8, 0, 0, 6, 0, 0} + bytes_of(kClientMac) + Bytes{0, 0};
  const Bytes header = Bytes{7, 0, 0, 1} + packet_header + Bytes{0, 0} + address;
  const Decoded bridged(udp4(link(header + Bytes{39, 0, 9, 0, 0, 5, 0x08, 0})), kNflog);
  expect_udp4(bridged);
  EXPECT_EQ(bridged.key().link_context, 5U);
  ASSERT_TRUE(bridged.has(kHasMac));
  EXPECT_EQ(std::memcmp(bridged.packet.mac_src, kClientMac.data(), 6), 0);
  EXPECT_EQ(std::memcmp(bridged.packet.mac_dst, frames::Mac{}.data(), 6), 0);
  expect_cuts(udp4(link(header + Bytes{39, 0, 9, 0, 0, 5, 0x08, 0})), kNflog);
}

TEST(DecodeNflog, ThePayloadEndsWhereItSays) {
  // Attributes may follow it.
  const Bytes frame = udp4(link({2, 0, 0, 1, 35, 0, 9, 0})) + Bytes{0, 8, 0, 5, 0, 0, 0, 0, 1};
  expect_udp4(Decoded(frame, kNflog));
}

Bytes pktap(std::uint32_t size, std::uint8_t record, std::uint8_t dlt) {
  Bytes header = {static_cast<std::uint8_t>(size),
                  static_cast<std::uint8_t>(size >> 8),
                  0,
                  0,
                  record,
                  0,
                  0,
                  0,
                  dlt,
                  0,
                  0,
                  0};
  header.resize(std::max<std::size_t>(size, 12));
  return header;
}

TEST(DecodePktap, LeadsToTheLinkInside) {
  for (const std::uint16_t type : {kPktap, kUser2}) {
    for (const std::uint32_t size : {108U, 156U}) {
      const Decoded d(pktap(size, 1, 1) + udp4(ethernet()), type);
      expect_udp4(d);
      expect_client_to_server(d);
      expect_udp6(Decoded(pktap(size, 1, 0) + udp6(link({30, 0, 0, 0})), type));
      expect_udp4(Decoded(pktap(size, 1, 12) + udp4(link({})), type));
      expect_udp4(Decoded(pktap(size, 1, 105) + wlan_frame(), type));
    }
    expect_cuts(pktap(108, 1, 1) + udp4(ethernet()), type,
                type == kUser2 ? Undecoded::unknown_link_type : Undecoded::none);
  }
}

TEST(DecodePktap, OtherRecordsAndHeadersAreCounted) {
  const Bytes frame = udp4(ethernet());
  EXPECT_EQ(Decoded(pktap(107, 1, 1) + frame, kPktap).reason, Undecoded::bad_link_header);
  EXPECT_EQ(Decoded(pktap(108, 0, 1) + frame, kPktap).reason, Undecoded::bad_link_header);
  EXPECT_EQ(Decoded(cut(pktap(900, 1, 1), 200), kPktap, 200).reason, Undecoded::bad_link_header);
  EXPECT_EQ(Decoded(pktap(108, 1, 147) + frame, kPktap).reason, Undecoded::unknown_link_type);
  EXPECT_EQ(Decoded(pktap(108, 1, 149) + pktap(108, 1, 1) + frame, kPktap).reason,
            Undecoded::unknown_link_type);
}

TEST(DecodePktap, TheUsersNumberIsUnknownWithAnotherHeader) {
  EXPECT_EQ(Decoded(pktap(107, 1, 1) + udp4(ethernet()), kUser2).reason,
            Undecoded::unknown_link_type);
  EXPECT_EQ(Decoded(Bytes(60, 7), kUser2).reason, Undecoded::unknown_link_type);
}

Bytes ppi(std::uint8_t dlt, const Bytes& fields, std::uint8_t flags = 0) {
  const auto size = static_cast<std::uint8_t>(8 + fields.size());
  return Bytes{0, flags, size, 0, dlt, 0, 0, 0} + fields;
}

TEST(DecodePpi, LeadsToTheLinkInside) {
  expect_udp4(Decoded(ppi(1, {}) + udp4(ethernet()), kPpi));
  expect_udp4(Decoded(ppi(105, Bytes{0xff, 0, 3, 0, 1, 2, 3}) + wlan_frame(), kPpi));
  expect_cuts(ppi(105, Bytes(20, 0)) + wlan_frame(), kPpi);
  EXPECT_EQ(Decoded(ppi(192, {}) + ppi(1, {}) + udp4(ethernet()), kPpi).reason,
            Undecoded::unknown_link_type);
  EXPECT_EQ(Decoded(Bytes{1, 0, 8, 0, 1, 0, 0, 0} + udp4(ethernet()), kPpi).reason,
            Undecoded::bad_link_header);
  EXPECT_EQ(Decoded(Bytes{0, 0, 7, 0, 1, 0, 0, 0} + udp4(ethernet()), kPpi).reason,
            Undecoded::bad_link_header);
}

TEST(DecodePpi, ACheckSequenceOf80211IsNoPartOfThePacket) {
  // 24 bytes of 802.11, then two of 802.2 and a check sequence, or six of 802.2.
  const Bytes frame = cut(wlan_frame(), 24) + Bytes{0x42, 0x42, 3, 0, 0, 0};
  auto common = [](std::uint8_t flags) {
    return Bytes{2, 0, 20, 0} + Bytes(8, 0) + Bytes{flags, 0} + Bytes(10, 0);
  };
  expect_macs(Decoded(ppi(105, common(0)) + frame, kPpi), 0x4242);
  EXPECT_EQ(Decoded(ppi(105, common(1)) + frame, kPpi).reason, Undecoded::truncated_link);
  // Another field in front, padded or not.
  const Bytes other{9, 0, 3, 0, 1, 2, 3};
  EXPECT_EQ(Decoded(ppi(105, other + common(1)) + frame, kPpi).reason, Undecoded::truncated_link);
  EXPECT_EQ(Decoded(ppi(105, other + Bytes{0} + common(1), 1) + frame, kPpi).reason,
            Undecoded::truncated_link);
}

}  // namespace
}  // namespace panoptes
