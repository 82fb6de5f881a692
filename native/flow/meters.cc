#include "flow/meters.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>

#include "decode/transport.h"

namespace panoptes {
namespace {

// Both MACs, twelve bytes that lie side by side, in a few instructions.
static_assert(offsetof(Packet, mac_dst) == offsetof(Packet, mac_src) + 6);
std::uint16_t fold_macs(const Packet& p) {
  std::uint64_t first;
  std::uint32_t rest;
  std::memcpy(&first, &p.mac_src, 8);
  std::memcpy(&rest, p.mac_dst + 2, 4);
  return static_cast<std::uint16_t>((first + rest * 0xd6e8feb86659fd93U) * 0x9e3779b97f4a7c15U >>
                                    48);
}

// The first packet that an endpoint sends in the life of the flow.
void start_side(Flow& flow, Side& side, const Packet& p, bool me) {
  flow.life |= me ? kLifeHighSent : kLifeLowSent;
  side.packets = 0;
  side.seen = 0;
  side.last_ns = p.time_ns;
  side.window_shift = 0xff;
  side.tcp_options = 0;
  side.mss = 0;
  if (flow.tcp == 0) side.tcp = {};  // else the other side has acknowledged into it; also `rtp`
  if ((p.layers & kHasMac) != 0) {
    side.seen |= kSeenMac;
    side.mac_fold = fold_macs(p);
    std::memcpy(flow.mac[me], p.mac_src, 6);
    if ((flow.life & (me ? kLifeLowSent : kLifeHighSent)) == 0) {
      std::memcpy(flow.mac[!me], p.mac_dst, 6);
    }
  }
}

// The first packet of a side in a record; `lead` is the gap before it, at most SideDetail::kMost.
void start_record(Side& side, const Packet& p, std::int64_t time, std::int64_t lead) {
  side.since_ns = time - lead;
  side.detail.start(lead);
  side.bytes = 0;
  side.app_bytes = 0;
  side.gap_m2 = 0;
  side.min_size = std::numeric_limits<std::uint32_t>::max();
  side.max_size = 0;
  side.ip_flags = 0;
  side.window_min = 0xffff;
  side.window_max = 0;
  side.ttl_min = side.ttl_max = p.ttl;
  side.tcp_flags = 0;
}

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

void meter_tcp(Flow& flow, Side& side, const Packet& p, bool me) {
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

}  // namespace

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
  flow.tcp = 0;
  flow.payload_misses = 0;
  flow.has_spi = (first.layers & kHasSpi) != 0;
  flow.no_rtp = 0;
  flow.dns = (first.layers & kIsDns) != 0;
  flow.quic = 0;
  flow.has_icmp = (first.layers & kHasIcmp) != 0;
  flow.icmp_has_id = (first.layers & kHasIcmpId) != 0;
}

bool meter(Flow& flow, const Packet& p, TcpMeters& tcp, GapMeter& gaps, SizeMeter& sizes) {
  const bool me = p.from_high;
  Side& side = flow.side[me];
  std::int64_t quiet = -1;
  bool active = false;
  const std::uint16_t last_ip_id = side.ip_id;
  if ((flow.life & (me ? kLifeHighSent : kLifeLowSent)) == 0) {
    start_side(flow, side, p, me);
    start_record(side, p, p.time_ns, 0);
  } else {
    // Time that runs backwards is a gap of 0, so that the sum of the gaps stays last - since.
    quiet = std::max<std::int64_t>(p.time_ns - side.last_ns, 0);
    side.last_ns += quiet;
    if (side.packets == 0) {
      start_record(side, p, side.last_ns, std::min(quiet, SideDetail::kMost));
      side.seen |= kSeenLead;
    }
  }
  flow.last_ns = std::max(flow.last_ns, p.time_ns);
  ++side.packets;
  side.bytes += p.wire_bytes;
  side.app_bytes += p.payload_bytes;
  side.min_size = std::min(side.min_size, p.wire_bytes);
  side.max_size = std::max(side.max_size, p.wire_bytes);
  const bool full = sizes.count(side, p.wire_bytes);
  if ((p.layers & kHasMac) != 0 && (side.seen & kSeenMac) != 0 && side.mac_fold != fold_macs(p)) {
    side.ip_flags |= kIpMacChanged;
  }
  if ((p.layers & kHasVlan) != 0) {
    side.seen |= kSeenVlan;
    flow.vlan[me] = p.vlan_outer;
  }
  if ((p.layers & kHasIp) != 0) {
    side.ip_flags |= p.ip_flags;
    side.ttl = p.ttl;
    side.ttl_min = std::min(side.ttl_min, p.ttl);
    side.ttl_max = std::max(side.ttl_max, p.ttl);
    side.tos = p.tos;
    side.ip_id = p.ip_id;
  }
  if ((p.layers & kHasTcp) != 0) {
    meter_tcp(flow, side, p, me);
    active = tcp.track(flow, p, quiet, last_ip_id);
  }
  if (quiet >= 0) {
    if (p.key.protocol == kTcp && (active || flow.gap_classes != 0)) {
      gaps.count_class(flow, me, quiet, active);
    } else {
      GapMeter::count(side, quiet);
    }
  }
  return full || side.packets == std::numeric_limits<std::uint32_t>::max();
}

}  // namespace panoptes
