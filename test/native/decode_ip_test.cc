// IPv4 and IPv6 headers: lengths, options, extension headers, fragments, and what is no header.
#include <gtest/gtest.h>

#include "decode_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;
using frames::Frame;

Frame ip4(const frames::Ipv4Fields& fields = {}) {
  return ethernet().ipv4("10.0.0.1", "10.0.0.2", fields);
}
Frame ip6(const frames::Ipv6Fields& fields = {}) {
  return ethernet().ipv6("fd00::1", "fd00::2", fields);
}

TEST(DecodeIpv4, ReportsTheHeadersFields) {
  const Decoded d(ip4({.ttl = 9, .tos = 0xb8, .id = 777}).udp(1, 2).bytes());
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().protocol, 17);
  EXPECT_EQ(d.packet.ttl, 9);
  EXPECT_EQ(d.packet.tos, 0xb8);
  EXPECT_EQ(d.packet.ip_id, 777);
  EXPECT_EQ(d.packet.ip_flags, kIpDontFragment);
  EXPECT_EQ(Decoded(ip4({.fragment = 0}).udp(1, 2).bytes()).packet.ip_flags, 0);
}

TEST(DecodeIpv4, PaddingIsNoPayload) {
  const Decoded d(ip4().udp(1, 2).payload("ab").bytes(60));
  EXPECT_EQ(d.packet.payload_bytes, 2U);
  EXPECT_EQ(d.payload(), "ab");
  EXPECT_EQ(d.packet.wire_bytes, 60U);
  const Decoded ack(ip4().tcp(1, 2, kAck).bytes(60));
  EXPECT_EQ(ack.packet.payload_bytes, 0U);
  EXPECT_EQ(ack.packet.payload_captured, 0U);
}

TEST(DecodeIpv4, SnaplenDoesNotShortenThePayload) {
  const Bytes frame = ip4().udp(1, 2).payload(1000).bytes();
  const Decoded d(cut(frame, 96), 1, static_cast<std::uint32_t>(frame.size()));
  EXPECT_EQ(d.packet.payload_bytes, 1000U);
  EXPECT_EQ(d.packet.payload_captured, 96U - 42);
}

TEST(DecodeIpv4, TotalLengthBeyondTheFrameIsCappedByTheWire) {
  Bytes frame = ip4().udp(1, 2).payload(10).bytes();
  frame[16] = 0x40;
  const Decoded d(frame);
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.packet.payload_bytes, 10U);
}

TEST(DecodeIpv4, TotalLengthZeroMeansTheWholeFrame) {
  Bytes frame = ip4().tcp(1, 2, kAck).payload(70000).bytes();
  frame[16] = frame[17] = 0;
  const Decoded d(frame);
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.packet.payload_bytes, 70000U);
}

TEST(DecodeIpv4, EachOptionHasItsBit) {
  const std::pair<std::uint8_t, std::uint16_t> cases[] = {
      {7, kIpRecordRoute},   {68, kIpTimestamp},    {130, kIpSecurity},
      {133, kIpSecurity},    {134, kIpSecurity},    {131, kIpSourceRoute},
      {137, kIpSourceRoute}, {148, kIpRouterAlert}, {94, kIpOtherOption}};
  for (const auto& [type, bit] : cases) {
    const Decoded d(ip4({.options = {1, type, 4, 0, 0}}).udp(5, 6).payload("x").bytes());
    ASSERT_EQ(d.reason, Undecoded::none);
    EXPECT_EQ(d.packet.ip_flags, kIpDontFragment | bit) << int{type};
    EXPECT_EQ(d.sender(), "10.0.0.1:5");
    EXPECT_EQ(d.payload(), "x");
  }
  const Decoded two(ip4({.options = {7, 3, 4, 148, 4, 0, 0, 0}}).udp(5, 6).bytes());
  EXPECT_EQ(two.packet.ip_flags, kIpDontFragment | kIpRecordRoute | kIpRouterAlert);
}

TEST(DecodeIpv4, OptionsBehindTheEndOrABadLengthAreNotRead) {
  EXPECT_EQ(Decoded(ip4({.options = {0, 7, 3, 4}}).udp(1, 2).bytes()).packet.ip_flags,
            kIpDontFragment);
  EXPECT_EQ(Decoded(ip4({.options = {94, 0, 7, 3}}).udp(1, 2).bytes()).packet.ip_flags,
            kIpDontFragment | kIpOtherOption);
}

