// ICMP and ICMPv6: request and answer are one flow, everything else is a flow of its type and code;
// an error says which flow drew it.
#include <gtest/gtest.h>

#include "decode_support.h"

namespace panoptes {
namespace {

using frames::ethernet;

Decoded icmp(std::uint8_t type, std::uint8_t code, std::uint16_t id, bool back = false,
             std::uint16_t sequence = 0) {
  return Decoded(ethernet()
                     .ipv4(back ? "10.0.0.2" : "10.0.0.1", back ? "10.0.0.1" : "10.0.0.2")
                     .icmp(type, code, id, sequence)
                     .payload(56)
                     .bytes());
}
Decoded icmpv6(std::uint8_t type, std::uint8_t code, std::uint16_t id, bool back = false,
               const char* to = "fd00::2") {
  return Decoded(ethernet()
                     .ipv6(back ? "fd00::2" : "fd00::1", back ? "fd00::1" : to)
                     .icmpv6(type, code, id)
                     .payload(56)
                     .bytes());
}

TEST(DecodeIcmp, QueriesOfIpv4AreFoldedToTheRequest) {
  const std::pair<std::uint8_t, std::uint8_t> pairs[] = {
      {8, 0}, {13, 14}, {15, 16}, {17, 18}, {42, 43}};
  for (const auto& [request, answer] : pairs) {
    const Decoded there = icmp(request, 0, 77);
    const Decoded back = icmp(answer, 3, 77, true, 9);
    EXPECT_EQ(there.key(), back.key()) << int{request};
    EXPECT_EQ(there.key().icmp_type, request);
    EXPECT_EQ(there.key().icmp_code, 0);
    EXPECT_EQ(there.key().aux, 77);
    EXPECT_EQ(there.packet.request_sense, 1);
    EXPECT_EQ(back.packet.request_sense, 2);
    EXPECT_EQ(back.packet.icmp_type, answer);
    EXPECT_EQ(back.packet.icmp_code, 3);
    EXPECT_EQ(there.packet.layers, kHasMac | kHasIp | kHasIcmp | kHasIcmpId);
    EXPECT_EQ(there.packet.payload_bytes, 56U);
    EXPECT_NE(there.key(), icmp(request, 0, 78).key());
  }
}

TEST(DecodeIcmp, QueriesOfIpv6AreFoldedToTheRequest) {
  const std::pair<std::uint8_t, std::uint8_t> pairs[] = {
      {128, 129}, {144, 145}, {146, 147}, {148, 149}, {160, 161}};
  for (const auto& [request, answer] : pairs) {
    const Decoded there = icmpv6(request, 0, 77);
    const Decoded back = icmpv6(answer, 0, 77, true);
    EXPECT_EQ(there.key(), back.key()) << int{request};
    EXPECT_EQ(there.key().aux, 77);
    EXPECT_TRUE(back.has(kHasIcmp | kHasIcmpId));
    EXPECT_EQ(there.packet.request_sense, 1);
    EXPECT_EQ(back.packet.request_sense, 2);
  }
}

TEST(DecodeIcmp, PairsWithoutAnIdAreFoldedToo) {
  const std::pair<std::uint8_t, std::uint8_t> pairs[] = {
      {133, 134}, {135, 136}, {139, 140}, {141, 142}};
  for (const auto& [request, answer] : pairs) {
    const Decoded there = icmpv6(request, 0, 77);
    const Decoded back = icmpv6(answer, 0, 99, true);
    EXPECT_EQ(there.key(), back.key()) << int{request};
    EXPECT_EQ(there.key().aux, 0);
    EXPECT_FALSE(there.has(kHasIcmpId));
    EXPECT_EQ(back.packet.request_sense, 2);
  }
  EXPECT_EQ(icmp(9, 0, 0).key().icmp_type, 10);
}

TEST(DecodeIcmp, UnaskedAdvertisementsAreNoAnswers) {
  EXPECT_EQ(icmpv6(134, 0, 0, false, "ff02::1").packet.request_sense, 0);
  EXPECT_EQ(icmpv6(136, 0, 0, false, "ff02::1").packet.request_sense, 0);
  EXPECT_EQ(icmpv6(133, 0, 0, false, "ff02::2").packet.request_sense, 1);
  const Decoded v4(ethernet().ipv4("10.0.0.1", "224.0.0.1").icmp(9).bytes());
  EXPECT_EQ(v4.packet.request_sense, 0);
}

TEST(DecodeIcmp, ErrorsAreFlowsOfTheirTypeAndCode) {
  const Decoded d = icmp(3, 1, 500);
  EXPECT_EQ(d.key().icmp_type, 3);
  EXPECT_EQ(d.key().icmp_code, 1);
  EXPECT_EQ(d.key().aux, 0);
  EXPECT_FALSE(d.has(kHasIcmpId));
  EXPECT_EQ(d.packet.request_sense, 0);
  EXPECT_NE(d.key(), icmp(3, 3, 500).key());
  const Decoded v6 = icmpv6(1, 4, 500);
  EXPECT_EQ(v6.key().icmp_type, 1);
  EXPECT_EQ(v6.key().icmp_code, 4);
  EXPECT_EQ(icmpv6(143, 0, 0).packet.request_sense, 0);  // MLD report
}

TEST(DecodeIcmp, CutHeaderGivesWhatIsThere) {
  const frames::Bytes frame =
      ethernet().ipv4("10.0.0.1", "10.0.0.2").icmp(8, 0, 77).payload(56).bytes();
  const auto wire = static_cast<std::uint32_t>(frame.size());
  EXPECT_EQ(Decoded(cut(frame, 35), 1, wire).packet.layers, kHasMac | kHasIp);
  const Decoded type_only(cut(frame, 39), 1, wire);
  EXPECT_TRUE(type_only.has(kHasIcmp));
  EXPECT_FALSE(type_only.has(kHasIcmpId));
  EXPECT_EQ(type_only.packet.payload_bytes, 56U);
  EXPECT_EQ(Decoded(cut(frame, 40), 1, wire).key().aux, 77);
}

TEST(DecodeIcmp, IcmpOfTheOtherFamilyIsJustAProtocol) {
  EXPECT_FALSE(Decoded(ethernet().ipv6("::1", "::2").icmp(8).bytes()).has(kHasIcmp));
  EXPECT_FALSE(Decoded(ethernet().ipv4("1.1.1.1", "2.2.2.2").icmpv6(128).bytes()).has(kHasIcmp));
}

// --- what an error quotes

constexpr char kRouter[] = "192.0.2.1";
constexpr char kRouter6[] = "2001:db8::ff";

// The IP packet of a frame, of which `size` bytes are quoted.
frames::Bytes quoted(const frames::Frame& frame, std::size_t size = 1000, std::size_t link = 14) {
  frames::Bytes bytes = frame.bytes();
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(link));
  bytes.resize(std::min(bytes.size(), size));
  return bytes;
}
frames::Frame error4(const frames::Bytes& quote, std::uint8_t type = 3, std::uint8_t code = 1) {
  return ethernet().ipv4(kRouter, "10.0.0.1").icmp(type, code).bytes_as_they_are(quote);
}
frames::Frame error6(const frames::Bytes& quote, std::uint8_t type = 1, std::uint8_t code = 0) {
  return ethernet().ipv6(kRouter6, "fd00::1").icmpv6(type, code).bytes_as_they_are(quote);
}
frames::Frame tcp4() {
  return ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(40000, 443, kAck).payload(1400);
}
frames::Frame tcp6() {
  return ethernet().ipv6("fd00::1", "fd00::2").tcp(40000, 443, kAck).payload(1400);
}
FlowKey key_of(const frames::Frame& frame) { return Decoded(frame.bytes()).key(); }

void expect_quote(const Decoded& error, const FlowKey& key, const char* reporter) {
  ASSERT_EQ(error.reason, Undecoded::none);
  ASSERT_TRUE((error.packet.layers & kHasQuote) != 0);
  EXPECT_EQ(error.packet.layers & kMayTunnel, 0);
  EXPECT_EQ(error.packet.quote.key, key);
  const bool ipv6 = std::strchr(reporter, ':') != nullptr;
  EXPECT_EQ(error.packet.quote.ipv6, ipv6);
  std::uint8_t address[16] = {};
  ASSERT_EQ(inet_pton(ipv6 ? AF_INET6 : AF_INET, reporter, address), 1);
  EXPECT_EQ(std::memcmp(error.packet.quote.reporter, address, sizeof address), 0);
}
bool has_quote(const frames::Bytes& frame) {
  const Decoded d(frame);
  EXPECT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.packet.layers & kMayTunnel, 0);
  return (d.packet.layers & kHasQuote) != 0;
}

