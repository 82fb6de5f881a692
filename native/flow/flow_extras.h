// Fills FlowExtra, for the few flows that have one. Between flow_tracker, which knows the flows,
// and the records that batch/ makes of them.
#pragma once

#include <cstdint>

#include "base/prefetch.h"
#include "decode/link_context.h"
#include "flow/flow.h"
#include "flow/flow_extra.h"

namespace panoptes {

class FlowExtras {
 public:
  // Layers of a packet that note() has something to say about.
  static constexpr std::uint16_t kNoted = kIsDuplicate | kIsQuic | kHasMpls | kIsFragment;

  static bool noted(const Packet& p) { return (p.layers & kNoted) != 0 || (p.tos & 3) == 3; }

  // `skipped` counts how often there was no room for what had to be noted.
  FlowExtras(std::uint32_t most, std::uint64_t& skipped) : pool_(most), skipped_(skipped) {}

  // Whether start() has anything to do.
  static bool wanted(const Packet& first) {
    return (first.layers & kHasTunnel) != 0 || (first.key.link_context & kHashedContext) != 0;
  }
  // What the first packet of a flow says of all of them: its tunnel, its second VLAN.
  void start(Flow& flow, const Packet& first);
  // What a packet that is to be noted() adds. True: a count is full, the record has to go out.
  bool note(Flow& flow, const Packet& packet);
  // `flow` drew the ICMP error that `error` is. True: as note().
  bool note_error(Flow& flow, const Packet& error);

  // Of a flow that has one.
  [[gnu::always_inline]] void prefetch_block(const Flow& flow) const {
    prefetch(&pool_[flow.extra].ce_packets);
  }

  // nullptr: the flow has none.
  const FlowExtra* of(const Flow& flow) { return flow.extra == 0 ? nullptr : &pool_[flow.extra]; }
  // A record went out: its counts begin again.
  void start_record(Flow& flow);
  void release(Flow& flow);
  void give_back() { pool_.give_back(); }

 private:
  FlowExtra* open(Flow& flow);

  ExtraPool pool_;
  std::uint64_t& skipped_;
};

}  // namespace panoptes
