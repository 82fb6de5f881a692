#include "decode/tunnel.h"

#include <cstring>
#include <utility>

#include "decode/ip.h"
#include "decode/link_context.h"

namespace panoptes {
namespace {

constexpr std::uint8_t kIpv4InIp = 4, kIpv6InIp = 41, kGre = 47, kEtherIp = 97, kL2tpv3 = 115,
                       kMplsInIp = 137;

Inner open_tunnel(const Packet& out) {
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
LinkEnd find_network(const Inner& inner, std::uint32_t link_context, Packet& packet) {
  LinkEnd link{inner.packet, inner.protocol, link_context};
  if (inner.protocol == kEtherIpv4 || inner.protocol == kEtherIpv6) return link;
  if (inner.protocol == kInnerEthernet) return decode_ethernet(inner.packet, link_context, packet);
  if (inner.protocol == kInnerPpp) {
    link = decode_ppp(link);
    return link.error == Undecoded::none ? resolve(link, packet) : link;
  }
  if (inner.protocol == 0) {
    const std::uint8_t* ip = inner.packet.peek(1);
    const unsigned version = ip == nullptr ? 0U : *ip >> 4;
    link.protocol = version == 4 ? kEtherIpv4 : kEtherIpv6;
    if (version != 4 && version != 6) link.error = Undecoded::unknown_network;
    return link;
  }
  return resolve(link, packet);
}

void note_tunnel(Packet& packet, const Packet& outer, const Inner& inner, unsigned depth) {
  Tunnel& t = packet.tunnel;
  const auto& src = outer.from_high ? outer.key.high_addr : outer.key.low_addr;
  const auto& dst = outer.from_high ? outer.key.low_addr : outer.key.high_addr;
  std::memcpy(t.src, src.data(), sizeof t.src);
  std::memcpy(t.dst, dst.data(), sizeof t.dst);
  t.id = inner.id;
  t.type = inner.type;
  t.ipv6 = outer.key.kind == FlowKind::ipv6;
  t.has_id = inner.has_id;
  t.depth = static_cast<std::uint8_t>(depth);
  packet.layers |= kHasTunnel;
}

// The frame's own link is that of the outermost packet; the label is of the innermost stack.
void keep_link(Packet& packet, const Packet& outer) {
  const std::uint16_t labels = (packet.layers | outer.layers) & kHasMpls;
  if ((packet.layers & kHasMpls) == 0) packet.mpls_label = outer.mpls_label;
  constexpr std::uint16_t kLink = kHasMac | kHasVlan;
  packet.layers =
      static_cast<std::uint16_t>((packet.layers & ~kLink) | (outer.layers & kLink) | labels);
  std::memcpy(packet.mac_src, outer.mac_src, sizeof packet.mac_src);
  std::memcpy(packet.mac_dst, outer.mac_dst, sizeof packet.mac_dst);
  packet.vlan_outer = outer.vlan_outer;
  packet.vlan_inner = outer.vlan_inner;
}

// The later fragments of the outer datagram belong to the inner flow.
void keep_fragment(Packet& packet, const Packet& outer) {
  if ((outer.layers & kIsFragment) == 0) return;
  packet.layers |= kIsFragment;
  packet.fragment = outer.fragment;
}

// The packet inside `outer`; false: there is none that makes a flow of its own.
bool enter_packet(const Inner& inner, std::uint32_t link_context, unsigned depth,
                  const Packet& outer, Packet& packet) {
  begin_packet(packet, outer.time_ns, outer.wire_bytes);
  const LinkEnd link = find_network(inner, link_context, packet);
  if (link.error != Undecoded::none) return false;
  if (link.protocol != kEtherIpv4 && link.protocol != kEtherIpv6) return false;
  if (decode_network(link, packet) != Undecoded::none) return false;
  keep_link(packet, outer);
  keep_fragment(packet, outer);
  note_tunnel(packet, outer, inner, depth);
  return true;
}

// The same IP header with what stands behind AH or ESP as its transport layer.
bool enter_transport(const Inner& inner, std::uint32_t link_context, unsigned depth, Packet& out) {
  const bool ipv6 = out.key.kind == FlowKind::ipv6;
  const auto next = static_cast<std::uint8_t>(inner.protocol);
  Ipv6End end{.transport = inner.packet, .protocol = next};
  if (ipv6) {
    end = decode_ipv6_extensions(inner.packet.position(), inner.packet.captured(),
                                 inner.packet.length(), next, false);
    if ((end.ip_flags & kIpFragment) != 0) return false;  // RFC 8200 4.1: it stands before AH
  }
  note_tunnel(out, out, inner, depth);
  out.layers &= static_cast<std::uint16_t>(~kHasSpi);
  out.ip_flags |= end.ip_flags;
  const auto src = out.from_high ? out.key.high_addr : out.key.low_addr;
  const auto dst = out.from_high ? out.key.low_addr : out.key.high_addr;
  const bool fragmented = (out.layers & kIsFragment) != 0;
  const KeyPart part =
      decode_transport(end.transport, {end.protocol, ipv6, fragmented, dst.data()}, out);
  put_wide_key(out, {load_le64(src.data()), load_le64(src.data() + 8)},
               {load_le64(dst.data()), load_le64(dst.data() + 8)}, link_context, part, end.protocol,
               out.key.kind);
  return true;
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
  Packet other;
  Packet* outer = &out;  // the last one that was decoded
  Packet* inner = &other;
  for (unsigned depth = 1; (outer->layers & kMayTunnel) != 0; ++depth) {
    outer->layers &= static_cast<std::uint16_t>(~kMayTunnel);
    if (depth > options.max_tunnels) break;
    const Inner found = open_tunnel(*outer);
    if (found.type == TunnelType::none) break;
    const std::uint32_t context =
        add_tunnel(outer->key.link_context, static_cast<std::uint8_t>(found.type),
                   found.id_in_key ? found.id : 0);
    if ((found.protocol & kInnerTransport) != 0) {
      if (!enter_transport(found, context, depth, *outer)) break;
    } else {
      if (!enter_packet(found, context, depth, *outer, *inner)) break;
      std::swap(outer, inner);
    }
  }
  if (outer != &out) out = *outer;
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
