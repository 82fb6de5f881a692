// Serial lines: PPP in its forms, Cisco HDLC, frame relay, SLIP.
#include <gtest/gtest.h>

#include "link_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::Frame;
using frames::link;

constexpr std::uint16_t kSlip = 8, kPpp = 9, kPppHdlc = 50, kPppEther = 51, kCiscoHdlc = 104,
                        kFrameRelay = 107, kPppd = 166, kMultilinkFr = 182, kPppDirection = 204,
                        kCiscoDirection = 205, kFrameRelayDirection = 206;

TEST(DecodePpp, AddressControlAndProtocolMayBeCompressed) {
  const Bytes headers[] = {{0xff, 0x03, 0x00, 0x21}, {0x00, 0x21}, {0xff, 0x03, 0x21}, {0x21}};
  for (const Bytes& header : headers) {
    for (const std::uint16_t type : {kPpp, kPppHdlc})
      expect_udp4(Decoded(udp4(link(header)), type));
    expect_cuts(udp4(link(header)), kPpp);
  }
  expect_udp6(Decoded(udp6(link({0x57})), kPpp));
}

TEST(DecodePpp, CiscoFramingUnderThePppTypesIsToldByItsFirstByte) {
  for (const std::uint16_t type : {kPpp, kPppHdlc}) {
    expect_udp4(Decoded(udp4(link({0x0f, 0, 0x08, 0})), type));
    expect_udp6(Decoded(udp6(link({0x8f, 0, 0x86, 0xdd})), type));
  }
}

TEST(DecodePpp, ADirectionInFrontIsSkipped) {
  for (const std::uint8_t direction : Octets{0, 1}) {
    expect_udp4(Decoded(udp4(link({direction, 0xff, 0x03, 0, 0x21})), kPppDirection));
    expect_udp6(Decoded(udp6(link({direction, 0, 0x57})), kPppDirection));
    expect_udp4(Decoded(udp4(link({direction, 0x0f, 0, 0x08, 0})), kCiscoDirection));
    expect_udp4(Decoded(udp4(link({direction, 0x18, 0x41, 3, 0xcc})), kFrameRelayDirection));
    // pppd: in place of the address byte, the control byte there or 0, or in front of all.
    expect_udp4(Decoded(udp4(link({direction, 0x03, 0, 0x21})), kPppd));
    expect_udp4(Decoded(udp4(link({direction, 0x00, 0, 0x21})), kPppd));
    expect_udp4(Decoded(udp4(link({direction, 0xff, 0x03, 0, 0x21})), kPppd));
  }
  expect_udp4(Decoded(udp4(link({0xff, 0x03, 0, 0x21})), kPppd));
  expect_cuts(udp4(link({1, 0xff, 0x03, 0, 0x21})), kPppDirection);
  expect_cuts(udp4(link({1, 0x0f, 0, 8, 0})), kCiscoDirection);
  expect_cuts(udp4(link({1, 0x18, 0x41, 3, 0xcc})), kFrameRelayDirection);
  expect_cuts(udp4(link({1, 0x03, 0, 0x21})), kPppd);
}

TEST(DecodePpp, ControlProtocolsBelongToNoFlow) {
  EXPECT_EQ(Decoded({0xff, 0x03, 0xc0, 0x21, 1, 1, 0, 4}, kPpp).reason, Undecoded::unknown_network);
  EXPECT_EQ(Decoded({0x80, 0x21, 1, 1, 0, 4}, kPpp).reason, Undecoded::unknown_network);
}

TEST(DecodePpp, PppoeWithoutEthernetLeadsToIp) {
  const Frame session = link({0x11, 0, 0, 1, 0, 33, 0, 0x21});
  expect_udp4(Decoded(udp4(session), kPppEther));
  expect_cuts(udp4(session), kPppEther);
  EXPECT_EQ(Decoded({0x11, 0x09, 0, 0, 0, 0}, kPppEther).reason, Undecoded::unknown_network);
}

