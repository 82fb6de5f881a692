#include "flow/meters.h"

namespace panoptes {
namespace {

// When the first SYN and the first SYN-ACK came, in whatever order.
void note_syn(Flow& flow, std::int64_t time_ns) {
  if ((flow.tcp_state & kStateSyn) != 0) return;
  if ((flow.tcp_state & kStateSynAck) == 0) {
    flow.handshake_ns = time_ns;
  } else if (time_ns <= flow.handshake_ns) {
    flow.synack.set(flow.handshake_ns - time_ns);
    flow.handshake_ns = time_ns;
  }
}

void note_syn_ack(Flow& flow, std::int64_t time_ns) {
  if ((flow.tcp_state & kStateSynAck) != 0) return;
  if ((flow.tcp_state & kStateSyn) != 0 && time_ns >= flow.handshake_ns) {
    flow.synack.set(time_ns - flow.handshake_ns);
  } else {
    flow.handshake_ns = time_ns;
  }
}

// After a SYN-ACK.
void note_its_ack(Flow& flow, std::int64_t time_ns) {
  const std::int64_t syn_ack_ns = flow.handshake_ns + (flow.synack.known() ? flow.synack.ns() : 0);
  if (time_ns >= syn_ack_ns) flow.ackdat.set(time_ns - syn_ack_ns);
}

// Handshake, options and what the SYN alone says (RFC 9293 3.5, RFC 7323 2.2).
void meter_syn(Flow& flow, Side& side, const Packet& p, bool me) {
  if ((side.seen & kSeenSyn) == 0) {
    side.seen |= kSeenSyn;
    side.tcp.base = p.seq;
  }
  side.mss = p.mss;
  side.window_shift = p.window_shift;
  if ((p.tcp_flags & kAck) != 0) {
    note_syn_ack(flow, p.time_ns);
    flow.tcp_state |= kStateSynAck;
  } else {
    note_syn(flow, p.time_ns);
    flow.tcp_state |= kStateSyn;
  }
  if ((flow.life & (me ? kLifeLowSent : kLifeHighSent)) != 0) {
    const Side& other = flow.side[!me];
    if ((other.seen & kSeenSyn) != 0 && side.window_shift != 0xff && other.window_shift != 0xff) {
      flow.life |= kLifeScaling;
    }
  }
}

void meter_ack(Flow& flow, const Packet& p, bool me) {
  const std::uint16_t state = flow.tcp_state;
  if ((state & (kStateSynAck | kStateEstablished)) == kStateSynAck && (p.tcp_flags & kSyn) == 0 &&
      me == flow.src_is_high() && (flow.life & (me ? kLifeLowSent : kLifeHighSent)) != 0) {
    const Side& other = flow.side[!me];
    const auto acked = static_cast<std::int32_t>(p.ack - other.tcp.base);
    if ((other.seen & kSeenSyn) != 0 && acked >= 1) {
      flow.tcp_state |= kStateEstablished;
      if (acked == 1) note_its_ack(flow, p.time_ns);
    }
  }
  const std::uint16_t their_fin = me ? kStateLowFin : kStateHighFin;
  const std::uint16_t their_fin_acked = me ? kStateLowFinAcked : kStateHighFinAcked;
  if ((state & (their_fin | their_fin_acked)) == their_fin &&
      static_cast<std::int32_t>(p.ack - static_cast<std::uint32_t>(flow.side[!me].tcp.next)) >= 0) {
    flow.tcp_state |= their_fin_acked;
  }
}

}  // namespace

void start_side(Flow& flow, Side& side, const Packet& p) {
  const bool me = p.from_high;
  flow.life |= static_cast<std::uint8_t>(kLifeLowSent << me);
  side.seen = 0;
  side.last_ns = p.time_ns;
  side.window_shift = 0xff;
  side.tcp_options = 0;
  side.mss = 0;
  if (flow.tcp_open == 0)
    side.tcp = {};  // else the other side has acknowledged into it; also `rtp`
  side.mac_fold = fold_macs(p);
  if ((p.layers & kHasMac) != 0) {
    side.seen |= kSeenMac;
    std::memcpy(flow.mac[me], p.mac_src, 6);
    if ((flow.life & (me ? kLifeLowSent : kLifeHighSent)) == 0) {
      std::memcpy(flow.mac[!me], p.mac_dst, 6);
    }
  }
  side.packets = 0;
  start_record(side, p, p.time_ns, 0);
}

void start_record(Side& side, const Packet& p, std::int64_t time_ns, std::int64_t lead) {
  side.since_ns = time_ns - lead;
  side.detail.start(lead);
  side.bytes = 0;
  side.app_bytes = 0;
  side.gap_m2 = 0;
  side.min_size = std::numeric_limits<std::uint32_t>::max();
  side.max_size = 0;
  side.ip_flags = 0;
  side.window_min = 0xffff;
  side.window_max = 0;
  side.ttl = side.ttl_min = side.ttl_max = p.ttl;
  side.tcp_flags = 0;
}

void meter_tcp_odd(Flow& flow, Side& side, const Packet& p) {
  const bool me = p.from_high;
  const std::uint8_t flags = p.tcp_flags;
  side.tcp_flags |= flags;
  side.tcp_options |= p.tcp_options;
  if ((side.seen & kSeenTcp) == 0) {
    side.seen |= kSeenTcp;
    if ((side.tcp.flags & kTcpTracked) == 0) side.tcp.base = p.seq;
  }
  if ((flags & kSyn) != 0) meter_syn(flow, side, p, me);
  if ((flags & kRst) == 0) {
    if ((flags & kSyn) != 0) {
      side.seen &= static_cast<std::uint8_t>(~kSeenScaledWindow);  // a SYN's own is never scaled
    } else {
      if ((flow.life & kLifeScaling) != 0) side.seen |= kSeenScaledWindow;
      side.window_min = std::min(side.window_min, p.window);
      side.window_max = std::max(side.window_max, p.window);
    }
    side.seen |= kSeenWindow;
  } else {
    flow.tcp_state |= me ? kStateHighRst : kStateLowRst;
  }
  if ((flags & kAck) != 0) meter_ack(flow, p, me);
  if ((flags & kFin) != 0) flow.tcp_state |= me ? kStateHighFin : kStateLowFin;
}

void start_account(Flow& flow, const Packet& first) {
  flow.key = first.key;
  flow.last_ns = first.time_ns;
  flow.life = kLifeWeak;
  flow.tcp_state = 0;
  flow.handshake_ns = 0;
  flow.synack = flow.ackdat = {};
  flow.gap_classes = 0;
  flow.payload = 0;
  std::memset(flow.mac, 0, sizeof flow.mac);
  flow.vlan[0] = flow.vlan[1] = 0;
  flow.detail = 0;
  if ((first.layers & kHasIcmp) != 0) {
    flow.detail = static_cast<std::uint16_t>(first.icmp_type << 8 | first.icmp_code);
  } else if (first.key.kind == FlowKind::arp || first.key.kind == FlowKind::rarp) {
    flow.detail = first.arp_operation;
  }
  flow.extra = 0;
  flow.tcp_open = 0;
  flow.payload_misses = 0;
  flow.has_spi = (first.layers & kHasSpi) != 0;
  flow.no_rtp = 0;
  flow.dns = (first.layers & kIsDns) != 0;
  flow.quic = 0;
  flow.has_icmp = (first.layers & kHasIcmp) != 0;
  flow.icmp_has_id = (first.layers & kHasIcmpId) != 0;
}

}  // namespace panoptes
