// What a TCP segment says of the other direction: window and acknowledgement, with SACK.
#include <algorithm>

#include "flow/tcp_holes.h"
#include "flow/tcp_judge.h"

namespace panoptes {
namespace {

// How long after a resend its DSACK is waited for.
constexpr std::int64_t kDsackNs = 2'000'000'000;

}  // namespace

void TcpJudge::judge_window() {
  if ((in_.flags & (kSyn | kFin)) != 0 || in_.part) return;
  if (in_.window == 0) {
    TcpColdSide* c = mine();
    if (c == nullptr) return;
    ++c->counters.zero_windows;
    if ((me_.flags & kTcpStalled) != 0) return;
    set_flags(me_, kTcpStalled);
    c->stalled_since = in_.time_ns;
  } else if ((me_.flags & kTcpStalled) != 0) {
    clear_flags(me_, kTcpStalled);
    TcpColdSide* c = mine();
    c->counters.stalled_ns += std::max<std::int64_t>(in_.time_ns - c->stalled_since, 0);
  }
}

void TcpJudge::judge_ack() {
  if ((other_.flags & kTcpTracked) == 0) return acknowledge_unseen();
  const std::uint64_t ack = unwrap(other_.next, in_.ack);
  const auto ahead = static_cast<std::int64_t>(ack - other_.next);
  if (ahead >= kTcpFar || ahead <= -kTcpFar) return;
  if ((other_.flags & kTcpAcked) == 0) {
    // After a SYN, what is not its acknowledgement answers something else, such as a challenge ACK
    // of an older connection (RFC 5961 4).
    if ((other_.flags & kTcpSyn) != 0 && (ahead > 0 || ack <= unwrapped_base(other_))) return;
    acknowledge(ack);
  } else if (ack > acked(other_)) {
    acknowledge(ack);
  } else if (ack == acked(other_)) {
    repeat_ack();
  }
  if (TcpColdSide* c = existing(!in_.from_high)) c->answers = 0;
  if ((other_.flags & kTcpResent) != 0) stop_waiting_for_dsack();
  if (in_.has_sack && (has_block(flow_) || in_.payload_bytes == 0) && options().sacks != 0) {
    read_sacks(ack);
  }
}

// Nothing of the other side was seen, so that only repetition can be told. `next` follows `acked`:
// then nothing is outstanding.
void TcpJudge::acknowledge_unseen() {
  if ((other_.flags & kTcpAcked) != 0) {
    if (in_.ack == other_.acked) return repeat_ack();
    if (static_cast<std::int32_t>(in_.ack - other_.acked) < 0) return;
  }
  set_flags(other_, kTcpAcked);
  other_.acked = in_.ack;
  other_.next = in_.ack;
}

void TcpJudge::acknowledge(std::uint64_t ack) {
  set_flags(other_, kTcpAcked);
  other_.acked = in_.ack;
  if (ack > other_.next) {
    set_flags(other_, kTcpAckAhead);
  } else {
    clear_flags(other_, kTcpAckAhead);
  }
  sample();
  if ((other_.flags & kTcpHoles) == 0) return;
  // The other side has what never came by here.
  TcpHoles holes(pool_, flow_.cold, !in_.from_high);
  pool_.side(flow_.cold, !in_.from_high).counters.gap_bytes += holes.drop_below(ack);
  if (holes.empty()) clear_flags(other_, kTcpHoles);
}

void TcpJudge::sample() {
  if ((other_.flags & kTcpTiming) == 0) return;
  if (static_cast<std::int32_t>(in_.ack - other_.rtt_seq) < 0) return;
  if ((other_.flags & kTcpTimingEcho) != 0) {
    clear_flags(other_, kTcpTimingEcho);
    const TcpColdSide* c = existing(!in_.from_high);
    if (c == nullptr || !options().timestamps || options().tsecr != c->echo) {
      clear_flags(other_, kTcpTiming);
      return;
    }
    if (in_.time_ns >= other_.rtt_ns) {
      ++pool_.side(flow_.cold, in_.from_high).counters.rtt_by_timestamp;
    }
  }
  full_ |= take_rtt_sample(other_, flow_.rtt[in_.from_high], in_.time_ns);
}

// RFC 5681 2: no data, no SYN or FIN, the same number and window as before; and not the answer to a
// keep-alive.
void TcpJudge::repeat_ack() {
  if (in_.payload_bytes != 0 || (in_.flags & (kSyn | kFin | kRst)) != 0 || is_keep_alive_) return;
  if (in_.part) return;
  if (in_.window == 0 || (me_.flags & kTcpSent) == 0 || in_.window != me_.window) return;
  if ((other_.flags & kTcpKeepAlive) != 0) {
    clear_flags(other_, kTcpKeepAlive);
    return;
  }
  TcpColdSide* mine_now = mine();
  if (mine_now == nullptr) return;
  ++mine_now->counters.dup_acks;
  TcpColdSide& of_data = pool_.side(flow_.cold, !in_.from_high);
  if (of_data.dup_ack != in_.ack) of_data.dup_acks = 0;
  of_data.dup_ack = in_.ack;
  ++of_data.dup_acks;
}

// SACK blocks (RFC 2018) are kept. A DSACK (RFC 2883), the first block, lies below the
// acknowledgement or within the second block, and proves that a resend was not needed.
void TcpJudge::read_sacks(std::uint64_t ack) {
  TcpColdSide* of_data = theirs();
  if (of_data == nullptr) return;
  TcpColdSide& c = *of_data;
  const TcpOptionValues& values = options();
  const auto edge = [&](std::uint32_t i, int side) { return unwrap(ack, values.sack[i][side]); };
  const std::uint64_t start = edge(0, 0), end = edge(0, 1);
  const bool dsack = start < ack || (values.sacks > 1 && edge(1, 0) <= start && end <= edge(1, 1));
  if (dsack && (other_.flags & kTcpResent) != 0) take_dsack(c, start, end);
  c.sacks = 0;
  c.sack_ack = in_.ack;
  for (std::uint32_t i = dsack ? 1 : 0; i < values.sacks; ++i, ++c.sacks) {
    c.sack[c.sacks][0] = values.sack[i][0];
    c.sack[c.sacks][1] = values.sack[i][1];
  }
}

// It is about one resend. If one of the range is known as spurious, it is about that one.
void TcpJudge::take_dsack(TcpColdSide& c, std::uint64_t start, std::uint64_t end) {
  TcpColdSide::Range* found = nullptr;
  bool known = false;
  for (std::uint32_t i = 0; i < TcpColdSide::kResent && !known; ++i) {
    TcpColdSide::Range& r = c.resent[i];
    if (r.start == r.end || r.start < start || r.end > end) continue;
    known = (c.resent_spurious >> i & 1) != 0;
    if (found == nullptr || known) found = &r;
  }
  if (found == nullptr) return;
  if (!known) ++c.counters.spurious;
  *found = {};
}

void TcpJudge::stop_waiting_for_dsack() {
  TcpColdSide* c = existing(!in_.from_high);
  if (c != nullptr && in_.time_ns - c->resent_ns <= kDsackNs) return;
  if (c != nullptr) std::fill_n(c->resent, TcpColdSide::kResent, TcpColdSide::Range{});
  if ((other_.flags & kTcpTimingEcho) != 0) clear_flags(other_, kTcpTiming | kTcpTimingEcho);
  clear_flags(other_, kTcpResent);
}

}  // namespace panoptes
