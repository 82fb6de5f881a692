// Link layers: every LINKTYPE_ finds its network layer, or says why not.
#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "link_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::Frame;

constexpr std::uint16_t kNull = 0, kPpp = 9, kRaw12 = 12, kRaw14 = 14, kPppHdlc = 50, kRaw = 101,
                        kCiscoHdlc = 104, kLoop = 108, kCooked = 113, kIpv4 = 228, kIpv6 = 229,
                        kNflog = 239, kCooked2 = 276;

TEST(DecodeLink, EthernetGivesMacsTimeAndLength) {
  const Decoded d(udp4(frames::ethernet()), 1, 1500);
  expect_udp4(d);
  EXPECT_EQ(d.packet.layers, kHasMac | kHasIp | kHasPorts);
  EXPECT_EQ(std::memcmp(d.packet.mac_src, frames::kClientMac.data(), 6), 0);
  EXPECT_EQ(std::memcmp(d.packet.mac_dst, frames::kServerMac.data(), 6), 0);
  EXPECT_EQ(d.packet.time_ns, 42);
  EXPECT_EQ(d.packet.wire_bytes, 1500U);
  EXPECT_EQ(d.key().link_context, 0U);
}

TEST(DecodeLink, WireLengthIsNeverBelowTheCapturedLength) {
  const Decoded d(udp4(frames::ethernet()), 1, 10);
  EXPECT_EQ(d.packet.wire_bytes, d.bytes.size());
}

TEST(DecodeLink, OneTagIsTheKeysVlan) {
  const Decoded d(udp4(frames::ethernet().vlan(5, 3)));
  expect_udp4(d);
  EXPECT_TRUE(d.has(kHasVlan | kHasMac));
  EXPECT_EQ(d.packet.vlan_outer, 3 << 13 | 5);
  EXPECT_EQ(d.key().link_context, 5U);
}

TEST(DecodeLink, TwoTagsStandSideBySideInTheKey) {
  for (const std::uint16_t tpid : Words{0x8100, 0x88a8, 0x9100}) {
    const Decoded d(udp6(frames::ethernet().vlan(5, 0, tpid).vlan(4095)));
    expect_udp6(d);
    EXPECT_EQ(d.packet.vlan_outer, 5);
    EXPECT_EQ(d.key().link_context, 5U | 4095U << 12);
  }
}

TEST(DecodeLink, DeeperTagsChangeTheKeyAboveTheFirstTwo) {
  const Decoded three(udp4(frames::ethernet().vlan(1).vlan(2).vlan(3)));
  const Decoded other(udp4(frames::ethernet().vlan(1).vlan(2).vlan(4)));
  const Decoded four(udp4(frames::ethernet().vlan(1).vlan(2).vlan(3).vlan(4)));
  expect_udp4(four);
  EXPECT_NE(three.key().link_context & kHashedContext, 0U);
  EXPECT_NE(four.key().link_context & kHashedContext, 0U);
  EXPECT_NE(three.key(), other.key());
  EXPECT_NE(three.key(), four.key());
}

TEST(DecodeLink, PriorityTagIsNoVlanOfTheKey) {
  const Decoded tagged(udp4(frames::ethernet().vlan(0, 7)));
  const Decoded plain(udp4(frames::ethernet()));
  EXPECT_EQ(tagged.key(), plain.key());
  EXPECT_TRUE(tagged.has(kHasVlan));
  EXPECT_EQ(tagged.packet.vlan_outer, 7 << 13);
  EXPECT_EQ(Decoded(udp4(frames::ethernet().vlan(0).vlan(9))).key().link_context, 9U);
}

TEST(DecodeLink, EndlessTagsAreAFlowOfTheirEthertype) {
  Frame frame = frames::ethernet();
  for (std::uint16_t i = 0; i < 70; ++i) frame.vlan(i);
  const Decoded d(udp4(frame));
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().kind, FlowKind::ethernet);
  EXPECT_EQ(d.key().aux, 0x8100);
}

TEST(DecodeLink, CutEthernetHeaderIsTruncatedLink) {
  const Bytes frame = udp4(frames::ethernet().vlan(5).vlan(6));
  for (std::size_t size = 0; size < 22; ++size) {
    if (size == 14 || size == 18) continue;
    EXPECT_EQ(Decoded(cut(frame, size)).reason, Undecoded::truncated_link) << size;
  }
  EXPECT_EQ(Decoded(cut(udp4(frames::ethernet()), 14)).reason, Undecoded::truncated_ip);
}

TEST(DecodeLink, SnapLeadsToIp) {
  expect_udp4(Decoded(udp4(frames::ethernet().snap())));
  expect_udp6(Decoded(udp6(frames::ethernet().vlan(3).snap())));
}

TEST(DecodeLink, LlcWithTheIpServiceAccessPointLeadsToIp) {
  expect_udp4(Decoded(udp4(frames::ethernet().llc(0x06, 0x06))));
}

