// One column -> a Column message, and values in the width that takes the fewest bytes. Used by
// batch_builder.cc; what is stored: differences.h; in which width: narrow.h; its bytes: pack.h.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <type_traits>

#include <protozero/pbf_writer.hpp>

#include "batch/columns.h"
#include "batch/entries.h"
#include "batch/growing_bytes.h"
#include "batch/narrow.h"
#include "batch/pack.h"
#include "batch/relations.h"

namespace panoptes {

class ColumnEncoder {
 public:
  // `batch` appends to `bytes`. `values` gets those of all columns, which the batch has behind the
  // messages. `entries` serves all batches, as it is large and left clean. `columns` has `rows`
  // rows.
  ColumnEncoder(protozero::pbf_writer& batch, std::string& bytes, GrowingBytes& values,
                Entries& entries, const Columns& columns, std::uint32_t rows)
      : batch_(batch),
        bytes_(bytes),
        values_(values),
        entries_(entries),
        columns_(columns),
        rows_(rows) {}

  // The number of `set` is 0 for all rows, else its index + 1 in the batch.
  template <typename T>
  void encode(std::uint32_t id, ColumnKind kind, const T* values, const RowSet& set) {
    if (set.count == 0) return;
    if constexpr (std::is_same_v<T, double>) {
      encode_double(id, values, set.count, set.number);
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
      if (!encode_relation(id, kind, values, set)) {
        encode_integer(id, kind, values, set.count, set.number);
      }
    } else {
      encode_integer(id, kind, values, set.count, set.number);
    }
  }

 private:
  // Field numbers of message Column.
  enum Field : std::uint32_t {
    kId = 1,
    kRowSet,
    kWidth,
    kBase,
    kScale,
    kPatchPlaces = 7,
    kPatchValues,
    kEntries,
    kPlus,
    kMinus,
    kTimes,
    kValueBytes
  };
  static constexpr std::uint32_t kBatchColumns = 5;  // FlowBatch.columns
  // Nine fields: a byte for which it is, at most 5 for what it is, and 10 for the base.
  static constexpr std::size_t kHeadBytes = 9 * (1 + 5) + 5;

  struct Head {
    std::uint32_t id;
    std::uint32_t row_set;
    std::uint64_t base;  // of a relation: modulo 2^64
    std::uint32_t scale;
    const Relation* relation = nullptr;
  };

  template <typename T>
  void encode_integer(std::uint32_t id, ColumnKind kind, const T* values, std::uint32_t count,
                      std::uint32_t row_set) {
    const auto [low, any] = bounds(values, count);
    if (any == 0 && kind == ColumnKind::counter) return;
    std::uint64_t most = static_cast<std::uint64_t>(any) - low;
    if constexpr (std::is_same_v<T, std::uint64_t>) {
      if (most > 0xffffffff) most = any_above(values, count, low);
    }
    const Head head{.id = id, .row_set = row_set, .base = low, .scale = 1};
    encode_above(head, kind, values, count, most);
  }

  // None of the values is more than `most` above the base, which is 0 only if all are the base.
  template <typename T>
  void encode_above(const Head& head, ColumnKind kind, const T* values, std::uint32_t count,
                    std::uint64_t most) {
    if (most == 0) {
      add_head(head, 0, 0);
    } else if constexpr (sizeof(T) < sizeof(std::uint64_t)) {
      encode_differences<T>(head, values, count);
    } else if (kind == ColumnKind::time && most >= 1000 &&
               encode_scaled(head, values, count, most)) {
      return;
    } else if (most <= 0xffff && head.relation != nullptr) {  // else they are seldom few values
      encode_differences<std::uint16_t>(head, values, count);
    } else if (most <= 0xffffffff) {
      encode_differences<std::uint32_t>(head, values, count);
    } else {
      encode_differences<std::uint64_t>(head, values, count);
    }
  }

  template <typename Offset, typename T>
  void encode_differences(const Head& head, const T* values, std::uint32_t count) {
    const Offset any = subtract(values, count, static_cast<T>(head.base), offsets<Offset>());
    encode_offsets<Offset>(head, count, any);
  }

  // Relative to other columns. False, and nothing is written, if that takes no fewer bytes.
  bool encode_relation(std::uint32_t id, ColumnKind kind, const std::uint64_t* values,
                       const RowSet& set) {
    const Relation relation = relation_of(id, columns_);
    if (relation.plus_id == 0 || relation.plus_set->count == 0) return false;
    const std::uint32_t count = set.count;
    const auto [low, high] = sample_extremes(values, count);
    if (high == 0) return false;
    subtract_relation(relation, values, set, rows_, distances_.data());
    const auto [nearest, farthest] =
        extremes(reinterpret_cast<const std::int64_t*>(distances_.data()), count);
    const auto base = static_cast<std::uint64_t>(nearest);
    const std::uint64_t range = static_cast<std::uint64_t>(farthest) - base;
    if (range >> kWidestPacked != 0) return false;
    if (cheapest_width(distances_.data(), count, range, base).cost >=
        cheapest_width(values, count, high - low, low).cost) {
      return false;
    }
    const Head head{
        .id = id, .row_set = set.number, .base = base, .scale = 1, .relation = &relation};
    encode_above(head, kind, distances_.data(), count, range);
    return true;
  }

  // Times of a clock of microseconds: false, and nothing is written, if they are not.
  bool encode_scaled(Head head, const std::uint64_t* values, std::uint32_t count,
                     std::uint64_t most) {
    head.scale = 1000;
    return most / 1000 <= 0xffffffff ? encode_quotients<std::uint32_t>(head, values, count)
                                     : encode_quotients<std::uint64_t>(head, values, count);
  }

