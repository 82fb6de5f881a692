#include "batch/record_columns.h"

#include <algorithm>
#include <span>

#include "batch/extra_columns.h"
#include "batch/gap_columns.h"
#include "batch/rtp_columns.h"
#include "batch/tcp_columns.h"
#include "decode/link_context.h"

namespace panoptes {
namespace {

bool has_ports(std::uint8_t protocol) {
  return protocol == 6 || protocol == 17 || protocol == 132 || protocol == 33 || protocol == 136;
}

// Low and high endpoint -> src and dst.
std::uint16_t oriented_state(const Flow& flow) {
  std::uint16_t s = flow.tcp_state;
  const auto scaled = [&](bool high) {
    const Side* side = flow.sent(high);
    return side != nullptr && (side->seen & kSeenScaledWindow) != 0;
  };
  if (scaled(false)) s |= kStateLowScaled;
  if (scaled(true)) s |= kStateHighScaled;
  if (!flow.src_is_high()) return s;
  constexpr std::uint16_t kLow = kStateLowFin | kStateLowFinAcked | kStateLowRst | kStateLowScaled;
  return static_cast<std::uint16_t>((s & ~(kLow | kLow << 1)) | ((s & kLow) << 1) |
                                    ((s >> 1) & kLow));
}
static_assert(kStateHighFin == kStateLowFin << 1 && kStateHighFinAcked == kStateLowFinAcked << 1 &&
              kStateHighRst == kStateLowRst << 1 && kStateHighScaled == kStateLowScaled << 1);

// What one endpoint sent, in the columns of its direction; nullptr: nothing in this record.
void add_side(SideColumns& c, std::uint32_t row, const Flow& flow, bool high, std::int64_t start,
              const RecordInfo& info) {
  const Side* sent = flow.sent(high);
  if (sent == nullptr) {
    c.packets[row] = 0;
    c.bytes[row] = c.app_bytes[row] = 0;
    return;
  }
  const Side& side = *sent;
  c.packets[row] = side.packets;
  c.bytes[row] = side.bytes;
  c.app_bytes[row] = side.app_bytes;
  c.first[c.set_sent.add(row)] = static_cast<std::uint64_t>(side.first_ns() - start);
  if (side.packets > 1) {
    const std::uint32_t at = c.set_several.add(row);
    c.span[at] = static_cast<std::uint64_t>(side.last_ns - side.first_ns());
    c.min_size[at] = side.min_size;
    c.max_size[at] = side.max_size;
    if (info.sizes != nullptr) add_sizes(c, row, side, *info.sizes);
  }
  if ((side.seen & kSeenVlan) != 0) c.vlan[c.set_vlan.add(row)] = flow.vlan[high];
  if (side.ip_flags != 0) c.ip_flags[c.set_ip_flags.add(row)] = side.ip_flags;
  add_gaps(c, row, flow, high, info);
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
  if (flow.key.kind == FlowKind::ipv4) c.ip_id[c.set_ipv4.add(row)] = side.ip_id;
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

// A cooked link names only the sender: all zero is unknown.
void add_mac(SideColumns& c, std::uint32_t row, const std::uint8_t* mac,
             Dictionary<6>& dictionary) {
  if ((mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]) == 0) return;
  c.mac[c.set_mac.add(row)] = dictionary.index_of(mac);
}

void add_payload(SideColumns& c, std::uint32_t row, std::span<const std::uint8_t> bytes,
                 std::string& blob) {
  if (bytes.empty()) return;
  c.payload[c.set_payload.add(row)] = static_cast<std::uint16_t>(bytes.size());
  blob.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void add_key(RecordColumns& to, std::uint32_t row, const Flow& flow) {
  Columns& c = to.columns;
  const FlowKey& key = flow.key;
  const bool high = flow.src_is_high();
  const std::uint8_t* src = high ? key.high_addr.data() : key.low_addr.data();
  const std::uint8_t* dst = high ? key.low_addr.data() : key.high_addr.data();
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
  if (key.kind == FlowKind::ipv4 || key.kind == FlowKind::ipv6) {
    c.protocol[c.set_ip.add(row)] = key.protocol;
    if (has_ports(key.protocol)) {
      const std::uint32_t at = c.set_ports.add(row);
      c.src_port[at] = high ? key.high_port : key.low_port;
      c.dst_port[at] = high ? key.low_port : key.high_port;
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

void add_tcp(Columns& c, std::uint32_t row, const Flow& flow) {
  c.tcp_state[c.set_tcp.add(row)] = oriented_state(flow);
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

std::optional<std::uint64_t> add_record(RecordColumns& to, std::uint32_t row, const Flow& flow,
                                        const RecordInfo& info) {
  Columns& c = to.columns;
  const Side* src = flow.sent(flow.src_is_high());
  const Side* dst = flow.sent(!flow.src_is_high());
  const FlowExtra* extra = info.extra;
  const bool silent = src == nullptr && dst == nullptr;
  const bool errors = extra != nullptr && extra->icmp_errors != 0;
  if (silent && !errors && info.tcp == nullptr) return std::nullopt;
  const std::int64_t start = silent && errors ? extra->icmp_error_ns
                             : silent         ? flow.last_ns
                             : src == nullptr ? dst->first_ns()
                             : dst == nullptr ? src->first_ns()
                                              : std::min(src->first_ns(), dst->first_ns());
  c.start[row] = static_cast<std::uint64_t>(start);
  c.flow_id[row] = flow.id;
  c.cause[row] = static_cast<std::uint8_t>(info.cause);
  c.reason[row] = static_cast<std::uint8_t>(info.reason);
  c.evidence[row] = static_cast<std::uint8_t>(flow.evidence);
  add_key(to, row, flow);
  const bool ip = flow.key.kind == FlowKind::ipv4 || flow.key.kind == FlowKind::ipv6;
  bool tcp = false;
  std::uint64_t packets = 0;
  for (const bool is_src : {true, false}) {
    SideColumns& side_columns = is_src ? c.src : c.dst;
    add_side(side_columns, row, flow, flow.src_is_high() == is_src, start, info);
    const Side* side = is_src ? src : dst;
    if (side == nullptr) continue;
    packets += side->packets;
    if (ip) add_ip_side(side_columns, row, flow, *side);
    if ((side->seen & kSeenTcp) == 0) continue;
    add_tcp_side(side_columns, row, *side);
    tcp = true;
  }
  if (info.tcp != nullptr) {
    add_tcp_record(c.src, row, *info.tcp, flow.src_is_high());
    add_tcp_record(c.dst, row, *info.tcp, !flow.src_is_high());
    tcp = true;
  }
  if (info.rtt != nullptr) add_rtt_record(c, row, *info.rtt, flow.src_is_high());
  if (tcp) add_tcp(c, row, flow);
  if (info.rtp != nullptr) {
    add_rtp_record(c.src, row, *info.rtp, flow.src_is_high());
    add_rtp_record(c.dst, row, *info.rtp, !flow.src_is_high());
  }
  add_inner_vlan(c, row, flow.key, extra);
  if (extra != nullptr) add_extra(to, row, *extra, flow.src_is_high());
  add_payload(c.src, row, info.src_payload, to.payload);
  add_payload(c.dst, row, info.dst_payload, to.payload);
  return packets;
}

void RecordColumns::clear() {
  columns.for_each_row_set([](RowSet& set) { set.clear(); });
  dictionaries.ipv4.clear();
  dictionaries.ipv6.clear();
  dictionaries.mac.clear();
  payload.clear();
}

}  // namespace panoptes
