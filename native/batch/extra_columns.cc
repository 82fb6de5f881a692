#include "batch/extra_columns.h"

namespace panoptes {
namespace {

std::uint16_t index_of(Dictionaries& d, const std::uint8_t* address, bool ipv6) {
  if (!ipv6) return d.ipv4.index_of(address);
  return static_cast<std::uint16_t>(d.ipv6.index_of(address) | kIpv6Index);
}

void add_tunnel(RecordColumns& to, std::uint32_t row, const FlowExtra& extra, bool src_is_high) {
  Columns& c = to.columns;
  const bool ipv6 = (extra.seen & kExtraTunnelIpv6) != 0;
  const bool as_src = ((extra.seen & kExtraTunnelSrcIsHigh) != 0) == src_is_high;
  const std::uint32_t at = c.set_tunnel.add(row);
  c.tunnel_type[at] = static_cast<std::uint8_t>(extra.tunnel_type);
  c.tunnel_src[at] = index_of(to.dictionaries, as_src ? extra.tunnel_src : extra.tunnel_dst, ipv6);
  c.tunnel_dst[at] = index_of(to.dictionaries, as_src ? extra.tunnel_dst : extra.tunnel_src, ipv6);
  if ((extra.seen & kExtraTunnelHasId) != 0) {
    c.tunnel_id[c.set_tunnel_id.add(row)] = extra.tunnel_id;
  }
  if (extra.tunnel_depth > 1) c.tunnel_depth[c.set_tunnel_depth.add(row)] = extra.tunnel_depth;
}

void add_extra_side(SideColumns& c, std::uint32_t row, const FlowExtra& extra, bool high) {
  if (extra.duplicates[high] != 0) {
    c.duplicates[c.set_duplicates.add(row)] = extra.duplicates[high];
  }
  if (extra.fragments[high] != 0) {
    c.fragments[c.set_fragments.add(row)] = extra.fragments[high];
  }
  if (extra.ce_packets[high] != 0) {
    c.ce_packets[c.set_ce_packets.add(row)] = extra.ce_packets[high];
  }
  if ((extra.seen & (high ? kExtraHighMpls : kExtraLowMpls)) == 0) return;
  const std::uint8_t* label = extra.mpls[high];
  c.mpls[c.set_mpls.add(row)] =
      std::uint32_t{label[0]} << 16 | std::uint32_t{label[1]} << 8 | label[2];
}

}  // namespace

void add_extra(RecordColumns& to, std::uint32_t row, const FlowExtra& extra, bool src_is_high) {
  Columns& c = to.columns;
  if (extra.tunnel_type != TunnelType::none) add_tunnel(to, row, extra, src_is_high);
  if (extra.icmp_errors != 0) {
    const std::uint32_t at = c.set_icmp_error.add(row);
    c.icmp_errors[at] = extra.icmp_errors;
    c.icmp_error_type[at] = extra.icmp_error_type;
    c.icmp_error_code[at] = extra.icmp_error_code;
    c.inode[at] = index_of(to.dictionaries, extra.reporter, (extra.seen & kExtraReporterIpv6) != 0);
  }
  add_extra_side(c.src, row, extra, src_is_high);
  add_extra_side(c.dst, row, extra, !src_is_high);
  if (extra.quic_version != 0) c.quic_version[c.set_quic.add(row)] = extra.quic_version;
}

}  // namespace panoptes
