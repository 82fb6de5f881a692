// Headers with a number of their own that UDP carries so that routers can spread the load by its
// source port: MPLS (RFC 7510) and GRE (RFC 8086).
#include <algorithm>
#include <iterator>

#include "decode/inner_proof.h"
#include "decode/tunnel_udp.h"

namespace panoptes {
namespace {

// The protocols that IPv6 carries most: its header has no checksum to prove it.
bool is_common(std::uint8_t next_header) {
  constexpr std::uint8_t kCommon[] = {0, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 89, 132};
  return std::ranges::find(kCommon, next_header) != std::end(kCommon);
}

// Whether `in` is an IP packet to the byte.
bool is_filled_by_ip(Layer in, bool more) {
  const std::uint32_t length = proven_ip_length(in);
  if (length < in.length() || (length > in.length() && !more)) return false;
  const std::uint8_t* ip = in.peek(20);
  return ip != nullptr && (ip[0] >> 4 == 4 || is_common(ip[6]));
}

// Whether an Ethernet frame with IP inside begins `in`.
bool holds_ethernet(Layer in, bool more) {
  const std::uint8_t* header = in.peek(14);
  if (header == nullptr || (header[6] & 1) != 0) return false;  // no group ever sends
  const std::uint32_t ethertype = load_be16(header + 12);
  in.advance(14);
  const std::uint8_t* ip = in.peek(1);
  if (ip == nullptr || ethertype != (*ip >> 4 == 6 ? kEtherIpv6 : kEtherIpv4)) return false;
  return proven_ip_length(in) != 0 && holds_ip(in, more);
}

}  // namespace

// The header has nothing to prove it, so what the labels lead to has to: an IP packet that fills
// the datagram, or a frame with or without a control word (RFC 4448).
Inner open_mpls_in_udp(const Packet& out) {
  constexpr int kMaxLabels = 16;
  constexpr std::uint32_t kBottom = 0x100;
  const Layer stack = payload_of(out);
  Layer in = stack;
  std::uint32_t entry = 0;
  for (int labels = 0; (entry & kBottom) == 0; ++labels) {
    const std::uint8_t* label = in.peek(4);
    if (label == nullptr || labels == kMaxLabels) return no_tunnel();
    entry = load_be32(label);
    in.advance(4);
  }
  const bool more = is_first_fragment(out);
  Inner inner{.type = TunnelType::mpls_udp,
              .has_id = true,
              .id = entry >> 12,
              .protocol = kEtherMpls,
              .packet = stack};
  if (is_filled_by_ip(in, more) || holds_ethernet(in, more)) return inner;
  const std::uint8_t* control = in.peek(4);
  if (control == nullptr || control[0] >> 4 != 0) return no_tunnel();
  in.advance(4);
  return holds_ethernet(in, more) ? inner : no_tunnel();
}

// Only the flags that RFC 8086 3.1 leaves of GRE, and version 0.
Inner open_gre_in_udp(const Packet& out) {
  constexpr std::uint16_t kAllowed = 0xb000;  // checksum, key, sequence number
  const std::uint8_t* flags = payload_of(out).peek(2);
  if (flags == nullptr || (load_be16(flags) & ~kAllowed) != 0) return no_tunnel();
  const Inner inner = open_gre(out);
  const bool more = is_first_fragment(out);
  const bool is_ip = inner.protocol == kEtherIpv4 || inner.protocol == kEtherIpv6;
  if (is_ip && !holds_ip(inner.packet, more)) return no_tunnel();
  return inner;
}

}  // namespace panoptes
