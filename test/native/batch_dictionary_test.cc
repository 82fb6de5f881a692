// The dictionary of a batch: each value once, in the order in which they came, also where somebody
// chose the values.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <ctime>
#include <vector>

#include "batch/dictionary.h"

namespace panoptes {
namespace {

using Address = std::array<std::uint8_t, 16>;

// Addresses of one /64, whose first half makes a factor of the hash 0 for who has no secret.
std::vector<Address> chosen_addresses() {
  constexpr std::uint64_t kNet = 0x2d358dccaa6c78a5U;
  std::vector<Address> out(5000);
  for (std::uint64_t n = 0; n < out.size(); ++n) {
    std::memcpy(out[n].data(), &kNet, 8);
    std::memcpy(out[n].data() + 8, &n, 8);
  }
  return out;
}

double seconds_to_fill(Dictionary<16>& dictionary, const std::vector<Address>& addresses) {
  const std::clock_t before = std::clock();
  for (int times = 0; times < 5; ++times) {
    dictionary.clear();
    for (const Address& a : addresses) dictionary.index_of(a.data());
  }
  return static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
}

TEST(Dictionary, HoldsEachValueOnceInTheOrderInWhichTheyCame) {
  const auto addresses = chosen_addresses();
  for (const std::uint64_t secret : {0x9d2c5680a1b3e7f1U, 0x0123456789abcdefU}) {
    Dictionary<16> dictionary(secret);
    for (int times = 0; times < 2; ++times) {
      for (std::uint16_t n = 0; n < 1000; ++n) {
        ASSERT_EQ(dictionary.index_of(addresses[n].data()), n);
      }
    }
    EXPECT_EQ(dictionary.count(), 1000U);
    EXPECT_EQ(std::memcmp(dictionary.data(), addresses.data(), 16'000), 0);
  }
}

TEST(Dictionary, CannotBeMadeSlowWithoutItsSecret) {
  const auto addresses = chosen_addresses();
  Dictionary<16> known(0);
  Dictionary<16> secret(0x9d2c5680a1b3e7f1U);
  // One behind the other they are 12 million comparisons.
  EXPECT_LT(20 * seconds_to_fill(secret, addresses), seconds_to_fill(known, addresses));
}

TEST(Dictionary, KnowsAgainWhatIsAtAnIndex) {
  Dictionary<6> macs;
  const std::uint8_t first[] = {2, 0, 0, 0, 0, 1};
  const std::uint8_t other_start[] = {3, 0, 0, 0, 0, 1};
  const std::uint8_t other_end[] = {2, 0, 0, 0, 0, 2};
  EXPECT_EQ(macs.index_of(first), 0);
  EXPECT_EQ(macs.index_of(other_end), 1);
  EXPECT_EQ(macs.index_of(other_start), 2);
  EXPECT_EQ(macs.index_of(first), 0);
  EXPECT_TRUE(macs.holds(0, first));
  EXPECT_FALSE(macs.holds(0, other_start));
  EXPECT_FALSE(macs.holds(0, other_end));
  EXPECT_TRUE(macs.holds(1, other_end));
}

}  // namespace
}  // namespace panoptes
