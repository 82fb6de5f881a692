// 802.11, as it is and behind radiotap, Prism and AVS.
#include <gtest/gtest.h>

#include "link_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::kClientMac;
using frames::kServerMac;
using frames::link;

constexpr std::uint16_t kIeee80211 = 105, kPrism = 119, kRadiotap = 127, kAvs = 163;
constexpr std::uint8_t kToDs = 1, kFromDs = 2, kProtected = 0x40, kOrder = 0x80;
const Bytes kBssid{2, 0, 0, 0, 0, 0x33};
const Bytes kSnapIpv4{0xaa, 0xaa, 0x03, 0, 0, 0, 0x08, 0};

// A data frame from client to server; `subtype` as in the first byte: 0x08 data, 0x88 QoS data.
// `tail` follows the addresses: QoS and HT control.
Bytes data(std::uint8_t subtype, std::uint8_t flags, const Bytes& tail = {},
           std::uint8_t fragment = 0) {
  const Bytes src = bytes_of(kClientMac), dst = bytes_of(kServerMac);
  Bytes first = dst, second = src, third = kBssid, fourth;
  if ((flags & 3) == kToDs) first = kBssid, second = src, third = dst;
  if ((flags & 3) == kFromDs) first = dst, second = kBssid, third = src;
  if ((flags & 3) == (kToDs | kFromDs)) first = kBssid, second = kBssid, third = dst, fourth = src;
  return Bytes{subtype, flags, 0, 0} + first + second + third + Bytes{fragment, 0} + fourth + tail;
}
Bytes udp_in(const Bytes& header) { return udp4(link(header + kSnapIpv4)); }

TEST(DecodeWireless, TheAddressesAreThoseOfSenderAndDestination) {
  for (const std::uint8_t flags : Octets{0, 1, 2, 3}) {
    const Decoded d(udp_in(data(0x08, flags)), kIeee80211);
    expect_udp4(d);
    expect_client_to_server(d);
    expect_cuts(udp_in(data(0x08, flags)), kIeee80211);
  }
}

TEST(DecodeWireless, QosAndHtControlAreSkipped) {
  expect_udp4(Decoded(udp_in(data(0x88, kToDs, {0, 0})), kIeee80211));
  expect_udp4(Decoded(udp_in(data(0x88, kToDs | kFromDs, {5, 0})), kIeee80211));
  const Bytes ht = data(0x88, kFromDs | kOrder, {0, 0, 1, 2, 3, 4});
  expect_udp4(Decoded(udp_in(ht), kIeee80211));
  expect_cuts(udp_in(ht), kIeee80211);
  // Without QoS the bit of the order means nothing for the header.
  expect_udp4(Decoded(udp_in(data(0x08, kFromDs | kOrder)), kIeee80211));
}

TEST(DecodeWireless, TheFirstFrameOfAnAggregateCounts) {
  const Bytes inside = udp4(link(kSnapIpv4));
  const Bytes subframe = bytes_of(kServerMac) + bytes_of(kClientMac) +
                         Bytes{0, static_cast<std::uint8_t>(inside.size())} + inside;
  Bytes header = data(0x88, kFromDs, {0x80, 0});
  std::fill(header.begin() + 16, header.begin() + 22, 0x33);  // here: the access point
  const Bytes frame = header + subframe + Bytes{0} + subframe;
  const Decoded d(frame, kIeee80211);
  expect_udp4(d);
  expect_client_to_server(d);
  expect_cuts(frame, kIeee80211);
}

TEST(DecodeWireless, AMeshHeaderIsSkippedWhereThereIsOne) {
  for (const std::uint8_t extension : Octets{0, 1, 2}) {
    const Bytes mesh = Bytes{extension, 31, 1, 0, 0, 0} + Bytes(6U * extension, 9);
    const Bytes header = data(0x88, kToDs | kFromDs, Bytes{0, 1} + mesh);
    expect_udp4(Decoded(udp_in(header), kIeee80211));
    expect_cuts(udp_in(header), kIeee80211);
  }
  // The same bit in another network: a length of its queue.
  expect_udp4(Decoded(udp_in(data(0x88, kToDs, {0x10, 1})), kIeee80211));
}

TEST(DecodeWireless, WhatCannotBeReadIsAFlowOfItsAddresses) {
  const Decoded encrypted(udp_in(data(0x08, kToDs | kProtected)), kIeee80211);
  expect_macs(encrypted, 0x20);
  expect_client_to_server(encrypted);
  expect_macs(Decoded(data(0x48, kToDs), kIeee80211), 0x24);                 // no data
  expect_macs(Decoded(data(0xc8, kToDs, {0, 0}), kIeee80211), 0x2c);         // QoS, no data
  expect_macs(Decoded(udp_in(data(0x08, kToDs, {}, 1)), kIeee80211), 0x20);  // second fragment
}

TEST(DecodeWireless, ManagementIsAFlowOfItsAddresses) {
  const Bytes beacon = data(0x80, 0) + Bytes(30, 0);
  const Decoded d(beacon, kIeee80211);
  expect_macs(d, 0x08);
  expect_client_to_server(d);
  expect_cuts(beacon, kIeee80211);
}

