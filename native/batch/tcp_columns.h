// What happened to a TCP connection, in the columns of the open batch: losses, stalls; and round
// trips, of all protocols. Part of record_columns.cc.
#pragma once

#include <cstdint>

#include "batch/columns.h"
#include "flow/tcp_record.h"

namespace panoptes {

// The columns of the direction that the `high` or the low endpoint sent.
void add_tcp_record(SideColumns& to, std::uint32_t row, const TcpRecord& tcp, bool high);
// Those of the round trips to it.
void add_round_trips(SideColumns& to, std::uint32_t row, const Rtt& rtt);

}  // namespace panoptes
