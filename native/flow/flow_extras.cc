#include "flow/flow_extras.h"

#include <cstring>

namespace panoptes {
namespace {

constexpr std::uint16_t kFull = 0xffff;

}  // namespace

FlowExtra* FlowExtras::open(Flow& flow) {
  if (flow.extra == 0) flow.extra = pool_.allocate();
  if (flow.extra != 0) return &pool_[flow.extra];
  ++skipped_;
  return nullptr;
}

void FlowExtras::start(Flow& flow, const Packet& first) {
  const bool tunnel = (first.layers & kHasTunnel) != 0;
  const bool inner_vlan = (first.layers & kHasVlan) != 0 && first.vlan_inner != 0 &&
                          (first.key.link_context & kHashedContext) != 0;
  if (!tunnel && !inner_vlan) return;
  FlowExtra* extra = open(flow);
  if (extra == nullptr) return;
  if (inner_vlan) extra->inner_vlan = first.vlan_inner;
  if (!tunnel) return;
  const Tunnel& t = first.tunnel;
  std::memcpy(extra->tunnel_src, t.src, sizeof extra->tunnel_src);
  std::memcpy(extra->tunnel_dst, t.dst, sizeof extra->tunnel_dst);
  extra->tunnel_id = t.has_id ? t.id : 0;
  extra->tunnel_type = t.type;
  extra->tunnel_depth = t.depth;
  extra->seen |= (t.ipv6 ? kExtraTunnelIpv6 : 0) | (t.has_id ? kExtraTunnelHasId : 0) |
                 (first.from_high ? kExtraTunnelSrcIsHigh : 0);
}

bool FlowExtras::note(Flow& flow, const Packet& p) {
  FlowExtra* extra = open(flow);
  if (extra == nullptr) return false;
  const bool me = p.from_high;
  if ((p.layers & kHasMpls) != 0) {
    extra->seen |= me ? kExtraHighMpls : kExtraLowMpls;
    extra->mpls[me][0] = static_cast<std::uint8_t>(p.mpls_label >> 16);
    extra->mpls[me][1] = static_cast<std::uint8_t>(p.mpls_label >> 8);
    extra->mpls[me][2] = static_cast<std::uint8_t>(p.mpls_label);
  }
  // A version negotiation has version 0 (RFC 9000 17.2.1): the one agreed upon comes after it.
  if ((p.layers & kIsQuic) != 0 && p.quic_version != 0) extra->quic_version = p.quic_version;
  bool full = false;
  const auto count = [&](bool there, std::uint16_t(&counts)[2]) {
    if (there) full |= ++counts[me] == kFull;
  };
  count((p.layers & kIsDuplicate) != 0, extra->duplicates);
  count((p.layers & kIsFragment) != 0, extra->fragments);
  count((p.tos & 3) == 3, extra->ce_packets);
  return full;
}

bool FlowExtras::note_error(Flow& flow, const Packet& error) {
  FlowExtra* extra = open(flow);
  if (extra == nullptr) return false;
  if (extra->icmp_errors == 0) extra->icmp_error_ns = error.time_ns;
  extra->icmp_error_type = error.icmp_type;
  extra->icmp_error_code = error.icmp_code;
  std::memcpy(extra->reporter, error.quote.reporter, sizeof extra->reporter);
  extra->seen = static_cast<std::uint8_t>(error.quote.ipv6 ? extra->seen | kExtraReporterIpv6
                                                           : extra->seen & ~kExtraReporterIpv6);
  flow.life |= kLifeDrewError;
  return ++extra->icmp_errors == kFull;
}

void FlowExtras::start_record(Flow& flow) {
  FlowExtra& extra = pool_[flow.extra];
  extra.icmp_errors = 0;
  for (const bool side : {false, true}) {
    extra.duplicates[side] = extra.fragments[side] = extra.ce_packets[side] = 0;
  }
  flow.life &= static_cast<std::uint8_t>(~kLifeDrewError);
}

void FlowExtras::release(Flow& flow) {
  pool_.release(flow.extra);
  flow.extra = 0;
}

}  // namespace panoptes
