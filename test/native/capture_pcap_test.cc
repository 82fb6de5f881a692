// The classic pcap reader.
#include <gtest/gtest.h>

#include "capture_bytes.h"

namespace panoptes::test {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

struct Variant {
  std::uint32_t magic;
  bool big;
};

class EveryVariant : public testing::TestWithParam<Variant> {};

TEST_P(EveryVariant, GivesTimesAndLengths) {
  const auto [magic, big] = GetParam();
  Writer w = pcap_header(magic, big, 113);
  pcap_packet(w, 1'700'000'000, 123'456, frame(0, 60));
  pcap_packet(w, 1'700'000'001, 999'999, frame(1, 33), 1500);
  const Outcome seen = read_bytes(w.bytes);
  const std::int64_t unit = magic == kNano ? 1 : 1000;
  ASSERT_EQ(seen.state, ReadState::end);
  ASSERT_EQ(seen.packets.size(), 2u);
  EXPECT_EQ(seen.packets[0],
            (Seen{frame(0, 60), 60, 1'700'000'000 * kSecond + 123'456 * unit, 113}));
  EXPECT_EQ(seen.packets[1],
            (Seen{frame(1, 33), 1500, 1'700'000'001 * kSecond + 999'999 * unit, 113}));
  EXPECT_TRUE(seen.warnings.empty());
  EXPECT_EQ(seen.counters.received, 2u);
}

INSTANTIATE_TEST_SUITE_P(Pcap, EveryVariant,
                         testing::Values(Variant{kMicro, false}, Variant{kMicro, true},
                                         Variant{kNano, false}, Variant{kNano, true}));

TEST(Pcap, HeaderAloneIsACaptureWithoutPackets) {
  const Outcome seen = read_bytes(pcap_header().bytes);
  EXPECT_EQ(seen.state, ReadState::end);
  EXPECT_TRUE(seen.packets.empty());
  EXPECT_TRUE(seen.warnings.empty());
}

TEST(Pcap, CutAnywhereGivesTheWholePacketsAndOneWarning) {
  Writer w = pcap_header();
  std::vector<std::size_t> ends = {w.bytes.size()};
  for (std::size_t i = 0; i < 5; ++i) {
    pcap_packet(w, 1, 0, frame(i, 10 + 7 * i));
    ends.push_back(w.bytes.size());
  }
  for (std::size_t cut = 4; cut <= w.bytes.size(); ++cut) {
    const Outcome seen = read_bytes(std::span(w.bytes).first(cut));
    const auto whole = std::upper_bound(ends.begin(), ends.end(), cut) - ends.begin();
    const bool clean = std::find(ends.begin(), ends.end(), cut) != ends.end();
    ASSERT_EQ(seen.state, ReadState::end) << cut;
    ASSERT_EQ(seen.packets.size(), static_cast<std::size_t>(std::max<std::ptrdiff_t>(whole - 1, 0)))
        << cut;
    ASSERT_EQ(seen.warnings.size(), clean ? 0u : 1u) << cut;
    if (clean) continue;
    EXPECT_EQ(seen.warnings[0].code, "cut-file");
    const std::string what =
        whole == 0 ? "the file header" : "packet " + std::to_string(seen.packets.size() + 1);
    EXPECT_EQ(seen.warnings[0].message,
              "test ends in the middle of " + what + " at byte " + std::to_string(cut));
  }
}

TEST(Pcap, PiecesOfAnySizeGiveTheSamePackets) {
  Writer w = pcap_header();
  for (std::size_t i = 0; i < 40; ++i) pcap_packet(w, 1, 0, frame(i, i * 5));
  const Outcome whole = read_bytes(w.bytes);
  ASSERT_EQ(whole.packets.size(), 40u);
  for (const std::size_t piece : {1u, 2u, 7u, 16u, 24u, 1000u}) {
    EXPECT_EQ(read_bytes(w.bytes, piece).packets, whole.packets) << piece;
  }
}

TEST(Pcap, NeverGivesMoreThanWasAskedFor) {
  Writer w = pcap_header();
  for (std::size_t i = 0; i < 10; ++i) pcap_packet(w, 1, 0, frame(i, 20));
  const auto source = source_of(w.bytes);
  std::vector<Seen> packets;
  EXPECT_EQ(source->read(3, see, &packets), ReadState::more);
  EXPECT_EQ(packets.size(), 3u);
  EXPECT_EQ(source->read(7, see, &packets), ReadState::more);
  EXPECT_EQ(packets.size(), 10u);
  EXPECT_EQ(source->read(1, see, &packets), ReadState::end);
  EXPECT_EQ(source->read(1, see, &packets), ReadState::end);
}

TEST(Pcap, FramesOfOneReadStayUntilTheNext) {
  // More than the buffer holds, in pieces that do not fit its size.
  Writer w = pcap_header();
  constexpr std::size_t kPackets = 3000;
  for (std::size_t i = 0; i < kPackets; ++i) pcap_packet(w, 1, 0, frame(i, 900 + i % 200));
  const auto source = source_of(w.bytes, 70'001);
  std::size_t number = 0;
  for (;;) {
    std::vector<RawPacket> held;
    const ReadState state = source->read(
        64,
        [](void* context, const RawPacket& packet) {
          static_cast<std::vector<RawPacket>*>(context)->push_back(packet);
        },
        &held);
    for (const RawPacket& packet : held) {
      ASSERT_EQ(Bytes(packet.data, packet.data + packet.captured),
                frame(number, 900 + number % 200));
      ++number;
    }
    if (state == ReadState::end) break;
  }
  EXPECT_EQ(number, kPackets);
}

TEST(Pcap, TakesAPacketLargerThanTheBuffer) {
  Writer w = pcap_header();
  pcap_packet(w, 1, 0, frame(0, 100));
  pcap_packet(w, 1, 0, frame(1, 3'000'000));
  pcap_packet(w, 1, 0, frame(2, 100));
  const Outcome seen = read_bytes(w.bytes, 65'536);
  ASSERT_EQ(seen.packets.size(), 3u);
  EXPECT_EQ(seen.packets[1].data, frame(1, 3'000'000));
  EXPECT_EQ(seen.packets[2].data, frame(2, 100));
}

TEST(Pcap, LengthThatCannotBeEndsTheFileAtItsPosition) {
  Writer w = pcap_header();
  pcap_packet(w, 1, 0, frame(0, 50));
  pcap_packet(w, 1, 0, frame(1, 50));
  w.u32(1).u32(0).u32(0x7fffffff).u32(60).raw(frame(2, 60));
  const Outcome seen = read_bytes(w.bytes);
  EXPECT_EQ(seen.packets.size(), 2u);
  EXPECT_EQ(seen.state, ReadState::failed);
  EXPECT_EQ(seen.error.code, "bad-file");
  EXPECT_EQ(seen.error.message, "test: packet 3 cannot have 2147483647 bytes at byte 156");
}

TEST(Pcap, ToleratesOddTimesAndLengths) {
  Writer w = pcap_header();
  pcap_packet(w, 0xffffffff, 999'999, frame(0, 20));  // the year 2106
  pcap_packet(w, 5, 1'500'000, frame(1, 20));         // more than a second of microseconds
  pcap_packet(w, 5, 0, frame(2, 40), 20);             // shorter on the wire than captured
  pcap_packet(w, 5, 0, {}, 60);                       // nothing captured
  const Outcome seen = read_bytes(w.bytes);
  ASSERT_EQ(seen.packets.size(), 4u);
  EXPECT_EQ(seen.packets[0].time_ns, 4294967295 * kSecond + 999'999'000);
  EXPECT_EQ(seen.packets[1].time_ns, 6 * kSecond + 500'000'000);
  EXPECT_EQ(seen.packets[2].data.size(), 40u);
  EXPECT_TRUE(seen.packets[3].data.empty());
  EXPECT_EQ(seen.packets[3].wire, 60u);
}

TEST(Pcap, HeaderSaysWhetherFramesEndInAChecksum) {
  Writer w = pcap_header(kMicro, false, 0x24000001);  // 2 words of FCS, Ethernet
  pcap_packet(w, 1, 0, frame(0, 64));
  pcap_packet(w, 1, 0, frame(1, 54), 64);
  const Outcome seen = read_bytes(w.bytes);
  ASSERT_EQ(seen.packets.size(), 2u);
  EXPECT_EQ(seen.packets[0].link_type, 1);
  EXPECT_EQ(seen.packets[0].wire, 60u);
  EXPECT_EQ(seen.packets[0].data.size(), 60u);
  EXPECT_EQ(seen.packets[1].wire, 60u);
  EXPECT_EQ(seen.packets[1].data.size(), 54u);
}

TEST(Pcap, LinkTypesThatMeanRawIpBecomeOne) {
  for (const std::uint32_t link : {12u, 14u, 101u}) {
    Writer w = pcap_header(kMicro, false, link);
    pcap_packet(w, 1, 0, frame(0, 20));
    EXPECT_EQ(read_bytes(w.bytes).packets.at(0).link_type, 101) << link;
  }
}

TEST(Pcap, OldVersionsHaveTheirLengthsTheOtherWayRound) {
  for (const auto minor : {std::uint16_t{2}, std::uint16_t{3}}) {
    Writer w = pcap_header(kMicro, false, 1, minor);
    w.u32(1).u32(0).u32(1500).u32(40).raw(frame(0, 40));
    const Outcome seen = read_bytes(w.bytes);
    ASSERT_EQ(seen.packets.size(), 1u) << minor;
    EXPECT_EQ(seen.packets[0].data, frame(0, 40));
    EXPECT_EQ(seen.packets[0].wire, 1500u);
  }
}

TEST(Pcap, ModifiedFormatHasLongerRecordHeaders) {
  Writer w = pcap_header(0xa1b2cd34);
  for (std::size_t i = 0; i < 2; ++i) {
    w.u32(7).u32(0).u32(30).u32(30).u32(2).u16(0x800).u16(0).raw(frame(i, 30));
  }
  const Outcome seen = read_bytes(w.bytes);
  ASSERT_EQ(seen.packets.size(), 2u);
  EXPECT_EQ(seen.packets[1].data, frame(1, 30));
}

}  // namespace
}  // namespace panoptes::test
