#include "flow/tcp_meters.h"

namespace panoptes {
namespace {

bool sent_ever(const Flow& flow, bool high) {
  return (flow.life & (high ? kLifeHighSent : kLifeLowSent)) != 0;
}

}  // namespace

// The state of a side that sent nothing is undefined up to here, so that a SYN without an answer
// touches one side only.
bool TcpMeters::open(Flow& flow) {
  flow.tcp = flows_.allocate();
  if (flow.tcp == 0) return false;
  for (const bool high : {false, true}) {
    if (!sent_ever(flow, high)) flow.side[high].tcp = {};
  }
  return true;
}

void TcpMeters::track(Flow& flow, const Packet& p, std::int64_t quiet_ns,
                      std::uint16_t last_ip_id) {
  const bool me = p.from_high;
  const TcpSegment segment{.time_ns = p.time_ns,
                           .quiet_ns = quiet_ns,
                           .seq = p.seq,
                           .ack = p.ack,
                           .payload_bytes = p.payload_bytes,
                           .flags = p.tcp_flags,
                           .from_high = me,
                           .duplicate = (p.layers & kIsDuplicate) != 0,
                           .has_ip_id = p.key.kind == FlowKind::ipv4,
                           .ip_id = p.ip_id,
                           .last_ip_id = last_ip_id,
                           .window = p.window,
                           .options = p.options,
                           .options_captured = p.options_captured};
  if (flow.tcp == 0) [[unlikely]] {
    const bool first = quiet_ns < 0 && !sent_ever(flow, !me);
    if (first && (p.tcp_flags & (kSyn | kAck | kRst | kFin)) == kSyn && p.payload_bytes == 0 &&
        !segment.duplicate) {
      start_with_syn(flow.side[me].tcp, segment);  // needs no more than its side's own state
      return;
    }
    if (!open(flow)) return;
  }
  panoptes::track(flow.side[me].tcp, flow.side[!me].tcp, flows_[flow.tcp], segment, cold_);
}

bool TcpMeters::take(Flow& flow, bool end, TcpRecord& record) {
  if (flow.tcp == 0) return false;
  TcpFlowState& state = flows_[flow.tcp];
  TcpSideState& low = flow.side[0].tcp;
  TcpSideState& high = flow.side[1].tcp;
  if (end) {
    close_tcp(low, high, state, cold_);
  } else {
    release_tcp(low, high, state, cold_, false);
  }
  bool any = false;
  for (const bool side : {false, true}) {
    // A side that sent nothing keeps its counts for the next record.
    if (!end && flow.sent(side) == nullptr) {
      record.side[side] = {};
      record.rtt[side].samples = 0;
      continue;
    }
    record.side[side] = take_tcp_counters(flow.side[side].tcp, state, side, flow.last_ns, cold_);
    record.rtt[side] = take_tcp_rtt(state, side);
    any |= record.rtt[side].samples != 0 || !(record.side[side] == TcpCounters{});
  }
  return any;
}

void TcpMeters::release(Flow& flow) {
  if (flow.tcp == 0) return;
  release_tcp(flow.side[0].tcp, flow.side[1].tcp, flows_[flow.tcp], cold_, true);
  flows_.release(flow.tcp);
  flow.tcp = 0;
}

}  // namespace panoptes
