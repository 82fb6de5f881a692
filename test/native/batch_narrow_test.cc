// differences.h, narrow.h, pack.h and entries.h: integers in as few bits as hold them, and what
// stands apart.
#include "batch/narrow.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "batch/entries.h"
#include "batch/pack.h"

namespace panoptes {
namespace {

// `count` values of `bits`, the lowest and the highest among them.
template <typename T>
std::vector<T> values_of(std::uint32_t bits, std::uint32_t count) {
  const std::uint64_t highest = bits == 0 ? 0 : ~std::uint64_t{0} >> (64 - bits);
  std::vector<T> values;
  std::uint64_t state = bits;
  for (std::uint32_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    values.push_back(static_cast<T>(i % 7 == 0 ? highest : (state >> 11) & highest));
  }
  return values;
}

// Bit by bit, as the schema says it.
template <typename T>
std::string packed(const std::vector<T>& values, std::uint32_t bits) {
  std::string bytes((values.size() * bits + 7) / 8, '\0');
  for (std::size_t n = 0; n < values.size(); ++n) {
    for (std::size_t b = 0; b < bits; ++b) {
      const std::size_t at = n * bits + b;
      const auto bit = static_cast<unsigned>(std::uint64_t{values[n]} >> b & 1);
      bytes[at / 8] = static_cast<char>(static_cast<unsigned char>(bytes[at / 8]) | bit << at % 8);
    }
  }
  return bytes;
}

template <typename T>
void expect_packed(std::uint32_t bits, std::uint32_t count) {
  const std::vector<T> values = values_of<T>(bits, count);
  std::vector<T> room(values);
  room.resize(count + kPatchStep, T{1});
  std::vector<char> out((count + kPatchStep) * 8);
  const std::size_t bytes = pack(room.data(), count, bits, out.data());
  EXPECT_EQ(std::string(out.data(), bytes), packed(values, bits)) << bits << " bits, " << count;
}

TEST(Narrow, PacksEachWidthBitBehindBit) {
  for (const std::uint32_t count : {1U, 2U, 7U, 8U, 9U, 100U, kMaxRows}) {
    for (std::uint32_t bits = 0; bits <= 8; ++bits) expect_packed<std::uint8_t>(bits, count);
    for (std::uint32_t bits = 0; bits <= 16; ++bits) expect_packed<std::uint16_t>(bits, count);
    for (std::uint32_t bits = 0; bits <= 32; ++bits) expect_packed<std::uint32_t>(bits, count);
    for (std::uint32_t bits = 0; bits <= 53; ++bits) expect_packed<std::uint64_t>(bits, count);
    expect_packed<std::uint64_t>(64, count);
  }
}

// The width of the first thousand values, after what is wider was set apart.
template <typename T>
std::uint32_t chosen(std::vector<T>& values, std::uint64_t largest, Patches& patches) {
  const Choice choice = cheapest_width(values.data(), 1000, largest);
  return fit(values.data(), 1000, largest, choice.bits, patches);
}

TEST(Narrow, SetsAFewLargeValuesApart) {
  std::vector<std::uint32_t> values(1000, 5);
  values[3] = 1000000;
  values[999] = 70000;
  values.resize(1000 + kPatchStep);
  Patches patches;
  EXPECT_EQ(chosen(values, 1000000, patches), 3U) << "5 has three bits";
  ASSERT_EQ(patches.count, 2U);
  EXPECT_EQ(patches.places[0], 3);
  EXPECT_EQ(patches.values[0], 1000000U);
  EXPECT_EQ(patches.places[1], 999);
  EXPECT_EQ(patches.values[1], 70000U);
  EXPECT_EQ(values[3] + values[999], 0U);
}

TEST(Narrow, KeepsManyLargeValuesAmongTheOthers) {
  std::vector<std::uint16_t> values;
  for (std::uint16_t i = 0; i < 1000; ++i) values.push_back(i % 2 == 0 ? 1 : 1000);
  const std::vector<std::uint16_t> before = values;
  values.resize(1000 + kPatchStep);
  Patches patches;
  EXPECT_EQ(chosen(values, 1000, patches), 10U);
  EXPECT_EQ(patches.count, 0U);
  values.resize(1000);
  EXPECT_EQ(values, before);
}

TEST(Narrow, IsNotDeceivedByValuesThatTheSampleMisses) {
  // Each fifth value is looked at, and just these are small.
  std::vector<std::uint32_t> values;
  for (std::uint32_t i = 0; i < 1000; ++i) values.push_back(i % 5 == 0 ? 1 : 1000 + i);
  const std::vector<std::uint32_t> before = values;
  values.resize(1000 + kPatchStep);
  Patches patches;
  EXPECT_EQ(chosen(values, 1999, patches), 11U);
  EXPECT_EQ(patches.count, 0U);
  values.resize(1000);
  EXPECT_EQ(values, before);
}

TEST(Narrow, DividesByAThousandOnlyWhatIsAMultiple) {
  const std::vector<std::uint64_t> values = {7, 1007, 123456007,
                                             7 + 1000 * (std::uint64_t{1} << 40)};
  std::vector<std::uint64_t> out(values.size());
  ASSERT_TRUE(divide_by_1000(values.data(), 4, 7, out.data()));
  EXPECT_EQ(out, (std::vector<std::uint64_t>{0, 1, 123456, std::uint64_t{1} << 40}));
  for (const std::uint64_t other : {8U, 507U, 1006U, 132U, 15U}) {
    EXPECT_FALSE(divide_by_1000(&other, 1, 7, out.data())) << other;
  }
}

TEST(Narrow, FindsOneOddTimeAmongManyMultiples) {
  for (const std::uint32_t count : {1U, 3U, 4U, 63U, 64U, 65U, 130U, kMaxRows}) {
    std::vector<std::uint64_t> values(count, 5000);
    std::vector<std::uint32_t> out(count);
    ASSERT_TRUE(divide_by_1000(values.data(), count, 1000, out.data())) << count;
    EXPECT_EQ(out, std::vector<std::uint32_t>(count, 4)) << count;
    for (const std::uint32_t odd : {0U, count / 2, count - 1}) {
      values[odd] = 5001;
      EXPECT_FALSE(divide_by_1000(values.data(), count, 1000, out.data())) << count << ' ' << odd;
      values[odd] = 5000;
    }
  }
  const std::uint64_t latest = std::uint64_t{9'223'372'036'854'775} * 1000;  // of 63 bits
  std::uint64_t quotient = 0;
  ASSERT_TRUE(divide_by_1000(&latest, 1, 0, &quotient));
  EXPECT_EQ(quotient, 9'223'372'036'854'775U);
}

template <typename T>
void expect_extremes_anywhere(T least, T greatest, T between) {
  for (std::uint32_t count = 2; count < 12; ++count) {
    for (std::uint32_t low = 0; low < count; ++low) {
      std::vector<T> values(count, between);
      const std::uint32_t high = (low + 1) % count;
      values[low] = least;
      values[high] = greatest;
      const auto found = extremes(values.data(), count);
      EXPECT_EQ(found.low, least) << count << ' ' << low;
      EXPECT_EQ(found.high, greatest) << count << ' ' << high;
      const auto [lowest, any] = bounds(values.data(), count);
      EXPECT_EQ(lowest, least) << count << ' ' << low;
      T bits = 0;
      for (const T value : values) bits = static_cast<T>(bits | value);
      EXPECT_EQ(any, bits) << count << ' ' << low;
    }
  }
}

TEST(Narrow, FindsExtremesWhereverTheyAre) {
  expect_extremes_anywhere<std::uint8_t>(0, 255, 128);
  expect_extremes_anywhere<std::uint16_t>(1, 65535, 32768);
  expect_extremes_anywhere<std::uint32_t>(0, 0xffffffff, 0x80000000);
  expect_extremes_anywhere<std::uint64_t>(0, ~std::uint64_t{0}, std::uint64_t{1} << 53);
  expect_extremes_anywhere<std::int64_t>(INT64_MIN, INT64_MAX, -1);
  const std::uint64_t one = std::uint64_t{1} << 53;
  EXPECT_EQ(extremes(&one, 1).low, one);
  EXPECT_EQ(extremes(&one, 1).high, one);
  EXPECT_EQ(bounds(&one, 1).low, one);
  EXPECT_EQ(bounds(&one, 1).any, one);
}

TEST(Narrow, SaysWhichBitsAreSetAboveTheLowest) {
  const std::vector<std::uint64_t> values = {~std::uint64_t{0} - 6, ~std::uint64_t{0} - 2,
                                             ~std::uint64_t{0} - 7};
  EXPECT_EQ(any_above(values.data(), 3, values[2]), 1U | 5U);
  std::vector<std::uint16_t> above(3);
  EXPECT_EQ(subtract(values.data(), 3, values[2], above.data()), 1U | 5U);
  EXPECT_EQ(above, (std::vector<std::uint16_t>{1, 5, 0}));
}

// What the loops say of the values, in the vectors of this processor or those of every one.
template <typename T>
std::vector<std::uint64_t> looked_through(const std::vector<T>& values, bool wide) {
  wide_vectors = wide;
  const auto count = static_cast<std::uint32_t>(values.size());
  const Bounds<T> found = bounds(values.data(), count);
  const Extremes<T> ends = extremes(values.data(), count);
  std::vector<T> above(count);
  std::vector<std::uint16_t> narrow(count);
  std::vector<std::uint64_t> said{found.low, found.any, ends.low, ends.high};
  said.push_back(any_above(values.data(), count, found.low));
  said.push_back(subtract(values.data(), count, found.low, above.data()));
  said.push_back(subtract(values.data(), count, found.low, narrow.data()));
  said.insert(said.end(), above.begin(), above.end());
  said.insert(said.end(), narrow.begin(), narrow.end());
  return said;
}

TEST(Vectors, GiveTheSameInEveryWidth) {
  const bool wide = wide_vectors;
  if (!wide) GTEST_SKIP() << "this processor has none that are wider";
  for (std::uint32_t count = 1; count < 80; ++count) {
    for (const std::uint32_t bits : {1U, 7U, 8U}) {
      const auto values = values_of<std::uint8_t>(bits, count);
      EXPECT_EQ(looked_through(values, true), looked_through(values, false)) << bits << count;
    }
    for (const std::uint32_t bits : {9U, 16U}) {
      const auto values = values_of<std::uint16_t>(bits, count);
      EXPECT_EQ(looked_through(values, true), looked_through(values, false)) << bits << count;
    }
    for (const std::uint32_t bits : {20U, 31U, 32U}) {
      const auto values = values_of<std::uint32_t>(bits, count);
      EXPECT_EQ(looked_through(values, true), looked_through(values, false)) << bits << count;
    }
    for (const std::uint32_t bits : {31U, 33U, 53U, 63U, 64U}) {
      const auto values = values_of<std::uint64_t>(bits, count);
      EXPECT_EQ(looked_through(values, true), looked_through(values, false)) << bits << count;
    }
  }
  wide_vectors = wide;
}

TEST(RowSets, TakeARowOrLeaveIt) {
  RowSet set;
  for (std::uint32_t row = 0; row < kMaxRows; ++row) {
    EXPECT_EQ(set.add_if(row, row % 64 == 63), row / 64) << row;
  }
  EXPECT_EQ(set.count, kMaxRows / 64);
  for (const std::uint64_t word : set.bits) EXPECT_EQ(word, std::uint64_t{1} << 63);
  EXPECT_EQ(set.add(5), kMaxRows / 64);
  EXPECT_EQ(set.bits[0], std::uint64_t{1} << 63 | 32);
}

TEST(Entries, HoldEachOfFewValuesOnce) {
  const auto entries = std::make_unique<Entries>();
  std::vector<std::uint16_t> values;
  for (std::uint32_t i = 0; i < 300; ++i)
    values.push_back(i % 3 == 2 ? 8443 : i % 3 == 1 ? 53 : 443);
  // 300 places of 2 bits are 75 bytes, three entries 6, tag and length 3.
  EXPECT_FALSE(entries->take(values.data(), 300, 84));
  ASSERT_TRUE(entries->take(values.data(), 300, 85));
  ASSERT_EQ(entries->count(), 3U);
  EXPECT_EQ(entries->bits(), 2U);
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(entries->values()[entries->places()[i]], values[i]) << i;
  }
}

TEST(Entries, AreNoneWhereTooManyValuesDiffer) {
  const auto entries = std::make_unique<Entries>();
  std::vector<std::uint16_t> many;
  for (std::uint16_t i = 0; i < 1000; ++i) many.push_back(static_cast<std::uint16_t>(i * 65));
  EXPECT_FALSE(entries->take(many.data(), 1000, 2000));
  // And what was seen then is forgotten.
  const std::vector<std::uint16_t> few(100, 65);
  ASSERT_TRUE(entries->take(few.data(), 100, 2000));
  EXPECT_EQ(entries->count(), 1U);
  EXPECT_EQ(entries->values()[0], 65);
  EXPECT_EQ(entries->places()[99], 0);
}

}  // namespace
}  // namespace panoptes
