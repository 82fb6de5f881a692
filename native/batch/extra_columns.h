// What only some flows have, in the columns of the open batch: tunnel, ICMP errors, labels,
// versions. Part of record_columns.cc.
#pragma once

#include <cstdint>

#include "batch/record_columns.h"
#include "flow/flow_extra.h"

namespace panoptes {

[[gnu::noinline]] void add_extra(RecordColumns& to, std::uint32_t row, const FlowExtra& extra,
                                 bool src_is_high);

}  // namespace panoptes
