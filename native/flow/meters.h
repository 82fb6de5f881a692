// What is counted of each packet. All meters are always on. Called by flow_tracker for every
// packet, after the flow is known and before its life is looked at. meters.cc has what few packets
// need: the first ones of a flow, side and record, and the segments that open or close TCP.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "decode/transport.h"
#include "flow/flow.h"
#include "flow/gap_classes.h"
#include "flow/size_meter.h"
#include "flow/tcp_meters.h"

namespace panoptes {

// Starts the account of a flow with its first packet: everything but the packet itself.
void start_account(Flow& flow, const Packet& first);
// Of the first packet that an endpoint sends in the life of the flow.
void start_side(Flow& flow, Side& side, const Packet& p);
// The first packet of a side in a record; `lead` is the gap before it, at most SideDetail::kMost.
void start_record(Side& side, const Packet& p, std::int64_t time_ns, std::int64_t lead);
// A SYN, FIN or RST, or a segment of a connection that is not simply open.
void meter_tcp_odd(Flow& flow, Side& side, const Packet& p);

// Both MACs, twelve bytes that lie side by side, in a few instructions.
static_assert(offsetof(Packet, mac_src) == offsetof(Packet, mac_dst) + 6);
inline std::uint16_t fold_macs(const Packet& p) {
  std::uint64_t first;
  std::uint32_t rest;
  std::memcpy(&first, reinterpret_cast<const std::uint8_t*>(&p) + offsetof(Packet, mac_dst), 8);
  std::memcpy(&rest, p.mac_src + 2, 4);
  return static_cast<std::uint16_t>((first + rest * 0xd6e8feb86659fd93U) * 0x9e3779b97f4a7c15U >>
                                    48);
}

// Flags, options, window and handshake. A segment of an open connection, or of one whose beginning
// was not seen, says nothing of the handshake: true.
[[gnu::always_inline]] inline bool meter_tcp(Flow& flow, Side& side, const Packet& p) {
  constexpr std::uint16_t kOpen = kStateSynAck | kStateEstablished;
  const std::uint16_t state = flow.tcp_state & (kOpen | kStateClosing);
  const bool usual = (p.tcp_flags & (kSyn | kFin | kRst)) == 0 && (side.seen & kSeenTcp) != 0 &&
                     (state == kOpen || state == 0);
  if (!usual) [[unlikely]] {
    meter_tcp_odd(flow, side, p);
    return false;
  }
  static_assert(kSeenScaledWindow == kLifeScaling << 1);
  side.seen |= static_cast<std::uint8_t>(kSeenWindow | (flow.life & kLifeScaling) << 1);
  side.tcp_flags |= p.tcp_flags;
  side.tcp_options |= p.tcp_options;
  side.window_min = std::min(side.window_min, p.window);
  side.window_max = std::max(side.window_max, p.window);
  return true;
}

// What comes of a packet beyond its counts.
struct Metered {
  bool full = false;     // a count is: the record has to go out
  bool odd_tcp = false;  // a segment that may open or close the connection
};

// Counts the packet in its sender's side.
[[gnu::always_inline]] inline Metered meter(Flow& flow, const Packet& p, TcpMeters& tcp,
                                            GapMeter& gaps, SizeMeter& sizes) {
  const bool me = p.from_high;
  Side& side = flow.side[me];
  const std::uint16_t layers = p.layers;
  std::int64_t quiet = -1;
  if ((flow.life & (kLifeLowSent << me)) == 0) [[unlikely]] {
    start_side(flow, side, p);
  } else {
    // Time that runs backwards is a gap of 0, so that the sum of the gaps stays last - since.
    quiet = std::max<std::int64_t>(p.time_ns - side.last_ns, 0);
    side.last_ns += quiet;
    if (side.packets == 0) [[unlikely]] {
      start_record(side, p, side.last_ns, std::min(quiet, SideDetail::kMost));
      side.seen |= kSeenLead;
    }
  }
  flow.last_ns = std::max(flow.last_ns, p.time_ns);
  const std::uint32_t packets = ++side.packets;
  side.bytes += p.wire_bytes;
  side.app_bytes += p.payload_bytes;
  side.min_size = std::min(side.min_size, p.wire_bytes);
  side.max_size = std::max(side.max_size, p.wire_bytes);
  Metered out;
  out.full =
      sizes.count(side, p.wire_bytes) || packets == std::numeric_limits<std::uint32_t>::max();
  if (side.mac_fold != fold_macs(p) && (layers & kHasMac) != 0 && (side.seen & kSeenMac) != 0)
      [[unlikely]] {
    side.ip_flags |= kIpMacChanged;
  }
  if ((layers & kHasVlan) != 0) {
    side.seen |= kSeenVlan;
    flow.vlan[me] = p.vlan_outer;
  }
  const std::uint16_t last_ip_id = side.ip_id;
  if ((layers & kHasIp) != 0) {
    side.ip_flags |= p.ip_flags;
    side.tos = p.tos;
    side.ip_id = p.ip_id;
    if (p.ttl != side.ttl) [[unlikely]] {
      side.ttl = p.ttl;
      side.ttl_min = std::min(side.ttl_min, p.ttl);
      side.ttl_max = std::max(side.ttl_max, p.ttl);
    }
  }
  if ((layers & kHasTcp) != 0) {
    out.odd_tcp = !meter_tcp(flow, side, p);
    const TcpMeters::Tracked tracked = tcp.track(flow, p, quiet, last_ip_id);
    out.full |= tracked.full;
    if (quiet < 0) return out;
    if (tracked.active || flow.gap_classes != 0) {
      gaps.count_class(flow, me, quiet, tracked.active);
      return out;
    }
  } else if (quiet < 0) {
    return out;
  }
  GapMeter::count(side, quiet);
  return out;
}

}  // namespace panoptes