TEST(DecodeIcmpQuote, IsTheFlowWhosePacketDrewTheError) {
  for (const std::uint8_t type : std::initializer_list<std::uint8_t>{3, 4, 5, 11, 12}) {
    const Decoded d(error4(quoted(tcp4()), type, 0).bytes());
    expect_quote(d, key_of(tcp4()), kRouter);
    EXPECT_EQ(d.packet.layers, kHasMac | kHasIp | kHasIcmp | kHasQuote) << int{type};
    EXPECT_EQ(d.key().icmp_type, type) << "the error stays a flow of its own";
    EXPECT_EQ(d.key().aux, 0);
  }
  for (const std::uint8_t type : std::initializer_list<std::uint8_t>{1, 2, 3, 4}) {
    expect_quote(Decoded(error6(quoted(tcp6()), type).bytes()), key_of(tcp6()), kRouter6);
  }
}

TEST(DecodeIcmpQuote, TheAnswersOfTheFlowDrawErrorsToo) {
  const auto answer = ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(7000, 50000).payload(20);
  const auto question = ethernet().ipv4("10.0.0.2", "10.0.0.1").udp(50000, 7000).payload(20);
  expect_quote(Decoded(error4(quoted(answer)).bytes()), key_of(question), kRouter);
}

TEST(DecodeIcmpQuote, EightBytesOfTheTransportAreEnough) {
  for (const auto& frame :
       {tcp4(), ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1000, 2000).payload(99),
        ethernet().ipv4("10.0.0.1", "10.0.0.2").icmp(8, 0, 77).payload(56),
        ethernet().ipv4("10.0.0.1", "10.0.0.2").icmp(13, 0, 78).payload(12),
        ethernet().ipv4("10.0.0.1", "10.0.0.2").protocol(50).payload(64, 0x5a),
        ethernet().ipv4("10.0.0.1", "10.0.0.2").protocol(132).payload(64, 0x5a)}) {
    expect_quote(Decoded(error4(quoted(frame, 28)).bytes()), key_of(frame), kRouter);
  }
  const auto echo = ethernet().ipv6("fd00::1", "fd00::2").icmpv6(128, 0, 77).payload(56);
  expect_quote(Decoded(error6(quoted(echo, 48)).bytes()), key_of(echo), kRouter6);
}

