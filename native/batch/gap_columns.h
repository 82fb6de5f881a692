// The gaps between the packets of a direction and the sizes of its frames, in the columns of the
// open batch: what the rest of the row does not imply. Part of record_columns.cc.
#pragma once

#include <cstdint>

#include "batch/columns.h"
#include "flow/flow_tracker.h"

namespace panoptes {

// `high`: the endpoint that sent, which it did in this record.
void add_gaps(SideColumns& to, std::uint32_t row, const Flow& flow, bool high,
              const RecordInfo& info);
void add_sizes(SideColumns& to, std::uint32_t row, const Side& side, const SizeMeter& sizes);

}  // namespace panoptes
