// A look at a capture: every packet once, in pieces of any size.
#include "probe/inspection.h"

#include <gtest/gtest.h>

#include <numeric>

#include "capture_bytes.h"
#include "frames.h"

namespace panoptes {
namespace {

using test::Bytes;

frames::Bytes good() {
  return frames::ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload("x").bytes(60);
}

InspectionFacts inspect(const Bytes& file, std::size_t piece = 1 << 20) {
  Inspection inspection("test", {});
  for (std::size_t at = 0; at < file.size(); at += piece) {
    // Bytes that are used up when the call returns: a copy, gone behind it.
    const Bytes part(file.begin() + static_cast<std::ptrdiff_t>(at),
                     file.begin() + static_cast<std::ptrdiff_t>(std::min(at + piece, file.size())));
    inspection.push(part.data(), part.size());
  }
  return inspection.end();
}

Bytes capture() {
  test::Writer w;
  test::section(w);
  test::interface(w, 1);
  test::interface(w, 147);
  test::enhanced(w, 0, 5'000'000, good());
  test::enhanced(w, 0, 4'000'000, good(), 1000);
  test::enhanced(w, 1, 4'500'000, frames::Bytes{1, 2, 3});
  test::enhanced(w, 0, 1'500'000, frames::Bytes(10, 7), 60);
  test::enhanced(w, 1, 9'000'000, frames::Bytes(200, 9));
  return w.bytes;
}

TEST(Inspection, CountsWhatThePacketsAre) {
  const InspectionFacts facts = inspect(capture());
  EXPECT_EQ(facts.error.code, "");
  EXPECT_EQ(facts.file.format, "pcapng");
  EXPECT_EQ(facts.packets, 5U);
  EXPECT_EQ(facts.wire_bytes, 60U + 1000 + 3 + 60 + 200);
  EXPECT_EQ(facts.captured_bytes, 60U + 60 + 3 + 10 + 200);
  EXPECT_EQ(facts.most_captured, 200U);
  ASSERT_EQ(facts.links.size(), 2U);
  EXPECT_EQ(facts.links.at(1).packets, 3U);
  EXPECT_EQ(facts.links.at(1).cut, 2U);
  EXPECT_EQ(facts.links.at(147).packets, 2U);
  EXPECT_EQ(facts.links.at(147).cut, 0U);
}

TEST(Inspection, FollowsTheOrderOfTime) {
  const InspectionFacts facts = inspect(capture());
  EXPECT_EQ(facts.earliest_ns, 1'500'000'000);
  EXPECT_EQ(facts.latest_ns, 9'000'000'000);
  EXPECT_EQ(facts.steps_back, 2U);
  EXPECT_EQ(facts.largest_back_ns, 3'000'000'000);
  EXPECT_EQ(facts.largest_back_at, 4U);
}

TEST(Inspection, KeepsTheFirstPacketOfEachReason) {
  const InspectionFacts facts = inspect(capture());
  const auto unknown = static_cast<std::size_t>(Undecoded::unknown_link_type);
  const auto truncated = static_cast<std::size_t>(Undecoded::truncated_link);
  EXPECT_EQ(facts.undecoded[unknown], 2U);
  EXPECT_EQ(facts.examples[unknown].packet, 3U);
  EXPECT_EQ(facts.examples[unknown].link_type, 147);
  EXPECT_EQ(facts.examples[unknown].head, (Bytes{1, 2, 3}));
  EXPECT_EQ(facts.undecoded[truncated], 1U);
  EXPECT_EQ(facts.examples[truncated].captured, 10U);
  EXPECT_EQ(facts.examples[truncated].wire, 60U);
  EXPECT_EQ(std::accumulate(facts.undecoded.begin(), facts.undecoded.end(), std::uint64_t{0}), 3U);
}

TEST(Inspection, DoesNotCareHowTheFileIsCutIntoPieces) {
  const Bytes file = capture();
  for (const std::size_t piece : {1U, 7U, 64U}) {
    const InspectionFacts facts = inspect(file, piece);
    EXPECT_EQ(facts.packets, 5U) << piece;
    EXPECT_EQ(facts.captured_bytes, 333U) << piece;
    EXPECT_EQ(facts.error.code, "") << piece;
  }
}

TEST(Inspection, KnowsWhatTheFileSaysOfDrops) {
  test::Writer statistics;
  statistics.u32(0).u64(0);
  test::Writer five, seven;
  five.u64(5);
  seven.u64(7);
  test::options(statistics, {{5, five.bytes}, {7, seven.bytes}});
  test::Writer w;
  test::section(w);
  test::interface(w, 1);
  test::enhanced(w, 0, 1, good());
  test::block(w, 5, statistics.bytes);
  const InspectionFacts facts = inspect(w.bytes);
  EXPECT_EQ(facts.source.if_dropped, 5U);
  EXPECT_EQ(facts.source.dropped, 7U);
}

TEST(Inspection, SaysThatAFileIsCut) {
  Bytes file = capture();
  file.resize(file.size() - 5);
  const InspectionFacts facts = inspect(file);
  EXPECT_EQ(facts.packets, 4U);
  ASSERT_EQ(facts.warnings.size(), 1U);
  EXPECT_EQ(facts.warnings[0].code, "cut-file");
  EXPECT_EQ(facts.error.code, "");
}

TEST(Inspection, EndsAtDamageAndTakesNoMore) {
  test::Writer w = test::pcap_header();
  w.bytes.insert(w.bytes.end(), 40, 0xff);
  const InspectionFacts facts = inspect(w.bytes, 10);
  EXPECT_EQ(facts.error.code, "bad-file");
  EXPECT_EQ(facts.packets, 0U);
}

TEST(Inspection, SaysWhatIsNoCapture) {
  const std::string text = "this is not a capture\n";
  const InspectionFacts facts = inspect(Bytes(text.begin(), text.end()), 3);
  EXPECT_EQ(facts.error.code, "not-a-capture");
  EXPECT_EQ(facts.file.format, "");
  EXPECT_EQ(inspect({}).error.code, "not-a-capture");
}

}  // namespace
}  // namespace panoptes
