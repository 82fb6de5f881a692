// The first payload bytes of a flow: in order, once, as much as the rules say, masked if asked.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "flow/payload_mask.h"
#include "flow_support.h"

namespace panoptes {
namespace {

// A client's segment whose payload stands `at` bytes behind the SYN of number 100.
frames::Frame segment(std::uint32_t at, std::string_view text) {
  return from_client(kAck, 101 + at, 1).payload(text);
}
Trace& syn(Trace& t) { return t.packet(0, from_client(kSyn, 100)); }

TEST(Payload, IsKeptOnceAndInOrder) {
  Trace t;
  syn(t);
  t.packet(0.1, segment(0, "GET "));
  t.packet(0.2, segment(0, "GET "));      // sent again
  t.packet(0.3, segment(2, "T /index"));  // overlaps what is there
  t.packet(0.5, from_server(kAck, 900, 1).payload("HTTP/1.1"));
  t.finish();
  EXPECT_EQ(t.record(0).src_payload, "GET /index");
  EXPECT_EQ(t.record(0).dst_payload, "HTTP/1.1");
}

TEST(Payload, OfReorderedSegmentsIsPutInOrder) {
  Trace t;
  syn(t);
  t.packet(0.1, segment(4, "efgh")).packet(0.2, segment(8, "ijkl")).packet(0.3, segment(0, "abcd"));
  t.finish();
  EXPECT_EQ(t.record(0).src_payload, "abcdefghijkl");
}

TEST(Payload, BeyondAHoleThatIsNeverFilledIsNotKept) {
  Trace t;
  syn(t);
  t.packet(0.1, segment(0, "abcd")).packet(0.2, segment(8, "ijkl")).finish();
  EXPECT_EQ(t.record(0).src_payload, "abcd");
}

TEST(Payload, OfTwoRunsBeyondAHoleTheNearerOneIsHeld) {
  Trace t;
  syn(t);
  t.packet(0.1, segment(9, "far")).packet(0.2, segment(3, "near"));
  t.packet(0.3, segment(0, "abc")).finish();
  EXPECT_EQ(t.record(0).src_payload, "abcnear");
}

TEST(Payload, WhatCameFirstStaysWhereSegmentsContradictEachOther) {
  Trace t;
  syn(t);
  t.packet(0.1, segment(2, "CD")).packet(0.2, segment(0, "abxyef")).packet(0.3, segment(4, "EFG"));
  t.finish();
  EXPECT_EQ(t.record(0).src_payload, "abCDefG");
}

TEST(Payload, IsPutInOrderAcrossTheEndOfTheSequenceNumbers) {
  Trace t;
  t.packet(0, from_client(kSyn, 0xfffffffd));
  t.packet(0.1, from_client(kAck, 2, 1).payload("efgh"));
  t.packet(0.2, from_client(kAck, 0xfffffffe, 1).payload("abcd")).finish();
  EXPECT_EQ(t.record(0).src_payload, "abcdefgh");
}

TEST(Payload, OfAFirstSegmentThatIsSentAgainBehindAWholeWindowIsKept) {
  Trace t;
  syn(t);
  for (std::uint32_t i = 1; i < 10; ++i) t.packet(0.1, segment(i * 1400, std::string(1400, 'x')));
  t.packet(0.3, segment(0, "GET /")).finish();
  EXPECT_EQ(t.record(0).src_payload, "GET /");
}

TEST(Payload, WithoutASynBeginsWithTheFirstSegmentSeen) {
  Trace t;
  t.packet(0.1, segment(50, "middle")).packet(0.2, segment(44, "early-")).finish();
  EXPECT_EQ(t.record(0).src_payload, "middle");
}

TEST(Payload, OfCopiesThatTheCaptureMadeIsKeptOnce) {
  Trace t;
  const auto twice = frames::ethernet().ipv4(kClient, kServer, {.id = 7}).udp(999, 998);
  t.packet(0, frames::Frame(twice).payload("one "))
      .packet(0.0001, frames::Frame(twice).payload("one "));
  t.packet(0.0002,
           frames::ethernet().ipv4(kClient, kServer, {.id = 8}).udp(999, 998).payload("one "));
  t.finish();
  EXPECT_EQ(t.record(0).src_payload, "one one ")
      << "the datagram that was sent twice, not the copy";
}

TEST(Payload, GoesOutInOneRecordOnly) {
  TrackerOptions o;
  o.payload_bytes = 8;
  Trace t(o);
  for (const double at : {1.0, 6.0, 11.0}) t.packet(at, udp(kClient, 999, kServer, 998));
  t.finish();
  ASSERT_EQ(t.count(), 3U);
  EXPECT_EQ(t.record(0).src_payload, "hello");
  EXPECT_EQ(t.record(1).src_payload, "hel");
  EXPECT_EQ(t.record(2).src_payload, "");
}

// --- fragments. The feeds here are what the joiner gives: ports of the first, one flow.

frames::Bytes fragment(std::uint16_t offset, bool more, const std::string& text,
                       std::uint16_t id = 7) {
  const auto bits = static_cast<std::uint16_t>(offset | (more ? 0x2000U : 0U));
  frames::Frame f = frames::ethernet().ipv4(kClient, kServer, {.id = id, .fragment = bits});
  if (offset == 0) return f.udp(999, 998).payload(text).bytes();
  return f.protocol(17).payload(text).bytes();
}
void give(Trace& t, double at, const frames::Bytes& frame, std::uint16_t flags = 0) {
  const FlowKey key = [] {
    Packet p;
    const frames::Bytes first = udp(kClient, 999, kServer, 998).bytes();
    const auto size = static_cast<std::uint32_t>(first.size());
    EXPECT_EQ(decode({first.data(), size, size, 0, 1}, p), Undecoded::none);
    return p.key;
  }();
  t.bytes(at, frame, 0xffff, [&](Packet& p) {
    p.key = key;
    p.ip_flags |= flags;
  });
}

TEST(Payload, OfLaterFragmentsIsKeptBehindTheirFirst) {
  Trace t;
  give(t, 0.1, fragment(0, true, "first678"));  // 16 bytes with the header: 2 units
  give(t, 0.2, fragment(2, true, "second78"));
  give(t, 0.3, fragment(3, false, "last"));
  give(t, 0.4, fragment(0, false, " next", 8));
  t.finish();
  EXPECT_EQ(t.record(0).src_payload, "first678second78last next");
}

TEST(Payload, OfFragmentsBehindAMissingOneIsNotKept) {
  Trace t;
  give(t, 0.1, fragment(0, true, "first678"));
  give(t, 0.2, fragment(3, true, "third678"));
  give(t, 0.3, fragment(2, true, "other678", 9));  // of another datagram
  give(t, 0.4, fragment(4, false, "last"));
  t.finish();
  EXPECT_EQ(t.record(0).src_payload, "first678");
}

TEST(Payload, OfAFragmentThatCameTwiceIsKeptOnce) {
  Trace t;
  give(t, 0.1, fragment(0, true, "first678"));
  give(t, 0.2, fragment(0, true, "first678"), kIpDuplicateFragment);
  give(t, 0.3, fragment(2, false, "last"));
  give(t, 0.4, fragment(2, false, "last"), kIpDuplicateFragment);
  t.finish();
  EXPECT_EQ(t.record(0).src_payload, "first678last");
}

TEST(Payload, OfAFragmentThatWasCutEndsThere) {
  Trace t;
  t.bytes(0.1, fragment(0, true, "first678"), 14 + 20 + 8 + 5);
  give(t, 0.2, fragment(2, false, "last"));
  t.finish();
  EXPECT_EQ(t.record(0).src_payload, "first");
}

// --- rules

FlowKey key_of(std::uint8_t protocol, std::uint16_t low, std::uint16_t high) {
  FlowKey key;
  key.protocol = protocol;
  key.low_port = low;
  key.high_port = high;
  return key;
}

TEST(PayloadRules, TheFirstThatMatchesCounts) {
  const PayloadRules rules({{.protocol = 6, .port_low = 443, .port_high = 443, .bytes = 0},
                            {.port_low = 53, .port_high = 53, .bytes = 4096},
                            {.protocol = 17, .port_low = 5060, .port_high = 5061, .bytes = 1024},
                            {.protocol = 6, .bytes = 200, .masked = true}},
                           64, false);
  EXPECT_EQ(rules.of(key_of(6, 443, 40000)).bytes, 0U);
  EXPECT_EQ(rules.of(key_of(6, 40000, 443)).bytes, 0U) << "the port of either end";
  EXPECT_EQ(rules.of(key_of(17, 443, 40000)).bytes, 64U) << "TCP only";
  EXPECT_EQ(rules.of(key_of(17, 53, 40000)).bytes, 4096U);
  EXPECT_EQ(rules.of(key_of(6, 40000, 53)).bytes, 4096U);
  for (std::uint16_t port = 5059; port <= 5062; ++port) {
    const bool within = port == 5060 || port == 5061;
    EXPECT_EQ(rules.of(key_of(17, 40000, port)).bytes, within ? 1024U : 64U) << port;
  }
  EXPECT_EQ(rules.of(key_of(6, 40000, 25)).bytes, 200U);
  EXPECT_TRUE(rules.of(key_of(6, 40000, 25)).masked);
  EXPECT_FALSE(rules.of(key_of(17, 53, 40000)).masked);
  EXPECT_EQ(rules.largest(), 4096U);
}

TEST(PayloadRules, ARuleForEverythingIsTheRest) {
  const PayloadRules rules({{.port_low = 80, .port_high = 80, .bytes = 10},
                            {.bytes = 20, .masked = true},
                            {.protocol = 6, .bytes = 4000}},
                           64, false);
  EXPECT_EQ(rules.of(key_of(6, 1, 80)).bytes, 10U);
  EXPECT_EQ(rules.of(key_of(6, 1, 81)).bytes, 20U);
  EXPECT_TRUE(rules.of(key_of(6, 1, 81)).masked);
  EXPECT_EQ(rules.largest(), 20U);
}

TEST(PayloadRules, MaskingAllMasksWhatEveryRuleKeeps) {
  const PayloadRules rules({{.port_low = 53, .port_high = 53, .bytes = 100}}, 64, true);
  EXPECT_TRUE(rules.of(key_of(17, 53, 1)).masked);
  EXPECT_TRUE(rules.of(key_of(17, 54, 1)).masked);
}

TEST(PayloadRules, MostIsNeverLessThanWhatIsKept) {
  const PayloadRules rules({{.protocol = 6, .port_low = 1000, .port_high = 1999, .bytes = 0},
                            {.protocol = 17, .port_low = 1500, .port_high = 2500, .bytes = 900},
                            {.protocol = 1, .bytes = 300},
                            {.protocol = 17, .bytes = 8}},
                           64, false);
  for (const std::uint8_t protocol : std::array<std::uint8_t, 4>{1, 6, 17, 50}) {
    for (std::uint32_t port = 0; port < 65536; port += 13) {
      const FlowKey key = key_of(protocol, 7, static_cast<std::uint16_t>(port));
      EXPECT_GE(rules.most(key), rules.of(key).bytes) << int{protocol} << " " << port;
    }
  }
  EXPECT_EQ(rules.most(key_of(6, 7, 80)), 64U) << "nothing more is copied than is kept";
}

TEST(Payload, IsKeptAsTheRuleOfItsFlowSays) {
  TrackerOptions o;
  o.payload_bytes = 2;
  o.payload_rules = {{.port_low = 998, .port_high = 998, .bytes = 4},
                     {.protocol = 17, .port_low = 997, .port_high = 997, .bytes = 0}};
  Trace t(o);
  t.packet(0, udp(kClient, 999, kServer, 998)).packet(1, udp(kClient, 999, kServer, 997));
  t.packet(2, udp(kClient, 999, kServer, 996)).finish();
  EXPECT_EQ(t.record(0).src_payload, "hell");
  EXPECT_EQ(t.record(1).src_payload, "");
  EXPECT_EQ(t.record(2).src_payload, "he");
  EXPECT_EQ(t.tracker.counters().payload_skipped, 0U) << "what is not wanted is not missed";
}

// --- masks

TEST(Payload, MaskedKeepsTheShapeAndNothingElse) {
  TrackerOptions o;
  o.payload_rules = {{.port_low = 998, .port_high = 998, .bytes = 64, .masked = true}};
  Trace t(o);
  const auto frame = [](std::uint16_t port) {
    return frames::ethernet()
        .ipv4(kClient, kServer)
        .udp(999, port)
        .payload(std::string("PASS s3cret!\r\n\t\x01\x7f\xc3\xa9-\0z", 20));
  };
  t.packet(0, frame(998)).packet(1, frame(997)).finish();
  const std::string nul(1, '\0');
  EXPECT_EQ(t.record(0).src_payload, "xxxx x9xxxx!\r\n\t" + nul + nul + nul + nul + "-");
  EXPECT_EQ(t.record(1).src_payload.substr(0, 12), "PASS s3cret!");
}

TEST(Payload, MaskedIsMaskedWhereItWasHeldBeyondAHole) {
  TrackerOptions o;
  o.mask_payload = true;
  Trace t(o);
  syn(t);
  t.packet(0.1, segment(3, "Def 1")).packet(0.2, segment(0, "abc")).finish();
  EXPECT_EQ(t.record(0).src_payload, "xxxxxx 9");
}

TEST(PayloadMask, LeavesNoLetterAndNoDigitButItsOwn) {
  for (unsigned c = 0; c < 256; ++c) {
    const unsigned m = kPayloadMask[c];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    const bool kept = (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\r' || c == '\n';
    EXPECT_EQ(m, letter ? 'x' : digit ? '9' : kept ? c : 0U) << c;
  }
}

}  // namespace
}  // namespace panoptes
