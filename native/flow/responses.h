// Round trips of what is not TCP: ICMP queries and their answers by number, the spin bit of QUIC
// (RFC 9000 17.4), DNS where the answer is in a later record than the query. Between flow_tracker,
// which hands it the packets, and the record.
#pragma once

#include <cstdint>

#include "flow/block_pool.h"
#include "flow/flow.h"

namespace panoptes {

class Responses {
 public:
  // `skipped` counts round trips and queries that found no memory.
  Responses(std::uint32_t max_flows, std::uint64_t& skipped)
      : pool_(blocks(max_flows)), skipped_(skipped) {}

  static std::uint32_t blocks(std::uint32_t max_flows) {
    return max_flows / 16 < 1024 ? 1024 : max_flows / 16;
  }

  static double bytes_per_flow() { return sizeof(ResponseState) / 16.0; }

  // Whether the packet may be part of a round trip.
  static bool wanted(const Flow& flow, const Packet& p) {
    return (p.layers & (kHasIcmpId | kIsDns | kIsQuic)) != 0 || flow.quic != 0;
  }
  // All of these are for flows that are not TCP.
  // Follows a packet that was counted already. True: a sum is full, the record has to go out.
  bool follow(Flow& flow, const Packet& p);
  // What this record says, which begins again. False: nothing.
  bool take(Flow& flow, RttRecord& record);
  // At the end of a flow, after take().
  void release(Flow& flow);
  void prefault() { pool_.prefault(); }
  void give_back() { pool_.give_back(); }

 private:
  ResponseState* open(Flow& flow);
  void query(Flow& flow, bool me, std::uint16_t number, std::int64_t now_ns);
  void answer(Flow& flow, bool me, std::uint16_t number, std::int64_t now_ns);
  void spin(Flow& flow, bool me, bool value, std::int64_t now_ns);
  void edge(Flow& flow, bool me, bool value, std::int64_t now_ns);
  void sample(Flow& flow, bool high, std::int64_t ns);

  BlockPool<ResponseState> pool_;
  std::uint64_t& skipped_;
  bool full_ = false;
};

}  // namespace panoptes
