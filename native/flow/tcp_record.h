// What a record says of TCP beyond flags and windows. Before it: flow/tcp_*; after it: batch/.
#pragma once

#include "flow/tcp_sequence.h"

namespace panoptes {

// [0] of the low endpoint, [1] of the high one.
struct TcpRecord {
  TcpCounters side[2];  // what the endpoint sent
  TcpRtt rtt[2];        // round trips between here and it; meaningless without samples
};

}  // namespace panoptes
