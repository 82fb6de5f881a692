// relations.h and row_set_encoder.h: columns told by others, row sets told by other row sets.
#include "batch/relations.h"

#include <gtest/gtest.h>

#include <bitset>
#include <memory>
#include <protozero/pbf_reader.hpp>
#include <random>
#include <string>
#include <vector>

#include "batch/row_set_encoder.h"

namespace panoptes {
namespace {

RowSet set_of(std::uint32_t rows, unsigned percent, std::mt19937& engine) {
  RowSet set;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (engine() % 100 < percent) set.add(row);
  }
  set.number = set.count == rows ? 0 : 1;
  return set;
}

TEST(Relations, TellTheDistanceInEachRowThatHasAValue) {
  std::mt19937 engine(3);
  for (const std::uint32_t rows : {1U, 63U, 64U, 65U, 1000U, 1024U}) {
    for (const unsigned percent : {0U, 5U, 50U, 97U, 100U}) {
      const RowSet own = set_of(rows, 90, engine);
      const RowSet other = set_of(rows, percent, engine);
      std::vector<std::uint64_t> values(kMaxRows), plus(kMaxRows), told(kMaxRows + 1);
      for (std::uint32_t i = 0; i < kMaxRows; ++i) {
        values[i] = engine();
        plus[i] = engine();
      }
      const Relation relation{.plus_id = 1, .plus = plus.data(), .plus_set = &other};
      subtract_relation(relation, values.data(), own, rows, told.data());
      std::uint32_t at = 0;
      std::uint32_t plus_at = 0;
      for (std::uint32_t row = 0; row < rows; ++row) {
        const bool known = (other.bits[row / 64] >> row % 64 & 1) != 0;
        if ((own.bits[row / 64] >> row % 64 & 1) != 0) {
          EXPECT_EQ(told[at] + (known ? plus[plus_at] : 0), values[at]) << rows << ' ' << row;
          ++at;
        }
        if (known) ++plus_at;
      }
      EXPECT_EQ(at, own.count);
    }
  }
}

TEST(Relations, TakeAwayAMultipleOfAColumn) {
  const auto columns = std::make_unique<Columns>();
  columns->src.bytes[0] = 1000;
  columns->src.packets[0] = 10;
  columns->src.set_all.count = 1;
  const Relation relation = relation_of(28, *columns);
  const std::uint64_t payload = 330;
  std::uint64_t told = 0;
  subtract_relation(relation, &payload, columns->src.set_all, 1, &told);
  EXPECT_EQ(static_cast<std::int64_t>(told), 330 - (1000 - 10 * 66));
}

using Rows = std::bitset<kMaxRows>;

Rows read_set(protozero::pbf_reader message, const std::vector<Rows>& sets) {
  Rows rows;
  std::uint32_t like = 0;
  while (message.next()) {
    const auto tag = message.tag();
    if (tag == 3) {
      like = message.get_uint32();
      continue;
    }
    std::size_t row = 0;
    for (const char c : message.get_bytes()) {
      const auto byte = static_cast<unsigned char>(c);
      if (tag == 1) {
        row += byte;
        if (byte != 255) rows.set(row++);
      } else {
        for (unsigned bit = 0; bit < 8; ++bit) rows[row++] = (byte >> bit & 1) != 0;
      }
    }
  }
  return like == 0 ? rows : rows ^ sets.at(like - 1);
}

TEST(RowSets, ComeBackFromTheRowsInWhichTheyDiffer) {
  std::mt19937 engine(4);
  for (const std::uint32_t rows : {1U, 7U, 256U, 257U, 1000U, 1024U}) {
    std::vector<RowSet> sets;
    for (const unsigned percent : {0U, 1U, 2U, 30U, 50U, 90U, 99U, 100U}) {
      sets.push_back(set_of(rows, percent, engine));
      RowSet near = sets.back();  // all but a few rows
      for (int i = 0; i < 5; ++i) near.bits[engine() % rows / 64] ^= 1;
      Rows known;
      for (std::uint32_t row = 0; row < rows; ++row)
        known[row] = (near.bits[row / 64] >> row % 64 & 1) != 0;
      near.count = static_cast<std::uint32_t>(known.count());
      sets.push_back(near);
      sets.push_back(sets.front());
    }
    std::string bytes;
    protozero::pbf_writer batch(bytes);
    RowSetEncoder encoder(batch, rows);
    for (RowSet& set : sets) encoder.encode(set);
    std::vector<Rows> read(1);
    for (std::uint32_t row = 0; row < rows; ++row) read[0].set(row);
    protozero::pbf_reader reader(bytes);
    while (reader.next(6)) read.push_back(read_set(reader.get_message(), read));
    for (const RowSet& set : sets) {
      if (set.count == 0) continue;
      ASSERT_LT(set.number, read.size());
      for (std::uint32_t row = 0; row < rows; ++row) {
        EXPECT_EQ(read[set.number][row], (set.bits[row / 64] >> row % 64 & 1) != 0) << row;
      }
    }
  }
}

TEST(RowSets, TakeAByteForEachRowInWhichTheyDiffer) {
  std::mt19937 engine(5);
  const RowSet first = set_of(kMaxRows, 50, engine);
  RowSet second = first;
  for (const std::uint32_t row : {3U, 500U, 1000U}) {
    const bool had = (second.bits[row / 64] >> row % 64 & 1) != 0;
    second.bits[row / 64] ^= std::uint64_t{1} << row % 64;
    second.count = had ? second.count - 1 : second.count + 1;
  }
  RowSet written = first;
  std::string bytes;
  protozero::pbf_writer batch(bytes);
  RowSetEncoder encoder(batch, kMaxRows);
  encoder.encode(written);
  const std::size_t before = bytes.size();
  encoder.encode(second);
  // 3; 255 and 241; 255 and 244. Tag and length of the message, its model, tag and length of steps.
  EXPECT_EQ(bytes.size() - before, 5U + 2 + 2 + 2);
  RowSet same = first;
  encoder.encode(same);
  EXPECT_EQ(same.number, 1U);
}

}  // namespace
}  // namespace panoptes