TEST(DecodeIcmpQuote, MayBeCutAnywhereBehindTheIpHeader) {
  const auto bare = ethernet().ipv4("10.0.0.1", "10.0.0.2").protocol(6);
  for (std::size_t size = 20; size < 60; ++size) {
    const Decoded d(error4(quoted(tcp4(), size)).bytes());
    expect_quote(d, key_of(size < 24 ? bare : tcp4()), kRouter);
  }
  for (std::size_t size = 0; size < 20; ++size) {
    EXPECT_FALSE(has_quote(error4(quoted(tcp4(), size)).bytes())) << size;
  }
}

TEST(DecodeIcmpQuote, GoesThroughOptionsAndExtensionHeaders) {
  const auto options =
      ethernet().ipv4("10.0.0.1", "10.0.0.2", {.options = {7, 7, 4, 0, 0, 0, 0, 0}}).udp(1, 2);
  expect_quote(Decoded(error4(quoted(options, 36)).bytes()), key_of(options), kRouter);
  const auto headers =
      ethernet().ipv6("fd00::1", "fd00::2").extension(0).extension(60).udp(1, 2).payload(50);
  expect_quote(Decoded(error6(quoted(headers, 64)).bytes()), key_of(headers), kRouter6);
}

TEST(DecodeIcmpQuote, RedirectOfIpv6HasThePacketInAnOption) {
  const frames::Bytes quote = quoted(tcp6(), 56);
  const auto redirect = [&](const frames::Bytes& options) {
    return ethernet()
        .ipv6("fe80::1", "fd00::1")
        .icmpv6(137)
        .payload(32)
        .bytes_as_they_are(options)
        .bytes();
  };
  frames::Bytes options = {2, 1, 2, 0, 0, 0, 0, 9, 4, 8, 0, 0, 0, 0, 0, 0};
  options.insert(options.end(), quote.begin(), quote.end());
  expect_quote(Decoded(redirect(options)), key_of(tcp6()), "fe80::1");
  options[9] = 5;  // the option ends in the middle of the IPv6 header
  EXPECT_FALSE(has_quote(redirect(options)));
  options[1] = 0;  // an option of no length
  EXPECT_FALSE(has_quote(redirect(options)));
  EXPECT_FALSE(has_quote(redirect({2, 1, 2, 0, 0, 0, 0, 9})));
  EXPECT_FALSE(has_quote(redirect({4, 200, 0, 0, 0, 0, 0, 0})));
}

