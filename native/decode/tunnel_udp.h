// Tunnels in UDP, one decoder each; tunnel_udp.cc calls them by port. What they share is here: a
// port proves nothing, so each one checks its own header, and where that is weak the inner one too.
#pragma once

#include <cstdint>

#include "base/endian.h"
#include "decode/layer.h"
#include "decode/link.h"
#include "decode/tunnel.h"

namespace panoptes {

// Whether the rest of the datagram follows in other fragments, so that lengths inside may exceed
// what is here.
inline bool is_first_fragment(const Packet& out) { return (out.layers & kIsFragment) != 0; }

// Bytes of the IP packet that begins `in`, by its own header, header included; 0: no header of
// version 4 or 6 that can be. The checksum is not asked for: it is not right in every capture.
inline std::uint32_t stated_ip_length(Layer in) {
  const std::uint8_t* ip = in.peek(20);
  if (ip == nullptr) return 0;
  if (ip[0] >> 4 == 4) {
    const std::uint32_t header = (ip[0] & 0x0fU) * 4;
    const std::uint32_t total = load_be16(ip + 2);
    return header >= 20 && total >= header ? total : 0;
  }
  return ip[0] >> 4 == 6 && in.peek(40) != nullptr ? 40U + load_be16(ip + 4) : 0;
}

// Whether `in` begins with an IP packet that fits into it. `more`: is_first_fragment().
inline bool holds_ip(Layer in, bool more) {
  const std::uint32_t length = stated_ip_length(in);
  return length != 0 && (length <= in.length() || more);
}

// Moves past `n` bytes; false: they were not captured.
inline bool take(Layer& in, std::uint32_t n) {
  if (in.peek(n) == nullptr) return false;
  in.advance(n);
  return true;
}

Inner open_vxlan(const Packet& out);
Inner open_vxlan_gpe(const Packet& out);
Inner open_geneve(const Packet& out);
Inner open_gtp(const Packet& out);   // GTP-U version 1
Inner open_gtp0(const Packet& out);  // the first version, with a port of its own
Inner open_l2tp(const Packet& out);  // versions 2 and 3
Inner open_teredo(const Packet& out);
Inner open_ayiya(const Packet& out);
Inner open_mpls_in_udp(const Packet& out);
Inner open_gre_in_udp(const Packet& out);

}  // namespace panoptes
