// The pcapng reader.
#include <gtest/gtest.h>

#include "capture/link_types.h"
#include "capture_bytes.h"

namespace panoptes::test {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// The time of one packet with `units` at an interface with these options.
std::int64_t time_of(std::uint64_t units, std::initializer_list<Option> list, bool big = false) {
  Writer w(big);
  section(w);
  interface(w, 1, list);
  enhanced(w, 0, units, frame(0, 20));
  const Outcome seen = read_bytes(w.bytes);
  return seen.packets.size() == 1 ? seen.packets[0].time_ns : -1;
}

TEST(Pcapng, BothByteOrdersGiveTheSamePackets) {
  std::vector<Seen> packets[2];
  for (const bool big : {false, true}) {
    Writer w(big);
    section(w);
    interface(w, 1);
    enhanced(w, 0, 1'700'000'000'123'456, frame(0, 61), 1400);
    enhanced(w, 0, 1'700'000'000'123'457, frame(1, 64));
    packets[big ? 1 : 0] = read_bytes(w.bytes).packets;
  }
  ASSERT_EQ(packets[0].size(), 2u);
  EXPECT_EQ(packets[0][0], (Seen{frame(0, 61), 1400, 1'700'000'000 * kSecond + 123'456'000, 1}));
  EXPECT_EQ(packets[0], packets[1]);
}

TEST(Pcapng, ResolutionIsAPowerOfTen) {
  EXPECT_EQ(time_of(3, {{9, {0}}}), 3 * kSecond);
  EXPECT_EQ(time_of(3'000, {{9, {3}}}), 3 * kSecond);
  EXPECT_EQ(time_of(3'000'000'001, {{9, {9}}}), 3 * kSecond + 1);
  EXPECT_EQ(time_of(3'000'000'000'999, {{9, {12}}}), 3 * kSecond);
  EXPECT_EQ(time_of(~std::uint64_t{0}, {{9, {127}}}), 1);  // 10^19 units a nanosecond: the finest
}

TEST(Pcapng, ResolutionIsAPowerOfTwo) {
  EXPECT_EQ(time_of(3, {{9, {0x80}}}), 3 * kSecond);
  EXPECT_EQ(time_of((3u << 10) + 512, {{9, {0x8a}}}), 3 * kSecond + kSecond / 2);
  EXPECT_EQ(time_of((std::uint64_t{1'700'000'000} << 32) + (1u << 31), {{9, {0x80 + 32}}}),
            1'700'000'000 * kSecond + kSecond / 2);
  EXPECT_EQ(time_of(~std::uint64_t{0}, {{9, {0xff}}}), 0);
}

TEST(Pcapng, OffsetIsAddedInSeconds) {
  Writer plus(false);
  plus.u64(1'700'000'000);
  EXPECT_EQ(time_of(5'000'000, {{14, plus.bytes}}), 1'700'000'005 * kSecond);
  Writer minus(true);
  minus.u64(static_cast<std::uint64_t>(-2));
  EXPECT_EQ(time_of(5'000'000, {{14, minus.bytes}}, true), 3 * kSecond);
  EXPECT_EQ(time_of(1'000'000, {{14, minus.bytes}}, true), 0);  // before 1970: its beginning
}

TEST(Pcapng, TimesBeyondTheRangeStayAtItsEnd) {
  constexpr std::int64_t kLatest = 9'000'000'000 * kSecond;
  EXPECT_EQ(time_of(~std::uint64_t{0}, {}), kLatest);
  EXPECT_EQ(time_of(~std::uint64_t{0}, {{9, {0x80}}}), kLatest);
  Writer most(false);
  most.u64(0x7fffffffffffffff);
  EXPECT_EQ(time_of(~std::uint64_t{0}, {{14, most.bytes}}), kLatest);
}

TEST(Pcapng, EachInterfaceHasItsOwnLinkAndClock) {
  Writer w;
  section(w);
  interface(w, 1);
  interface(w, 113, {{9, {9}}});
  interface(w, 12);
  enhanced(w, 1, 7, frame(0, 20));
  enhanced(w, 0, 7, frame(1, 20));
  enhanced(w, 2, 7, frame(2, 20));
  const Outcome seen = read_bytes(w.bytes);
  ASSERT_EQ(seen.packets.size(), 3u);
  EXPECT_EQ(seen.packets[0], (Seen{frame(0, 20), 20, 7, 113}));
  EXPECT_EQ(seen.packets[1], (Seen{frame(1, 20), 20, 7000, 1}));
  EXPECT_EQ(seen.packets[2], (Seen{frame(2, 20), 20, 7000, 101}));
}

TEST(Pcapng, ASectionForgetsTheInterfacesAndOrderOfTheOneBefore) {
  Writer first(false);
  section(first);
  interface(first, 1);
  interface(first, 1);
  enhanced(first, 1, 1, frame(0, 20));
  Writer second(true);
  section(second);
  interface(second, 101);
  enhanced(second, 0, 2, frame(1, 20));
  enhanced(second, 1, 3, frame(2, 20));
  first.raw(second.bytes);
  const Outcome seen = read_bytes(first.bytes);
  ASSERT_EQ(seen.packets.size(), 3u);
  EXPECT_EQ(seen.packets[1], (Seen{frame(1, 20), 20, 2000, 101}));
  EXPECT_EQ(seen.packets[2].link_type, kLinkTypeUndescribed);
}

TEST(Pcapng, PacketOfAnUndescribedInterfaceIsCountedAndSaidOnce) {
  Writer w;
  section(w);
  interface(w, 1);
  enhanced(w, 0, 1, frame(0, 20));
  enhanced(w, 4, 2, frame(1, 20));
  enhanced(w, 5, 3, frame(2, 20));
  const Outcome seen = read_bytes(w.bytes);
  EXPECT_EQ(seen.state, ReadState::end);
  ASSERT_EQ(seen.packets.size(), 3u);
  EXPECT_EQ(seen.packets[1].link_type, kLinkTypeUndescribed);
  EXPECT_EQ(seen.counters.received, 3u);
  ASSERT_EQ(seen.warnings.size(), 1u);
  EXPECT_EQ(seen.warnings[0].message,
            "test: packet 2 is of interface 4, which the file does not describe");
}

TEST(Pcapng, SimplePacketHasTheTimeOfTheOneBeforeAndTheSnaplen) {
  Writer w;
  section(w);
  interface(w, 1, {}, 30);
  simple(w, frame(0, 20), 20);
  enhanced(w, 0, 9, frame(1, 20));
  simple(w, frame(2, 32), 90);  // 30 bytes and padding
  const Outcome seen = read_bytes(w.bytes);
  ASSERT_EQ(seen.packets.size(), 3u);
  EXPECT_EQ(seen.packets[0], (Seen{frame(0, 20), 20, 0, 1}));
  Bytes thirty = frame(2, 32);
  thirty.resize(30);
  EXPECT_EQ(seen.packets[2], (Seen{thirty, 90, 9000, 1}));
}

TEST(Pcapng, ReadsTheObsoletePacketBlockAndItsDrops) {
  Writer w;
  section(w);
  interface(w, 1);
  Writer body;
  body.u16(0).u16(3).u32(0).u32(8).u32(21).u32(21).raw(frame(0, 21));
  block(w, 2, body.bytes);
  const Outcome seen = read_bytes(w.bytes);
  ASSERT_EQ(seen.packets.size(), 1u);
  EXPECT_EQ(seen.packets[0], (Seen{frame(0, 21), 21, 8000, 1}));
  EXPECT_EQ(seen.counters.if_dropped, 3u);
}

TEST(Pcapng, StepsOverUnknownBlocksOfAnySize) {
  Writer w;
  section(w);
  block(w, 0x0bad0bad, frame(0, 9));
  interface(w, 1);
  block(w, 4, frame(0, 40));               // name resolution
  block(w, 0x80000001, Bytes(3'000'000));  // larger than the buffer
  enhanced(w, 0, 1, frame(1, 20));
  for (const std::size_t piece : {std::size_t{100'003}, w.bytes.size()}) {
    const Outcome seen = read_bytes(w.bytes, piece);
    EXPECT_EQ(seen.state, ReadState::end);
    ASSERT_EQ(seen.packets.size(), 1u);
    EXPECT_EQ(seen.packets[0].data, frame(1, 20));
    EXPECT_TRUE(seen.warnings.empty());
  }
}

TEST(Pcapng, TheLastStatisticsOfEachInterfaceCount) {
  Writer w;
  const auto statistics = [&w](std::uint32_t index, std::uint64_t if_drop, std::uint64_t os_drop) {
    Writer body;
    body.u32(index).u32(0).u32(0);
    Writer a;
    a.u64(if_drop);
    Writer b;
    b.u64(os_drop);
    options(body, {{5, a.bytes}, {7, b.bytes}});
    block(w, 5, body.bytes);
  };
  section(w);
  interface(w, 1);
  interface(w, 1);
  statistics(0, 1, 2);
  statistics(0, 10, 20);
  statistics(1, 100, 200);
  statistics(7, 1, 1);  // no such interface
  section(w);
  interface(w, 1);
  statistics(0, 1000, 2000);
  const Outcome seen = read_bytes(w.bytes);
  EXPECT_EQ(seen.state, ReadState::end);
  EXPECT_EQ(seen.counters.if_dropped, 1110u);
  EXPECT_EQ(seen.counters.dropped, 2220u);
}

TEST(Pcapng, CutAnywhereGivesTheWholePacketsAndOneWarning) {
  Writer w;
  std::vector<std::size_t> boundaries;
  std::vector<std::size_t> packet_ends;
  section(w);
  boundaries.push_back(w.bytes.size());
  interface(w, 1, {{9, {9}}});
  boundaries.push_back(w.bytes.size());
  for (std::size_t i = 0; i < 3; ++i) {
    enhanced(w, 0, i, frame(i, 13 + i));
    boundaries.push_back(w.bytes.size());
    packet_ends.push_back(w.bytes.size());
    block(w, 0x99, frame(i, 10));
    boundaries.push_back(w.bytes.size());
  }
  simple(w, frame(9, 17), 17);
  boundaries.push_back(w.bytes.size());
  packet_ends.push_back(w.bytes.size());
  for (std::size_t cut = 4; cut <= w.bytes.size(); ++cut) {
    const Outcome seen = read_bytes(std::span(w.bytes).first(cut));
    const auto whole =
        std::upper_bound(packet_ends.begin(), packet_ends.end(), cut) - packet_ends.begin();
    const bool clean = std::find(boundaries.begin(), boundaries.end(), cut) != boundaries.end();
    ASSERT_EQ(seen.state, ReadState::end) << cut << seen.error.message;
    ASSERT_EQ(seen.packets.size(), static_cast<std::size_t>(whole)) << cut;
    ASSERT_EQ(seen.warnings.size(), clean ? 0u : 1u) << cut;
    if (!clean) {
      EXPECT_EQ(seen.warnings[0].code, "cut-file");
    }
  }
}

TEST(Pcapng, PiecesOfAnySizeGiveTheSamePackets) {
  Writer w;
  section(w);
  interface(w, 1);
  for (std::size_t i = 0; i < 30; ++i) {
    enhanced(w, 0, i, frame(i, i * 5));
    if (i % 3 == 0) block(w, 0x1234, frame(i, i));
  }
  const Outcome whole = read_bytes(w.bytes);
  ASSERT_EQ(whole.packets.size(), 30u);
  for (const std::size_t piece : {1u, 2u, 3u, 11u, 12u, 500u}) {
    EXPECT_EQ(read_bytes(w.bytes, piece).packets, whole.packets) << piece;
  }
}

// A good packet, then a block that cannot be.
void expect_bad(const std::function<void(Writer&)>& damage, const std::string& what) {
  Writer w;
  section(w);
  interface(w, 1);
  enhanced(w, 0, 1, frame(0, 20));
  const std::size_t at = w.bytes.size();
  damage(w);
  const Outcome seen = read_bytes(w.bytes);
  EXPECT_EQ(seen.packets.size(), 1u) << what;
  EXPECT_EQ(seen.state, ReadState::failed) << what;
  EXPECT_EQ(seen.error.code, "bad-file") << what;
  EXPECT_EQ(seen.error.message, "test: " + what + " at byte " + std::to_string(at));
}

TEST(Pcapng, BlocksThatCannotBeEndTheFileAtTheirPosition) {
  expect_bad([](Writer& w) { w.u32(6).u32(8).u32(8); }, "a block cannot have 8 bytes");
  expect_bad([](Writer& w) { w.u32(6).u32(0x7ffffff0).u32(0); },
             "packet 2 cannot have 2147483632 bytes");
  expect_bad([](Writer& w) { w.u32(5).u32(12).u32(16); }, "a block whose two lengths differ");
  expect_bad([](Writer& w) { block(w, 6, Bytes(12)); }, "packet 2 is longer than its block");
  expect_bad([](Writer& w) { block(w, 3, {}); }, "packet 2 is longer than its block");
  expect_bad([](Writer& w) { block(w, 1, Bytes(4)); }, "an interface block that is too short");
  expect_bad([](Writer& w) { w.u32(0x0a0d0d0a).u32(28).u64(0).u64(0).u32(28); },
             "a section without its byte order mark");
  expect_bad(
      [](Writer& w) {
        Writer body;
        body.u32(0).u64(0).u32(21).u32(21).raw(frame(1, 20));
        block(w, 6, body.bytes);
      },
      "packet 2 is longer than its block");
}

TEST(Pcapng, OptionsThatOverrunTheirBlockAreLeftAlone) {
  Writer w;
  section(w);
  Writer body;
  body.u16(1).u16(0).u32(0).u16(9).u16(200).raw(Bytes{9, 0, 0, 0});
  block(w, 1, body.bytes);
  enhanced(w, 0, 5, frame(0, 20));
  const Outcome seen = read_bytes(w.bytes);
  ASSERT_EQ(seen.packets.size(), 1u);
  EXPECT_EQ(seen.packets[0].time_ns, 5000);
}

}  // namespace
}  // namespace panoptes::test
