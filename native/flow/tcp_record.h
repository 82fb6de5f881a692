// What a record says of TCP beyond flags and windows. Before it: flow/tcp_*; after it: batch/.
#pragma once

#include "flow/tcp_sequence.h"

namespace panoptes {

// What the endpoints sent: [0] the low one, [1] the high one.
struct TcpRecord {
  TcpCounters side[2];
};

}  // namespace panoptes
