// TCP segments below the highest number sent: sent again, out of order, or of an older connection.
#include <algorithm>

#include "flow/tcp_holes.h"
#include "flow/tcp_judge.h"

namespace panoptes {
namespace {

// IP ids farther apart count the packets of many connections, or are random.
constexpr int kUsableIdStep = 4096;
// How late a reordered segment may be where nothing else tells.
constexpr std::int64_t kReorderNs = 3'000'000;
// Duplicate ACKs that make a sender resend (RFC 5681 3.2).
constexpr std::uint32_t kDupAckThreshold = 3;
// The shortest retransmission timeout in use (Linux); RFC 6298 says 1 s.
constexpr std::int64_t kLeastTimeoutNs = 200'000'000;

}  // namespace

TcpVerdict TcpJudge::late(std::uint64_t start, std::uint32_t length) {
  const std::uint64_t end = start + length;
  if (end <= unwrapped_base(me_) && (me_.flags & kTcpSyn) != 0) {
    // A SYN that nobody acknowledged may not have counted (RFC 5961 4): the old connection goes on.
    if ((me_.flags & kTcpAcked) == 0) return resync(length);
    if (TcpColdSide* c = mine()) ++c->counters.strays;
    return TcpVerdict::stray;
  }
  const std::uint64_t below = std::min(end, me_.next) - start;
  std::uint64_t missing = 0;
  TcpHole hole{};
  if ((me_.flags & kTcpHoles) != 0) {
    TcpHoles holes(pool_, flow_.cold, in_.from_high);
    missing = holes.fill(start, end, hole);
    if (holes.empty()) clear_flags(me_, kTcpHoles);
  } else if (first_is_timed(end)) {
    missing = below;
    hole.time_ns = me_.rtt_ns;
  }
  if (below == 1 && end > me_.next && !all_acked(start + 1)) {
    // The byte was a window probe that was not taken, and goes out with what follows it.
    return next_in_order(length - 1);
  }
  move_next(end);
  if (missing < below) return resent(start, end, below - missing);
  const bool reordered = sent_before(hole, start);
  if (TcpColdSide* c = mine()) {
    if (reordered) {
      ++c->counters.out_of_order;
    } else {
      ++c->counters.lost_before;
      classify_resend(*c, start);
    }
  }
  return reordered ? TcpVerdict::out_of_order : TcpVerdict::lost_before;
}

// Whether what ends at `end` lies below the first segment seen in a capture that began in the
// middle, while that one is not acknowledged: then it is still the timed one.
bool TcpJudge::first_is_timed(std::uint64_t end) const {
  return end <= unwrapped_base(me_) && (me_.flags & (kTcpSyn | kTcpTiming)) == kTcpTiming &&
         !all_acked(end);
}

// Whether this segment left its sender before the one that jumped over it.
bool TcpJudge::sent_before(const TcpHole& hole, std::uint64_t start) {
  if (in_.has_ip_id && hole.has_ip_id) {
    const int step = static_cast<std::int16_t>(in_.ip_id - hole.ip_id);
    if (step != 0 && step > -kUsableIdStep && step < kUsableIdStep) return step < 0;
  }
  bool later = false;
  if (hole.has_tsval && options().timestamps) {
    const auto step = static_cast<std::int32_t>(options().tsval - hole.tsval);
    if (step < 0) return true;
    later = step > 0;
  }
  if (repeated_by_acks(start)) return false;
  // A resend is the answer to what the receiver said after the jump: that takes a round trip, of
  // which both parts or one are known.
  std::int64_t bound = kReorderNs;
  const auto round_trip = std::int64_t{flow_.rtt[0].least_ns} + flow_.rtt[1].least_ns;
  if (round_trip != 0) bound = later ? std::min(bound, round_trip) : round_trip;
  return in_.time_ns - hole.time_ns < bound;
}

TcpVerdict TcpJudge::resent(std::uint64_t start, std::uint64_t end, std::uint64_t seen) {
  const bool spurious = all_acked(end) || sacked(start, end);
  if ((me_.flags & kTcpTiming) != 0 && start < unwrap(me_.next, me_.rtt_seq)) {
    clear_flags(me_, kTcpTiming | kTcpTimingEcho);  // Karn's rule
  }
  if (TcpColdSide* c = mine()) {
    ++c->counters.retrans;
    c->counters.retrans_bytes += std::min<std::uint64_t>(seen, in_.payload_bytes);
    if (spurious) ++c->counters.spurious;
    classify_resend(*c, start);
    if (!spurious) remember_resent(*c, start, end);
  }
  return spurious ? TcpVerdict::spurious : TcpVerdict::retrans;
}

void TcpJudge::remember_resent(TcpColdSide& c, std::uint64_t start, std::uint64_t end) {
  c.resent[c.resent_at] = {start, end};
  c.resent_at = static_cast<std::uint8_t>((c.resent_at + 1) % TcpColdSide::kResent);
  c.resent_ns = in_.time_ns;
  set_flags(me_, kTcpResent);
  // The last segment sent again can be timed all the same: the timestamp in its acknowledgement
  // says which of the two it answers (RFC 7323 4.1).
  if (end != me_.next || (me_.flags & (kTcpTiming | kTcpHoles)) != 0) return;
  if (!options().timestamps) return;
  time(end);
  set_flags(me_, kTcpTimingEcho);
  c.echo = options().tsval;
}

bool TcpJudge::repeated_by_acks(std::uint64_t start) const {
  const TcpColdSide* c = existing(in_.from_high);
  return c != nullptr && (me_.flags & kTcpAcked) != 0 && c->dup_acks >= kDupAckThreshold &&
         c->dup_ack == me_.acked && c->dup_ack == static_cast<std::uint32_t>(start);
}

// The sender was told (fast) or had to wait (timeout); what follows until all that it had sent by
// then is acknowledged is of the same recovery.
void TcpJudge::classify_resend(TcpColdSide& c, std::uint64_t start) const {
  const bool goes_on =
      c.recovery != TcpRecovery::none && (me_.flags & kTcpAcked) != 0 && acked(me_) < c.recover;
  if (!goes_on) {
    c.recovery = TcpRecovery::none;
    if (repeated_by_acks(start) || sacked_above(c, start)) {
      c.recovery = TcpRecovery::fast;
    } else if (in_.quiet_ns >= kLeastTimeoutNs) {
      c.recovery = TcpRecovery::timeout;
    }
    c.recover = me_.next;
  }
  if (c.recovery == TcpRecovery::fast) ++c.counters.fast;
  if (c.recovery == TcpRecovery::timeout) ++c.counters.timeout;
}

// RFC 6675: the receiver has something beyond it.
bool TcpJudge::sacked_above(const TcpColdSide& c, std::uint64_t start) const {
  if ((me_.flags & kTcpAcked) == 0 || c.sack_ack != me_.acked) return false;
  for (std::uint32_t i = 0; i < c.sacks; ++i) {
    if (unwrap(me_.next, c.sack[i][1]) > start) return true;
  }
  return false;
}

bool TcpJudge::sacked(std::uint64_t start, std::uint64_t end) const {
  const TcpColdSide* c = existing(in_.from_high);
  if (c == nullptr || (me_.flags & kTcpAcked) == 0 || c->sack_ack != me_.acked) return false;
  for (std::uint32_t i = 0; i < c->sacks; ++i) {
    if (unwrap(me_.next, c->sack[i][0]) <= start && end <= unwrap(me_.next, c->sack[i][1])) {
      return true;
    }
  }
  return false;
}

}  // namespace panoptes