TEST(DecodeWireless, ControlFramesHaveOneAddressOrTwo) {
  const Decoded ack(Bytes{0xd4, 0, 0, 0} + bytes_of(kServerMac), kIeee80211);
  expect_macs(ack, 0x1d);
  EXPECT_EQ(ack.sender(), "000000000000");
  EXPECT_EQ(ack.receiver(), "020000000002");
  const Bytes rts = Bytes{0xb4, 0, 0, 0} + bytes_of(kServerMac) + bytes_of(kClientMac);
  expect_macs(Decoded(rts, kIeee80211), 0x1b);
  expect_client_to_server(Decoded(rts, kIeee80211));
  expect_cuts(rts, kIeee80211);
}

TEST(DecodeWireless, OtherVersionsAndTypesBelongToNoFlow) {
  EXPECT_EQ(Decoded(Bytes{0x09, 0} + Bytes(40, 0), kIeee80211).reason, Undecoded::bad_link_header);
  EXPECT_EQ(Decoded(Bytes{0x0c, 0} + Bytes(40, 0), kIeee80211).reason, Undecoded::unknown_network);
}

Bytes radiotap(const Bytes& fields) {
  const auto size = static_cast<std::uint8_t>(4 + fields.size());
  return Bytes{0, 0, size, 0} + fields;
}

TEST(DecodeRadiotap, ACheckSequenceIsNoPartOfThePacket) {
  // An 802.2 frame without a length of its own: all that is left is its payload.
  const Bytes stp = data(0x08, kFromDs) + Bytes{0x42, 0x42, 3, 1, 2, 3, 4};
  const Bytes with_fcs = radiotap({2, 0, 0, 0, 0x10});
  const Bytes with_time = radiotap(Bytes{3, 0, 0, 0} + Bytes(8, 0) + Bytes{0x10});
  const Bytes two_words =
      radiotap(Bytes{3, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0} + Bytes(8, 0) + Bytes{0x10});
  for (const Bytes& header : {with_fcs, with_time, two_words}) {
    expect_udp4(Decoded(header + udp_in(data(0x08, kFromDs)) + Bytes(4, 0xee), kRadiotap));
    expect_macs(Decoded(header + stp, kRadiotap), 0x4242);
    // Of two bytes of 802.2 and four of the check sequence no 802.2 header can be made.
    EXPECT_EQ(Decoded(header + cut(stp, 24 + 6), kRadiotap).reason, Undecoded::truncated_link);
    expect_cuts(header + udp_in(data(0x08, kFromDs)) + Bytes(4, 0xee), kRadiotap);
  }
  const Bytes without = radiotap({2, 0, 0, 0, 0});
  expect_macs(Decoded(without + cut(stp, 24 + 6), kRadiotap), 0x4242);
  EXPECT_EQ(Decoded(with_fcs + stp, kRadiotap).packet.wire_bytes, with_fcs.size() + stp.size());
}

TEST(DecodeRadiotap, PaddingBehindTheHeaderIsSkipped) {
  const Bytes header = data(0x88, kToDs, {0, 0});  // 26 bytes
  expect_udp4(Decoded(radiotap({2, 0, 0, 0, 0x20}) + udp_in(header + Bytes(2, 0)), kRadiotap));
  expect_udp4(Decoded(radiotap({2, 0, 0, 0, 0x00}) + udp_in(header), kRadiotap));
}

TEST(DecodeRadiotap, ImpossibleHeadersAreCounted) {
  const Bytes frame = udp_in(data(0x08, 0));
  EXPECT_EQ(Decoded(Bytes{1, 0, 8, 0, 0, 0, 0, 0} + frame, kRadiotap).reason,
            Undecoded::bad_link_header);
  EXPECT_EQ(Decoded(Bytes{0, 0, 7, 0, 0, 0, 0, 0} + frame, kRadiotap).reason,
            Undecoded::bad_link_header);
  // Words of what is present without end.
  EXPECT_EQ(Decoded(Bytes{0, 0, 12, 0, 2, 0, 0, 0x80, 0, 0, 0, 0x80} + frame, kRadiotap).reason,
            Undecoded::none);
}

TEST(DecodePrism, TheHeaderHasOneSize) {
  const Bytes frame = Bytes{0x44, 0, 0, 0, 144, 0, 0, 0} + Bytes(136, 0) + udp_in(data(0x08, 0));
  expect_udp4(Decoded(frame, kPrism));
  expect_cuts(frame, kPrism);
}

TEST(DecodeAvs, TheHeaderGivesItsSize) {
  const Bytes frame =
      Bytes{0x80, 0x21, 0x10, 0x01, 0, 0, 0, 64} + Bytes(56, 0) + udp_in(data(0x08, 0));
  expect_udp4(Decoded(frame, kAvs));
  expect_udp4(Decoded(frame, kPrism));
  expect_cuts(frame, kAvs);
  EXPECT_EQ(Decoded(Bytes{0x80, 0x21, 0x10, 0x01, 0, 0, 0, 7} + Bytes(90, 0), kAvs).reason,
            Undecoded::bad_link_header);
  EXPECT_EQ(Decoded(Bytes(90, 0), kAvs).reason, Undecoded::bad_link_header);
}

}  // namespace
}  // namespace panoptes
