// The first bytes of what each side of a flow sends, in the order of the stream and without
// repeats. Called by flow_tracker for packets with payload; what is kept goes into records.
//
// TCP is kept by its sequence numbers: from the SYN on, or from the first segment that was seen. Of
// other protocols the payloads of the packets one behind the other, of a fragmented datagram as far
// as it continues its first fragment. Copies that the capture made are no payload.
#pragma once

#include <cstdint>
#include <span>

#include "decode/packet.h"
#include "flow/flow.h"
#include "flow/payload_pool.h"
#include "flow/payload_rules.h"

namespace panoptes {

class PayloadKeeper {
 public:
  // `skipped` counts directions that found no buffer, or none of the size that they take.
  PayloadKeeper(const PayloadRules& rules, std::uint32_t max_flows, std::uint64_t& skipped)
      : rules_(rules), pool_(payload_classes(rules, max_flows)), skipped_(skipped) {}

  // Whether the packet may have something that is to be kept of its sender, unless it is a copy.
  static bool wanted(const Side& sender, const Packet& p) {
    return p.payload_captured != 0 && (sender.seen & kSeenPayload) == 0;
  }
  [[gnu::noinline]] void keep(Flow& flow, const Packet& packet);
  // What one side of a flow with a buffer sent and no record had; from now on one has.
  std::span<const std::uint8_t> take(const Flow& flow, bool high) {
    return pool_.take(flow.payload, high);
  }
  // Of a flow that has one.
  [[gnu::always_inline]] void prefetch_buffer(const Flow& flow) const {
    pool_.prefetch_head(flow.payload);
  }
  void release(Flow& flow) {
    pool_.release(flow.payload);
    flow.payload = 0;
  }
  void prefault() { pool_.prefault(); }
  void give_back() { pool_.give_back(); }

  // Bytes of memory when all buffers are in use.
  static double most_bytes(const PayloadRules& rules, std::uint32_t max_flows);
  // Of these, the buffers that a flow begins with.
  static double small_bytes(const PayloadRules& rules, std::uint32_t max_flows);

 private:
  bool continues(const Flow& flow, const Packet& fragment) const;
  void await_next(std::uint32_t buffer, const Packet& fragment, bool whole);

  PayloadRules rules_;
  PayloadPool pool_;
  std::uint64_t& skipped_;
};

}  // namespace panoptes
