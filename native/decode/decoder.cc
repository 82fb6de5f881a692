// The entry point: link, then network, then transport, in one translation unit for the common path.
#include "decode/decoder.h"

#include <algorithm>

#include "decode/ip.h"
#include "decode/link.h"
#include "decode/non_ip.h"

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

Undecoded decode_network(const LinkEnd& link, Packet& out) {
  if (link.protocol == kEtherIpv4) return decode_ipv4(link.network, link.link_context, out);
  if (link.protocol == kEtherIpv6) return decode_ipv6(link.network, link.link_context, out);
  return decode_non_ip(link, out);
}

// Everything but IP on Ethernet with at most one tag. Apart, so that the common path keeps its
// state in registers.
[[gnu::cold, gnu::noinline]] Undecoded decode_rare(const RawPacket& raw, Packet& out) {
  LinkEnd link =
      raw.link_type == kLinkEthernet ? decode_ethernet(raw, out) : decode_other_link(raw, out);
  if (link.error != Undecoded::none) return link.error;
  if (link.protocol == kEtherPppoe) link = decode_pppoe(link);
  return decode_network(link, out);
}

}  // namespace

Undecoded decode(const RawPacket& raw, Packet& out) {
  constexpr std::uint32_t kHeader = 14, kTagged = 18;
  const std::uint8_t* data = raw.data;
  const std::uint32_t captured = raw.captured;
  const std::uint32_t wire = std::max(raw.wire, captured);
  out.time_ns = raw.time_ns;
  out.wire_bytes = wire;
  out.layers = 0;
  out.tcp_flags = 0;
  out.tcp_options = 0;
  out.request_sense = 0;
  out.ip_flags = 0;
  if (raw.link_type != kLinkEthernet || captured < kTagged) [[unlikely]] {
    return decode_rare(raw, out);
  }
  std::uint32_t protocol = load_be16(data + 12);
  std::uint32_t header = kHeader;
  std::uint32_t link_context = 0;
  std::uint8_t layers = kHasMac;
  if (protocol == kEtherVlan) {
    out.vlan_outer = load_be16(data + 14);
    link_context = out.vlan_outer & 0xfffU;
    protocol = load_be16(data + 16);
    header = kTagged;
    layers = kHasMac | kHasVlan;
  }
  if (protocol != kEtherIpv4 && protocol != kEtherIpv6) [[unlikely]]
    return decode_rare(raw, out);
  out.layers = layers;
  read_macs(data, out);
  const Layer network(data + header, captured - header, wire - header);
  if (protocol == kEtherIpv4) return decode_ipv4(network, link_context, out);
  return decode_ipv6(network, link_context, out);
}

}  // namespace panoptes
