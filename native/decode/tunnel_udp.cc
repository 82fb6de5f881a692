// Tunnels in UDP are told by their port, on either side: answers come from it. The decoders are in
// tunnel_vxlan.cc, tunnel_gtp.cc, tunnel_l2tp.cc, tunnel_ipv6_udp.cc and tunnel_shim_udp.cc.
#include "decode/tunnel_udp.h"

namespace panoptes {
namespace {

// Each port here is one of kKnownPorts in transport.h.
Inner open_by_port(std::uint16_t port, const Packet& out) {
  switch (port) {
    case 1701:
      return open_l2tp(out);
    case 2152:
      return open_gtp(out);
    case 3386:
      return open_gtp0(out);
    case 3544:
      return open_teredo(out);
    case 4754:
      return open_gre_in_udp(out);
    case 4789:
    case 8472:  // Linux, from before the number was given
      return open_vxlan(out);
    case 4790:
      return open_vxlan_gpe(out);
    case 5072:
      return open_ayiya(out);
    case 6081:
      return open_geneve(out);
    case 6635:
      return open_mpls_in_udp(out);
    default:
      return no_tunnel();
  }
}

}  // namespace

Inner open_udp_tunnel(const Packet& out) {
  const std::uint16_t src = out.from_high ? out.key.high_port : out.key.low_port;
  const std::uint16_t dst = out.from_high ? out.key.low_port : out.key.high_port;
  const Inner inner = open_by_port(dst, out);
  if (inner.type != TunnelType::none || src == dst) return inner;
  return open_by_port(src, out);
}

}  // namespace panoptes
