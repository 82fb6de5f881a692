// Columns that tell how far their values are from what other columns of the same row say. Used by
// column_encoder.h.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/wide_vectors.h"
#include "batch/columns.h"

namespace panoptes {

// A value is about that of `plus` less `times` that of `minus`, which are 0 in rows without them.
// `minus` has all rows; so has then the column itself, and `plus`.
struct Relation {
  std::uint32_t plus_id = 0;  // 0: there is no relation
  const std::uint64_t* plus = nullptr;
  const RowSet* plus_set = nullptr;
  std::uint32_t minus_id = 0;
  const std::uint32_t* minus = nullptr;
  std::uint32_t times = 0;
};

// What is known to be near: the SYN-ACK is most often the first packet of dst, the round trips that
// it and its answer tell the shortest ones or about so, and frames are what they carry and headers.
inline Relation relation_of(std::uint32_t id, const Columns& c) {
  constexpr std::uint32_t kHeaders = 66;  // Ethernet, IPv4, TCP with timestamps
  const auto volume = [](std::uint32_t bytes_id, std::uint32_t packets_id, const SideColumns& s) {
    return Relation{.plus_id = bytes_id,
                    .plus = s.bytes.data(),
                    .plus_set = &s.set_all,
                    .minus_id = packets_id,
                    .minus = s.packets.data(),
                    .times = kHeaders};
  };
  const auto near = [](std::uint32_t plus_id, const ColumnArray<std::uint64_t>& plus,
                       const RowSet& set) {
    return Relation{.plus_id = plus_id, .plus = plus.data(), .plus_set = &set};
  };
  switch (id) {
    case 28:  // SRC_APP_BYTES
      return volume(26, 24, c.src);
    case 29:
      return volume(27, 25, c.dst);
    case 83:  // SYNACK: DST_FIRST
      return near(19, c.dst.first, c.dst.set_sent);
    case 174:  // SRC_RTT_MIN: ACKDAT
      return near(84, c.ackdat, c.set_ackdat);
    case 175:  // DST_RTT_MIN: SYNACK
      return near(83, c.synack, c.set_synack);
    case 176:  // SRC_RTT_MAX: SRC_RTT_MIN
      return near(174, c.src.rtt_min, c.src.set_rtt);
    case 177:
      return near(175, c.dst.rtt_min, c.dst.set_rtt);
    default:
      return {};
  }
}

// The bits of 64 rows.
inline std::uint64_t rows_of_word(const RowSet& set, std::uint32_t word) {
  return set.number == 0 ? ~std::uint64_t{0} : set.bits[word];
}

// The values of a column less what the relation says of their rows, modulo 2^64.
inline void subtract_relation(const Relation& relation, const std::uint64_t* values,
                              const RowSet& set, std::uint32_t rows, std::uint64_t* out) {
  const std::uint64_t* plus = relation.plus;
  if (relation.minus_id != 0) {
    const auto loop = [](const std::uint64_t* from, const std::uint64_t* less,
                         const std::uint32_t* minus, std::uint32_t times, std::uint32_t count,
                         std::uint64_t* to) __attribute__((always_inline)) {
      for (std::uint32_t i = 0; i < count; ++i) {
        to[i] = from[i] - less[i] + std::uint64_t{minus[i]} * times;
      }
    };
    in_vectors(loop, values, plus, relation.minus, relation.times, rows, out);
    return;
  }
  std::uint32_t at = 0;  // in `values`
  std::uint32_t plus_at = 0;
  for (std::uint32_t first = 0; first < rows; first += 64) {
    const std::uint32_t end = rows - first < 64 ? rows - first : 64;
    const std::uint64_t present = rows_of_word(set, first / 64);
    // Rows that only one of the two sets has part runs of rows in which they are alike.
    std::uint64_t differ = present ^ rows_of_word(*relation.plus_set, first / 64);
    for (std::uint32_t from = 0;; differ &= differ - 1) {
      const auto odd = std::min(static_cast<std::uint32_t>(std::countr_zero(differ)), end);
      const std::uint64_t run = odd == 64 ? present : present & ((std::uint64_t{1} << odd) - 1);
      const auto alike = static_cast<std::uint32_t>(std::popcount(run >> from));
      for (std::uint32_t i = 0; i < alike; ++i) out[at + i] = values[at + i] - plus[plus_at + i];
      at += alike;
      plus_at += alike;
      if (odd == end) break;
      if ((present >> odd & 1) != 0) {
        out[at] = values[at];
        ++at;
      } else {
        ++plus_at;
      }
      from = odd + 1;
      if (from == 64) break;
    }
  }
}

}  // namespace panoptes
