#include "flow/tcp_meters.h"

#include <algorithm>

#include "flow/tcp_judge.h"

namespace panoptes {
namespace {

bool sent_ever(const Flow& flow, bool high) {
  return (flow.life & (high ? kLifeHighSent : kLifeLowSent)) != 0;
}

}  // namespace

// The state of a side that sent nothing is undefined up to here, so that a SYN without an answer
// touches one side only.
void TcpMeters::open(Flow& flow) {
  flow.tcp_open = 1;
  flow.tcp_cold = 0;
  flow.rtt[0] = flow.rtt[1] = {};
  for (const bool high : {false, true}) {
    if (!sent_ever(flow, high)) flow.side[high].tcp = {};
  }
}

// Nothing of the other side was seen that acknowledges: the first number is the limit.
bool TcpMeters::follows_first(const TcpSideState& me, std::uint32_t seq) {
  return unwrap(me.next, seq) > unwrapped_base(me) + ((me.flags & kTcpSyn) != 0 ? 1 : 0);
}

TcpMeters::Tracked TcpMeters::track_odd(Flow& flow, const Packet& p, std::int64_t quiet_ns,
                                        std::uint16_t last_ip_id) {
  const bool me = p.from_high;
  TcpSegment segment{.time_ns = p.time_ns,
                     .quiet_ns = quiet_ns,
                     .seq = p.seq,
                     .ack = p.ack,
                     .payload_bytes = p.payload_bytes,
                     .flags = p.tcp_flags,
                     .from_high = me,
                     .duplicate = (p.layers & kIsDuplicate) != 0,
                     .part = false,
                     .has_ip_id = p.key.kind == FlowKind::ipv4,
                     .ip_id = p.ip_id,
                     .last_ip_id = last_ip_id,
                     .window = p.window,
                     .options = p.options,
                     .options_captured = p.options_captured,
                     .has_sack = (p.tcp_options & kOptSack) != 0};
  if ((p.layers & kIsFragment) != 0) [[unlikely]] {
    segment.payload_bytes = p.fragment.tcp_bytes;
    segment.part = p.fragment.offset != 0 || p.fragment.tcp_bytes == 0;
    if (!p.fragment.tcp_last) segment.flags &= static_cast<std::uint8_t>(~kFin);
  }
  if (flow.tcp_open == 0) {
    const bool first = quiet_ns < 0 && !sent_ever(flow, !me);
    if (first && (p.tcp_flags & (kSyn | kAck | kRst | kFin)) == kSyn &&
        segment.payload_bytes == 0 && !segment.duplicate) {
      start_with_syn(flow.side[me].tcp, segment);  // needs no more than its side's own state
      return {};
    }
    open(flow);
  }
  const TcpResult result =
      panoptes::track(flow.side[me].tcp, flow.side[!me].tcp, state_of(flow), segment, cold_);
  return {segment.payload_bytes != 0 && ends_active_gap(flow, segment, result.verdict),
          result.full};
}

bool TcpMeters::sent_again(Flow& flow, const Packet& p) {
  if ((p.layers & kHasTcp) == 0 || p.ip_id != 0 || flow.tcp_open == 0) return false;
  TcpSegment segment{};
  segment.seq = p.seq;
  segment.payload_bytes = p.payload_bytes;
  segment.flags = p.tcp_flags;
  segment.from_high = p.from_high;
  return TcpJudge(flow.side[p.from_high].tcp, flow.side[!p.from_high].tcp, state_of(flow), segment,
                  cold_)
      .asked_for();
}

// `segment` has data. Its side's state is that after it, which changes nothing: what a side has
// sent moves no acknowledgement of its own.
bool TcpMeters::ends_active_gap(Flow& flow, const TcpSegment& segment, TcpVerdict verdict) const {
  const bool me = segment.from_high;
  if (segment.window == 0 || is_closed(flow.side[!me].tcp)) return false;
  if (!follows_unacknowledged(flow.side[me].tcp, segment.seq)) return false;
  switch (verdict) {
    case TcpVerdict::in_order:
    case TcpVerdict::jump:
    case TcpVerdict::out_of_order:
      return true;
    case TcpVerdict::duplicate:
      return !copies_resend(flow, segment);
    default:
      return false;
  }
}

// Whether the original of a copy is one of the latest segments that were sent again.
bool TcpMeters::copies_resend(Flow& flow, const TcpSegment& copy) const {
  const TcpFlowState state = state_of(flow);
  if (!has_block(state) || (flow.side[copy.from_high].tcp.flags & kTcpResent) == 0) return false;
  const auto& resent = cold_.side(state.cold, copy.from_high).resent;
  return std::any_of(std::begin(resent), std::end(resent), [&](const TcpColdSide::Range& r) {
    return r.start != r.end && static_cast<std::uint32_t>(r.start) == copy.seq;
  });
}

TcpMeters::Taken TcpMeters::take(Flow& flow, bool end, TcpRecord& record, RttRecord& rtt) {
  Taken taken;
  if (flow.tcp_open == 0) return taken;
  const TcpFlowState state = state_of(flow);
  TcpSideState& low = flow.side[0].tcp;
  TcpSideState& high = flow.side[1].tcp;
  if (end) {
    close_tcp(low, high, state, cold_);
  } else {
    release_tcp(low, high, state, cold_, false);
  }
  if ((flow.rtt[0].samples | flow.rtt[1].samples) != 0) {
    taken.round_trips = true;
    rtt.kind = RttKind::by_protocol;
    for (const bool side : {false, true}) rtt.side[side] = take_rtt(flow.rtt[side]);
  }
  if (state.cold == 0 && ((low.flags | high.flags) & kTcpSynRepeats) == 0) return taken;
  for (const bool side : {false, true}) {
    // Of a side that sent nothing there may be what the other one's ACKs told: gaps.
    record.side[side] = take_tcp_counters(flow.side[side].tcp, state, side, flow.last_ns, cold_);
    taken.counters |= !(record.side[side] == TcpCounters{});
  }
  return taken;
}

void TcpMeters::release(Flow& flow) {
  if (flow.tcp_open == 0) return;
  release_tcp(flow.side[0].tcp, flow.side[1].tcp, state_of(flow), cold_, true);
  flow.tcp_open = 0;
}

}  // namespace panoptes
