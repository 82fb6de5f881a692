// One record of a flow -> one row of the open batch: which columns have a value for it, and which.
#pragma once

#include <cstdint>

#include "batch/columns.h"
#include "batch/dictionary.h"
#include "batch/growing_bytes.h"
#include "flow/flow_tracker.h"

namespace panoptes {

struct Dictionaries {
  explicit Dictionaries(std::uint64_t secret) : ipv4(secret), ipv6(secret), mac(secret) {}

  Dictionary<4> ipv4;
  Dictionary<16> ipv6;
  Dictionary<6> mac;
};

struct RecordColumns {
  // What the columns hold beyond the rows that are in them is read by nobody: to clear a megabyte
  // would make all of it real, for a few records of a small file as well.
  explicit RecordColumns(std::uint64_t secret = 0) : dictionaries(secret) {}

  Columns columns;
  Dictionaries dictionaries;
  GrowingBytes payload;  // of all rows: row by row, src before dst

  void clear();
};

// Index columns of addresses of either family (inode, tunnel_src, tunnel_dst) hold the place in the
// dictionary of the family; this bit says that it is the one of IPv6.
inline constexpr std::uint16_t kIpv6Index = 0x8000;

// Adds the record as `row`, the next free one, and what it counts to `packets`: none where it tells
// of ICMP errors alone. False, and no row, where there is nothing to tell.
bool add_record(RecordColumns& to, std::uint32_t row, const Flow& flow, const RecordInfo& info,
                std::uint64_t& packets);

}  // namespace panoptes