  template <typename Offset>
  bool encode_quotients(const Head& head, const std::uint64_t* values, std::uint32_t count) {
    const std::uint64_t any = divide_by_1000(values, count, head.base, offsets<Offset>());
    if (any == 0) return false;
    encode_offsets<Offset>(head, count, any);
    return true;
  }

  // The stored integers are in offsets<T>(), `any` has the bits that are set in any, and is not 0.
  template <typename T>
  void encode_offsets(const Head& head, std::uint32_t count, std::uint64_t any) {
    T* stored = offsets<T>();
    const Choice choice = cheapest_width(stored, count, any);
    if constexpr (sizeof(T) <= sizeof(std::uint16_t)) {
      if (entries_.take(stored, count, choice.cost)) {
        add_entries(head, count);
        return;
      }
    }
    const std::uint32_t bits = fit(stored, count, any, choice.bits, patches_);
    const std::uint32_t bytes = add_values(stored, count, bits);
    protozero::pbf_writer column = add_head(head, bits, bytes);
    if (patches_.count != 0) add_patches(column);
  }

  void add_entries(const Head& head, std::uint32_t count) {
    const std::uint32_t bytes = add_values(entries_.places(), count, entries_.bits());
    protozero::pbf_writer column = add_head(head, entries_.bits(), bytes);
    column.add_bytes(kEntries, reinterpret_cast<const char*>(entries_.values()),
                     entries_.count() * sizeof(std::uint16_t));
  }

  // How many bytes they are.
  template <typename T>
  std::uint32_t add_values(T* stored, std::uint32_t count, std::uint32_t bits) {
    char* room = values_.room((count + kPackStep) * sizeof(std::uint64_t));
    const std::size_t bytes = pack(stored, count, bits, room);
    values_.keep(bytes);
    return static_cast<std::uint32_t>(bytes);
  }

  // Values as u32 where all of them fit.
  void add_patches(protozero::pbf_writer& column) {
    const std::uint32_t count = patches_.count;
    column.add_bytes(kPatchPlaces, reinterpret_cast<const char*>(patches_.places.data()),
                     count * sizeof(std::uint16_t));
    const std::uint64_t* values = patches_.values.data();
    const std::uint64_t largest = *std::max_element(values, values + count);
    if (largest > 0xffffffff) {
      column.add_bytes(kPatchValues, reinterpret_cast<const char*>(values),
                       count * sizeof(std::uint64_t));
      return;
    }
    std::uint32_t* narrow = offsets<std::uint32_t>();  // what was in there is packed
    std::copy_n(values, count, narrow);
    column.add_bytes(kPatchValues, reinterpret_cast<const char*>(narrow),
                     count * sizeof(std::uint32_t));
  }

  // The upper bits of doubles, rounded, are integers in the order of the doubles.
  void encode_double(std::uint32_t id, const double* values, std::uint32_t count,
                     std::uint32_t row_set) {
    constexpr int kLost = 64 - 44;
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto bits = std::bit_cast<std::uint64_t>(values[i]);
      upper_bits_[i] = (bits + (std::uint64_t{1} << (kLost - 1))) >> kLost;
    }
    encode_integer(id, ColumnKind::value, upper_bits_.data(), count, row_set);
  }

  // The rest of the column goes into what is returned.
  protozero::pbf_writer add_head(const Head& head, std::uint32_t width, std::uint32_t bytes) {
    // A writer asks for room for each byte, and these are a few of each column.
    std::array<char, kHeadBytes> fields;
    char* end = fields.data();
    const auto add = [&end](Field field, std::uint64_t value) {
      *end++ = static_cast<char>(field << 3);
      end += protozero::write_varint(end, value);
    };
    add(kId, head.id);
    if (head.row_set != 0) add(kRowSet, head.row_set);
    if (width != 0) add(kWidth, width);
    if (head.base != 0) {
      add(kBase, protozero::encode_zigzag64(static_cast<std::int64_t>(head.base)));
    }
    if (head.scale != 1) add(kScale, head.scale);
    if (const Relation* relation = head.relation; relation != nullptr) {
      add(kPlus, relation->plus_id);
      if (relation->minus_id != 0) {
        add(kMinus, relation->minus_id);
        add(kTimes, relation->times);
      }
    }
    if (bytes != 0) add(kValueBytes, bytes);
    protozero::pbf_writer column(batch_, kBatchColumns);
    bytes_.append(fields.data(), end);
    return column;
  }

  // Room for the stored integers of a column.
  template <typename T>
  T* offsets() {
    if constexpr (sizeof(T) == 1)
      return offsets8_.data();
    else if constexpr (sizeof(T) == 2)
      return offsets16_.data();
    else if constexpr (sizeof(T) == 4)
      return offsets32_.data();
    else
      return offsets64_.data();
  }

  // What narrow.h and pack.h need beyond the rows.
  static constexpr std::size_t kRoom = kMaxRows + kPatchStep;

  protozero::pbf_writer& batch_;
  std::string& bytes_;
  GrowingBytes& values_;
  Entries& entries_;
  const Columns& columns_;
  std::uint32_t rows_;
  std::array<std::uint8_t, kRoom> offsets8_;
  std::array<std::uint16_t, kRoom> offsets16_;
  std::array<std::uint32_t, kRoom> offsets32_;
  std::array<std::uint64_t, kRoom> offsets64_;
  Patches patches_;
  std::array<std::uint64_t, kMaxRows> upper_bits_;
  std::array<std::uint64_t, kMaxRows> distances_;  // from what a relation says
};

}  // namespace panoptes