TEST(DecodePpp, AMultilinkFragmentThatBeginsAPacketLeadsToIp) {
  const Bytes headers[] = {
      {0xff, 0x03, 0x00, 0x3d, 0xc0, 0, 0, 7, 0x21},  // 24-bit sequence number
      {0x00, 0x3d, 0x80, 0, 0, 7, 0x00, 0x21},        // begins, does not end
      {0x3d, 0xc0, 0x07, 0x21},                       // 12-bit sequence number
      {0x3d, 0x80, 0x07, 0xff, 0x03, 0x00, 0x21},     // with the inner address
  };
  for (const Bytes& header : headers) expect_udp4(Decoded(udp4(link(header)), kPpp));
  EXPECT_EQ(Decoded(udp4(link({0x3d, 0x40, 0, 0, 8})), kPpp).reason, Undecoded::unknown_network);
  EXPECT_EQ(Decoded({0x3d}, kPpp).reason, Undecoded::truncated_link);
}

TEST(DecodePpp, BridgedEthernetGivesItsMacs) {
  auto bridged = [](const Bytes& header, std::size_t trailer) {
    Bytes frame = Bytes{0xff, 0x03, 0x00, 0x31} + header + udp4(frames::ethernet());
    frame.resize(frame.size() + trailer, 0xee);
    return frame;
  };
  const Decoded plain(bridged({0x00, 1}, 0), kPpp);
  expect_udp4(plain);
  expect_client_to_server(plain);
  expect_udp4(Decoded(bridged({0x80, 1}, 4), kPpp));              // check sequence
  expect_udp4(Decoded(bridged({0x42, 1, 0, 0, 0, 9}, 2), kPpp));  // LAN id, padding
  EXPECT_EQ(Decoded(bridged({0x00, 2}, 0), kPpp).reason, Undecoded::unknown_network);
  expect_cuts(bridged({0x00, 1}, 0), kPpp);
}

TEST(DecodeCiscoHdlc, AnyEthertypeIsFollowed) {
  expect_udp4(Decoded(udp4(link({0x0f, 0, 0x08, 0})), kCiscoHdlc));
  expect_udp6(Decoded(udp6(link({0x8f, 0, 0x86, 0xdd})), kCiscoHdlc));
  const Decoded labelled(udp4(link({0x0f, 0, 0x88, 0x47, 0, 1, 0x01, 64})), kCiscoHdlc);
  expect_udp4(labelled);
  EXPECT_EQ(labelled.packet.mpls_label, 16U);
  expect_cuts(udp4(link({0x0f, 0, 0x08, 0})), kCiscoHdlc);
}

TEST(DecodeCiscoHdlc, KeepalivesAreNoRarp) {
  // As long as RARP, and with its length fields.
  Bytes slarp = Bytes{0x8f, 0, 0x80, 0x35, 0, 0, 0, 2, 6, 4} + Bytes(20, 1);
  EXPECT_EQ(Decoded(slarp, kCiscoHdlc).reason, Undecoded::unknown_network);
}

TEST(DecodeFrameRelay, AddressesOfTwoToFourBytesAreSkipped) {
  const Bytes addresses[] = {{0x18, 0x41}, {0x18, 0x40, 0x81}, {0x18, 0x40, 0x80, 0x03}};
  for (const Bytes& address : addresses) {
    expect_udp4(Decoded(udp4(link(address + Bytes{3, 0xcc})), kFrameRelay));
    expect_cuts(udp4(link(address + Bytes{3, 0xcc})), kFrameRelay);
  }
  EXPECT_EQ(Decoded({0x19, 0x41, 3, 0xcc, 0x45}, kFrameRelay).reason, Undecoded::bad_link_header);
  EXPECT_EQ(Decoded({0x18, 0x40, 0x80, 0x02, 3}, kFrameRelay).reason, Undecoded::bad_link_header);
}