TEST(DecodeLink, OtherLlcIsAFlowOfItsServiceAccessPoints) {
  const Decoded stp(frames::ethernet().llc(0x42, 0x42).payload(35).bytes(60));
  ASSERT_EQ(stp.reason, Undecoded::none);
  EXPECT_EQ(stp.key().kind, FlowKind::ethernet);
  EXPECT_EQ(stp.key().aux, 0x4242);
  // DSAP and SSAP that look like the ethertypes of IPv4 and ARP are neither.
  EXPECT_EQ(Decoded(frames::ethernet().llc(0x08, 0x00).payload(46).bytes()).key().kind,
            FlowKind::ethernet);
  EXPECT_EQ(Decoded(frames::ethernet().llc(0x08, 0x06).payload(46).bytes()).key().kind,
            FlowKind::ethernet);
}

TEST(DecodeLink, SnapOfAnotherOrganisationIsNoEthertype) {
  Bytes frame = udp4(frames::ethernet().snap());
  frame[19] = 0x0c;  // 00-00-0c: Cisco
  const Decoded d(frame);
  EXPECT_EQ(d.key().kind, FlowKind::ethernet);
  EXPECT_EQ(d.key().aux, 0xaaaa);
}

TEST(DecodeLink, CutLlcIsTruncatedLink) {
  EXPECT_EQ(Decoded(cut(frames::ethernet().llc(0x42, 0x42).payload(40).bytes(), 16)).reason,
            Undecoded::truncated_link);
}

TEST(DecodeLink, PppoeSessionLeadsToIp) {
  auto session = [](std::uint8_t code, std::uint8_t low) {
    return frames::ethernet().ethertype(0x8864).bytes_as_they_are(
        {0x11, code, 0, 1, 0, 33, 0, low});
  };
  expect_udp4(Decoded(udp4(session(0, 0x21))));
  const Decoded lcp(session(0, 0x23).payload(20).bytes());
  EXPECT_EQ(lcp.key().kind, FlowKind::ethernet);
  EXPECT_EQ(lcp.key().aux, 0x8864);
  EXPECT_EQ(Decoded(udp4(session(9, 0x21))).key().kind, FlowKind::ethernet);
}

TEST(DecodeLink, RawIpIsToldByItsVersion) {
  for (const std::uint16_t type : Words{kRaw12, kRaw14, kRaw}) {
    expect_udp4(Decoded(udp4(frames::raw_ip()), type));
    expect_udp6(Decoded(udp6(frames::raw_ip()), type));
    EXPECT_EQ(Decoded({0x00, 0x01}, type).reason, Undecoded::unknown_network);
    EXPECT_EQ(Decoded({}, type).reason, Undecoded::truncated_ip);
  }
  expect_udp4(Decoded(udp4(frames::raw_ip()), kIpv4));
  expect_udp6(Decoded(udp6(frames::raw_ip()), kIpv6));
  EXPECT_EQ(Decoded(udp6(frames::raw_ip()), kIpv4).reason, Undecoded::bad_ip_header);
  EXPECT_EQ(Decoded(udp6(frames::raw_ip()), kIpv4).packet.layers & kHasMac, 0);
}

TEST(DecodeLink, LoopbackIsReadInEitherByteOrder) {
  for (const std::uint16_t type : Words{kNull, kLoop}) {
    expect_udp4(Decoded(udp4(frames::loop()), type));
    expect_udp6(Decoded(udp6(frames::loop()), type));
    expect_udp4(Decoded(udp4(frames::link({2, 0, 0, 0})), type));
    for (const std::uint8_t family : Octets{10, 23, 24, 28, 30}) {
      expect_udp6(Decoded(udp6(frames::link({family, 0, 0, 0})), type));
    }
    expect_udp4(Decoded(udp4(frames::link({0x0f, 0, 0x08, 0})), type));
    EXPECT_EQ(Decoded(udp4(frames::link({7, 0, 0, 0})), type).reason, Undecoded::unknown_network);
    EXPECT_EQ(Decoded({2, 0, 0}, type).reason, Undecoded::truncated_link);
  }
}

TEST(DecodeLink, CookedCapturesKnowTheSendersMac) {
  const Decoded one(udp4(frames::cooked()), kCooked);
  expect_udp4(one);
  expect_udp6(Decoded(udp6(frames::cooked().vlan(8)), kCooked));
  const Decoded two(udp4(frames::cooked2()), kCooked2);
  expect_udp4(two);
  for (const Decoded* d : {&one, &two}) {
    EXPECT_TRUE(d->has(kHasMac));
    EXPECT_EQ(std::memcmp(d->packet.mac_src, frames::kClientMac.data(), 6), 0);
    EXPECT_EQ(std::memcmp(d->packet.mac_dst, frames::Mac{}.data(), 6), 0);
  }
  EXPECT_EQ(Decoded(cut(udp4(frames::cooked()), 15), kCooked).reason, Undecoded::truncated_link);
  EXPECT_EQ(Decoded(cut(udp4(frames::cooked2()), 19), kCooked2).reason, Undecoded::truncated_link);
}

