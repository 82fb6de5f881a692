#include "flow/flow_tracker.h"

#include <algorithm>
#include <limits>

#include "base/prefetch.h"
#include "flow/meters.h"

namespace panoptes {
namespace {

constexpr int kTickShift = 28;               // due times in steps of 0.27 s
constexpr std::uint32_t kSweepSlots = 4096;  // looked at with each batch of packets
constexpr std::uint32_t kEvictionSample = 16;
// More than a dozen lines under way at once, and the machine forgets some.
constexpr std::size_t kFlowsAhead = 8;
constexpr std::uint32_t kVictimsAhead = 12;
// A clock that falls back by more than this was set, or a bogus stamp ran ahead of it.
constexpr std::int64_t kClockStep = 60'000'000'000;
constexpr std::int64_t kMaxTime = std::numeric_limits<std::int64_t>::max() / 2;

// Most flows have sent what is kept of them, or send nothing: a quarter has a buffer at a time.
std::uint32_t payload_buffers(std::uint32_t max_flows) {
  return std::max<std::uint32_t>(max_flows / 4, 1024);
}

// Both endpoints sent all the payload that is kept.
bool wants_no_payload(const Flow& flow) {
  constexpr std::uint8_t kBoth = kLifeLowSent | kLifeHighSent;
  return (flow.life & kBoth) == kBoth &&
         (flow.side[0].seen & flow.side[1].seen & kSeenPayload) != 0;
}

[[gnu::always_inline]] inline void prefetch_side(const Side& side) {
  prefetch(&side);
  prefetch(reinterpret_cast<const char*>(&side) + 64);
}

// All that ending the flow in `slot` touches.
[[gnu::always_inline]] inline void prefetch_all(FlowTable& table, std::uint32_t slot) {
  table.prefetch_erase(slot);
  const Flow& flow = table.flow(slot);
  prefetch(&flow);
  prefetch_side(flow.side[0]);
  prefetch_side(flow.side[1]);
  prefetch(&flow.id);
}

}  // namespace

MemoryNeed memory_need(const TrackerOptions& options) {
  MemoryNeed need{};
  need.base_bytes = FlowTable::index_bytes(options.max_flows) + sizeof(FlowTracker);
  need.bytes_per_flow = static_cast<double>(FlowTable::kBytesPerFlow);
  if (options.payload_bytes != 0) {
    need.bytes_per_flow += static_cast<double>(payload_buffers(options.max_flows)) *
                           PayloadPool::buffer_bytes(options.payload_bytes) / options.max_flows;
  }
  return need;
}

FlowTracker::FlowTracker(const TrackerOptions& options, RecordSink& sink)
    : options_(options),
      sink_(sink),
      table_(options.max_flows),
      payload_(payload_buffers(options.max_flows), options.payload_bytes),
      next_id_(options.first_flow_id) {}

void FlowTracker::process(std::span<Packet> packets) {
  // Index lines came with prepare(); flows are asked for a few packets ahead.
  fresh_ahead_ = table_.next_free();
  const std::size_t lead = std::min(packets.size(), kFlowsAhead);
  for (std::size_t i = 0; i < lead; ++i) prefetch_flow(packets[i]);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (i + lead < packets.size()) prefetch_flow(packets[i + lead]);
    account(packets[i]);
  }
  sweep(kSweepSlots);
}

// The lines that the packet will touch, of its flow or of the slot that it will open one in.
[[gnu::always_inline]] inline void FlowTracker::prefetch_flow(const Packet& p) {
  std::uint32_t slot = table_.candidate(p.hash);
  if (slot == FlowTable::kNone) {
    slot = fresh_ahead_;
    if (slot == FlowTable::kNone) return;
    fresh_ahead_ = table_.free_after(slot);
    prefetch(&table_.flow(slot).id);
  } else if ((p.layers & kHasVlan) != 0 || p.payload_captured != 0) {
    prefetch(&table_.flow(slot).id);
  }
  const Flow& flow = table_.flow(slot);
  prefetch(&flow);
  prefetch_side(flow.side[p.from_high]);
}

void FlowTracker::account(Packet& p) {
  p.time_ns = std::clamp<std::int64_t>(p.time_ns, 0, kMaxTime);
  advance_clock(p.time_ns);
  Flow* flow = table_.find(p.hash, p.key);
  if (flow == nullptr) {
    flow = open(p);
  } else if (p.time_ns - flow->last_ns > timeout(*flow)) [[unlikely]] {
    flow = reopen(*flow, p, timeout_reason(*flow));
  } else if ((p.tcp_flags & (kSyn | kAck)) == kSyn && (flow->tcp_state & kStateClosing) != 0)
      [[unlikely]] {
    const bool closed = (flow->life & kLifeClosed) != 0;
    flow = reopen(*flow, p, closed ? timeout_reason(*flow) : EndReason::reused);
  } else if (flow->interval != interval_) [[unlikely]] {
    if (flow->has_unreported()) report(*flow, Cause::status, EndReason::none);
    flow->interval = interval_;
    const std::uint32_t slot = flow->slot;
    table_.set_due(slot, std::min(table_.due(slot), tick_of(interval_end_)));
  }
  meter(*flow, p);
  // The count of a record is full: it goes out early, and no packet is lost.
  if (flow->side[p.from_high].packets == std::numeric_limits<std::uint32_t>::max()) [[unlikely]] {
    report(*flow, Cause::status, EndReason::none);
  }
  after_packet(*flow, p);
}

