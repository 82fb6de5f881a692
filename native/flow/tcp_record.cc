// What records take from a TCP flow, and the end of its cold block.
#include <algorithm>

#include "flow/tcp_judge.h"

namespace panoptes {

bool take_rtt_sample(TcpSideState& sender, RttState& rtt, std::int64_t now_ns) {
  clear_flags(sender, kTcpTiming);
  if (now_ns < sender.rtt_ns) return false;  // time ran backwards
  return add_rtt_sample(rtt, now_ns - sender.rtt_ns);
}

TcpCounters take_tcp_counters(TcpSideState& me, TcpFlowState flow, bool high, std::int64_t now_ns,
                              TcpColdPool& pool) {
  TcpCounters out;
  if (has_block(flow)) {
    TcpColdSide& c = pool.side(flow.cold, high);
    if ((me.flags & kTcpStalled) != 0 && now_ns > c.stalled_since) {
      c.counters.stalled_ns += now_ns - c.stalled_since;
      c.stalled_since = now_ns;
    }
    out = c.counters;
    c.counters = {};
    for (TcpColdSide::Range& r : c.resent) r = {};
  }
  const auto repeats = static_cast<std::uint32_t>(me.flags >> kTcpSynRepeatsShift);
  out.retrans += repeats;
  out.syn_repeats += repeats;
  clear_flags(me, kTcpSynRepeats);
  return out;
}

void close_tcp(TcpSideState& low, TcpSideState& high, TcpFlowState flow, TcpColdPool& pool) {
  TcpSideState* sides[] = {&low, &high};
  for (std::uint32_t i = 0; i < 2; ++i) {
    TcpSideState& side = *sides[i];
    if ((side.flags & kTcpAckAhead) == 0) continue;
    if (flow.cold == 0) flow.cold = pool.allocate();
    if (!has_block(flow)) {
      pool.count_exhausted();
      return;
    }
    const std::uint64_t acked = unwrap(side.next, side.acked);
    pool.side(flow.cold, i != 0).counters.gap_bytes += acked - side.next;
    side.next = acked;
    clear_flags(side, kTcpAckAhead);
  }
}

void release_tcp(TcpSideState& low, TcpSideState& high, TcpFlowState flow, TcpColdPool& pool,
                 bool end) {
  if (!has_block(flow)) {
    flow.cold = 0;
    return;
  }
  constexpr std::uint16_t kLive = kTcpHoles | kTcpStalled;
  if (!end) {
    if (((low.flags | high.flags) & kLive) != 0) return;
    const TcpCounters none;
    for (const bool side : {false, true}) {
      if (pool.side(flow.cold, side).counters != none) return;
    }
  }
  for (TcpSideState* side : {&low, &high}) {
    if ((side->flags & kTcpTimingEcho) != 0) clear_flags(*side, kTcpTiming);
    clear_flags(*side, kTcpTimingEcho | kTcpResent | kLive);
  }
  pool.release(flow.cold);
  flow.cold = 0;
}

}  // namespace panoptes
