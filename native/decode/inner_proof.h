// Proofs for tunnels that do not say what they carry: is this an IP packet, is its checksum right?
// Used by mpls.cc and tunnel_*.cc.
#pragma once

#include <cstdint>

#include "decode/layer.h"
#include "decode/packet.h"

namespace panoptes {

// Bytes of the IP packet that begins `in`, by its own header, header included; 0: there is no IPv4
// header whose checksum is right, and no IPv6 header. Whether the length fits is for the caller to
// say.
std::uint32_t proven_ip_length(Layer in);

// Whether `in` is a whole TCP, UDP, ICMP or ICMPv6 message with the right checksum, which it cannot
// leave out. `addresses`: source and destination in a row, as in the IP header.
bool proven_transport(Layer in, std::uint8_t protocol, const std::uint8_t* addresses, bool ipv6);

}  // namespace panoptes
