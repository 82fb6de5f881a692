// The part of FlowTracker that takes a batch of packets: asks for the memory that they will need,
// in stages, and hands them to account() in flow_tracker.cc.
#include <algorithm>

#include "base/prefetch.h"
#include "flow/flow_tracker.h"

namespace panoptes {
namespace {

// Looked through with each batch of packets: when a million flows are due at once, packets must not
// wait for all of them.
constexpr std::uint32_t kSweepBlocks = 4096 / Deadlines::kBlock;
// Packets whose lines are asked for together: the walks through the page tables that they cost go
// on side by side, where each alone would be waited for.
constexpr std::size_t kGroup = 16;

[[gnu::always_inline]] inline void prefetch_side(const Side& side) {
  prefetch(&side);
  prefetch(reinterpret_cast<const char*>(&side) + 64);
}

}  // namespace

// The lines that the packet will touch, of its flow or of the slot that it will open one in. The
// slot of a flow that is there, else kNone.
[[gnu::always_inline]] inline std::uint32_t FlowTracker::prefetch_flow(const Packet& p) {
  std::uint32_t slot = table_.candidate(p.hash);
  if (slot == FlowTable::kNone) {
    slot = fresh_ahead_;
    if (slot == FlowTable::kNone) return slot;
    fresh_ahead_ = table_.free_after(slot);
    prefetch(&table_.flow(slot).id);
    prefetch(&table_.flow(slot));
    prefetch_side(table_.flow(slot).side[p.from_high]);
    return FlowTable::kNone;
  }
  const Flow& flow = table_.flow(slot);
  prefetch(&flow);
  prefetch_side(flow.side[p.from_high]);
  if ((p.layers & kHasTcp) != 0) {
    prefetch(&flow.side[!p.from_high].tcp);
    prefetch(&flow.rtt);
  }
  prefetch(&flow.id);
  return slot;
}

[[gnu::always_inline]] inline void FlowTracker::prefetch_flows(std::span<const Packet> packets,
                                                               std::size_t from, Slots& slots) {
  const std::size_t end = std::min(packets.size(), from + kGroup);
  for (std::size_t i = from; i < end; ++i) slots[i] = prefetch_flow(packets[i]);
}

[[gnu::always_inline]] inline void FlowTracker::prefetch_states(std::span<const Packet> packets,
                                                                std::size_t from,
                                                                const Slots& slots) {
  const std::size_t end = std::min(packets.size(), from + kGroup);
  for (std::size_t i = from; i < end; ++i) {
    if (slots[i] == FlowTable::kNone) continue;
    const Flow& flow = table_.flow(slots[i]);
    const Packet& p = packets[i];
    if ((p.layers & kHasTcp) != 0) {
      gaps_.prefetch_block(flow, p.from_high);
    }
    sizes_.prefetch_block(flow.side[p.from_high]);
    if (flow.payload != 0 && PayloadKeeper::wanted(flow.side[p.from_high], p)) {
      payload_.prefetch_buffer(flow);
    }
    if (flow.extra != 0 && FlowExtras::noted(p)) extras_.prefetch_block(flow);
  }
}

// What the packets of others say to this tracker: none of them is counted here.
void FlowTracker::take(const TrackerNote& note) {
  switch (note.kind) {
    case TrackerNote::Kind::clock:
      static_cast<PacketClock&>(*this) = *note.clock;
      break;
    case TrackerNote::Kind::server:
      servers_.learn(note.server);
      break;
    case TrackerNote::Kind::error:
      note_error(*note.error);
      break;
  }
}

// In stages, each asking for what the next one reads: after the entries of the index (prepare())
// the flows two groups ahead, what these point at one group ahead, and then the account.
void FlowTracker::process(std::span<Packet> packets, std::span<const TrackerNote> notes) {
  Slots slots;
  auto note = notes.begin();
  fresh_ahead_ = table_.next_free();
  prefetch_flows(packets, 0, slots);
  prefetch_flows(packets, kGroup, slots);
  prefetch_states(packets, 0, slots);
  for (std::size_t at = 0; at < packets.size(); at += kGroup) {
    prefetch_flows(packets, at + 2 * kGroup, slots);
    prefetch_states(packets, at + kGroup, slots);
    const std::size_t end = std::min(packets.size(), at + kGroup);
    for (std::size_t i = at; i < end;) {
      while (note != notes.end() && note->before <= i) take(*note++);
      const std::size_t stop = note == notes.end() ? end : std::min<std::size_t>(end, note->before);
      for (; i < stop; ++i) account(packets[i], slots[i]);
    }
  }
  while (note != notes.end()) take(*note++);
  end_answered();
  sweep(kSweepBlocks, due_with_batch_);
}

}  // namespace panoptes
