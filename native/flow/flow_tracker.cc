// The part of FlowTracker that follows a packet. flow_tracker_batch.cc hands it packets,
// flow_tracker_sweep.cc looks after flows without any.
#include "flow/flow_tracker.h"

#include <algorithm>

#include "base/clock.h"
#include "decode/transport.h"
#include "flow/meters.h"

namespace panoptes {
namespace {

constexpr int kTickShift = 28;  // due times in steps of 0.27 s

PayloadRules payload_rules(const TrackerOptions& options) {
  return {options.payload_rules, options.payload_bytes, options.mask_payload};
}

// Who has sent anything has sent all the payload that is kept. An endpoint that begins later gets
// another buffer.
bool wants_no_payload(const Flow& flow) {
  const auto done = [&](bool high) {
    return (flow.life & (high ? kLifeHighSent : kLifeLowSent)) == 0 ||
           (flow.side[high].seen & kSeenPayload) != 0;
  };
  return done(false) && done(true);
}

// A SYN that the flow has seen already. Where it was reset in between, the attempt goes on: an old
// connection had answered with a challenge ACK, and the reset ended that one (RFC 5961 4).
bool repeats_syn(Flow& flow, const Packet& p) {
  const bool me = p.from_high;
  const Side& side = flow.side[me];
  if ((flow.life & (me ? kLifeHighSent : kLifeLowSent)) == 0 || (side.seen & kSeenSyn) == 0) {
    return false;
  }
  constexpr std::uint16_t kOver = kStateClosing | kStateSynAck | kStateEstablished;
  constexpr std::uint16_t kReset = kStateReset;
  if (side.tcp.base != p.seq || (flow.tcp_state & kOver & ~kReset) != 0) return false;
  flow.tcp_state &= static_cast<std::uint16_t>(~kReset);
  flow.life &= static_cast<std::uint8_t>(~kLifeClosed);
  return true;
}

// Whether the sender of the SYN reset an old connection, which had answered it with a challenge
// ACK, and nothing came of the SYN yet: it will be repeated, after 3 s by some hosts.
bool awaits_syn_again(const Flow& flow) {
  constexpr std::uint8_t kBoth = kLifeLowSent | kLifeHighSent;
  const bool high = (flow.tcp_state & kStateHighRst) != 0;
  return flow.tcp_state == (kStateSyn | (high ? kStateHighRst : kStateLowRst)) &&
         (flow.life & kBoth) == kBoth && (flow.side[high].seen & kSeenSyn) != 0;
}

// The answer of a DNS transaction, which is not over with its first fragment.
bool ends_transaction(const Flow& flow, const Packet& p) {
  return flow.dns != 0 && p.request_sense == 2 &&
         !((p.layers & kIsFragment) != 0 && p.fragment.more) &&
         (flow.life & (p.from_high ? kLifeLowSent : kLifeHighSent)) != 0;
}

}  // namespace

MemoryNeed memory_need(const TrackerOptions& options) {
  MemoryNeed need{};
  need.base_bytes = FlowTable::index_bytes(options.max_flows) + sizeof(FlowTracker);
  need.bytes_per_flow = static_cast<double>(FlowTable::kBytesPerFlow);
  need.bytes_per_flow += Responses::bytes_per_flow();
  const double blocks =
      static_cast<double>(GapMeter::blocks(options.max_flows)) * sizeof(GapClasses) +
      static_cast<double>(SizeMeter::blocks(options.max_flows)) * sizeof(SizeHistogram);
  need.bytes_per_flow += blocks / options.max_flows;
  need.bytes_per_extra = sizeof(FlowExtra);
  need.bytes_per_cold = TcpColdPool::block_bytes(options.tcp_holes);
  need.most_cold = TcpMeters::cold_blocks(options.max_flows);
  // Flows share the small buffers; the large ones are few, whatever the flows do.
  const double small = PayloadKeeper::small_bytes(payload_rules(options), options.max_flows);
  need.payload_bytes = PayloadKeeper::most_bytes(payload_rules(options), options.max_flows);
  need.bytes_per_flow += small / options.max_flows;
  need.base_bytes += static_cast<std::size_t>(need.payload_bytes - small);
  return need;
}

FlowTracker::FlowTracker(const TrackerOptions& options, RecordSink& sink)
    : PacketClock(options.status_interval_ns),
      options_(options),
      sink_(sink),
      table_(options.max_flows),
      payload_(payload_rules(options), options.max_flows, counters_.payload_skipped),
      tcp_(table_.max_flows(), options.tcp_holes),
      gaps_(GapMeter::blocks(table_.max_flows()), counters_.gap_classes_skipped),
      sizes_(SizeMeter::blocks(table_.max_flows())),
      responses_(table_.max_flows(), counters_.response_skipped),
      extras_(std::min(options.max_extras, table_.max_flows()), counters_.extra_skipped),
      rtp_(table_.max_flows(), extras_, counters_.rtp_skipped),
      drops_(options.status_interval_ns),
      next_id_(options.first_flow_id) {
  victims_.fill(FlowTable::kNone);
  idle_ns_.fill(options.idle_other_ns);
  idle_ns_[kTcp] = options.idle_tcp_ns;
  idle_ns_[kUdp] = options.idle_udp_ns;
  idle_ns_[kIcmp] = idle_ns_[kIcmpv6] = options.idle_icmp_ns;
}

void FlowTracker::prefault() {
  table_.prefault();
  payload_.prefault();
  tcp_.prefault();
  gaps_.prefault();
  sizes_.prefault();
  responses_.prefault();
}

void FlowTracker::tick(std::int64_t now_ns) {
  if (!started_) return;
  advance(clamp_time(now_ns));
  end_answered();
  const std::int64_t since = now_ns - turn_ns_;
  if (due_with_tick_ != kAllFlows && since >= 0 && since < kTurnNs) return;
  turn_ns_ = now_ns;
  sweep(kAllBlocks, due_with_tick_);
}

void FlowTracker::account(Packet& p, std::uint32_t hint) {
  p.time_ns = clamp_time(p.time_ns);
  advance(p.time_ns);
  if (duplicates_.seen(p)) [[unlikely]] {
    p.layers |= kIsDuplicate;
    account_copy(p, hint);
  } else {
    account_in_flow<false>(p, hint);
  }
}

void FlowTracker::account_copy(Packet& p, std::uint32_t hint) { account_in_flow<true>(p, hint); }

// `kCopy`: the packet looks like a copy that the capture made.
template <bool kCopy>
[[gnu::always_inline]] inline void FlowTracker::account_in_flow(Packet& p, std::uint32_t hint) {
  Flow& flow = flow_of<kCopy>(p, hint);
  if (kCopy && tcp_.sent_again(flow, p)) p.layers &= static_cast<std::uint16_t>(~kIsDuplicate);
  Metered metered = meter(flow, p, tcp_, gaps_, sizes_);
  if ((p.layers & (FlowExtras::kNoted | kHasQuote)) != 0 || (p.tos & 3) == 3) [[unlikely]]
    note_rare(flow, p);
  if ((p.layers & kHasTcp) == 0) {
    if (RtpMeters::wanted(flow, p)) [[unlikely]]
      rtp_.track(flow, p);
    if (Responses::wanted(flow, p)) metered.full |= responses_.follow(flow, p);
  }
  // A count of the record is full: it goes out early, and no packet is lost.
  if (metered.full) [[unlikely]]
    report(flow, Cause::status, EndReason::none);
  if (PayloadKeeper::wanted(flow.side[p.from_high], p) && (p.layers & kIsDuplicate) == 0) {
    payload_.keep(flow, p);
  }
  if ((flow.life & kLifeWeak) != 0) [[unlikely]]
    judge_weak(flow, p.from_high);
  if (metered.odd_tcp) [[unlikely]]
    after_odd_tcp(flow, p);
  if ((p.layers & kHasTcp) == 0 && ends_transaction(flow, p)) answer(flow);
}

// The flow that the packet belongs to: the one that is there, or one that begins with it.
template <bool kCopy>
[[gnu::always_inline]] inline Flow& FlowTracker::flow_of(const Packet& p, std::uint32_t hint) {
  Flow* flow = table_.find(p.hash, p.key, hint);
  if (flow == nullptr) return *open(p);
  if (p.time_ns - flow->last_ns > timeout(*flow, p)) [[unlikely]] {
    report_before(*flow, flow->last_ns + timeout(*flow));
    return *reopen(*flow, p, timeout_reason(*flow));
  }
  if (!kCopy && (p.tcp_flags & (kSyn | kAck)) == kSyn && (flow->tcp_state & kStateClosing) != 0 &&
      !repeats_syn(*flow, p)) [[unlikely]] {
    const bool closed = (flow->life & kLifeClosed) != 0;
    return *reopen(*flow, p, closed ? timeout_reason(*flow) : EndReason::reused);
  }
  if (flow->interval != interval_) [[unlikely]]
    start_interval(*flow);
  return *flow;
}

// The first that is to be noted of the flow since the clock passed into this interval.
void FlowTracker::start_interval(Flow& flow) {
  if (flow.has_unreported()) report(flow, Cause::status, EndReason::none);
  flow.interval = interval_;
  table_.bring_due(table_.slot_of(flow), tick_of(interval_end_));
}

// A flow that was due for a status record before `time_ns` has it, whenever somebody looked at it.
void FlowTracker::report_before(Flow& flow, std::int64_t time_ns) {
  const std::int64_t length = options_.status_interval_ns;
  if (length == 0 || flow.interval == interval_ || (flow.life & kLifeClosed) != 0) return;
  if (flow.has_unreported() && flow.last_ns / length * length + length <= time_ns) {
    report(flow, Cause::status, EndReason::none);
  }
}

void FlowTracker::note_rare(Flow& flow, const Packet& p) {
  if (FlowExtras::noted(p) && extras_.note(flow, p)) {
    report(flow, Cause::status, EndReason::none);
  }
  if ((p.layers & kHasQuote) != 0) note_error(p);
}

// An ICMP error is accounted in its own flow; the flow that it is about is told. That flow does not
// live longer for it, and has a record without packets if nothing else is to be said.
void FlowTracker::note_error(const Packet& error) {
  FlowKey key = error.quote.key;
  if (error.quote.lacks_dns_id) key.aux = dns_ids_.guess(key);
  Flow* flow = table_.find(hash(key, options_.hash_seed), key);
  if (flow == nullptr || error.time_ns - flow->last_ns > timeout(*flow)) return;
  if (flow->interval != interval_) start_interval(*flow);
  if (extras_.note_error(*flow, error)) report(*flow, Cause::status, EndReason::none);
  table_.bring_due(table_.slot_of(*flow), tick_of(interval_end_));
}

[[gnu::always_inline]] inline void FlowTracker::start(Flow& flow, const Packet& p) {
  start_account(flow, p);
  flow.id = next_id_++;
  flow.interval = interval_;
  const Direction direction = decide_direction(p, servers_);
  flow.evidence = direction.evidence;
  if (direction.sender_is_src == p.from_high) flow.life |= kLifeSrcIsHigh;
  if (FlowExtras::wanted(p)) [[unlikely]]
    extras_.start(flow, p);
  if (flow.dns != 0) dns_ids_.learn(flow.key);
  table_.weak_push(table_.slot_of(flow));
  std::int64_t due = p.time_ns + timeout(flow);
  if (options_.status_interval_ns != 0) due = std::min(due, interval_end_);
  table_.set_due(table_.slot_of(flow), tick_of(due));
  ++counters_.flows_opened;
}

Flow* FlowTracker::open(const Packet& p) {
  if (table_.full()) evict();
  const std::uint32_t slot = table_.allocate();
  Flow& flow = table_.flow(slot);
  table_.insert(p.hash, slot);
  start(flow, p);
  return &flow;
}

// The key stays, a new flow takes the slot.
Flow* FlowTracker::reopen(Flow& flow, const Packet& p, EndReason reason) {
  report(flow, Cause::end, reason);
  if ((flow.life & kLifeWeak) != 0) table_.weak_remove(table_.slot_of(flow));
  start(flow, p);
  return &flow;
}

// Whether the flow is half-open or of a few packets without an answer still; `sender` sent the
// latest.
void FlowTracker::judge_weak(Flow& flow, bool sender) {
  // Who asks and gets no answer has asked three times, as resolvers do: what goes on is a stream.
  constexpr std::uint64_t kTries = 3;
  const std::uint32_t slot = table_.slot_of(flow);
  const bool half_open =
      flow.tcp_state != 0 && (flow.tcp_state & (kStateEstablished | kStateClosing)) == 0;
  const std::uint64_t tries = flow.side[sender].packets;
  const bool unanswered = flow.sent(!sender) == nullptr && (flow.life & kLifeReported) == 0;
  if (unanswered && (tries == 1 || (tries <= kTries && !half_open))) return;
  table_.weak_remove(slot);
  if (half_open) {
    table_.weak_push(slot);
  } else {
    flow.life &= static_cast<std::uint8_t>(~kLifeWeak);
  }
}

// A SYN, or a segment of a connection that closes.
void FlowTracker::after_odd_tcp(Flow& flow, const Packet& p) {
  if (LearnedServers::teaches(p)) servers_.learn(p);
  if ((flow.life & kLifeClosed) != 0) return;
  const std::uint16_t state = flow.tcp_state;
  if ((state & kStateBothFinsAcked) == kStateBothFinsAcked ||
      ((state & kStateReset) != 0 && !awaits_syn_again(flow))) {
    flow.life |= kLifeClosed;
    table_.set_due(table_.slot_of(flow), tick_of(p.time_ns + options_.close_linger_ns));
  }
}

// The transaction is over, but for copies of the answer.
void FlowTracker::answer(Flow& flow) {
  if ((flow.life & kLifeClosed) != 0) return;
  if (answered_.full()) end_oldest_answered();
  flow.life |= kLifeClosed;
  answered_.push({flow.id, now_, table_.slot_of(flow)});
}

void FlowTracker::report(Flow& flow, Cause cause, EndReason reason) {
  if (cause == Cause::status && (flow.life & kLifeReported) == 0) cause = Cause::start;
  if (flow.has_unreported() || (cause == Cause::end && TcpMeters::owes(flow))) {
    RecordInfo info{cause, reason, {}, {}, extras_.of(flow)};
    if (flow.payload != 0) {
      info.src_payload = payload_.take(flow, flow.src_is_high());
      info.dst_payload = payload_.take(flow, !flow.src_is_high());
    }
    RttRecord rtt;
    if (flow.key.protocol == kTcp) {
      const auto taken = tcp_.take(flow, cause == Cause::end, tcp_record_, rtt);
      if (taken.counters) info.tcp = &tcp_record_;
      if (taken.round_trips) info.rtt = &rtt;
    } else if (responses_.take(flow, rtt)) {
      info.rtt = &rtt;
    }
    gaps_.finish(flow);
    info.gap_classes = gaps_.of(flow);
    info.sizes = &sizes_;
    info.drops = drops_.of(flow.last_ns);
    if (RtpMeters::has(flow) && rtp_.take(flow, rtp_record_)) info.rtp = &rtp_record_;
    sink_.record(flow, info);
    flow.life |= kLifeReported;
  }
  if (cause == Cause::end) {
    flow.key.protocol == kTcp ? tcp_.release(flow) : responses_.release(flow);
    if (RtpMeters::has(flow)) rtp_.release(flow);
  }
  if (flow.payload != 0 && (cause == Cause::end || wants_no_payload(flow))) {
    payload_.release(flow);
  }
  if (flow.extra != 0) [[unlikely]] {
    cause == Cause::end ? extras_.release(flow) : extras_.start_record(flow);
  }
  gaps_.release(flow);
  for (const bool high : {false, true}) {
    if ((flow.life & (high ? kLifeHighSent : kLifeLowSent)) == 0) continue;
    sizes_.release(flow.side[high]);
    flow.side[high].packets = 0;
  }
}

void FlowTracker::end(Flow& flow, EndReason reason) {
  report(flow, Cause::end, reason);
  if ((flow.life & kLifeWeak) != 0) table_.weak_remove(table_.slot_of(flow));
  table_.erase(table_.slot_of(flow));
  table_.release(table_.slot_of(flow));
}

EndReason FlowTracker::timeout_reason(const Flow& flow) const {
  if ((flow.tcp_state & kStateReset) != 0) return EndReason::rst;
  if ((flow.life & kLifeClosed) == 0) return EndReason::idle;
  return flow.dns != 0 ? EndReason::answered : EndReason::fin;
}

std::uint32_t FlowTracker::tick_of(std::int64_t time_ns) const {
  if (time_ns <= base_) return 1;
  const auto tick =
      (static_cast<std::uint64_t>(time_ns) - static_cast<std::uint64_t>(base_)) >> kTickShift;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(tick + 1, FlowTable::kNeverDue - 2));
}

}  // namespace panoptes
