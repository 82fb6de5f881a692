// RTP and RTCP in the columns of the open batch. Part of record_columns.cc.
#pragma once

#include <cstdint>

#include "batch/columns.h"
#include "flow/rtp_record.h"

namespace panoptes {

// The columns of the direction that the `high` or the low endpoint sent.
[[gnu::noinline]] void add_rtp_record(SideColumns& to, std::uint32_t row, const RtpRecord& rtp,
                                      bool high);

}  // namespace panoptes
