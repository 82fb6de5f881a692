#include "batch/record_columns.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "batch/extra_columns.h"
#include "batch/gap_columns.h"
#include "batch/rtp_columns.h"
#include "batch/tcp_columns.h"
#include "decode/link_context.h"

namespace panoptes {
namespace {

bool is_ip(FlowKind kind) { return kind == FlowKind::ipv4 || kind == FlowKind::ipv6; }

bool has_ports(std::uint8_t protocol) {
  return protocol == 6 || protocol == 17 || protocol == 132 || protocol == 33 || protocol == 136;
}

// What one endpoint sent in the record.
struct Sent {
  Sent(const Flow& flow, bool is_high) : side(flow.sent(is_high)), high(is_high) {
    if (side == nullptr) return;
    first_ns = side->first_ns();
    all_seen = side->seen;
  }
  bool seen(std::uint8_t what) const { return (all_seen & what) != 0; }

  const Side* side;  // nullptr: nothing
  bool high;         // the key's high endpoint
  std::uint8_t all_seen = 0;
  std::int64_t first_ns = 0;
};

// Low and high endpoint -> src and dst.
std::uint16_t oriented_state(const Flow& flow, const Sent& src, const Sent& dst) {
  std::uint16_t s = flow.tcp_state;
  if (src.seen(kSeenScaledWindow)) s |= src.high ? kStateHighScaled : kStateLowScaled;
  if (dst.seen(kSeenScaledWindow)) s |= dst.high ? kStateHighScaled : kStateLowScaled;
  if (!flow.src_is_high()) return s;
  constexpr std::uint16_t kLow = kStateLowFin | kStateLowFinAcked | kStateLowRst | kStateLowScaled;
  return static_cast<std::uint16_t>((s & ~(kLow | kLow << 1)) | ((s & kLow) << 1) |
                                    ((s >> 1) & kLow));
}
static_assert(kStateHighFin == kStateLowFin << 1 && kStateHighFinAcked == kStateLowFinAcked << 1 &&
              kStateHighRst == kStateLowRst << 1 && kStateHighScaled == kStateLowScaled << 1);

void add_volume_and_times(SideColumns& c, std::uint32_t row, const Flow& flow, const Sent& sent,
                          std::int64_t start, const RecordInfo& info) {
  const Side& side = *sent.side;
  c.packets[row] = side.packets;
  c.bytes[row] = side.bytes;
  c.app_bytes[row] = side.app_bytes;
  c.first[c.set_sent.add(row)] = static_cast<std::uint64_t>(sent.first_ns - start);
  if (side.packets > 1) {
    const std::uint32_t at = c.set_several.add(row);
    c.span[at] = static_cast<std::uint64_t>(side.last_ns - sent.first_ns);
    c.min_size[at] = side.min_size;
    c.max_size[at] = side.max_size;
    if (info.sizes != nullptr) add_sizes(c, row, side, *info.sizes);
  }
  c.vlan[c.set_vlan.add_if(row, (side.seen & kSeenVlan) != 0)] = flow.vlan[sent.high];
  c.ip_flags[c.set_ip_flags.add_if(row, side.ip_flags != 0)] = side.ip_flags;
  add_gaps(c, row, flow, sent.high, info);
}

void add_ip_side(SideColumns& c, std::uint32_t row, const Flow& flow, const Side& side) {
  const std::uint32_t at = c.set_ip.add(row);
  c.ttl[at] = side.ttl;
  c.tos[at] = side.tos;
  if (side.ttl_min != side.ttl_max) {
    const std::uint32_t varied = c.set_ttl_varied.add(row);
    c.ttl_min[varied] = side.ttl_min;
    c.ttl_max[varied] = side.ttl_max;
  }
  c.ip_id[c.set_ipv4.add_if(row, flow.key.kind == FlowKind::ipv4)] = side.ip_id;
}

void add_tcp_side(SideColumns& c, std::uint32_t row, const Side& side) {
  const std::uint32_t at = c.set_tcp.add(row);
  c.tcp_flags[at] = side.tcp_flags;
  c.tcp_options[at] = side.tcp_options;
  c.tcp_base[at] = side.tcp.base;
  if (side.mss != 0) c.mss[c.set_mss.add(row)] = side.mss;
  if (side.window_shift != 0xff) {
    c.window_shift[c.set_window_shift.add(row)] = side.window_shift;
  }
  if ((side.seen & kSeenWindow) != 0) c.window[c.set_window.add(row)] = side.tcp.window;
  if (side.window_min < side.window_max) {
    const std::uint32_t varied = c.set_window_varied.add(row);
    c.window_min[varied] = side.window_min;
    c.window_max[varied] = side.window_max;
  }
}

// What one endpoint sent, in the columns of its direction; the number of packets.
std::uint32_t add_direction(SideColumns& c, std::uint32_t row, const Flow& flow, const Sent& sent,
                            std::int64_t start, const RecordInfo& info) {
  if (sent.side == nullptr) {
    c.packets[row] = 0;
    c.bytes[row] = c.app_bytes[row] = 0;
    return 0;
  }
  add_volume_and_times(c, row, flow, sent, start, info);
  if (is_ip(flow.key.kind)) add_ip_side(c, row, flow, *sent.side);
  if (sent.seen(kSeenTcp)) add_tcp_side(c, row, *sent.side);
  return sent.side->packets;
}

// A cooked link names only the sender: all zero is unknown.
void add_mac(SideColumns& c, std::uint32_t row, const std::uint8_t* mac,
             Dictionary<6>& dictionary) {
  constexpr std::uint8_t kUnknown[6] = {};
  if (std::memcmp(mac, kUnknown, sizeof kUnknown) == 0) return;
  const std::uint32_t at = c.set_mac.add(row);
  const std::uint16_t before = at == 0 ? 0 : c.mac[at - 1];  // mostly it is the same router
  c.mac[at] = at != 0 && dictionary.holds(before, mac) ? before : dictionary.index_of(mac);
}

void add_payload(SideColumns& c, std::uint32_t row, std::span<const std::uint8_t> bytes,
                 GrowingBytes& all) {
  if (bytes.empty()) return;
  c.payload[c.set_payload.add(row)] = static_cast<std::uint16_t>(bytes.size());
  all.append(bytes);
}

void add_key(RecordColumns& to, std::uint32_t row, const Flow& flow) {
  Columns& c = to.columns;
  const FlowKey& key = flow.key;
  const bool high = flow.src_is_high();
  // Which endpoint is src is as good as random: no branches on it.
  const std::uint8_t* const addresses[] = {key.low_addr.data(), key.high_addr.data()};
  const std::uint8_t* src = addresses[high];
  const std::uint8_t* dst = addresses[!high];
  c.kind[row] = static_cast<std::uint8_t>(key.kind);
  if (key.link_context != 0) c.link_context[c.set_link.add(row)] = key.link_context;
  Dictionaries& d = to.dictionaries;
  switch (key.kind) {
    case FlowKind::ipv4:
    case FlowKind::arp:
      c.src_address[row] = d.ipv4.index_of(src);
      c.dst_address[row] = d.ipv4.index_of(dst);
      break;
    case FlowKind::ipv6:
      c.src_address[row] = d.ipv6.index_of(src);
      c.dst_address[row] = d.ipv6.index_of(dst);
      break;
    default:
      c.src_address[row] = d.mac.index_of(src);
      c.dst_address[row] = d.mac.index_of(dst);
      break;
  }
  if (is_ip(key.kind)) {
    c.protocol[c.set_ip.add(row)] = key.protocol;
    if (has_ports(key.protocol)) {
      const std::uint32_t at = c.set_ports.add(row);
      const std::uint16_t ports[] = {key.low_port, key.high_port};
      c.src_port[at] = ports[high];
      c.dst_port[at] = ports[!high];
    }
    if (flow.dns != 0) c.dns_id[c.set_dns.add(row)] = key.aux;
    if (flow.has_spi != 0) {
      c.spi[c.set_spi.add(row)] =
          std::uint32_t{key.icmp_type} << 24 | std::uint32_t{key.icmp_code} << 16 | key.aux;
    }
    if (key.protocol == 1 || key.protocol == 58) {
      if (flow.has_icmp != 0) {
        const std::uint32_t at = c.set_icmp.add(row);
        c.icmp_type[at] = static_cast<std::uint8_t>(flow.detail >> 8);
        c.icmp_code[at] = static_cast<std::uint8_t>(flow.detail);
      }
      if (flow.icmp_has_id != 0) c.icmp_id[c.set_icmp_id.add(row)] = key.aux;
    }
  } else if (key.kind == FlowKind::ethernet) {
    c.ethertype[c.set_ethernet.add(row)] = key.aux;
  } else {
    c.arp_operation[c.set_arp.add(row)] = flow.detail;
  }
  if (flow.has_mac()) {
    add_mac(c.src, row, flow.mac[high], d.mac);
    add_mac(c.dst, row, flow.mac[!high], d.mac);
  }
}

void add_inner_vlan(Columns& c, std::uint32_t row, const FlowKey& key, const FlowExtra* extra) {
  const bool hashed = (key.link_context & kHashedContext) != 0;
  std::uint32_t id = hashed ? 0 : key.link_context >> 12;
  if (id == 0 && extra != nullptr) id = extra->inner_vlan;
  if (id != 0) c.inner_vlan[c.set_inner_vlan.add(row)] = static_cast<std::uint16_t>(id);
}

void add_tcp(Columns& c, std::uint32_t row, const Flow& flow, const Sent& src, const Sent& dst) {
  c.tcp_state[c.set_tcp.add(row)] = oriented_state(flow, src, dst);
  if (flow.synack.known()) {
    c.synack[c.set_synack.add(row)] = static_cast<std::uint64_t>(flow.synack.ns());
  }
  if (flow.ackdat.known()) {
    c.ackdat[c.set_ackdat.add(row)] = static_cast<std::uint64_t>(flow.ackdat.ns());
  }
}

void add_rtt_record(Columns& c, std::uint32_t row, const RttRecord& rtt, bool src_is_high) {
  add_round_trips(c.src, row, rtt.side[src_is_high]);
  add_round_trips(c.dst, row, rtt.side[!src_is_high]);
  if (rtt.kind == RttKind::by_protocol) return;
  c.rtt_kind[c.set_rtt_kind.add(row)] = static_cast<std::uint8_t>(rtt.kind);
}

}  // namespace

// In one piece, so that the row's place in the bits of sets is reckoned once.
[[gnu::flatten]] bool add_record(RecordColumns& to, std::uint32_t row, const Flow& flow,
                                 const RecordInfo& info, std::uint64_t& packets) {
  Columns& c = to.columns;
  const Sent src(flow, flow.src_is_high());
  const Sent dst(flow, !flow.src_is_high());
  const FlowExtra* extra = info.extra;
  const bool silent = src.side == nullptr && dst.side == nullptr;
  const bool errors = extra != nullptr && extra->icmp_errors != 0;
  if (silent && !errors && info.tcp == nullptr) return false;
  const std::int64_t start = silent && errors      ? extra->icmp_error_ns
                             : silent              ? flow.last_ns
                             : src.side == nullptr ? dst.first_ns
                             : dst.side == nullptr ? src.first_ns
                                                   : std::min(src.first_ns, dst.first_ns);
  c.start[row] = static_cast<std::uint64_t>(start);
  c.flow_id[row] = flow.id;
  c.cause[row] = static_cast<std::uint8_t>(info.cause);
  c.reason[row] = static_cast<std::uint8_t>(info.reason);
  c.evidence[row] = static_cast<std::uint8_t>(flow.evidence);
  add_key(to, row, flow);
  packets += add_direction(c.src, row, flow, src, start, info);
  packets += add_direction(c.dst, row, flow, dst, start, info);
  if (info.tcp != nullptr) {
    add_tcp_record(c.src, row, *info.tcp, src.high);
    add_tcp_record(c.dst, row, *info.tcp, dst.high);
  }
  if (info.rtt != nullptr) add_rtt_record(c, row, *info.rtt, src.high);
  if (info.tcp != nullptr || src.seen(kSeenTcp) || dst.seen(kSeenTcp)) {
    add_tcp(c, row, flow, src, dst);
  }
  if (info.drops != 0) c.capture_drops[c.set_capture_drops.add(row)] = info.drops;
  if (info.rtp != nullptr) {
    add_rtp_record(c.src, row, *info.rtp, flow.src_is_high());
    add_rtp_record(c.dst, row, *info.rtp, !flow.src_is_high());
  }
  add_inner_vlan(c, row, flow.key, extra);
  if (extra != nullptr) add_extra(to, row, *extra, flow.src_is_high());
  add_payload(c.src, row, info.src_payload, to.payload);
  add_payload(c.dst, row, info.dst_payload, to.payload);
  return true;
}

void RecordColumns::clear() {
  columns.for_each_row_set([](RowSet& set) { set.clear(); });
  dictionaries.ipv4.clear();
  dictionaries.ipv6.clear();
  dictionaries.mac.clear();
  payload.clear();
}

}  // namespace panoptes
