// One column -> a Column message in the narrowest width that holds it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

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
  enum Field : std::uint32_t {
    kId = 1,
    kRowSet,
    kWidth,
    kBase,
    kScale,
    kValues,
    kBaseFloat,
    kPatchPlaces,
    kPatchValues
  };
  static constexpr std::uint32_t kPatchBytes = 2 + 8;  // a place and a value
  static constexpr std::uint32_t kPatchedExtra = 6;    // tags and lengths of the two

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
    const std::uint32_t width = cheapest_width(values, count, low, range, scale);
    scratch_.resize(std::size_t{count} * width);
    patch_places_.clear();
    patch_values_.clear();
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
    if (patch_places_.empty()) return;
    column.add_bytes(kPatchPlaces, reinterpret_cast<const char*>(patch_places_.data()),
                     patch_places_.size() * sizeof(std::uint16_t));
    column.add_bytes(kPatchValues, reinterpret_cast<const char*>(patch_values_.data()),
                     patch_values_.size() * sizeof(std::uint64_t));
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

  // Few large values among many small ones stand apart as patches, if that is shorter.
  template <typename T>
  static std::uint32_t cheapest_width(const T* values, std::uint32_t count, T low,
                                      std::uint64_t range, std::uint32_t scale) {
    if (range == 0) return 0;
    std::uint64_t above[3] = {};  // values that need more than 1, 2, 4 bytes
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto v = static_cast<std::uint64_t>(values[i] - low);
      above[0] += v > 0xffULL * scale + scale - 1 ? 1U : 0U;
      above[1] += v > 0xffffULL * scale + scale - 1 ? 1U : 0U;
      above[2] += v > 0xffffffffULL * scale + scale - 1 ? 1U : 0U;
    }
    std::uint32_t best = sizeof(T);
    std::uint64_t best_cost = std::uint64_t{count} * sizeof(T);
    for (std::uint32_t k = 3; k-- > 0;) {
      const std::uint32_t width = 1U << k;
      if (width > sizeof(T)) continue;
      const std::uint64_t cost = std::uint64_t{count} * width +
                                 (above[k] != 0 ? above[k] * kPatchBytes + kPatchedExtra : 0);
      if (cost <= best_cost) {
        best = width;
        best_cost = cost;
      }
    }
    return best;
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
    if (scale == 1) {
      narrow_by<Narrow, 1>(values, count, low);
    } else {
      narrow_by<Narrow, 1000>(values, count, low);
    }
  }
  template <typename Narrow, std::uint64_t kScaleBy, typename T>
  void narrow_by(const T* values, std::uint32_t count, T low) {
    char* out = scratch_.data();  // has no alignment to rely on
    std::uint64_t wide = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t v = static_cast<std::uint64_t>(values[i] - low) / kScaleBy;
      const auto stored = static_cast<Narrow>(v);
      wide |= v ^ stored;
      std::memcpy(out + i * sizeof stored, &stored, sizeof stored);
    }
    if (wide == 0) return;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t v = static_cast<std::uint64_t>(values[i] - low) / kScaleBy;
      if (static_cast<Narrow>(v) == v) continue;
      patch_places_.push_back(static_cast<std::uint16_t>(i));
      patch_values_.push_back(v);
      std::memset(out + i * sizeof(Narrow), 0, sizeof(Narrow));
    }
  }

  protozero::pbf_writer& batch_;
  std::string& scratch_;
  std::vector<std::uint16_t> patch_places_;
  std::vector<std::uint64_t> patch_values_;
};

}  // namespace panoptes
