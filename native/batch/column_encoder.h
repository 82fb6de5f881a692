// One column -> a Column message in the narrowest width that holds it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#include <protozero/pbf_writer.hpp>

#include "batch/columns.h"

namespace panoptes {

class ColumnEncoder {
 public:
  ColumnEncoder(protozero::pbf_writer& batch, std::string& scratch)
      : batch_(batch), scratch_(scratch) {}

  // `row_set` is 0 for all rows, else the index + 1 of the set in the batch.
  template <typename T>
  void encode(std::uint32_t id, ColumnKind kind, const T* values, std::uint32_t count,
              std::uint32_t row_set) {
    if (count == 0) return;
    if constexpr (std::is_same_v<T, double>) {
      encode_double(id, values, count, row_set);
    } else {
      encode_integer(id, kind, values, count, row_set);
    }
  }

 private:
  // Field numbers of message Column.
  enum Field : std::uint32_t { kId = 1, kRowSet, kWidth, kBase, kScale, kValues, kBaseFloat };

  static constexpr std::uint32_t kBatchColumns = 5;  // FlowBatch.columns

  template <typename T>
  void encode_integer(std::uint32_t id, ColumnKind kind, const T* values, std::uint32_t count,
                      std::uint32_t row_set) {
    T low = values[0];
    T high = values[0];
    for (std::uint32_t i = 1; i < count; ++i) {
      low = std::min(low, values[i]);
      high = std::max(high, values[i]);
    }
    if (high == 0 && kind == ColumnKind::counter) return;
    const std::uint64_t range = static_cast<std::uint64_t>(high) - low;
    std::uint32_t scale = 1;
    if (kind == ColumnKind::time && range > 0xffff && all_multiples(values, count, low))
      scale = 1000;
    const std::uint32_t width = width_of(range / scale);
    scratch_.resize(std::size_t{count} * width);
    switch (width) {
      case 0:
        break;
      case 1:
        narrow<std::uint8_t>(values, count, low, scale);
        break;
      case 2:
        narrow<std::uint16_t>(values, count, low, scale);
        break;
      case 4:
        narrow<std::uint32_t>(values, count, low, scale);
        break;
      default:
        narrow<std::uint64_t>(values, count, low, scale);
        break;
    }
    protozero::pbf_writer column(batch_, kBatchColumns);
    head(column, id, row_set, width);
    if (low != 0) column.add_fixed64(kBase, low);
    if (scale != 1) column.add_uint32(kScale, scale);
    if (width != 0) column.add_bytes(kValues, scratch_);
  }

  void encode_double(std::uint32_t id, const double* values, std::uint32_t count,
                     std::uint32_t row_set) {
    const bool equal =
        std::all_of(values, values + count, [&](double v) { return v == values[0]; });
    protozero::pbf_writer column(batch_, kBatchColumns);
    head(column, id, row_set, equal ? 0 : 9);
    if (equal) {
      column.add_double(kBaseFloat, values[0]);
    } else {
      column.add_bytes(kValues, reinterpret_cast<const char*>(values), count * sizeof(double));
    }
  }

  static void head(protozero::pbf_writer& column, std::uint32_t id, std::uint32_t row_set,
                   std::uint32_t width) {
    column.add_uint32(kId, id);
    if (row_set != 0) column.add_uint32(kRowSet, row_set);
    if (width != 0) column.add_uint32(kWidth, width);
  }

  static std::uint32_t width_of(std::uint64_t range) {
    if (range == 0) return 0;
    if (range <= 0xff) return 1;
    if (range <= 0xffff) return 2;
    return range <= 0xffffffff ? 4 : 8;
  }

  template <typename T>
  static bool all_multiples(const T* values, std::uint32_t count, T low) {
    for (std::uint32_t i = 0; i < count; ++i) {
      if ((values[i] - low) % 1000 != 0) return false;
    }
    return true;
  }

  template <typename Narrow, typename T>
  void narrow(const T* values, std::uint32_t count, T low, std::uint32_t scale) {
    // The scratch string has no alignment to rely on.
    char* out = scratch_.data();
    if (scale == 1) {
      for (std::uint32_t i = 0; i < count; ++i) {
        const auto v = static_cast<Narrow>(values[i] - low);
        std::memcpy(out + i * sizeof v, &v, sizeof v);
      }
    } else {
      for (std::uint32_t i = 0; i < count; ++i) {
        const auto v = static_cast<Narrow>(static_cast<std::uint64_t>(values[i] - low) / 1000);
        std::memcpy(out + i * sizeof v, &v, sizeof v);
      }
    }
  }

  protozero::pbf_writer& batch_;
  std::string& scratch_;
};

}  // namespace panoptes
