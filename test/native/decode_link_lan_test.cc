// Local networks that are not Ethernet: FDDI, token ring, IEEE 1394, InfiniBand, ATM.
#include <gtest/gtest.h>

#include "link_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::kClientMac;
using frames::kServerMac;
using frames::link;

constexpr std::uint16_t kTokenRing = 6, kFddi = 10, kAtm = 100, kAtmClip = 106, kSunAtm = 123,
                        kIeee1394 = 138, kInfiniband = 242;
const Bytes kSnapIpv4{0xaa, 0xaa, 0x03, 0, 0, 0, 0x08, 0};

Bytes fddi(std::uint8_t control) {
  return Bytes{control} + bytes_of(kServerMac) + bytes_of(kClientMac);
}
// `route` goes behind the addresses; the first bit of the sender says that it is there.
Bytes token_ring(std::uint8_t control, const Bytes& route = {}) {
  Bytes header = Bytes{0x10, control} + bytes_of(kServerMac) + bytes_of(kClientMac) + route;
  if (!route.empty()) header[8] |= 0x80;
  return header;
}

TEST(DecodeFddi, LlcFramesLeadToIp) {
  for (const std::uint8_t control : Octets{0x50, 0x54, 0xd0}) {
    const Decoded d(udp4(link(fddi(control) + kSnapIpv4)), kFddi);
    expect_udp4(d);
    expect_client_to_server(d);
  }
  expect_cuts(udp4(link(fddi(0x50) + kSnapIpv4)), kFddi);
}

TEST(DecodeFddi, OtherFramesAreFlowsOfTheirMacs) {
  expect_macs(Decoded(fddi(0x41) + Bytes(20, 0), kFddi), 0x41);  // station management
  expect_macs(Decoded(fddi(0x50) + Bytes{0x42, 0x42, 3, 0, 0}, kFddi), 0x4242);
}

TEST(DecodeTokenRing, LlcFramesLeadToIp) {
  const Decoded d(udp4(link(token_ring(0x40) + kSnapIpv4)), kTokenRing);
  expect_udp4(d);
  expect_client_to_server(d);
  expect_cuts(udp4(link(token_ring(0x40) + kSnapIpv4)), kTokenRing);
}

TEST(DecodeTokenRing, TheSourceRouteIsNoPartOfTheAddress) {
  for (const std::size_t size : {2U, 6U, 30U}) {
    Bytes route(size, 0x11);
    route[0] = static_cast<std::uint8_t>(0x80 | size);
    const Decoded d(udp4(link(token_ring(0x40, route) + kSnapIpv4)), kTokenRing);
    expect_udp4(d);
    expect_client_to_server(d);
    expect_cuts(udp4(link(token_ring(0x40, route) + kSnapIpv4)), kTokenRing);
  }
  for (const std::uint8_t size : Octets{0, 1, 3}) {
    EXPECT_EQ(Decoded(token_ring(0x40, {size, 0}) + Bytes(20, 0), kTokenRing).reason,
              Undecoded::bad_link_header);
  }
}

TEST(DecodeTokenRing, RingControlIsAFlowOfItsMacs) {
  expect_macs(Decoded(token_ring(0x05) + Bytes(20, 0), kTokenRing), 0x05);
}

TEST(DecodeTokenRing, ArpIsReadWhateverTheHardwareType) {
  frames::Frame arp = link(token_ring(0x40) + Bytes{0xaa, 0xaa, 3, 0, 0, 0, 8, 6});
  Bytes frame = arp.arp(1, "10.0.0.1", "10.0.0.2").bytes();
  frame[23] = 6;  // IEEE 802 networks
  const Decoded d(frame, kTokenRing);
  EXPECT_EQ(d.key().kind, FlowKind::arp);
  EXPECT_EQ(d.sender(), "10.0.0.1:0");
}

TEST(DecodeIeee1394, LeadsToIpWithoutMacs) {
  const Decoded d(udp4(link(Bytes(16, 5) + Bytes{0x08, 0})), kIeee1394);
  expect_udp4(d);
  EXPECT_FALSE(d.has(kHasMac));
  expect_cuts(udp4(link(Bytes(16, 5) + Bytes{0x08, 0})), kIeee1394);
  EXPECT_EQ(Decoded(Bytes(16, 5) + Bytes{0x88, 0xcc, 1, 2}, kIeee1394).reason,
            Undecoded::unknown_network);
}

