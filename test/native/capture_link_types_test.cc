// Link types by name, and the warning about those without a decoder.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "capture/link_types.h"

namespace panoptes {
namespace {

TEST(LinkTypes, AreDescribedByNameAndNumber) {
  EXPECT_EQ(describe_link_type(189), "USB_LINUX (189)");
  EXPECT_EQ(describe_link_type(253), "NETLINK (253)");
  EXPECT_EQ(describe_link_type(1), "EN10MB (1)");
  EXPECT_EQ(describe_link_type(101), "RAW (101)");  // LINKTYPE_, not the DLT_ of this number
  EXPECT_EQ(describe_link_type(60000), "60000");
}

TEST(LinkTypes, OfFilesAndOfLibpcapAreEachOthersReverse) {
  for (std::uint16_t type = 50; type < 300; ++type) {
    EXPECT_EQ(link_type_of_dlt(dlt_of_link_type(type)), type);
  }
}

std::vector<std::string> warnings(UnknownLinkTypes& types) {
  std::vector<std::string> messages;
  for (;;) {
    const SourceMessage warning = types.take_warning("a.pcapng");
    if (warning.code.empty()) return messages;
    EXPECT_EQ(warning.code, "unknown-link-type");
    messages.push_back(warning.message);
  }
}

TEST(UnknownLinkTypes, AreSaidOnceEach) {
  UnknownLinkTypes types;
  EXPECT_TRUE(warnings(types).empty());
  for (int i = 0; i < 3; ++i) {
    types.note(189);
    types.note(253);
  }
  EXPECT_EQ(
      warnings(types),
      (std::vector<std::string>{"a.pcapng: packets of link type USB_LINUX (189) cannot be decoded",
                                "a.pcapng: packets of link type NETLINK (253) cannot be decoded"}));
  types.note(253);
  types.note(187);
  EXPECT_EQ(warnings(types).size(), 1U);
}

TEST(UnknownLinkTypes, AnInterfaceThatWasNotDescribedIsLeftToItsReader) {
  UnknownLinkTypes types;
  types.note(kLinkTypeUndescribed);
  EXPECT_TRUE(warnings(types).empty());
}

TEST(UnknownLinkTypes, AreBounded) {
  UnknownLinkTypes types;
  for (std::uint16_t type = 1000; type < 3000; ++type) types.note(type);
  EXPECT_EQ(warnings(types).size(), 16U);
}

}  // namespace
}  // namespace panoptes
