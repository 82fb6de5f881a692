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
// How much less than the shortest round trip seen one can take: hosts are slower in the handshake,
// which may be all there is of one half.
constexpr std::int64_t kHostNs = 200'000;
// Timestamps of segments so far apart differ: clocks tick at least that often in all systems that
// matter (RFC 7323 5.4 allows 1 s).
constexpr std::int64_t kTickNs = 10'000'000;
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
  // A number that is no payload, seen before: a FIN goes out alone and is sent again with data.
  std::uint64_t fin_seen = (in_.flags & kFin) != 0 && end <= me_.next ? 1 : 0;
  TcpHole hole{};
  if ((me_.flags & kTcpHoles) != 0) {
    TcpHoles holes(pool_, flow_.cold, in_.from_high);
    missing = holes.fill(start, end - fin_seen, hole);
    TcpHole of_fin{};
    if (fin_seen != 0 && holes.fill(end - 1, end, of_fin) != 0) {
      if (missing++ == 0) hole = of_fin;
      fin_seen = 0;
    }
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
  if (missing < below) return resent(start, end, below - missing - fin_seen);
  if ((me_.flags & kTcpTimingEcho) != 0 && start < unwrap(me_.next, me_.rtt_seq)) {
    clear_flags(me_, kTcpTiming | kTcpTimingEcho);  // its acknowledgement waited for this one
  }
  const bool reordered = sent_before(hole, start);
  if (TcpColdSide* c = mine()) {
    if (reordered) {
      ++c->counters.out_of_order;
    } else {
      ++c->counters.lost_before;
      classify_resend(*c, start);
      const bool differs = hole.has_tsval && options().timestamps &&
                           static_cast<std::int32_t>(options().tsval - hole.tsval) > 0;
      if (differs && is_awaited(start, end)) time_by_timestamp(*c, end);
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
  const TcpColdSide* c = existing(in_.from_high);
  if (c != nullptr && sacked_above(*c, start)) bound -= kHostNs;  // it has said so already
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
    remember_resent(*c, start, end, spurious);
  }
  return spurious ? TcpVerdict::spurious : TcpVerdict::retrans;
}

// What was spurious when it was sent draws a DSACK too, which says nothing of the ones before it.
void TcpJudge::remember_resent(TcpColdSide& c, std::uint64_t start, std::uint64_t end,
                               bool spurious) {
  if (spurious && (me_.flags & kTcpResent) == 0) return;
  const int bit = 1 << c.resent_at;
  c.resent[c.resent_at] = {start, end};
  c.resent_spurious =
      static_cast<std::uint8_t>(spurious ? c.resent_spurious | bit : c.resent_spurious & ~bit);
  c.resent_at = static_cast<std::uint8_t>((c.resent_at + 1) % TcpColdSide::kResent);
  if (spurious) return;
  c.resent_ns = in_.time_ns;
  set_flags(me_, kTcpResent);
  // It can be timed all the same if its acknowledgement waits for nothing else: the timestamp there
  // says which of the two it answers. They left their sender a round trip or a timeout apart.
  const bool is_last = end == me_.next && (me_.flags & kTcpHoles) == 0;
  const auto round_trip = std::int64_t{flow_.rtt[0].least_ns} + flow_.rtt[1].least_ns;
  const bool differs = in_.quiet_ns >= kTickNs || round_trip >= kTickNs;
  if (is_last || (differs && is_awaited(start, end))) time_by_timestamp(c, end);
}

// Whether the receiver waits for just this one, so that it acknowledges it at once (RFC 5681 4.2).
bool TcpJudge::is_awaited(std::uint64_t start, std::uint64_t end) const {
  return (me_.flags & (kTcpAcked | kTcpAckAhead)) == kTcpAcked && start <= acked(me_) &&
         acked(me_) < end;
}

bool TcpJudge::repeated_by_acks(std::uint64_t start) const {
  const TcpColdSide* c = existing(in_.from_high);
  return c != nullptr && (me_.flags & kTcpAcked) != 0 && c->dup_acks >= kDupAckThreshold &&
         c->dup_ack == me_.acked && c->dup_ack == static_cast<std::uint32_t>(start);
}

// The sender was told (fast) or had to wait (timeout); what follows until all that it had sent by
// then is acknowledged is of the same recovery.
void TcpJudge::classify_resend(TcpColdSide& c, std::uint64_t start) const {
  remember_answer(c);
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

void TcpJudge::remember_answer(TcpColdSide& c) const {
  if (c.answers < TcpColdSide::kAnswers) c.answer[c.answers++] = in_.seq;
}

// A resend takes a round trip, and over a short way that is less than copies may take. But it is
// the answer to a SACK, to three duplicate ACKs or to an ACK of a part of what was lost (RFC 6582),
// none of which the receiver can send before what follows the original has come to it. A SYN-ACK is
// the answer to a SYN: both ends repeat theirs after the same second.
bool TcpJudge::asked_for() const {
  const TcpColdSide* c = existing(in_.from_high);
  if (c == nullptr) return false;
  if ((in_.flags & kSyn) != 0) return (in_.flags & kAck) != 0 && c->syn_again;
  if ((me_.flags & (kTcpTracked | kTcpAcked)) != (kTcpTracked | kTcpAcked)) return false;
  const std::uint64_t start = unwrap(me_.next, in_.seq);
  const std::uint64_t end = start + in_.payload_bytes;
  if (end >= me_.next || all_acked(end) || sacked(start, end)) return false;
  const auto* answered = c->answer + c->answers;
  if (std::find(c->answer, answered, in_.seq) != answered) return false;
  const bool partly =
      c->recovery != TcpRecovery::none && acked(me_) < c->recover && start == acked(me_);
  return partly || sacked_above(*c, start) || repeated_by_acks(start);
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