Flow* FlowTracker::open(const Packet& p) {
  if (table_.full()) evict();
  const std::uint32_t slot = table_.allocate();
  Flow& flow = table_.flow(slot);
  flow.slot = slot;
  table_.insert(p.hash, slot);
  start(flow, p);
  return &flow;
}

void FlowTracker::start(Flow& flow, const Packet& p) {
  start_account(flow, p);
  flow.id = next_id_++;
  flow.interval = interval_;
  const Direction direction = decide_direction(p, servers_);
  flow.evidence = direction.evidence;
  if (direction.sender_is_src == p.from_high) flow.life |= kLifeSrcIsHigh;
  table_.weak_push(flow.slot);
  std::int64_t due = p.time_ns + timeout(flow);
  if (options_.status_interval_ns != 0) due = std::min(due, interval_end_);
  table_.set_due(flow.slot, tick_of(due));
  ++counters_.flows_opened;
}

// The key stays, a new flow takes the slot.
Flow* FlowTracker::reopen(Flow& flow, const Packet& p, EndReason reason) {
  report(flow, Cause::end, reason);
  if ((flow.life & kLifeWeak) != 0) table_.weak_remove(flow.slot);
  start(flow, p);
  return &flow;
}

void FlowTracker::after_packet(Flow& flow, const Packet& p) {
  Side& side = flow.side[p.from_high];
  if (p.payload_captured != 0 && (side.seen & kSeenPayload) == 0 && options_.payload_bytes != 0) {
    if (!keep_payload(flow, p, payload_)) ++counters_.payload_skipped;
  }
  if ((flow.life & kLifeWeak) != 0) {
    const bool half_open =
        flow.tcp_state != 0 && (flow.tcp_state & (kStateEstablished | kStateClosing)) == 0;
    const bool one_packet = flow.side[p.from_high].packets == 1 &&
                            flow.sent(!p.from_high) == nullptr && (flow.life & kLifeReported) == 0;
    if (!half_open && !one_packet) {
      flow.life &= static_cast<std::uint8_t>(~kLifeWeak);
      table_.weak_remove(flow.slot);
    } else if (!one_packet) {
      table_.weak_remove(flow.slot);
      table_.weak_push(flow.slot);
    }
  }
  if ((p.layers & kHasTcp) != 0) {
    if ((p.tcp_flags & (kSyn | kAck)) == (kSyn | kAck)) servers_.learn(p);
    const std::uint16_t state = flow.tcp_state;
    if ((flow.life & kLifeClosed) == 0 &&
        ((state & kStateBothFinsAcked) == kStateBothFinsAcked || (state & kStateReset) != 0)) {
      flow.life |= kLifeClosed;
      table_.set_due(flow.slot, tick_of(p.time_ns + options_.close_linger_ns));
    }
  } else if (flow.dns != 0 && p.request_sense == 2 &&
             (flow.life & (p.from_high ? kLifeLowSent : kLifeHighSent)) != 0) {
    end(flow, EndReason::answered);
  }
}

void FlowTracker::report(Flow& flow, Cause cause, EndReason reason) {
  if (cause == Cause::status && (flow.life & kLifeReported) == 0) cause = Cause::start;
  if (flow.has_unreported()) {
    RecordInfo info{cause, reason, {}, {}};
    if (flow.payload != 0) {
      info.src_payload = payload_.take(flow.payload, flow.src_is_high());
      info.dst_payload = payload_.take(flow.payload, !flow.src_is_high());
    }
    sink_.record(flow, info);
    flow.life |= kLifeReported;
  }
  if (flow.payload != 0 && (cause == Cause::end || wants_no_payload(flow))) {
    payload_.release(flow.payload);
    flow.payload = 0;
  }
  if ((flow.life & kLifeLowSent) != 0) flow.side[0].packets = 0;
  if ((flow.life & kLifeHighSent) != 0) flow.side[1].packets = 0;
}

void FlowTracker::end(Flow& flow, EndReason reason) {
  report(flow, Cause::end, reason);
  if ((flow.life & kLifeWeak) != 0) table_.weak_remove(flow.slot);
  table_.erase(flow.slot);
  table_.release(flow.slot);
}

