// Tunnels: what an IP packet or a UDP datagram may carry instead of a transport layer. Never on the
// common path. Before it: ip.h and transport.h, which set kMayTunnel; the inner packet goes through
// link.h and ip.h again.
//
// Each kind has a decoder that looks at the payload and either finds the inner packet or declines:
// then the packet belongs to the flow of the last header reached. A decoder that is chosen by a UDP
// port has to prove its header before it believes the port.
#pragma once

#include <cstdint>

#include "decode/decoder.h"
#include "decode/layer.h"
#include "decode/link.h"
#include "decode/packet.h"

namespace panoptes {

// In Inner::protocol, where it is no ethertype. An Ethernet frame: its ethertype is inside.
inline constexpr std::uint32_t kInnerEthernet = 0x20000;
// A PPP frame, with or without its address and control bytes.
inline constexpr std::uint32_t kInnerPpp = 0x40000;
// Not a packet but the transport layer of the outer one, moved back by a header in front of it; the
// low byte is its IP protocol.
inline constexpr std::uint32_t kInnerTransport = 0x80000;

// What a tunnel carries.
struct Inner {
  TunnelType type = TunnelType::none;  // none: this is no tunnel after all
  bool has_id = false;
  bool id_in_key = false;      // the id is the same in both directions
  std::uint32_t id = 0;        // VNI, key, session ...
  std::uint32_t protocol = 0;  // ethertype, one of the above, or 0: by the IP version of the packet
  Layer packet{nullptr, 0, 0};
};

// Where the payload of `out` is.
inline Layer payload_of(const Packet& out) {
  return {out.payload, out.payload_captured, out.payload_bytes};
}
inline Inner no_tunnel() { return {}; }

// `out` is a decoded packet with kMayTunnel. Follows its tunnels inwards, at most
// options.max_tunnels; `out` becomes the innermost IP packet that can be decoded, with kHasTunnel.
[[gnu::noinline]] void decode_tunnels(Packet& out, const DecodeOptions& options);

// Whether the IP protocol may carry another packet.
bool may_tunnel(std::uint8_t protocol);

// One decoder a family. `out` is the outer packet, its payload what follows the IP or UDP header.
Inner open_ip_in_ip(const Packet& out);    // protocols 4 and 41
Inner open_gre(const Packet& out);         // 47: GRE, PPTP, NVGRE, ERSPAN
Inner open_other_ip(const Packet& out);    // 97, 115, 137: EtherIP, L2TPv3, MPLS
Inner open_ipsec(const Packet& out);       // 50, 51: ESP without encryption, AH
Inner open_udp_tunnel(const Packet& out);  // by port: VXLAN, GENEVE, GTP, Teredo ...

// A session of L2TPv3, over IP or over UDP: `in` begins with its id.
Inner open_l2tpv3(const Packet& out, Layer in);

// Network layer of a link or tunnel -> key, lengths, transport (decoder.cc).
Undecoded decode_network(const LinkEnd& link, Packet& out);

}  // namespace panoptes