TEST(DecodeFrameRelay, EachEncapsulationOfRfc2427LeadsToIp) {
  const Bytes address{0x18, 0x41};
  expect_udp6(Decoded(udp6(link(address + Bytes{3, 0x8e})), kFrameRelay));
  expect_udp4(Decoded(udp4(link(address + Bytes{3, 0, 0xcc})), kFrameRelay));
  const Bytes snap{3, 0, 0x80, 0, 0, 0, 0x08, 0};
  expect_udp4(Decoded(udp4(link(address + snap)), kFrameRelay));
  expect_udp4(Decoded(udp4(link(address + Bytes{3, 0xcf, 0, 0x21})), kFrameRelay));
  expect_cuts(udp4(link(address + snap)), kFrameRelay);
  const Decoded bridged(address + Bytes{3, 0, 0x80, 0, 0x80, 0xc2, 0, 7} + udp4(frames::ethernet()),
                        kFrameRelay);
  expect_udp4(bridged);
  expect_client_to_server(bridged);
  Bytes with_fcs = address + Bytes{3, 0, 0x80, 0, 0x80, 0xc2, 0, 1} +
                   frames::ethernet().llc(0x42, 0x42).payload(35).bytes();
  expect_macs(Decoded(with_fcs + Bytes(4, 0xee), kFrameRelay), 0x4242);
}

TEST(DecodeFrameRelay, CiscoEncapsulationIsAnEthertype) {
  expect_udp4(Decoded(udp4(link({0x18, 0x41, 0x08, 0x00})), kFrameRelay));
  EXPECT_EQ(Decoded({0x18, 0x41, 0x20, 0x00, 1, 180}, kFrameRelay).reason,
            Undecoded::unknown_network);
}

TEST(DecodeFrameRelay, InverseArpIsAFlow) {
  const Bytes inarp = Bytes{0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 0x08, 0x06} +
                      Bytes{0, 15, 8, 0, 2, 4, 0, 8, 0x18, 0x41, 10, 0, 0, 1, 0, 0, 10, 0, 0, 2};
  const Decoded d(inarp, kFrameRelay);
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().kind, FlowKind::arp);
  EXPECT_EQ(d.sender(), "10.0.0.1:0");
  EXPECT_EQ(d.receiver(), "10.0.0.2:0");
  EXPECT_EQ(d.packet.request_sense, 1);
}

TEST(DecodeFrameRelay, SignallingBelongsToNoFlow) {
  EXPECT_EQ(Decoded({0, 1, 3, 8, 0, 0x75, 0x51, 1}, kFrameRelay).reason,
            Undecoded::unknown_network);
  EXPECT_EQ(Decoded({0x18, 0x41, 3, 0x83, 0x1b}, kFrameRelay).reason, Undecoded::unknown_network);
}

TEST(DecodeFrameRelay, AMultilinkFragmentThatBeginsAFrameLeadsToIp) {
  expect_udp4(Decoded(udp4(link({0xe1 & 0xc1, 0, 0x18, 0x41, 3, 0xcc})), kMultilinkFr));
  expect_udp4(Decoded(udp4(link({0x81, 0, 0x18, 0x41, 3, 0xcc})), kMultilinkFr));
  EXPECT_EQ(Decoded(udp4(link({0x41, 0, 0x18, 0x41, 3, 0xcc})), kMultilinkFr).reason,
            Undecoded::unknown_network);
  EXPECT_EQ(Decoded({0xe1, 0, 1, 2, 3}, kMultilinkFr).reason, Undecoded::unknown_network);
  expect_cuts(udp4(link({0xc1, 0, 0x18, 0x41, 3, 0xcc})), kMultilinkFr);
}

TEST(DecodeSlip, TheHeaderOfBsdIsSkipped) {
  expect_udp4(Decoded(udp4(link(Bytes(16, 0))), kSlip));
  expect_udp6(Decoded(udp6(link(Bytes(16, 1))), kSlip));
  EXPECT_EQ(Decoded(Bytes(20, 0), kSlip).reason, Undecoded::unknown_network);
  expect_cuts(udp4(link(Bytes(16, 0))), kSlip);
}

}  // namespace
}  // namespace panoptes
