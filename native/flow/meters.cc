#include "flow/meters.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>

namespace panoptes {
namespace {

// Segments beyond a hole or sent again, after which nobody waits for the rest of the first payload.
constexpr std::uint8_t kMostPayloadMisses = 4;

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
  side.gap_lead = -1;
  side.last_ns = p.time_ns;
  side.window_shift = 0xff;
  side.tcp_options = 0;
  side.mss = 0;
  if (flow.tcp == 0) side.tcp = {};  // else the other side has acknowledged into it
  if ((p.layers & kHasMac) != 0) {
    side.seen |= kSeenMac;
    side.mac_fold = fold_macs(p);
    std::memcpy(flow.mac[me], p.mac_src, 6);
    if ((flow.life & (me ? kLifeLowSent : kLifeHighSent)) == 0) {
      std::memcpy(flow.mac[!me], p.mac_dst, 6);
    }
  }
}

// The first packet of a side in a record.
void start_record(Side& side, const Packet& p, std::int64_t time) {
  side.first_ns = time;
  side.bytes = 0;
  side.app_bytes = 0;
  side.gap_m2 = 0;
  side.min_size = std::numeric_limits<std::uint32_t>::max();
  side.max_size = 0;
  side.ip_flags = 0;
  side.gap_min = std::numeric_limits<std::int64_t>::max();
  side.gap_max = 0;
  side.window_min = 0xffff;
  side.window_max = 0;
  side.ttl_min = side.ttl_max = p.ttl;
  side.tcp_flags = 0;
}

// The n-th gap, `gap`, of which the others have the sum `before`: Welford's step without a mean to
// keep, as the sum is known from the times.
void count_gap(Side& side, std::int64_t gap, std::int64_t before) {
  const double n = side.packets + (side.gap_lead >= 0 ? 1 : 0);
  if (n > 1) {
    const double delta = static_cast<double>(gap) * (n - 1) - static_cast<double>(before);
    side.gap_m2 += delta * delta / (n * (n - 1));
  }
  side.gap_min = std::min(side.gap_min, gap);
  side.gap_max = std::max(side.gap_max, gap);
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
    if (flow.syn_ack_ns == 0) flow.syn_ack_ns = p.time_ns;
    flow.tcp_state |= kStateSynAck;
  } else {
    if (flow.syn_ns == 0) flow.syn_ns = p.time_ns;
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
      if (acked == 1) flow.ack_ns = p.time_ns;
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
  flow.syn_ns = flow.syn_ack_ns = flow.ack_ns = 0;
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
  flow.dns = (first.layers & kIsDns) != 0;
  flow.has_icmp = (first.layers & kHasIcmp) != 0;
  flow.icmp_has_id = (first.layers & kHasIcmpId) != 0;
}

void meter(Flow& flow, const Packet& p, TcpMeters& tcp) {
  const bool me = p.from_high;
  Side& side = flow.side[me];
  std::int64_t quiet = -1;
  const std::uint16_t last_ip_id = side.ip_id;
  if ((flow.life & (me ? kLifeHighSent : kLifeLowSent)) == 0) {
    start_side(flow, side, p, me);
    start_record(side, p, p.time_ns);
  } else {
    // Time that runs backwards is a gap of 0, so that the sum of the gaps stays last - first +
    // lead.
    const std::int64_t gap = std::max<std::int64_t>(p.time_ns - side.last_ns, 0);
    std::int64_t before = gap_sum(side);
    quiet = gap;
    side.last_ns += gap;
    if (side.packets == 0) {
      start_record(side, p, side.last_ns);
      side.gap_lead = gap;
      before = 0;
    }
    count_gap(side, gap, before);
  }
  flow.last_ns = std::max(flow.last_ns, p.time_ns);
  ++side.packets;
  side.bytes += p.wire_bytes;
  side.app_bytes += p.payload_bytes;
  side.min_size = std::min(side.min_size, p.wire_bytes);
  side.max_size = std::max(side.max_size, p.wire_bytes);
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
    tcp.track(flow, p, quiet, last_ip_id);
  }
}

bool keep_payload(Flow& flow, const Packet& p, PayloadPool& pool) {
  const bool me = p.from_high;
  Side& side = flow.side[me];
  if (flow.payload == 0) {
    flow.payload = pool.allocate();
    if (flow.payload == 0) {
      side.seen |= kSeenPayload;
      return false;
    }
  }
  const std::uint32_t have = pool.length(flow.payload, me);
  const std::uint8_t* data = p.payload;
  std::uint32_t n = p.payload_captured;
  if ((p.layers & kHasTcp) != 0) {
    // Only what continues the stream: repeated bytes are left out, bytes beyond a hole are not
    // taken.
    const std::uint32_t start =
        side.tcp.base + ((side.seen & kSeenSyn) != 0 && (p.tcp_flags & kSyn) == 0 ? 1 : 0);
    const auto offset = static_cast<std::int32_t>(p.seq - start);
    const std::int64_t skip = static_cast<std::int64_t>(have) - offset;
    if (skip < 0 || skip >= n) {
      const int shift = me ? 4 : 0;
      flow.payload_misses = static_cast<std::uint8_t>(flow.payload_misses + (1 << shift));
      if ((flow.payload_misses >> shift & 15) == kMostPayloadMisses) side.seen |= kSeenPayload;
      return true;
    }
    data += skip;
    n -= static_cast<std::uint32_t>(skip);
  }
  if (pool.append(flow.payload, me, data, n) == pool.limit()) side.seen |= kSeenPayload;
  return true;
}

}  // namespace panoptes
