// The gaps between the packets of a direction and the sizes of its frames, in the columns of the
// open batch: what the rest of the row does not imply. Part of record_columns.cc.
#pragma once

#include <cstdint>
#include <iterator>

#include "batch/columns.h"
#include "flow/flow_tracker.h"

namespace panoptes {

inline std::uint64_t unsigned_ns(std::int64_t ns) { return static_cast<std::uint64_t>(ns); }

// One class of a row that has both: one gap says all by the sum, two by sum and minimum, three by
// sum and both extremes. An extreme that is that of all gaps as well is left out.
inline void add_extremes(SideColumns& c, std::uint32_t row, const SideDetail& all,
                         const GapClasses::Class& from, bool active) {
  const std::uint32_t count = from.count;
  const std::int64_t min = from.min(), max = from.max();
  RowSet& set_min = active ? c.set_gap_active_min : c.set_gap_idle_min;
  const bool has_min = (count >= 2) & (min != all.gap_min());
  (active ? c.gap_active_min : c.gap_idle_min)[set_min.add_if(row, has_min)] = unsigned_ns(min);
  RowSet& set_max = active ? c.set_gap_active_max : c.set_gap_idle_max;
  const bool has_max = (count >= 3) & (max != all.gap_max());
  (active ? c.gap_active_max : c.gap_idle_max)[set_max.add_if(row, has_max)] = unsigned_ns(max);
  RowSet& set_m2 = active ? c.set_gap_active_m2 : c.set_gap_idle_m2;
  (active ? c.gap_active_m2 : c.gap_idle_m2)[set_m2.add_if(row, count >= 4)] = from.m2;
}

// Whether the row has gaps of both classes.
inline bool add_classes(SideColumns& c, std::uint32_t row, const Flow& flow, bool high,
                        std::uint32_t gaps, const RecordInfo& info) {
  const Side& side = flow.side[high];
  if (GapMeter::skipped(flow)) {
    c.gap_active_count[c.set_gap_active.add(row)] = 0;
    return false;
  }
  if (info.gap_classes == nullptr) return false;
  const auto& [idle, active] = info.gap_classes->side[high];
  if (active.count == 0) return false;
  c.gap_active_count[c.set_gap_active.add(row)] = active.count;
  if (active.count == gaps) return false;
  c.gap_active_sum[c.set_gap_mixed.add(row)] = unsigned_ns(active.sum);
  add_extremes(c, row, side.detail, active, true);
  add_extremes(c, row, side.detail, idle, false);
  return true;
}

struct SizeColumn {
  RowSet SideColumns::*set;
  ColumnArray<std::uint32_t> SideColumns::*values;
};
// By bin; larger frames than those of the last one are always the largest.
inline constexpr SizeColumn kSizeColumns[] = {
    {&SideColumns::set_size_0, &SideColumns::size_0},
    {&SideColumns::set_size_64, &SideColumns::size_64},
    {&SideColumns::set_size_128, &SideColumns::size_128},
    {&SideColumns::set_size_256, &SideColumns::size_256},
    {&SideColumns::set_size_512, &SideColumns::size_512},
    {&SideColumns::set_size_1024, &SideColumns::size_1024},
    {&SideColumns::set_size_2048, &SideColumns::size_2048},
};
static_assert(std::size(kSizeColumns) == kSizeBins - 1);

// `high`: the endpoint that sent, which it did in this record.
inline void add_gaps(SideColumns& c, std::uint32_t row, const Flow& flow, bool high,
                     const RecordInfo& info) {
  const Side& side = flow.side[high];
  if ((side.seen & kSeenLead) != 0) {
    c.gap_lead[c.set_gap_lead.add(row)] = unsigned_ns(side.detail.lead());
  }
  const std::uint32_t gaps = gap_count(side);
  if (gaps == 0) return;
  const bool mixed = add_classes(c, row, flow, high, gaps, info);
  // One gap says all by its sum, two by their sum and the smaller one, three by the largest as
  // well.
  c.gap_min[c.set_gaps.add_if(row, gaps >= 2)] = unsigned_ns(side.detail.gap_min());
  c.gap_max[c.set_many_gaps.add_if(row, gaps >= 3)] = unsigned_ns(side.detail.gap_max());
  // That of two classes is told by theirs.
  c.gap_m2[c.set_gap_m2.add_if(row, (gaps >= 4) & !mixed)] = side.gap_m2;
}

// The bin of the largest frame has what the others leave of the packets.
inline void add_sizes(SideColumns& c, std::uint32_t row, const Side& side, const SizeMeter& sizes) {
  sizes.for_each_smaller(side, [&](std::uint32_t bin, std::uint32_t count) {
    const SizeColumn& column = kSizeColumns[bin];
    (c.*column.values)[(c.*column.set).add(row)] = count;
  });
}

}  // namespace panoptes
