// One record of a flow -> one row of the open batch: which columns have a value for it, and which.
#pragma once

#include <cstdint>
#include <string>

#include "batch/columns.h"
#include "batch/dictionary.h"
#include "flow/flow_tracker.h"

namespace panoptes {

struct Dictionaries {
  Dictionary<4> ipv4;
  Dictionary<16> ipv6;
  Dictionary<6> mac;
};

struct RecordColumns {
  Columns columns;
  Dictionaries dictionaries;
  std::string payload;  // of all rows: row by row, src before dst

  void clear();
};

// Adds the record as `row`, the next free one. The packets that it counts; 0, and no row, if none.
std::uint64_t add_record(RecordColumns& to, std::uint32_t row, const Flow& flow,
                         const RecordInfo& info);

}  // namespace panoptes
