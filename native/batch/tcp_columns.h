// What happened to a TCP connection, in the columns of the open batch: losses, stalls; and round
// trips, of all protocols. Part of record_columns.cc.
#pragma once

#include <cstdint>

#include "batch/columns.h"
#include "batch/whole.h"
#include "flow/tcp_record.h"

namespace panoptes {

// The columns of the direction that the `high` or the low endpoint sent.
void add_tcp_record(SideColumns& to, std::uint32_t row, const TcpRecord& tcp, bool high);

// Those of the round trips to it. One sample says all by itself, two by the smaller and the larger
// one, three by these and the sum.
inline void add_round_trips(SideColumns& c, std::uint32_t row, const Rtt& rtt) {
  if (rtt.samples == 0) return;
  const std::uint32_t at = c.set_rtt.add(row);
  c.rtt_count[at] = rtt.samples;
  c.rtt_min[at] = whole_ns(rtt.min_ns);
  if (rtt.samples >= 2) c.rtt_max[c.set_rtts.add(row)] = whole_ns(rtt.max_ns);
  if (rtt.samples >= 3) {
    c.rtt_sum[c.set_three_rtts.add(row)] = whole_ns(rtt.sum_ns);
  }
  if (rtt.samples >= 4) c.rtt_m2[c.set_many_rtts.add(row)] = rtt.m2;
}

}  // namespace panoptes
