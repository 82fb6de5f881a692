// Frames of chance: whatever the link type, the answer is a flow or a reason.
#include <gtest/gtest.h>

#include <random>

#include "link_support.h"

namespace panoptes {
namespace {

using frames::Bytes;

TEST(DecodeLinkHostile, RandomBytesOfEveryLinkTypeAreAnswered) {
  std::mt19937 random(1);
  for (std::uint16_t type = 0; type < 300; ++type) {
    for (int i = 0; i < 60; ++i) {
      Bytes frame(random() % 200);
      for (std::uint8_t& byte : frame) byte = static_cast<std::uint8_t>(random());
      const Decoded d(frame, type, static_cast<std::uint32_t>(random() % 300));
      EXPECT_LT(static_cast<std::size_t>(d.reason), kUndecodedReasons);
    }
  }
}

TEST(DecodeLinkHostile, RandomHeadersBehindEveryEthertypeAreAnswered) {
  std::mt19937 random(2);
  constexpr std::uint16_t kTypes[] = {0x0003, 0x0800, 0x22f3, 0x6558, 0x8100, 0x880b,
                                      0x8847, 0x8864, 0x8870, 0x88e5, 0x88e7, 0x8909,
                                      0x8926, 0x892f, 0x893f, 0x894f, 0xd28b, 0xf1c1};
  for (int i = 0; i < 20000; ++i) {
    Bytes frame(random() % 120);
    for (std::uint8_t& byte : frame) {
      byte = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : 0);
    }
    // Ethertypes at chance, so that headers nest.
    for (std::size_t at = 12; at + 2 <= frame.size(); at += 2 + random() % 8) {
      const std::uint16_t type = kTypes[random() % std::size(kTypes)];
      frame[at] = static_cast<std::uint8_t>(type >> 8);
      frame[at + 1] = static_cast<std::uint8_t>(type);
    }
    const Decoded d(frame);
    EXPECT_LT(static_cast<std::size_t>(d.reason), kUndecodedReasons);
  }
}

}  // namespace
}  // namespace panoptes
