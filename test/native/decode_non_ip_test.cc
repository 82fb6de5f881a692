// Frames without IP: ARP, RARP, and MAC pairs.
#include <gtest/gtest.h>

#include "decode_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;

TEST(DecodeArp, RequestAndReplyAreOneFlow) {
  const Decoded request(ethernet().arp(1, "10.0.0.1", "10.0.0.2").bytes(60));
  const Decoded reply(
      ethernet(frames::kServerMac, frames::kClientMac).arp(2, "10.0.0.2", "10.0.0.1").bytes(60));
  ASSERT_EQ(request.reason, Undecoded::none);
  EXPECT_EQ(request.key().kind, FlowKind::arp);
  EXPECT_EQ(request.key(), reply.key());
  EXPECT_EQ(request.sender(), "10.0.0.1:0");
  EXPECT_EQ(reply.sender(), "10.0.0.2:0");
  EXPECT_EQ(request.packet.request_sense, 1);
  EXPECT_EQ(reply.packet.request_sense, 2);
  EXPECT_EQ(request.packet.arp_operation, 1);
  EXPECT_EQ(request.key().protocol, 0);
  EXPECT_EQ(request.packet.layers, kHasMac);
  EXPECT_EQ(request.packet.payload_bytes, 0U);
  EXPECT_EQ(request.packet.payload_captured, 0U);
  EXPECT_EQ(request.packet.ip_flags, 0);
}

TEST(DecodeArp, OperationsHaveTheirSense) {
  const std::pair<std::uint16_t, int> cases[] = {{0, 0}, {1, 1}, {2, 2}, {3, 1}, {4, 2}, {5, 1},
                                                 {6, 2}, {7, 0}, {8, 1}, {9, 2}, {10, 0}};
  for (const auto& [operation, sense] : cases) {
    EXPECT_EQ(Decoded(ethernet().arp(operation, "1.1.1.1", "2.2.2.2").bytes()).packet.request_sense,
              sense);
  }
}

TEST(DecodeArp, ProbeAndGratuitousAreFlows) {
  const Decoded probe(ethernet().arp(1, "0.0.0.0", "10.0.0.2").bytes());
  EXPECT_EQ(probe.sender(), "0.0.0.0:0");
  EXPECT_EQ(probe.receiver(), "10.0.0.2:0");
  const Decoded own(ethernet().arp(1, "10.0.0.2", "10.0.0.2").bytes());
  EXPECT_FALSE(own.packet.from_high);
  EXPECT_EQ(own.sender(), own.receiver());
}

TEST(DecodeArp, VlanIsPartOfTheKey) {
  EXPECT_EQ(Decoded(ethernet().vlan(7).arp(1, "1.1.1.1", "2.2.2.2").bytes()).key().link_context,
            7U);
}

TEST(DecodeArp, CutOrForeignArpIsAFlowOfItsMacs) {
  const Bytes frame = ethernet().arp(1, "1.1.1.1", "2.2.2.2").bytes();
  for (const std::size_t size : {18U, 21U, 41U}) {
    const Decoded d(cut(frame, size));
    ASSERT_EQ(d.reason, Undecoded::none);
    EXPECT_EQ(d.key().kind, FlowKind::ethernet) << size;
    EXPECT_EQ(d.key().aux, 0x0806);
  }
  Bytes foreign = frame;
  foreign[19] = 16;  // protocol address length
  EXPECT_EQ(Decoded(foreign).key().kind, FlowKind::ethernet);
  foreign = frame;
  foreign[16] = 0x86;  // protocol type
  EXPECT_EQ(Decoded(foreign).key().kind, FlowKind::ethernet);
}

TEST(DecodeArp, IsReadOnLinksWithoutMacs) {
  Bytes frame = frames::cooked().arp(1, "1.1.1.1", "2.2.2.2").bytes();
  frame[5] = 0;
  EXPECT_EQ(Decoded(frame, 113).key().kind, FlowKind::arp);
}

TEST(DecodeRarp, IsAFlowOfItsMacs) {
  auto rarp = [](std::uint16_t operation) {
    Bytes frame = ethernet()
                      .arp(operation, "0.0.0.0", "0.0.0.0", frames::kClientMac, frames::kServerMac)
                      .bytes();
    frame[12] = 0x80;
    frame[13] = 0x35;
    return frame;
  };
  const Decoded d(rarp(3));
  ASSERT_EQ(d.reason, Undecoded::none);
  EXPECT_EQ(d.key().kind, FlowKind::rarp);
  EXPECT_EQ(d.sender(), "020000000001");
  EXPECT_EQ(d.receiver(), "020000000002");
  EXPECT_EQ(d.packet.arp_operation, 3);
  EXPECT_EQ(d.packet.request_sense, 1);
  EXPECT_EQ(Decoded(rarp(4)).packet.request_sense, 2);
  EXPECT_EQ(Decoded(cut(rarp(3), 37)).key().kind, FlowKind::ethernet);
  Bytes foreign = rarp(3);
  foreign[18] = 8;  // hardware address length
  EXPECT_EQ(Decoded(foreign).key().kind, FlowKind::ethernet);
}

TEST(DecodeEthernet, OtherFramesAreFlowsOfMacsAndEthertype) {
  const Decoded there(ethernet().vlan(3).ethertype(0x88cc).payload(20).bytes(60));
  const Decoded back(ethernet(frames::kServerMac, frames::kClientMac)
                         .vlan(3)
                         .ethertype(0x88cc)
                         .payload(9)
                         .bytes(60));
  ASSERT_EQ(there.reason, Undecoded::none);
  EXPECT_EQ(there.key().kind, FlowKind::ethernet);
  EXPECT_EQ(there.key(), back.key());
  EXPECT_NE(there.packet.from_high, back.packet.from_high);
  EXPECT_EQ(there.key().aux, 0x88cc);
  EXPECT_EQ(there.key().link_context, 3U);
  EXPECT_EQ(there.key().protocol, 0);
  EXPECT_EQ(there.packet.payload_bytes, 0U);
  EXPECT_EQ(there.packet.layers, kHasMac | kHasVlan);
  EXPECT_EQ(there.packet.request_sense, 0);
  FlowKey key = there.key();
  key.low_addr = {};
  key.high_addr = {};
  FlowKey bare;
  bare.kind = FlowKind::ethernet;
  bare.aux = 0x88cc;
  bare.link_context = 3;
  EXPECT_EQ(key, bare);  // no byte left over
}

}  // namespace
}  // namespace panoptes
