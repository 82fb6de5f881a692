// What records take from a TCP flow, and the end of its cold block.
#include <algorithm>
#include <limits>

#include "flow/tcp_judge.h"

namespace panoptes {

namespace {

constexpr std::int64_t kMostRtt = (std::int64_t{1} << 40) - 1;

}  // namespace

void take_rtt_sample(TcpSideState& sender, TcpFlowState& flow, bool high, std::int64_t now_ns) {
  clear_flags(sender, kTcpTiming);
  if (now_ns < sender.rtt_ns) return;  // time ran backwards
  const std::int64_t sample = std::min(now_ns - sender.rtt_ns, kMostRtt);
  TcpRttState& rtt = flow.rtt[high];
  const auto low = static_cast<std::uint32_t>(sample);
  const auto top = static_cast<std::uint8_t>(sample >> 32);
  const auto as_ns = [](std::uint8_t h, std::uint32_t l) { return std::int64_t{h} << 32 | l; };
  if (rtt.samples == 0) rtt.mean = rtt.m2 = 0;
  if (rtt.samples == 0 || sample < as_ns(flow.min_high[high], rtt.min_low)) {
    flow.min_high[high] = top;
    rtt.min_low = low;
  }
  if (rtt.samples == 0 || sample > as_ns(flow.max_high[high], rtt.max_low)) {
    flow.max_high[high] = top;
    rtt.max_low = low;
  }
  ++rtt.samples;
  const double delta = static_cast<double>(sample) - rtt.mean;
  rtt.mean += delta / rtt.samples;
  rtt.m2 += delta * (static_cast<double>(sample) - rtt.mean);
  const auto least = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(sample, 1, std::numeric_limits<std::uint32_t>::max()));
  rtt.least_ns = rtt.least_ns == 0 ? least : std::min(rtt.least_ns, least);
}

TcpRtt take_tcp_rtt(TcpFlowState& flow, bool high) {
  TcpRttState& rtt = flow.rtt[high];
  const TcpRtt out{.mean = rtt.mean,
                   .m2 = rtt.m2,
                   .min_ns = std::int64_t{flow.min_high[high]} << 32 | rtt.min_low,
                   .max_ns = std::int64_t{flow.max_high[high]} << 32 | rtt.max_low,
                   .samples = rtt.samples};
  rtt.samples = 0;
  return out;
}

TcpCounters take_tcp_counters(TcpSideState& me, TcpFlowState& flow, bool high, std::int64_t now_ns,
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

void close_tcp(TcpSideState& low, TcpSideState& high, TcpFlowState& flow, TcpColdPool& pool) {
  TcpSideState* sides[] = {&low, &high};
  for (std::uint32_t i = 0; i < 2; ++i) {
    TcpSideState& side = *sides[i];
    if ((side.flags & kTcpAckAhead) == 0) continue;
    if (flow.cold == 0) flow.cold = pool.allocate();
    if (!has_block(flow)) return;
    const std::uint64_t acked = unwrap(side.next, side.acked);
    pool.side(flow.cold, i != 0).counters.gap_bytes += acked - side.next;
    side.next = acked;
    clear_flags(side, kTcpAckAhead);
  }
}

void release_tcp(TcpSideState& low, TcpSideState& high, TcpFlowState& flow, TcpColdPool& pool,
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
