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
  // Column.width beyond bytes a value.
  static constexpr std::uint32_t kWidthDouble = 9, kWidthHalf = 10, kWidthShortDouble = 11;
  static constexpr std::uint32_t kPatchedExtra = 6;  // tags and lengths of places and values

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
    patch_places_.clear();
    patch_values_.clear();
    switch (width) {
      case 0:
        break;
      case kWidthHalf:
        narrow<std::uint8_t, 4>(values, count, low, scale);
        pack_halves(count);
        break;
      case 1:
        narrow<std::uint8_t, 8>(values, count, low, scale);
        break;
      case 2:
        narrow<std::uint16_t, 16>(values, count, low, scale);
        break;
      case 3:
        narrow<std::uint32_t, 24>(values, count, low, scale);
        pack_threes(count);
        break;
      case 4:
        narrow<std::uint32_t, 32>(values, count, low, scale);
        break;
      default:
        narrow<std::uint64_t, 64>(values, count, low, scale);
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
    add_patch_values(column);
  }

  // As u32 where all of them fit.
  void add_patch_values(protozero::pbf_writer& column) {
    const bool wide = std::any_of(patch_values_.begin(), patch_values_.end(),
                                  [](std::uint64_t v) { return v > 0xffffffff; });
    scratch_.resize(patch_values_.size() * (wide ? 8 : 4));
    for (std::size_t i = 0; i < patch_values_.size(); ++i) {
      const auto low = static_cast<std::uint32_t>(patch_values_[i]);
      if (wide) {
        std::memcpy(scratch_.data() + i * 8, &patch_values_[i], 8);
      } else {
        std::memcpy(scratch_.data() + i * 4, &low, 4);
      }
    }
    column.add_bytes(kPatchValues, scratch_);
  }

  void encode_double(std::uint32_t id, const double* values, std::uint32_t count,
                     std::uint32_t row_set) {
    const bool equal =
        std::all_of(values, values + count, [&](double v) { return v == values[0]; });
    protozero::pbf_writer column(batch_, kBatchColumns);
    head(column, id, row_set, equal ? 0 : kWidthShortDouble);
    if (equal) {
      column.add_double(kBaseFloat, values[0]);
      return;
    }
    // The upper six bytes, rounded: a part in 10^11 at most is lost.
    constexpr std::size_t kBytes = 6;
    scratch_.resize(count * kBytes + 2);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint64_t bits;
      std::memcpy(&bits, &values[i], sizeof bits);
      bits = (bits + 0x8000) >> 16;
      std::memcpy(scratch_.data() + i * kBytes, &bits, sizeof bits);
    }
    scratch_.resize(count * kBytes);
    column.add_bytes(kValues, scratch_);
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
    constexpr std::uint32_t kWidths[] = {kWidthHalf, 1, 2, 3, 4};
    constexpr std::uint32_t kBits[] = {4, 8, 16, 24, 32};
    std::uint64_t limit[5];  // largest that needs no more
    std::uint64_t above[5] = {};
    for (int k = 0; k < 5; ++k) {
      limit[k] = ((std::uint64_t{1} << kBits[k]) - 1) * scale + scale - 1;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto v = static_cast<std::uint64_t>(values[i] - low);
      for (int k = 0; k < 5; ++k) above[k] += v > limit[k] ? 1U : 0U;
    }
    const std::uint64_t patch = 2 + (range / scale > 0xffffffff ? 8 : 4);
    std::uint32_t best = sizeof(T);
    std::uint64_t best_cost = std::uint64_t{count} * sizeof(T);
    for (int k = 5; k-- > 0;) {
      if (kBits[k] > 8 * sizeof(T)) continue;
      const std::uint64_t cost = (std::uint64_t{count} * kBits[k] + 7) / 8 +
                                 (above[k] != 0 ? above[k] * patch + kPatchedExtra : 0);
      if (cost <= best_cost) {
        best = kWidths[k];
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

  template <typename Narrow, int kBits, typename T>
  void narrow(const T* values, std::uint32_t count, T low, std::uint32_t scale) {
    scratch_.resize(count * sizeof(Narrow));
    if (scale == 1) {
      narrow_by<Narrow, kBits, 1>(values, count, low);
    } else {
      narrow_by<Narrow, kBits, 1000>(values, count, low);
    }
  }
  template <typename Narrow, int kBits, std::uint64_t kScaleBy, typename T>
  void narrow_by(const T* values, std::uint32_t count, T low) {
    constexpr std::uint64_t kMask = ~std::uint64_t{0} >> (64 - kBits);
    char* out = scratch_.data();  // has no alignment to rely on
    std::uint64_t wide = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t v = static_cast<std::uint64_t>(values[i] - low) / kScaleBy;
      const auto stored = static_cast<Narrow>(v & kMask);
      wide |= v & ~kMask;
      std::memcpy(out + i * sizeof stored, &stored, sizeof stored);
    }
    if (wide == 0) return;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t v = static_cast<std::uint64_t>(values[i] - low) / kScaleBy;
      if (v <= kMask) continue;
      patch_places_.push_back(static_cast<std::uint16_t>(i));
      patch_values_.push_back(v);
      std::memset(out + i * sizeof(Narrow), 0, sizeof(Narrow));
    }
  }

  // Values below 16, a byte each -> two in a byte, the first in the low half.
  void pack_halves(std::uint32_t count) {
    scratch_.resize(count + 1, '\0');
    for (std::uint32_t i = 0; i < (count + 1) / 2; ++i) {
      scratch_[i] = static_cast<char>(scratch_[2 * i] | scratch_[2 * i + 1] << 4);
    }
    scratch_.resize((count + 1) / 2);
  }
  // Values below 2^24, four bytes each -> three.
  void pack_threes(std::uint32_t count) {
    char* bytes = scratch_.data();
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint32_t v;
      std::memcpy(&v, bytes + i * 4, sizeof v);
      std::memcpy(bytes + i * 3, &v, 3);
    }
    scratch_.resize(std::size_t{count} * 3);
  }

  protozero::pbf_writer& batch_;
  std::string& scratch_;
  std::vector<std::uint16_t> patch_places_;
  std::vector<std::uint64_t> patch_values_;
};

}  // namespace panoptes
