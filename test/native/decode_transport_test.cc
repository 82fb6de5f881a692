// Transport headers: ports, TCP fields and options, DNS, and headers that were cut.
#include <gtest/gtest.h>

#include "decode_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;
using frames::Frame;

Frame ip4(std::uint16_t fragment = 0x4000) {
  return ethernet().ipv4("10.0.0.1", "10.0.0.2", {.fragment = fragment});
}
Decoded syn_with(const Bytes& options) {
  return Decoded(ip4().tcp(1, 2, kSyn, {.options = options}).bytes());
}

TEST(DecodeTcp, ReportsTheHeadersFields) {
  const Decoded d(
      ip4()
          .tcp(40000, 443, kPsh | kAck, {.seq = 0x01020304, .ack = 0xfffefdfc, .window = 0x1234})
          .payload("hello")
          .bytes());
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.packet.layers, kHasMac | kHasIp | kHasTcp | kHasPorts);
  EXPECT_EQ(d.sender(), "10.0.0.1:40000");
  EXPECT_EQ(d.receiver(), "10.0.0.2:443");
  EXPECT_EQ(d.packet.seq, 0x01020304U);
  EXPECT_EQ(d.packet.ack, 0xfffefdfcU);
  EXPECT_EQ(d.packet.window, 0x1234);
  EXPECT_EQ(d.packet.tcp_flags, kPsh | kAck);
  EXPECT_EQ(d.packet.tcp_options, 0);
  EXPECT_EQ(d.packet.mss, 0);
  EXPECT_EQ(d.packet.window_shift, 0xff);
  EXPECT_EQ(d.packet.request_sense, 0);
  EXPECT_EQ(d.payload(), "hello");
  EXPECT_EQ(d.packet.payload_bytes, 5U);
}

TEST(DecodeTcp, WorksOverIpv6) {
  const Decoded d(
      ethernet().ipv6("fd00::1", "fd00::2").tcp(1, 2, kSyn | kEce | kCwr).payload("x").bytes());
  EXPECT_EQ(d.packet.tcp_flags, kSyn | kEce | kCwr);
  EXPECT_EQ(d.payload(), "x");
}

TEST(DecodeTcp, EachOptionHasItsBit) {
  const std::pair<Bytes, std::uint8_t> cases[] = {
      {{2, 4, 5, 0xb4}, kOptMss},
      {{3, 3, 7}, kOptWindowScale},
      {{4, 2}, kOptSackPermitted},
      {{5, 10, 0, 0, 0, 1, 0, 0, 0, 2}, kOptSack},
      {{8, 10, 0, 0, 0, 1, 0, 0, 0, 2}, kOptTimestamp},
      {{1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2}, kOptTimestamp},
      {{34, 2}, kOptFastOpen},
      {{254, 4, 0xf9, 0x89}, kOptFastOpen},
      {{254, 4, 0, 1}, kOptOther},
      {{30, 4, 0, 0}, kOptMptcp},
      {{19, 4, 0, 0}, kOptOther}};
  for (const auto& [options, bit] : cases) {
    EXPECT_EQ(syn_with(options).packet.tcp_options, bit) << int{options[0]};
  }
}

TEST(DecodeTcp, SynOptionsGiveMssAndWindowShift) {
  const Decoded d = syn_with({2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7});
  EXPECT_EQ(d.packet.tcp_options, kOptMss | kOptSackPermitted | kOptTimestamp | kOptWindowScale);
  EXPECT_EQ(d.packet.mss, 1460);
  EXPECT_EQ(d.packet.window_shift, 7);
  EXPECT_EQ(syn_with({3, 3, 200}).packet.window_shift, 14);  // RFC 7323 2.3
}

TEST(DecodeTcp, BadOptionLengthsEndTheOptions) {
  EXPECT_EQ(syn_with({19, 1, 4, 2}).packet.tcp_options, 0);
  EXPECT_EQ(syn_with({4, 2, 8, 40}).packet.tcp_options, kOptSackPermitted);
  EXPECT_EQ(syn_with({0, 2, 4, 2}).packet.tcp_options, 0);
  EXPECT_EQ(syn_with({1, 1, 1, 4}).packet.tcp_options, 0);
  const Decoded odd = syn_with({2, 3, 5, 0});
  EXPECT_EQ(odd.packet.tcp_options, kOptMss);
  EXPECT_EQ(odd.packet.mss, 0);
}