TEST(DecodeIcmpQuote, KnowsDnsByItsHeaderAndElseSaysThatTheIdIsMissing) {
  const auto query = ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(5000, 53).dns(0xbeef, false);
  const Decoded whole(error4(quoted(query)).bytes());
  expect_quote(whole, key_of(query), kRouter);
  EXPECT_EQ(whole.packet.quote.key.aux, 0xbeef);
  EXPECT_FALSE(whole.packet.quote.lacks_dns_id);
  // The length of the quoted packet is what its header says, not what is quoted of it.
  const Decoded header(error4(quoted(query, 32)).bytes());
  EXPECT_EQ(header.packet.quote.key.aux, 0xbeef);
  const Decoded ports(error4(quoted(query, 28)).bytes());
  EXPECT_EQ(ports.packet.quote.key.aux, 0);
  EXPECT_TRUE(ports.packet.quote.lacks_dns_id);
  const auto other = ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(5000, 54).payload(20);
  EXPECT_FALSE(Decoded(error4(quoted(other, 28)).bytes()).packet.quote.lacks_dns_id);
}

TEST(DecodeIcmpQuote, IsOnTheSameVlan) {
  const auto flow = ethernet().vlan(7).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2);
  const auto error = ethernet()
                         .vlan(7)
                         .ipv4(kRouter, "10.0.0.1")
                         .icmp(3, 3)
                         .bytes_as_they_are(quoted(flow, 28, 18));
  expect_quote(Decoded(error.bytes()), key_of(flow), kRouter);
}

TEST(DecodeIcmpQuote, IsInTheSameTunnel) {
  const auto in_tunnel = [] { return ethernet().ipv4("198.51.100.1", "198.51.100.2"); };
  const auto flow = in_tunnel().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2);
  const auto error =
      in_tunnel().ipv4(kRouter, "10.0.0.1").icmp(3, 3).bytes_as_they_are(quoted(flow, 28, 34));
  expect_quote(Decoded(error.bytes()), key_of(flow), kRouter);
}

TEST(DecodeIcmpQuote, GoesIntoAQuotedTunnelAsFarAsItIsQuoted) {
  const auto flow = ethernet()
                        .ipv4("10.0.0.1", "10.0.0.2")
                        .ipv6("fd00::1", "fd00::2")
                        .tcp(40000, 443, kAck)
                        .payload(100);
  const Decoded deep(error4(quoted(flow, 68)).bytes());
  expect_quote(deep, key_of(flow), kRouter);
  EXPECT_EQ(deep.packet.quote.key.kind, FlowKind::ipv6);
  const Decoded shallow(error4(quoted(flow, 28)).bytes());
  expect_quote(shallow, key_of(ethernet().ipv4("10.0.0.1", "10.0.0.2").protocol(41)), kRouter);
}