TEST(DecodeIpv4, CutOptionsLeaveAFlowWithoutPorts) {
  const Bytes frame = ip4({.options = Bytes(8, 1)}).udp(1, 2).payload(5).bytes();
  const Decoded d(cut(frame, 36), 1, static_cast<std::uint32_t>(frame.size()));
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_FALSE(d.has(kHasPorts));
  EXPECT_EQ(d.packet.payload_bytes, 5U);
  EXPECT_EQ(d.packet.payload_captured, 0U);
}

TEST(DecodeIpv4, CutHeaderIsTruncatedIp) {
  const Bytes frame = ip4().udp(1, 2).bytes();
  for (std::size_t size = 18; size < 34; ++size) {
    EXPECT_EQ(Decoded(cut(frame, size)).reason, Undecoded::truncated_ip) << size;
  }
  // The sender's own cut: the header says more than there ever was.
  EXPECT_EQ(Decoded(cut(ip4({.options = Bytes(8, 1)}).udp(1, 2).bytes(), 36)).reason,
            Undecoded::truncated_ip);
}

TEST(DecodeIpv4, ImpossibleVersionOrLengthIsBadIpHeader) {
  for (const std::uint8_t first :
       std::initializer_list<std::uint8_t>{0x44, 0x40, 0x55, 0x65, 0x00}) {
    Bytes frame = ip4().udp(1, 2).bytes();
    frame[14] = first;
    EXPECT_EQ(Decoded(frame).reason, Undecoded::bad_ip_header) << int{first};
  }
  Bytes frame = ip4().udp(1, 2).bytes();
  frame[17] = 19;  // total length below the header's
  EXPECT_EQ(Decoded(frame).reason, Undecoded::bad_ip_header);
}

TEST(DecodeIpv4, FirstFragmentHasItsPorts) {
  const Decoded d(ip4({.fragment = 0x2000}).udp(7, 8).payload(16).bytes());
  EXPECT_EQ(d.packet.ip_flags, kIpFragment);
  EXPECT_EQ(d.sender(), "10.0.0.1:7");
  EXPECT_EQ(d.packet.payload_bytes, 16U);
}

TEST(DecodeIpv4, LaterFragmentHasNoPortsAndIsAllPayload) {
  const Decoded d(ip4({.fragment = 0x2001}).protocol(17).payload("12345678").bytes());
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.packet.layers, kHasMac | kHasIp | kIsFragment);
  EXPECT_EQ(d.sender(), "10.0.0.1:0");
  EXPECT_EQ(d.key().protocol, 17);
  EXPECT_EQ(d.packet.ip_flags, kIpFragment);
  EXPECT_EQ(d.payload(), "12345678");
}

TEST(DecodeIpv6, ReportsTheHeadersFields) {
  const Decoded d(ip6({.hop_limit = 3, .traffic_class = 0x2e}).udp(1, 2).payload("ab").bytes(80));
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.packet.layers, kHasMac | kHasIp | kHasPorts);
  EXPECT_EQ(d.packet.ttl, 3);
  EXPECT_EQ(d.packet.tos, 0x2e);
  EXPECT_EQ(d.packet.ip_flags, 0);
  EXPECT_EQ(d.packet.payload_bytes, 2U);
  EXPECT_EQ(d.sender(), "fd00::1:1");
}

TEST(DecodeIpv6, CutOrWrongHeaderIsSaid) {
  const Bytes frame = ip6().udp(1, 2).bytes();
  for (std::size_t size = 18; size < 54; ++size) {
    EXPECT_EQ(Decoded(cut(frame, size)).reason, Undecoded::truncated_ip) << size;
  }
  Bytes wrong = frame;
  wrong[14] = 0x45;
  EXPECT_EQ(Decoded(wrong).reason, Undecoded::bad_ip_header);
}

TEST(DecodeIpv6, ExtensionHeadersAreWalkedToTheTransport) {
  const Decoded d(ip6()
                      .extension(0)
                      .extension(60)
                      .extension(43, Bytes(14, 0))
                      .extension(135)
                      .extension(139)
                      .extension(140)
                      .tcp(5, 6, kSyn)
                      .payload("abc")
                      .bytes());
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().protocol, 6);
  EXPECT_EQ(d.sender(), "fd00::1:5");
  EXPECT_EQ(d.payload(), "abc");
  EXPECT_EQ(d.packet.ip_flags, kIpSourceRoute);
}

TEST(DecodeIpv6, AuthenticationHeaderCountsInFourBytes) {
  Frame frame = ip6().protocol(51).bytes_as_they_are({17, 4, 0, 0}).payload(20);
  const Decoded d(frame.bytes_as_they_are({0, 5, 0, 6, 0, 9, 0, 0}).payload("x").bytes());
  EXPECT_EQ(d.key().protocol, 17);
  EXPECT_EQ(d.sender(), "fd00::1:5");
  EXPECT_EQ(d.payload(), "x");
}

