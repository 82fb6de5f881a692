// The entry point: link, then network, then transport, in one translation unit for the common path.
#include "decode/decoder.h"

#include <algorithm>

#include "decode/icmp.h"
#include "decode/ip.h"
#include "decode/link.h"
#include "decode/non_ip.h"
#include "decode/tunnel.h"

namespace panoptes {

std::string_view name(Undecoded reason) {
  switch (reason) {
    case Undecoded::none:
      return "none";
    case Undecoded::truncated_link:
      return "truncated_link";
    case Undecoded::unknown_link_type:
      return "unknown_link_type";
    case Undecoded::unknown_network:
      return "unknown_network";
    case Undecoded::truncated_ip:
      return "truncated_ip";
    case Undecoded::bad_ip_header:
      return "bad_ip_header";
    case Undecoded::bad_link_header:
      return "bad_link_header";
  }
  return "unknown";
}

namespace {

// What the payload carries: a tunnel's packet, or the one that an ICMP error is about.
[[gnu::cold, gnu::noinline]] void look_inside(Packet& out, const DecodeOptions& options) {
  decode_tunnels(out, options);
  if ((out.layers & kHasQuote) != 0) decode_quote(out, options);
}

// Everything but IP on Ethernet with at most one tag. Apart, so that the common path keeps its
// state in registers.
[[gnu::cold, gnu::noinline]] Undecoded decode_rare(const RawPacket& raw, Packet& out,
                                                   const DecodeOptions& options) {
  out.layers = 0;
  const LinkEnd link = raw.link_type == kLinkEthernet ? decode_ethernet_frame(raw, out)
                                                      : decode_other_link(raw, out);
  if (link.error != Undecoded::none) return link.error;
  const Undecoded result = decode_network(link, out);
  if (result == Undecoded::none && (out.layers & kMayTunnel) != 0) look_inside(out, options);
  return result;
}

}  // namespace

Undecoded decode_network(const LinkEnd& link, Packet& out) {
  if (link.protocol == kEtherIpv4) return decode_ipv4(link.network, link.link_context, out);
  if (link.protocol == kEtherIpv6) return decode_ipv6(link.network, link.link_context, out);
  return decode_non_ip(link, out);
}

namespace {

[[gnu::always_inline]] inline Undecoded decode_frame(const RawPacket& raw, Packet& out,
                                                     const DecodeOptions& options) {
  constexpr std::uint32_t kTag = RawPacket::kTagBytes, kHeader = 14, kTagged = kHeader + kTag;
  const std::uint8_t* data = raw.data;
  const std::uint32_t captured = raw.captured;
  const bool tag_aside = raw.tag != RawPacket::kNoTag;
  std::uint32_t wire = std::max(raw.wire, captured + (tag_aside ? kTag : 0));
  begin_packet(out, raw.time_ns, wire);
  if (raw.link_type != kLinkEthernet || captured < kTagged) [[unlikely]] {
    return decode_rare(raw, out, options);
  }
  std::uint32_t protocol = load_be16(data + 12);
  std::uint32_t header = kHeader;
  std::uint32_t link_context = 0;
  std::uint16_t layers = kHasMac;
  const auto note_tag = [&](std::uint16_t tci) {
    out.vlan_outer = tci;
    out.vlan_inner = 0;
    link_context = tci & 0xfffU;
    layers = kHasMac | kHasVlan;
  };
  if (tag_aside) {
    note_tag(static_cast<std::uint16_t>(raw.tag));
    wire -= kTag;
  } else if (protocol == kEtherVlan) {
    note_tag(load_be16(data + 14));
    protocol = load_be16(data + 16);
    header = kTagged;
  }
  if (protocol != kEtherIpv4 && protocol != kEtherIpv6) [[unlikely]]
    return decode_rare(raw, out, options);
  out.layers = layers;
  read_macs(data, out);
  const Layer network(data + header, captured - header, wire - header);
  const Undecoded result = protocol == kEtherIpv4 ? decode_ipv4(network, link_context, out)
                                                  : decode_ipv6(network, link_context, out);
  if ((out.layers & kMayTunnel) != 0) [[unlikely]]
    if (result == Undecoded::none) look_inside(out, options);
  return result;
}

}  // namespace

Undecoded decode(const RawPacket& raw, Packet& out, const DecodeOptions& options) {
  return decode_frame(raw, out, options);
}

// Cold, so that the two differ: compilers make one function of two that are equal.
[[gnu::cold, gnu::noinline]] Undecoded decode_apart(const RawPacket& raw, Packet& out,
                                                    const DecodeOptions& options) {
  return decode_frame(raw, out, options);
}

}  // namespace panoptes