TEST(DecodeTcp, HeaderOnlySnapsCountAsWholePackets) {
  const Bytes frame = ip4()
                          .tcp(1, 2, kAck, {.options = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2}})
                          .payload(500)
                          .bytes();
  const Decoded whole(frame);
  const Decoded snapped(cut(frame, 54), 1, static_cast<std::uint32_t>(frame.size()));
  EXPECT_EQ(snapped.packet.key, whole.packet.key);
  EXPECT_EQ(snapped.packet.layers, whole.packet.layers);
  EXPECT_EQ(snapped.packet.payload_bytes, 500U);
  EXPECT_EQ(snapped.packet.payload_captured, 0U);
  EXPECT_EQ(snapped.packet.seq, whole.packet.seq);
  EXPECT_EQ(snapped.packet.window, whole.packet.window);
  EXPECT_EQ(snapped.packet.tcp_options, 0);
  // A cut in the middle of the options reports those before it.
  EXPECT_EQ(Decoded(cut(frame, 60), 1, static_cast<std::uint32_t>(frame.size())).packet.tcp_options,
            0);
}

TEST(DecodeTcp, CutHeaderGivesWhatIsThere) {
  const Bytes frame = ip4().tcp(1, 2, kAck).payload(500).bytes();
  const auto wire = static_cast<std::uint32_t>(frame.size());
  for (std::size_t size = 34; size < 38; ++size) {
    const Decoded d(cut(frame, size), 1, wire);
    ASSERT_EQ(d.reason, Undecoded::none);
    EXPECT_EQ(d.packet.layers, kHasMac | kHasIp) << size;
    EXPECT_EQ(d.sender(), "10.0.0.1:0");
  }
  for (std::size_t size = 38; size < 50; ++size) {
    const Decoded d(cut(frame, size), 1, wire);
    EXPECT_EQ(d.packet.layers, kHasMac | kHasIp | kHasPorts) << size;
    EXPECT_EQ(d.sender(), "10.0.0.1:1");
    EXPECT_EQ(d.packet.tcp_flags, 0);
    EXPECT_EQ(d.packet.payload_bytes, 0U);
  }
  for (std::size_t size = 50; size < 54; ++size) {
    const Decoded d(cut(frame, size), 1, wire);
    EXPECT_TRUE(d.has(kHasTcp | kHasPorts)) << size;
    EXPECT_EQ(d.packet.tcp_flags, kAck);
    EXPECT_EQ(d.packet.window, 0xffff);
    EXPECT_EQ(d.packet.payload_bytes, 500U);
  }
}

TEST(DecodeTcp, ImpossibleDataOffsetIsNoTcp) {
  for (const std::uint8_t offset : std::initializer_list<std::uint8_t>{0x00, 0x40, 0xf0}) {
    Bytes frame = ip4().tcp(1, 2, kSyn).payload(8).bytes();
    frame[46] = offset;
    const Decoded d(frame);
    ASSERT_EQ(d.reason, Undecoded::none);
    EXPECT_EQ(d.packet.layers, kHasMac | kHasIp | kHasPorts) << int{offset};
    EXPECT_EQ(d.packet.tcp_flags, 0);
    EXPECT_EQ(d.packet.payload_bytes, 0U);
  }
}

TEST(DecodeTcp, TinyFirstFragmentHasPortsAndFlagsWhereTheyAre) {
  auto fragment = [](std::size_t size) {
    Bytes frame = cut(ip4(0x2000).tcp(1, 2, kSyn).bytes(), 34 + size);
    frame[17] = static_cast<std::uint8_t>(20 + size);
    return frame;
  };
  const Decoded eight(fragment(8));
  EXPECT_EQ(eight.packet.layers, kHasMac | kHasIp | kHasPorts | kIsFragment);
  const Decoded sixteen(fragment(16));
  EXPECT_TRUE(sixteen.has(kHasTcp));
  EXPECT_EQ(sixteen.packet.tcp_flags, kSyn);
  EXPECT_EQ(sixteen.packet.payload_bytes, 0U);
}

