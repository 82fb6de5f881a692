// ICMP and ICMPv6: request and answer are one flow, everything else is a flow of its type and code.
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
      {128, 129}, {144, 145}, {146, 147}, {160, 161}};
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
  const std::pair<std::uint8_t, std::uint8_t> pairs[] = {{133, 134}, {135, 136}, {139, 140}};
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

}  // namespace
}  // namespace panoptes
