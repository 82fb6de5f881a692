#include "decode/tunnel.h"

#include <cstring>

#include "decode/link_context.h"
#include "decode/transport.h"

namespace panoptes {
namespace {

constexpr std::uint8_t kIpv4InIp = 4, kIpv6InIp = 41, kGre = 47, kEsp = 50, kAh = 51, kEtherIp = 97,
                       kL2tpv3 = 115, kMplsInIp = 137;

Inner open_tunnel(Packet& out) {
  switch (out.key.protocol) {
    case kIpv4InIp:
    case kIpv6InIp:
      return open_ip_in_ip(out);
    case kGre:
      return open_gre(out);
    case kEtherIp:
    case kL2tpv3:
    case kMplsInIp:
      return open_other_ip(out);
    case kEsp:
    case kAh:
      return open_ipsec(out);
    case kUdp:
      return open_udp_tunnel(out);
    default:
      return no_tunnel();
  }
}

// The network layer inside the tunnel; error: there is none that can be decoded.
LinkEnd enter(const Inner& inner, std::uint32_t link_context, Packet& packet) {
  if (inner.protocol == kInnerEthernet) return decode_ethernet(inner.packet, link_context, packet);
  LinkEnd link{inner.packet, inner.protocol, link_context};
  if (inner.protocol == 0) {
    const std::uint8_t* ip = inner.packet.peek(1);
    const unsigned version = ip == nullptr ? 0U : *ip >> 4;
    link.protocol = version == 4 ? kEtherIpv4 : kEtherIpv6;
    if (version != 4 && version != 6) link.error = Undecoded::unknown_network;
    return link;
  }
  return resolve(link, packet);
}

void note_tunnel(Packet& packet, const Packet& outer, const Inner& inner, std::uint8_t depth) {
  Tunnel& t = packet.tunnel;
  const auto& src = outer.from_high ? outer.key.high_addr : outer.key.low_addr;
  const auto& dst = outer.from_high ? outer.key.low_addr : outer.key.high_addr;
  std::memcpy(t.src, src.data(), sizeof t.src);
  std::memcpy(t.dst, dst.data(), sizeof t.dst);
  t.id = inner.id;
  t.type = inner.type;
  t.ipv6 = outer.key.kind == FlowKind::ipv6;
  t.has_id = inner.has_id;
  t.depth = depth;
  packet.layers |= kHasTunnel;
}

// The frame's own link is that of the outermost packet.
void keep_link(Packet& packet, const Packet& outer) {
  constexpr std::uint16_t kLink = kHasMac | kHasVlan | kHasMpls;
  packet.layers = static_cast<std::uint16_t>((packet.layers & ~kLink) | (outer.layers & kLink));
  std::memcpy(packet.mac_src, outer.mac_src, sizeof packet.mac_src);
  std::memcpy(packet.mac_dst, outer.mac_dst, sizeof packet.mac_dst);
  packet.vlan_outer = outer.vlan_outer;
  packet.vlan_inner = outer.vlan_inner;
  packet.mpls_label = outer.mpls_label;
}

// The later fragments of the outer datagram belong to the inner flow.
void keep_fragment(Packet& packet, const Packet& outer) {
  if ((outer.layers & kIsFragment) == 0) return;
  packet.layers |= kIsFragment;
  packet.fragment = outer.fragment;
}

}  // namespace

bool may_tunnel(std::uint8_t protocol) {
  switch (protocol) {
    case kIpv4InIp:
    case kIpv6InIp:
    case kGre:
    case kEsp:
    case kAh:
    case kEtherIp:
    case kL2tpv3:
    case kMplsInIp:
      return true;
    default:
      return false;
  }
}

void decode_tunnels(Packet& out, const DecodeOptions& options) {
  for (std::uint8_t depth = 1; (out.layers & kMayTunnel) != 0; ++depth) {
    out.layers &= static_cast<std::uint16_t>(~kMayTunnel);
    if (depth > options.max_tunnels) return;
    const Inner inner = open_tunnel(out);
    if (inner.type == TunnelType::none) return;
    Packet packet;
    begin_packet(packet, out.time_ns, out.wire_bytes);
    const std::uint32_t context =
        add_tunnel(out.key.link_context, static_cast<std::uint8_t>(inner.type),
                   inner.id_in_key ? inner.id : 0);
    const LinkEnd link = enter(inner, context, packet);
    if (link.error != Undecoded::none) return;
    // Only an inner IP packet makes a flow of its own; others belong to the tunnel's.
    if (link.protocol != kEtherIpv4 && link.protocol != kEtherIpv6) return;
    if (decode_network(link, packet) != Undecoded::none) return;
    keep_link(packet, out);
    keep_fragment(packet, out);
    note_tunnel(packet, out, inner, depth);
    out = packet;
  }
}

Inner open_ip_in_ip(const Packet& out) {
  const bool inner6 = out.key.protocol == kIpv6InIp;
  const bool outer6 = out.key.kind == FlowKind::ipv6;
  Inner inner;
  inner.type = inner6 ? (outer6 ? TunnelType::sixin6 : TunnelType::sixin4)
                      : (outer6 ? TunnelType::fourin6 : TunnelType::ipip);
  inner.protocol = inner6 ? kEtherIpv6 : kEtherIpv4;
  inner.packet = payload_of(out);
  return inner;
}

}  // namespace panoptes