TEST(DecodeIeee1394, ArpHasNoHardwareAddressOfTheTarget) {
  const Bytes arp =
      Bytes{0, 24, 8, 0, 16, 4, 0, 1} + Bytes(16, 7) + Bytes{10, 0, 0, 1, 10, 0, 0, 2};
  const Decoded d(Bytes(16, 5) + Bytes{0x08, 0x06} + arp, kIeee1394);
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().kind, FlowKind::arp);
  EXPECT_EQ(d.sender(), "10.0.0.1:0");
  EXPECT_EQ(d.receiver(), "10.0.0.2:0");
}

TEST(DecodeInfiniband, LeadsToIpBehindTheRoutingHeader) {
  expect_udp4(Decoded(udp4(link(Bytes(40, 3) + Bytes{0x08, 0, 0, 0})), kInfiniband));
  expect_udp6(Decoded(udp6(link(Bytes(40, 3) + Bytes{0x86, 0xdd, 0, 0})), kInfiniband));
  expect_cuts(udp4(link(Bytes(40, 3) + Bytes{0x08, 0, 0, 0})), kInfiniband);
}

TEST(DecodeAtm, RoutedAndBridgedPacketsLeadToIp) {
  expect_udp4(Decoded(udp4(link(kSnapIpv4)), kAtm));
  expect_udp4(Decoded(udp4(link({0xfe, 0xfe, 3, 0xcc})), kAtm));        // NLPID
  expect_udp4(Decoded(udp4(link({0xfe, 0xfe, 3, 0xcf, 0x21})), kAtm));  // PPP, RFC 2364
  const Bytes bridged{0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 7, 0, 0};
  const Decoded d(bridged + udp4(frames::ethernet()), kAtm);
  expect_udp4(d);
  expect_client_to_server(d);
  Bytes with_fcs{0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 1, 0, 0};
  expect_udp4(Decoded(with_fcs + udp4(frames::ethernet()) + Bytes(4, 0xee), kAtm));
  EXPECT_EQ(Decoded({0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 14, 1, 2}, kAtm).reason,
            Undecoded::unknown_network);
  expect_cuts(bridged + udp4(frames::ethernet()), kAtm);
}

TEST(DecodeAtm, ClassicalIpMayLeaveOutItsHeader) {
  expect_udp4(Decoded(udp4(link(kSnapIpv4)), kAtmClip));
  expect_udp4(Decoded(udp4(link({})), kAtmClip));
  expect_udp6(Decoded(udp6(link({})), kAtmClip));
}

TEST(DecodeAtm, SunHeaderTellsLanEmulationFromLlc) {
  expect_udp4(Decoded(udp4(link(Bytes{0x02, 0, 0, 33} + kSnapIpv4)), kSunAtm));
  const Bytes emulation{0x81, 0, 0, 33, 0, 9};
  const Decoded d(emulation + udp4(frames::ethernet()), kSunAtm);
  expect_udp4(d);
  expect_client_to_server(d);
  EXPECT_EQ(Decoded({0x05, 0, 0, 16, 1, 2, 3}, kSunAtm).reason, Undecoded::unknown_network);
  expect_cuts(udp4(link(Bytes{0x02, 0, 0, 33} + kSnapIpv4)), kSunAtm);
  expect_cuts(emulation + udp4(frames::ethernet()), kSunAtm);
}

TEST(DecodeAtm, ArpHasItsOwnForm) {
  const Bytes snap{0xaa, 0xaa, 3, 0, 0, 0, 8, 6};
  const Bytes request = Bytes{0, 19, 8, 0, 20, 0, 0, 1, 4, 20, 0, 4} + Bytes(20, 1) +
                        Bytes{10, 0, 0, 1} + Bytes(20, 0) + Bytes{10, 0, 0, 2};
  const Decoded d(snap + request, kAtm);
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().kind, FlowKind::arp);
  EXPECT_EQ(d.sender(), "10.0.0.1:0");
  EXPECT_EQ(d.receiver(), "10.0.0.2:0");
  EXPECT_EQ(d.packet.arp_operation, 1);
  // Inverse: the address of the target is what is asked for.
  const Bytes inverse = Bytes{0, 19, 8, 0, 0x54, 0, 0, 8, 4, 20, 0, 0} + Bytes(20, 1) +
                        Bytes{10, 0, 0, 1} + Bytes(20, 2);
  EXPECT_EQ(Decoded(snap + inverse, kAtm).receiver(), "0.0.0.0:0");
  Bytes cut = snap + request;
  cut.pop_back();
  EXPECT_EQ(Decoded(cut, kAtm).reason, Undecoded::unknown_network);
}

}  // namespace
}  // namespace panoptes
