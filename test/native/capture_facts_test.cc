// What the readers know of a file, for people.
#include "capture/capture_facts.h"

#include <gtest/gtest.h>

#include "capture/link_types.h"
#include "capture_bytes.h"

namespace panoptes::test {
namespace {

CaptureFacts facts_of(std::span<const std::uint8_t> file) {
  const auto source = source_of(file);
  read_all(*source);
  return source->facts();
}

TEST(CaptureFacts, OfPcapAreThoseOfItsHeader) {
  for (const bool big : {false, true}) {
    const CaptureFacts facts = facts_of(pcap_header(kNano, big, 113).bytes);
    EXPECT_EQ(facts.format, "pcap");
    EXPECT_EQ(facts.version, "2.4");
    EXPECT_EQ(facts.big_endian, big);
    ASSERT_EQ(facts.interfaces.size(), 1U);
    EXPECT_EQ(facts.interfaces[0].link_type, 113);
    EXPECT_EQ(facts.interfaces[0].snaplen, 65535U);
    EXPECT_EQ(facts.interfaces[0].time_unit, "nanoseconds");
  }
  EXPECT_EQ(facts_of(pcap_header(kMicro).bytes).interfaces[0].time_unit, "microseconds");
}

TEST(CaptureFacts, OfPcapngCountSectionsInterfacesAndOtherBlocks) {
  Writer w(true);
  section(w);
  interface(w, 1);
  interface(w, 101, {{9, {9}}});
  block(w, 4, Bytes(8));
  enhanced(w, 1, 5, frame(0, 20));
  section(w);
  interface(w, 1, {{9, {0x8a}}});
  interface(w, 1, {{9, {12}}});
  block(w, 4, Bytes(8));
  block(w, 0x0bad, Bytes(4));
  const CaptureFacts facts = facts_of(w.bytes);
  EXPECT_EQ(facts.format, "pcapng");
  EXPECT_TRUE(facts.big_endian);
  EXPECT_EQ(facts.sections, 2U);
  std::vector<std::string> units;
  for (const InterfaceFacts& one : facts.interfaces) units.push_back(one.time_unit);
  EXPECT_EQ(units,
            (std::vector<std::string>{"microseconds", "nanoseconds", "2^-10 s", "10^-12 s"}));
  EXPECT_EQ(facts.interfaces[1].link_type, 101);
  EXPECT_EQ(facts.other_blocks, (std::map<std::uint32_t, std::uint64_t>{{4, 2}, {0xbad, 1}}));
}

TEST(CaptureFacts, NameOnlySoManyTypesOfBlocks) {
  Writer w;
  section(w);
  for (std::uint32_t type = 1000; type < 2000; ++type) block(w, type, Bytes(4));
  const CaptureFacts facts = facts_of(w.bytes);
  EXPECT_LT(facts.other_blocks.size(), 100U);
  std::uint64_t sum = 0;
  for (const auto& [type, count] : facts.other_blocks) sum += count;
  EXPECT_EQ(sum, 1000U) << "those beyond the first ones are counted too";
}

TEST(CaptureFacts, AreEmptyForWhatIsNoCapture) {
  EXPECT_EQ(facts_of(Bytes(100, 'x')).format, "");
  EXPECT_TRUE(facts_of(Bytes{}).interfaces.empty());
}

TEST(CaptureFacts, KnowTheNamesOfLinks) {
  EXPECT_EQ(link_type_name(1).name, "EN10MB");
  EXPECT_EQ(link_type_name(1).about, "Ethernet");
  EXPECT_EQ(link_type_name(kLinkTypeRaw).name, "RAW");
  EXPECT_EQ(link_type_name(kLinkTypeUndescribed).name, "");
}

}  // namespace
}  // namespace panoptes::test