TEST(DecodeLink, CookedCaptureOfSomethingElseIsAFlowOfTheSender) {
  const Decoded d(frames::cooked().ethertype(0x88cc).payload(20).bytes(), kCooked);
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().kind, FlowKind::ethernet);
  EXPECT_EQ(d.sender(), "020000000001");
  EXPECT_EQ(d.receiver(), "000000000000");
  EXPECT_EQ(d.key().aux, 0x88cc);
}

TEST(DecodeLink, CookedCaptureOfNetlinkHasNoEthertype) {
  const Decoded d(udp4(frames::cooked(frames::kClientMac, 824)), kCooked);
  EXPECT_EQ(d.key().kind, FlowKind::ethernet);
}

TEST(DecodeLink, CookedCaptureWithLlcIsReadOn) {
  Frame stp = frames::cooked().ethertype(4).bytes_as_they_are({0x42, 0x42, 3}).payload(30);
  EXPECT_EQ(Decoded(stp.bytes(), kCooked).key().aux, 0x4242);
}

TEST(DecodeLink, CookedCaptureWithoutAnAddressHasNoMac) {
  Bytes frame = udp4(frames::cooked());
  frame[5] = 0;
  const Decoded d(frame, kCooked);
  expect_udp4(d);
  EXPECT_FALSE(d.has(kHasMac));
  Bytes other = frames::cooked().ethertype(0x88cc).payload(20).bytes();
  other[5] = 0;
  EXPECT_EQ(Decoded(other, kCooked).reason, Undecoded::unknown_network);
}

TEST(DecodeLink, PppIsReadWithAndWithoutItsHdlcHeader) {
  for (const std::uint16_t type : Words{kPpp, kPppHdlc}) {
    expect_udp4(Decoded(udp4(frames::link({0xff, 0x03, 0x00, 0x21})), type));
    expect_udp6(Decoded(udp6(frames::link({0x00, 0x57})), type));
    expect_udp4(Decoded(udp4(frames::link({0x21})), type));
    EXPECT_EQ(Decoded({0xff, 0x03, 0xc0, 0x21, 1, 1}, type).reason, Undecoded::unknown_network);
    EXPECT_EQ(Decoded({0xff, 0x03}, type).reason, Undecoded::truncated_link);
    EXPECT_EQ(Decoded({0xff, 0x03, 0x00}, type).reason, Undecoded::truncated_link);
  }
}

TEST(DecodeLink, CiscoHdlcLeadsToIp) {
  expect_udp4(Decoded(udp4(frames::link({0x0f, 0, 0x08, 0x00})), kCiscoHdlc));
  expect_udp6(Decoded(udp6(frames::link({0x0f, 0, 0x86, 0xdd})), kCiscoHdlc));
  EXPECT_EQ(Decoded({0x0f, 0, 0x80, 0x35, 0}, kCiscoHdlc).reason, Undecoded::unknown_network);
  EXPECT_EQ(Decoded({0x0f, 0, 0x08}, kCiscoHdlc).reason, Undecoded::truncated_link);
}

TEST(DecodeLink, NflogIsSearchedForItsPayload) {
  const Bytes little{2, 0, 0, 1, 8, 0, 1, 0, 8, 0, 1, 0, 5, 0, 10, 0, 0, 0, 0, 0, 35, 0, 9, 0};
  const Bytes big{10, 0, 0, 1, 0, 8, 0, 1, 8, 0, 1, 0, 0, 55, 0, 9};
  expect_udp4(Decoded(udp4(frames::link(little)), kNflog));
  expect_udp6(Decoded(udp6(frames::link(big)), kNflog));
  EXPECT_EQ(Decoded({7, 0, 0, 1, 8, 0, 9, 0, 0, 0, 0, 0}, kNflog).reason,
            Undecoded::unknown_network);
  EXPECT_EQ(Decoded({2, 1, 0, 1, 8, 0, 9, 0}, kNflog).reason, Undecoded::bad_link_header);
  EXPECT_EQ(Decoded({2, 0, 0, 1, 3, 0, 1, 0}, kNflog).reason, Undecoded::bad_link_header);
  EXPECT_EQ(Decoded({2, 0, 0, 1, 8, 0, 1, 0}, kNflog).reason, Undecoded::truncated_link);
  EXPECT_EQ(Decoded({2, 0, 0}, kNflog).reason, Undecoded::truncated_link);
  Bytes endless{2, 0, 0, 1};
  for (int i = 0; i < 40; ++i) endless.insert(endless.end(), {4, 0, 1, 0});
  EXPECT_EQ(Decoded(endless, kNflog).reason, Undecoded::bad_link_header);
}

TEST(DecodeLink, UnknownLinkTypesAreCountedAsSuch) {
  for (const std::uint16_t type : Words{147, 160, 253, 65535}) {
    EXPECT_EQ(Decoded(udp4(frames::ethernet()), type).reason, Undecoded::unknown_link_type);
  }
}

TEST(DecodeLink, EveryReasonHasItsOwnName) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kUndecodedReasons; ++i) names.insert(name(static_cast<Undecoded>(i)));
  EXPECT_EQ(names.size(), kUndecodedReasons);
  EXPECT_EQ(names.count("unknown"), 0U);
}

}  // namespace
}  // namespace panoptes