TEST(DecodeIcmpQuote, OfAFragmentHasPortsOnlyIfItIsTheFirst) {
  const auto first =
      ethernet().ipv4("10.0.0.1", "10.0.0.2", {.fragment = 0x2000}).udp(1, 2).payload(99);
  expect_quote(Decoded(error4(quoted(first, 28), 11, 1).bytes()), key_of(first), kRouter);
  const auto later =
      ethernet().ipv4("10.0.0.1", "10.0.0.2", {.fragment = 9}).protocol(17).payload(99);
  const Decoded d(error4(quoted(later, 28), 11, 1).bytes());
  expect_quote(d, key_of(later), kRouter);
  EXPECT_EQ(d.packet.quote.key.low_port | d.packet.quote.key.high_port, 0);
}

TEST(DecodeIcmpQuote, OfAnErrorIsNotLookedInto) {
  const auto inner = error4(quoted(tcp4()));
  expect_quote(Decoded(error4(quoted(inner), 11, 0).bytes()), key_of(inner), kRouter);
}

TEST(DecodeIcmpQuote, ThatMakesNoSenseIsNone) {
  const frames::Bytes good = quoted(tcp4(), 28);
  const std::pair<std::size_t, std::uint8_t> bad[] = {
      {0, 0x65}, {0, 0x44}, {0, 0x05}, {3, 19}};  // version, header length, total length
  for (const auto& [at, value] : bad) {
    frames::Bytes quote = good;
    if (at == 3) quote[2] = 0;
    quote[at] = value;
    EXPECT_FALSE(has_quote(error4(quote).bytes())) << at << " " << int{value};
  }
  frames::Bytes long_header = good;
  long_header[0] = 0x4f;  // 60 bytes, of which 28 are quoted
  EXPECT_TRUE(has_quote(error4(long_header).bytes()));
  EXPECT_FALSE(has_quote(error4(quoted(tcp6())).bytes())) << "IPv6 in ICMP";
  EXPECT_FALSE(has_quote(error6(quoted(tcp4())).bytes())) << "IPv4 in ICMPv6";
}

TEST(DecodeIcmpQuote, IsInErrorsOnly) {
  for (const std::uint8_t type :
       std::initializer_list<std::uint8_t>{0, 1, 2, 6, 8, 9, 10, 13, 14, 30, 42}) {
    EXPECT_FALSE(has_quote(error4(quoted(tcp4()), type).bytes())) << int{type};
  }
  for (const std::uint8_t type :
       std::initializer_list<std::uint8_t>{0, 5, 100, 128, 130, 133, 135, 136, 143}) {
    EXPECT_FALSE(has_quote(error6(quoted(tcp6()), type).bytes())) << int{type};
  }
}

// Nothing is read beyond the capture, wherever it ends and whatever the bytes say.
TEST(DecodeIcmpQuote, MayBeCutOrSpoiltAnywhere) {
  const auto nested = error6(quoted(ethernet()
                                        .ipv6("fd00::1", "fd00::2")
                                        .extension(0)
                                        .ipv6_fragment(0, true)
                                        .ipv4("10.0.0.1", "10.0.0.2")
                                        .udp(5000, 53)
                                        .dns(1, false)));
  for (const frames::Bytes& frame : {nested.bytes(), error4(quoted(tcp4())).bytes()}) {
    const auto wire = static_cast<std::uint32_t>(frame.size());
    for (std::size_t size = 34; size < std::min<std::size_t>(frame.size(), 200); ++size) {
      const Decoded d(cut(frame, size), 1, wire);
      EXPECT_EQ(d.packet.layers & kMayTunnel, 0);
      frames::Bytes spoilt = frame;
      for (const std::uint8_t value : std::initializer_list<std::uint8_t>{0, 0x7f, 0xff}) {
        spoilt[size] = value;
        Decoded(cut(spoilt, size + 1), 1, wire);
      }
    }
  }
}

}  // namespace
}  // namespace panoptes