// Half-open and one-packet flows go first, the least recently seen in front. Without any, the least
// recently seen of a few.
void FlowTracker::evict() {
  std::uint32_t ahead = table_.weak_ahead();
  if (ahead == FlowTable::kNone) {
    table_.start_ahead(kVictimsAhead);
    ahead = table_.weak_ahead();
  }
  if (ahead != FlowTable::kNone) prefetch_all(table_, ahead);
  std::uint32_t victim = table_.weak_front();
  if (victim == FlowTable::kNone) {
    for (std::uint32_t k = 0; k < kEvictionSample; ++k) {
      hand_ = hand_ + 1 < table_.used_slots() ? hand_ + 1 : 0;
      if (victim == FlowTable::kNone || table_.flow(hand_).last_ns < table_.flow(victim).last_ns) {
        victim = hand_;
      }
    }
  }
  Flow& flow = table_.flow(victim);
  const bool over = now_ - flow.last_ns > timeout(flow);
  if (!over) ++counters_.evicted;
  end(flow, over ? timeout_reason(flow) : EndReason::evicted);
}

void FlowTracker::tick(std::int64_t now_ns) {
  if (!started_) return;
  advance_clock(std::clamp<std::int64_t>(now_ns, 0, kMaxTime));
  sweep(table_.used_slots());
}

void FlowTracker::finish() {
  for (std::uint32_t slot = 0; slot < table_.used_slots(); ++slot) {
    if (slot + 8 < table_.used_slots()) prefetch_all(table_, slot + 8);
    if (table_.due(slot) == FlowTable::kNeverDue) continue;
    Flow& flow = table_.flow(slot);
    const bool over = now_ - flow.last_ns > timeout(flow) || (flow.life & kLifeClosed) != 0;
    end(flow, over ? timeout_reason(flow) : EndReason::shutdown);
  }
}

void FlowTracker::sweep(std::uint32_t most_slots) {
  if (!started_ || swept_tick_ == sweep_tick_) return;
  const std::uint32_t used = table_.used_slots();
  const std::uint32_t stop = std::min(used, cursor_ + std::min(most_slots, used));
  while (cursor_ < stop) {
    cursor_ = table_.next_due(cursor_, stop, sweep_tick_);
    if (cursor_ == stop) break;
    if (cursor_ + 8 < stop) prefetch_all(table_, cursor_ + 8);
    look_at(table_.flow(cursor_));
    ++cursor_;
  }
  if (cursor_ >= used) {
    cursor_ = 0;
    swept_tick_ = sweep_tick_;
    sweep_tick_ = tick_of(now_);
  }
}

void FlowTracker::look_at(Flow& flow) {
  if (flow.last_ns > now_ + kClockStep) flow.last_ns = now_;
  if (now_ - flow.last_ns > timeout(flow)) {
    end(flow, timeout_reason(flow));
    return;
  }
  // A closed flow waits for its end, which comes before the next interval does.
  if (flow.interval != interval_ && (flow.life & kLifeClosed) == 0) {
    if (flow.has_unreported()) report(flow, Cause::status, EndReason::none);
    flow.interval = interval_;
  }
  std::int64_t due = flow.last_ns + timeout(flow);
  if (options_.status_interval_ns != 0 && flow.has_unreported() && (flow.life & kLifeClosed) == 0) {
    due = std::min(due, interval_end_);
  }
  table_.set_due(flow.slot, std::max(tick_of(due), sweep_tick_ + 1));
}

void FlowTracker::advance_clock(std::int64_t time_ns) {
  if (!started_) [[unlikely]] {
    started_ = true;
    base_ = time_ns;
    now_ = time_ns;
    set_interval(time_ns);
  }
  if (time_ns > now_) {
    now_ = time_ns;
  } else if (now_ - time_ns > kClockStep) [[unlikely]] {
    now_ = time_ns;
    set_interval(time_ns);
  }
  if (now_ >= interval_end_) [[unlikely]]
    set_interval(now_);
  if (swept_tick_ == sweep_tick_) sweep_tick_ = tick_of(now_);
}

void FlowTracker::set_interval(std::int64_t time_ns) {
  const std::int64_t length = options_.status_interval_ns;
  if (length == 0) {
    interval_end_ = std::numeric_limits<std::int64_t>::max();
    return;
  }
  interval_end_ = time_ns / length * length + length;
  ++interval_;
}

std::int64_t FlowTracker::timeout(const Flow& flow) const {
  switch (flow.key.protocol) {
    case 6:
      return (flow.life & kLifeClosed) != 0 ? options_.close_linger_ns : options_.idle_tcp_ns;
    case 17:
      return options_.idle_udp_ns;
    case 1:
    case 58:
      return options_.idle_icmp_ns;
    default:
      return options_.idle_other_ns;
  }
}

EndReason FlowTracker::timeout_reason(const Flow& flow) const {
  if ((flow.life & kLifeClosed) == 0) return EndReason::idle;
  return (flow.tcp_state & kStateReset) != 0 ? EndReason::rst : EndReason::fin;
}

std::uint32_t FlowTracker::tick_of(std::int64_t time_ns) const {
  if (time_ns <= base_) return 1;
  const auto tick =
      (static_cast<std::uint64_t>(time_ns) - static_cast<std::uint64_t>(base_)) >> kTickShift;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(tick + 1, FlowTable::kNeverDue - 2));
}

}  // namespace panoptes
