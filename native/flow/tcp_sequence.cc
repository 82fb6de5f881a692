#include "flow/tcp_sequence.h"

#include <algorithm>
#include <cstdlib>

#include "flow/tcp_holes.h"
#include "flow/tcp_judge.h"

namespace panoptes {

TcpResult track_odd(TcpSideState& me, TcpSideState& other, TcpFlowState flow,
                    const TcpSegment& segment, TcpColdPool& pool) {
  return TcpJudge(me, other, flow, segment, pool).run();
}

TcpColdSide* TcpJudge::cold(bool high) {
  if (flow_.cold == 0) {
    flow_.cold = pool_.allocate();
    if (flow_.cold == 0) flow_.cold = kTcpNoBlock;
  }
  if (flow_.cold == kTcpNoBlock) pool_.count_exhausted();
  return existing(high);
}

const TcpOptionValues& TcpJudge::options() {
  if (!options_read_) options_ = read_tcp_option_values(in_.options, in_.options_captured);
  options_read_ = true;
  return options_;
}

TcpVerdict TcpJudge::judge() {
  if (in_.duplicate) {
    if (TcpColdSide* c = mine()) ++c->counters.duplicates;
    return TcpVerdict::duplicate;
  }
  if ((in_.flags & kRst) != 0) {  // its number is a matter of validity, not of the stream
    if ((in_.flags & kAck) != 0) judge_ack();
    return TcpVerdict::none;
  }
  const bool syn = (in_.flags & kSyn) != 0;
  const std::uint32_t length =
      in_.payload_bytes + (syn ? 1 : 0) + ((in_.flags & kFin) != 0 ? 1 : 0);
  const TcpVerdict verdict = syn ? judge_syn(length) : judge_sequence(length);
  if (verdict == TcpVerdict::stray) return verdict;
  judge_window();
  if ((in_.flags & kAck) != 0) judge_ack();
  me_.window = in_.window;
  set_flags(me_, kTcpSent);
  clear_flags(me_, kTcpKeepAlive);
  if (is_keep_alive_) set_flags(me_, kTcpKeepAlive);
  return verdict;
}

// --- a new connection

// Whatever was known of this side belongs to an older connection.
void TcpJudge::restart(std::uint32_t length) {
  if (TcpColdSide* c = existing(in_.from_high)) {
    TcpCounters counters = c->counters;
    if ((me_.flags & kTcpStalled) != 0) {
      counters.stalled_ns += std::max<std::int64_t>(in_.time_ns - c->stalled_since, 0);
    }
    *c = {};
    c->counters = counters;
  }
  const int kept = me_.flags & kTcpSynRepeats;
  me_ = {};
  set_flags(me_, kept | kTcpTracked | ((in_.flags & kFin) != 0 ? kTcpFin : 0));
  me_.base = in_.seq;
  me_.next = unwrapped_base(me_) + length;
}

// SYN and SYN-ACK (RFC 9293 3.5), with data in fast open (RFC 7413).
TcpVerdict TcpJudge::judge_syn(std::uint32_t length) {
  const bool ack = (in_.flags & kAck) != 0;
  if ((me_.flags & kTcpSyn) != 0 && me_.base == in_.seq) {
    if (!ack || (me_.flags & kTcpSynAck) != 0) return judge_syn_again(length);
    // After a SYN of its own: the answer to the other side's SYN, in a simultaneous open.
    set_flags(me_, kTcpSynAck);
    return TcpVerdict::in_order;
  }
  restart(length);
  set_flags(me_, kTcpSyn | (ack ? kTcpSynAck : 0));
  time(me_.next);
  return TcpVerdict::in_order;
}

TcpVerdict TcpJudge::judge_syn_again(std::uint32_t length) {
  const std::uint64_t start = unwrapped_base(me_), end = start + length;
  const std::uint64_t seen = std::min(end, me_.next) - start;
  const bool spurious = all_acked(end);
  move_next(end);
  clear_flags(me_, kTcpTiming | kTcpTimingEcho);  // Karn's rule
  if ((in_.flags & kAck) == 0 && (other_.flags & kTcpSynAck) != 0) {
    if (TcpColdSide* c = theirs()) c->syn_again = true;
  } else if (TcpColdSide* c = existing(in_.from_high)) {
    c->syn_again = false;
  }
  const int repeats = me_.flags >> kTcpSynRepeatsShift;
  if (flow_.cold == 0 && !spurious && in_.payload_bytes == 0 && repeats < kTcpMostSynRepeats) {
    clear_flags(me_, kTcpSynRepeats);
    set_flags(me_, (repeats + 1) << kTcpSynRepeatsShift);
  } else if (TcpColdSide* c = mine()) {
    ++c->counters.retrans;
    ++c->counters.syn_repeats;
    if (spurious) ++c->counters.spurious;
    c->counters.retrans_bytes += std::min<std::uint64_t>(seen - 1, in_.payload_bytes);
  }
  return spurious ? TcpVerdict::spurious : TcpVerdict::retrans;
}

// The first data of a side whose SYN was not seen. What the other side had acknowledged by then was
// sent before the capture began.
TcpVerdict TcpJudge::start(std::uint32_t length) {
  const int known = me_.flags & kTcpAcked;
  const std::uint32_t last_acked = me_.acked;
  restart(length);
  const auto ahead = static_cast<std::int64_t>(unwrap(me_.next, last_acked) - me_.next);
  if (known != 0 && ahead > -kTcpFar && ahead < kTcpFar) {
    set_flags(me_, kTcpAcked);
    me_.acked = last_acked;
    if (ahead >= 0) {
      me_.next += static_cast<std::uint64_t>(ahead);
      return TcpVerdict::in_order;
    }
  }
  time(me_.next);
  return TcpVerdict::in_order;
}

// The numbers went elsewhere without a SYN. The base stays that of the flow; the unwrapped numbers
// go on far above it, so that nothing of the new ones is taken for what lies below the base.
TcpVerdict TcpJudge::resync(std::uint32_t length) {
  if (TcpColdSide* c = mine()) ++c->counters.resyncs;
  const std::uint32_t base = me_.base;
  restart(length);
  me_.base = base;
  me_.next += std::uint64_t{1} << 32;
  return TcpVerdict::in_order;
}

// --- what is new

TcpVerdict TcpJudge::judge_sequence(std::uint32_t length) {
  if ((me_.flags & kTcpTracked) == 0) {
    if ((me_.flags & kTcpAcked) != 0 && in_.seq == me_.acked - 1 && is_keep_alive(-1)) {
      return keep_alive();
    }
    return length == 0 ? TcpVerdict::none : start(length);
  }
  const std::uint64_t seq = unwrap(me_.next, in_.seq);
  const auto ahead = static_cast<std::int64_t>(seq - me_.next);
  if (is_keep_alive(ahead)) return keep_alive();
  if (length == 0) {
    if (ahead > 0) pass_unseen(seq);
    return TcpVerdict::none;
  }
  if (ahead == 0) return next_in_order(length);
  if (ahead >= kTcpFar || ahead <= -kTcpFar) return resync(length);
  if ((in_.flags & kFin) != 0) set_flags(me_, kTcpFin);
  return ahead > 0 ? jump(seq, length) : late(seq, length);
}

// At most one byte just below `next` (RFC 9293 3.8.4) when there is nothing left to resend, or into
// a window that is closed. A byte that ends what an application wrote has PSH; a keep-alive's has
// not.
bool TcpJudge::is_keep_alive(std::int64_t ahead) const {
  if (ahead != -1 || in_.payload_bytes > 1 || (in_.flags & (kFin | kSyn)) != 0) return false;
  if ((me_.flags & kTcpFin) != 0) return false;
  if (in_.payload_bytes == 1 && (other_.flags & kTcpStalled) != 0) return true;
  if (in_.payload_bytes == 1 && (in_.flags & kPsh) != 0) return false;
  return (me_.flags & (kTcpTracked | kTcpAcked)) != (kTcpTracked | kTcpAcked) ||
         acked(me_) >= me_.next;
}

TcpVerdict TcpJudge::keep_alive() {
  is_keep_alive_ = true;
  if (TcpColdSide* c = mine()) ++c->counters.keep_alives;
  return TcpVerdict::keep_alive;
}

TcpVerdict TcpJudge::next_in_order(std::uint32_t length) {
  if ((in_.flags & kFin) != 0) set_flags(me_, kTcpFin);
  move_next(me_.next + length);
  if ((me_.flags & kTcpAckAhead) == 0) time(me_.next);
  return TcpVerdict::in_order;
}

// Whether the sender's IP ids count its packets: then this one is a few after the one before, and
// is neither random nor always the same.
bool TcpJudge::ids_count() const {
  constexpr int kMostStep = 1024;
  const int step = static_cast<std::int16_t>(in_.ip_id - in_.last_ip_id);
  return in_.has_ip_id && in_.quiet_ns >= 0 && step != 0 && std::abs(step) < kMostStep;
}

TcpVerdict TcpJudge::jump(std::uint64_t start, std::uint32_t length) {
  const TcpOptionValues& values = options();
  TcpHole hole{.start = me_.next,
               .end = start,
               .time_ns = in_.time_ns,
               .tsval = values.tsval,
               .ip_id = in_.ip_id,
               .has_tsval = values.timestamps,
               .has_ip_id = ids_count()};
  TcpColdSide* c = mine();
  if (c != nullptr) ++c->counters.jumps;
  if ((me_.flags & kTcpAckAhead) != 0) {
    const std::uint64_t known = std::min(acked(me_), start);
    if (c != nullptr) c->counters.gap_bytes += known - hole.start;
    hole.start = known;
  }
  if (c != nullptr && hole.start < hole.end) {
    TcpHoles(pool_, flow_.cold, in_.from_high).add(hole);
    set_flags(me_, kTcpHoles);
  }
  // Where the capture lost what was jumped over, the receiver has it and acknowledges this one.
  // Else its acknowledgement echoes the segment that fills the hole.
  if (c != nullptr && (me_.flags & kTcpAckAhead) == 0) time_by_timestamp(*c, start + length);
  move_next(start + length);
  return TcpVerdict::jump;
}

// A bare ACK moves nothing by itself, as it may have overtaken data. But where the other side has
// acknowledged as much, both ends are past bytes that the capture lost.
void TcpJudge::pass_unseen(std::uint64_t seq) {
  if ((me_.flags & kTcpAckAhead) == 0 || acked(me_) > seq) return;
  const std::uint64_t end = acked(me_);
  if (TcpColdSide* c = mine()) c->counters.gap_bytes += end - me_.next;
  move_next(end);
}

void TcpJudge::move_next(std::uint64_t end) {
  me_.next = std::max(me_.next, end);
  if ((me_.flags & kTcpAckAhead) != 0 && acked(me_) <= me_.next) clear_flags(me_, kTcpAckAhead);
}

// Begins a round-trip sample, one at a time. Beyond a hole the acknowledgement would wait for more
// than the network.
void TcpJudge::time(std::uint64_t end) {
  if ((me_.flags & (kTcpTiming | kTcpHoles)) != 0) return;
  set_flags(me_, kTcpTiming);
  me_.rtt_seq = static_cast<std::uint32_t>(end);
  me_.rtt_ns = in_.time_ns;
}

// Begins one that counts only if its acknowledgement echoes the timestamp of this segment (RFC 7323
// 4.1), where the number alone does not tell which segment it answers.
void TcpJudge::time_by_timestamp(TcpColdSide& cold, std::uint64_t end) {
  if ((me_.flags & kTcpTiming) != 0 || !options().timestamps) return;
  set_flags(me_, kTcpTiming | kTcpTimingEcho);
  me_.rtt_seq = static_cast<std::uint32_t>(end);
  me_.rtt_ns = in_.time_ns;
  cold.echo = options().tsval;
}

}  // namespace panoptes
