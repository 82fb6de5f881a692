// What is remembered of a query until its answer comes, of flows that are not TCP: ICMP, DNS, QUIC.
// Kept by flow/responses; the small part of it stands in the flow's sides (flow/flow.h).
#pragma once

#include <cstdint>

#include "flow/rtt.h"

namespace panoptes {

// One endpoint's ICMP queries. One that waits for its answer needs no more than this.
struct EchoSide {
  std::int64_t sent_ns;    // of the one that waits here, with kEchoWaits
  std::int64_t latest_ns;  // of the latest query
  std::uint16_t number;
  std::uint8_t flags;
};
inline constexpr std::uint8_t kEchoWaits = 1,
                              kEchoRepeated = 2;  // sent again before it was answered: not timed

// One endpoint's spin bit (RFC 9000 17.4).
struct SpinSide {
  std::int64_t edge_ns;    // when the bit moved
  std::int64_t sample_ns;  // with kSpinSample: the round trip that ended then
  std::uint16_t edges;
  std::uint16_t returns;  // times that the bit moved when it could not have
  std::uint8_t flags;
};
inline constexpr std::uint8_t kSpinKnown = 1,  // there was a packet
    kSpinValue = 2,                            // the bit of the last packet
    kSpinEdge = 4,                             // the bit after the last edge
    kSpinLatest = 8,                           // that edge was the last of the flow
    kSpinSample = 16,                          // sample_ns waits for the other side's edge
    kSpinUnsure = 32;                          // the bit went back since the edge

// Only flows with round trips have this one, and those with two queries that wait.
struct ResponseState {
  static constexpr std::uint32_t kWaiting = 8;

  RttState rtt[2];
  // ICMP queries that wait besides those in EchoSide. Bit i of the masks is of the i-th.
  std::uint8_t waits;
  std::uint8_t from_high;
  std::uint8_t repeated;
  std::uint8_t sent_high[kWaiting];  // ns modulo 2^40
  std::uint32_t sent_low[kWaiting];
  std::uint16_t number[kWaiting];
};
static_assert(sizeof(ResponseState) <= 128, "two lines");

}  // namespace panoptes