TEST(DecodeUdp, CutHeaderGivesWhatIsThere) {
  const Bytes frame = ip4().udp(7, 8).payload(100).bytes();
  const auto wire = static_cast<std::uint32_t>(frame.size());
  const Decoded ports(cut(frame, 39), 1, wire);
  EXPECT_EQ(ports.sender(), "10.0.0.1:7");
  EXPECT_EQ(ports.packet.payload_bytes, 100U);
  const Decoded none(cut(frame, 36), 1, wire);
  EXPECT_FALSE(none.has(kHasPorts));
  EXPECT_EQ(none.packet.payload_bytes, 100U);
}

TEST(DecodeUdp, DatagramShorterThanItsHeaderHasNoPayload) {
  Bytes frame = cut(ip4().udp(7, 8).bytes(), 39);
  frame[17] = 25;
  const Decoded d(frame);
  EXPECT_EQ(d.packet.payload_bytes, 0U);
  EXPECT_EQ(d.sender(), "10.0.0.1:7");
}

TEST(DecodeDns, TransactionIdIsPartOfTheKey) {
  const Decoded query(
      ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(5353, 53).dns(0xbeef, false).bytes());
  const Decoded answer(
      ethernet().ipv4("10.0.0.2", "10.0.0.1").udp(53, 5353).dns(0xbeef, true).bytes());
  EXPECT_TRUE(query.has(kIsDns | kHasPorts));
  EXPECT_EQ(query.key().aux, 0xbeef);
  EXPECT_EQ(query.packet.request_sense, 1);
  EXPECT_EQ(answer.packet.request_sense, 2);
  EXPECT_EQ(query.key(), answer.key());
  EXPECT_NE(query.packet.from_high, answer.packet.from_high);
}

TEST(DecodeDns, NeedsThePortAndRoomForItsHeader) {
  const Decoded other(ip4().udp(5353, 54).dns(1, false).bytes());
  EXPECT_FALSE(other.has(kIsDns));
  EXPECT_EQ(other.key().aux, 0);
  EXPECT_EQ(other.packet.request_sense, 0);
  EXPECT_FALSE(Decoded(ip4().udp(1, 53).payload(11, 0).bytes()).has(kIsDns));
  EXPECT_TRUE(Decoded(ip4().udp(53, 53).payload(12, 0).bytes()).has(kIsDns));
  const Bytes frame = ip4().udp(1, 53).payload(12, 0).bytes();
  EXPECT_TRUE(Decoded(cut(frame, 46), 1, 54).has(kIsDns));
  EXPECT_FALSE(Decoded(cut(frame, 45), 1, 54).has(kIsDns));
}

TEST(DecodeDns, NeedsAHeaderThatAMessageCanHave) {
  const auto is_dns = [](std::initializer_list<int> header, std::size_t more = 0) {
    std::string payload;
    for (const int byte : header) payload.push_back(static_cast<char>(byte));
    return Decoded(ip4().udp(4000, 53).payload(payload + std::string(more, 'x')).bytes())
        .has(kIsDns);
  };
  EXPECT_TRUE(is_dns({1, 2, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1}, 16));
  EXPECT_TRUE(is_dns({1, 2, 0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0}, 5)) << "answer with an error";
  EXPECT_TRUE(is_dns({1, 2, 0x28, 0, 0, 1, 0, 0, 0, 0, 0, 0}, 5)) << "update";
  EXPECT_FALSE(is_dns({1, 2, 0x18, 0, 0, 1, 0, 0, 0, 0, 0, 0}, 5)) << "opcode 3";
  EXPECT_FALSE(is_dns({1, 2, 0x01, 0x40, 0, 1, 0, 0, 0, 0, 0, 0}, 5)) << "reserved bit";
  EXPECT_FALSE(is_dns({1, 2, 0x01, 0x03, 0, 1, 0, 0, 0, 0, 0, 0}, 5)) << "error in a question";
  EXPECT_FALSE(is_dns({1, 2, 0x01, 0, 0, 2, 0, 0, 0, 0, 0, 0}, 50)) << "two questions";
  EXPECT_FALSE(is_dns({1, 2, 0x81, 0, 0, 1, 0, 1, 0, 0, 0, 0}, 15)) << "no room for the record";
  const Decoded noise(ip4().udp(4000, 53).payload(std::string(40, 'A')).bytes());
  EXPECT_FALSE(noise.has(kIsDns));
  EXPECT_EQ(noise.key().aux, 0) << "noise on the port is one flow";
}

