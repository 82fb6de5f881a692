// The open batch: one array a column, filled row by row. Columns that speak of few rows hold only
// those.
#pragma once

#include <array>
#include <cstdint>

namespace panoptes {

inline constexpr std::uint32_t kMaxRows = 1024;

enum class ColumnKind : std::uint8_t { counter, value, time };

// A bit a row, in the order of the stream's bitmaps.
struct RowSet {
  std::uint32_t count = 0;
  std::uint32_t number = 0;  // in the batch that is being encoded; 0: every row
  std::array<std::uint64_t, kMaxRows / 64> bits{};

  // Adds the row, which comes after all that are in it; the place that its columns' values take.
  std::uint32_t add(std::uint32_t row) {
    bits[row / 64] |= std::uint64_t{1} << row % 64;
    return count++;
  }
  // Adds the row if it is `present`, without a branch, for what no processor foresees. Where it is
  // not, the place is that of the next row that is: what is written there is nobody's.
  std::uint32_t add_if(std::uint32_t row, bool present) {
    bits[row / 64] |= (0 - std::uint64_t{present}) & std::uint64_t{1} << row % 64;
    const std::uint32_t at = count;
    count += present;
    return at;
  }
  void clear() {
    if (count != 0) bits.fill(0);
    count = 0;
  }
  friend bool operator==(const RowSet& a, const RowSet& b) {
    return a.count == b.count && a.bits == b.bits;
  }
};

// Of all rows. A line more than they need: the same row of successive columns is then not in lines
// that share a set of the cache, as it would be with powers of two.
inline constexpr std::size_t kCacheLine = 64;
template <typename T>
using ColumnArray = std::array<T, kMaxRows + kCacheLine / sizeof(T)>;

// Of one direction.
struct SideColumns {
#define SIDE_ROW_SET(name) RowSet set_##name;
#include "batch/columns.def"
#define SIDE_COLUMN(src_id, dst_id, name, type, row_set, kind) ColumnArray<type> name;
#include "batch/columns.def"
};

struct Columns {
#define ROW_SET(name) RowSet set_##name;
#include "batch/columns.def"
#define COLUMN(id, name, type, row_set, kind) ColumnArray<type> name;
#include "batch/columns.def"
  SideColumns src;
  SideColumns dst;

  template <typename Function>
  void for_each_row_set(const Function& f) {
#define ROW_SET(name) f(set_##name);
#include "batch/columns.def"
    for (SideColumns* side : {&src, &dst}) {
#define SIDE_ROW_SET(name) f(side->set_##name);
#include "batch/columns.def"
    }
  }

  // f(id, kind, values, row set)
  template <typename Function>
  void for_each_column(const Function& f) const {
#define COLUMN(id, name, type, row_set, kind) f(id, ColumnKind::kind, name.data(), set_##row_set);
#include "batch/columns.def"
#define SIDE_COLUMN(src_id, dst_id, name, type, row_set, kind)     \
  f(src_id, ColumnKind::kind, src.name.data(), src.set_##row_set); \
  f(dst_id, ColumnKind::kind, dst.name.data(), dst.set_##row_set);
#include "batch/columns.def"
  }
};

}  // namespace panoptes