TEST(DecodeIpv6, HopByHopOptionsHaveTheirBits) {
  EXPECT_EQ(Decoded(ip6().extension(0, {0, 5, 2, 0, 0}).udp(1, 2).bytes()).packet.ip_flags,
            kIpRouterAlert);
  EXPECT_EQ(Decoded(ip6().extension(0, {1, 1, 0, 0x3e, 0}).udp(1, 2).bytes()).packet.ip_flags,
            kIpOtherOption);
  EXPECT_EQ(Decoded(ip6().extension(0, {5, 200, 0, 0}).udp(1, 2).bytes()).packet.ip_flags, 0);
  EXPECT_EQ(Decoded(ip6().extension(0, {0, 0, 0, 0, 0, 5}).udp(1, 2).bytes()).packet.ip_flags, 0);
}

TEST(DecodeIpv6, JumboOptionGivesTheLength) {
  const std::uint32_t jumbo = 8 + 20 + 70000;
  const Bytes option{0xc2,
                     4,
                     static_cast<std::uint8_t>(jumbo >> 24),
                     static_cast<std::uint8_t>(jumbo >> 16),
                     static_cast<std::uint8_t>(jumbo >> 8),
                     static_cast<std::uint8_t>(jumbo)};
  Bytes frame = ip6().extension(0, option).tcp(1, 2, kAck).payload(70000).bytes(71000);
  frame[18] = frame[19] = 0;
  const Decoded d(frame);
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.packet.payload_bytes, 70000U);
}

TEST(DecodeIpv6, LengthZeroWithoutAJumboOptionMeansTheWholeFrame) {
  Bytes frame = ip6().tcp(1, 2, kAck).payload(70000).bytes();
  frame[18] = frame[19] = 0;
  EXPECT_EQ(Decoded(frame).packet.payload_bytes, 70000U);
}

TEST(DecodeIpv6, LengthZeroOfAPaddedFrameIsZero) {
  const Decoded d(ip6().protocol(59).bytes(60));
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().protocol, 59);
  EXPECT_EQ(d.packet.payload_bytes, 0U);
}

TEST(DecodeIpv6, FragmentsAreToldApart) {
  const Decoded first(ip6().ipv6_fragment(0, true).udp(7, 8).payload(16).bytes());
  EXPECT_EQ(first.packet.ip_flags, kIpFragment);
  EXPECT_EQ(first.sender(), "fd00::1:7");
  const Decoded later(ip6().ipv6_fragment(3, false).protocol(17).payload("12345678").bytes());
  EXPECT_EQ(later.packet.ip_flags, kIpFragment);
  EXPECT_EQ(later.sender(), "fd00::1:0");
  EXPECT_EQ(later.key().protocol, 17);
  EXPECT_FALSE(later.has(kHasPorts));
  EXPECT_EQ(later.payload(), "12345678");
  const Decoded whole(ip6().ipv6_fragment(0, false).udp(7, 8).bytes());
  EXPECT_EQ(whole.packet.ip_flags, 0);
  EXPECT_EQ(whole.sender(), "fd00::1:7");
}

TEST(DecodeIpv6, EndlessExtensionHeadersEndAtTheBound) {
  Frame frame = ip6();
  for (int i = 0; i < 40; ++i) frame.extension(60);
  const Decoded d(frame.udp(1, 2).bytes());
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().protocol, 60);
  EXPECT_FALSE(d.has(kHasPorts));
}

TEST(DecodeIpv6, CutExtensionHeaderIsAFlowOfTheLastHeaderReached) {
  const Bytes frame = ip6().extension(0).extension(60, Bytes(30, 0)).udp(1, 2).bytes();
  const auto wire = static_cast<std::uint32_t>(frame.size());
  EXPECT_EQ(Decoded(cut(frame, 54), 1, wire).key().protocol, 0);
  EXPECT_EQ(Decoded(cut(frame, 64), 1, wire).key().protocol, 60);
  const Decoded d(cut(frame, 70), 1, wire);  // the header says what follows, the rest is cut
  EXPECT_EQ(d.key().protocol, 17);
  EXPECT_FALSE(d.has(kHasPorts));
  EXPECT_EQ(d.packet.payload_captured, 0U);
}

TEST(DecodeIpv6, MobilityHeaderWithNothingBehindItIsTheProtocol) {
  const Decoded d(ip6().extension(135, {1, 0}).protocol(59).bytes());
  EXPECT_EQ(d.key().protocol, 135);
}

}  // namespace
}  // namespace panoptes