TEST(DecodeTransport, SctpDccpAndUdpLiteHavePorts) {
  const Decoded sctp(
      ip4().protocol(132).bytes_as_they_are({0, 5, 0, 6}).payload(8).payload("chunk").bytes());
  EXPECT_EQ(sctp.sender(), "10.0.0.1:5");
  EXPECT_EQ(sctp.payload(), "chunk");
  const Decoded dccp(
      ip4().protocol(33).bytes_as_they_are({0, 5, 0, 6, 4}).payload(11).payload("data").bytes());
  EXPECT_EQ(dccp.sender(), "10.0.0.1:5");
  EXPECT_EQ(dccp.payload(), "data");
  const Decoded lite(ip4().udp(5, 53, 136).payload(20).bytes());
  EXPECT_EQ(lite.sender(), "10.0.0.1:5");
  EXPECT_EQ(lite.key().protocol, 136);
  EXPECT_EQ(lite.packet.payload_bytes, 20U);
  EXPECT_FALSE(lite.has(kIsDns));
}

TEST(DecodeTransport, OtherProtocolsAreAllPayload) {
  const Decoded d(ip4().protocol(47).payload("gre").bytes());
  EXPECT_EQ(d.packet.layers, kHasMac | kHasIp);
  EXPECT_EQ(d.key().protocol, 47);
  EXPECT_EQ(d.payload(), "gre");
  EXPECT_EQ(d.packet.tcp_flags, 0);
  EXPECT_EQ(d.packet.tcp_options, 0);
}

TEST(DecodeKey, BothDirectionsHaveOneKey) {
  const std::pair<const char*, const char*> pairs[] = {
      {"10.0.0.1", "10.0.0.2"}, {"10.0.0.2", "9.255.255.255"}, {"1.0.0.255", "255.0.0.1"}};
  for (const auto& [a, b] : pairs) {
    const Decoded there(ethernet().ipv4(a, b).tcp(50000, 80, kSyn).bytes());
    const Decoded back(ethernet().ipv4(b, a).tcp(80, 50000, kSyn | kAck).bytes());
    EXPECT_EQ(there.key(), back.key());
    EXPECT_NE(there.packet.from_high, back.packet.from_high);
    EXPECT_EQ(there.sender(), std::string(a) + ":50000");
    EXPECT_EQ(back.sender(), std::string(b) + ":80");
  }
  const std::pair<const char*, const char*> pairs6[] = {
      {"fd00::1", "fd00::2"}, {"fd00::1", "fd01::1"}, {"1::ffff", "ffff::1"}};
  for (const auto& [a, b] : pairs6) {
    const Decoded there(ethernet().ipv6(a, b).tcp(50000, 80, kSyn).bytes());
    const Decoded back(ethernet().ipv6(b, a).tcp(80, 50000, kSyn | kAck).bytes());
    EXPECT_EQ(there.key(), back.key());
    EXPECT_NE(there.packet.from_high, back.packet.from_high);
    EXPECT_EQ(back.sender(), std::string(b) + ":80");
  }
}

TEST(DecodeKey, EqualAddressesAreOrderedByPort) {
  for (const bool v6 : {false, true}) {
    auto frame = [v6](std::uint16_t src, std::uint16_t dst) {
      Frame f = v6 ? ethernet().ipv6("::1", "::1") : ethernet().ipv4("127.0.0.1", "127.0.0.1");
      return f.udp(src, dst).bytes();
    };
    const Decoded there(frame(9, 1000));
    const Decoded back(frame(1000, 9));
    EXPECT_EQ(there.key(), back.key());
    EXPECT_NE(there.packet.from_high, back.packet.from_high);
    EXPECT_FALSE(Decoded(frame(9, 9)).packet.from_high);
  }
}

TEST(DecodeKey, HasNoByteLeftOver) {
  const Decoded d(ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).bytes());
  FlowKey key;
  key.low_addr = {10, 0, 0, 1};
  key.high_addr = {10, 0, 0, 2};
  key.low_port = 1;
  key.high_port = 2;
  key.protocol = 17;
  key.kind = FlowKind::ipv4;
  EXPECT_EQ(d.key(), key);
}

}  // namespace
}  // namespace panoptes
