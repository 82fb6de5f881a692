// Tunnels in tunnels, as many as a jumbo frame holds; and ICMP errors that quote them.
#include "kinds.h"

namespace panoptes::hostile {
namespace {

using frames::Bytes;
using frames::Frame;

using Layer = void (*)(Frame&, std::uint32_t i);

void ip4(Frame& f, std::uint32_t i) { f.ipv4(address(i), address(i + 1)); }
void ip6(Frame& f, std::uint32_t i) { f.ipv6(address6(i), address6(i + 1)); }
void ether(Frame& f) { f.bytes_as_they_are({2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}).next_field(2); }
void gre(Frame& f, std::uint32_t i) {
  ip4(f, i);
  f.protocol(47).bytes_as_they_are({0, 0}).next_field(2);
}
void gre_key(Frame& f, std::uint32_t i) {
  ip6(f, i);
  f.protocol(47).bytes_as_they_are({0xb0, 0}).next_field(2);
  f.bytes_as_they_are({0, 0, 0, 0, 0, 0, 0, low8(i), 0, 0, 0, 1});
}
void vxlan(Frame& f, std::uint32_t i) {
  ip4(f, i);
  f.udp(50'000, 4789).bytes_as_they_are({8, 0, 0, 0, 0, 0, low8(i), 0});
  ether(f);
}
void geneve(Frame& f, std::uint32_t i) {  // with 32 options of 4 bytes
  ip4(f, i);
  f.udp(50'000, 6081).bytes_as_they_are({32, 0}).next_field(2);
  f.bytes_as_they_are({0, 0, low8(i), 0}).payload(128, 0);
}
void gtp(Frame& f, std::uint32_t i) {
  ip4(f, i);
  f.udp(2152, 2152).bytes_as_they_are({0x34, 0xff, 0x1f, 0xff, 0, 0, 0, low8(i)});
  f.bytes_as_they_are({0, 0, 0, 0x85, 1, 0, 0, 0});
}
void teredo(Frame& f, std::uint32_t i) {
  ip4(f, i);
  f.udp(3544, 3544);
  ip6(f, i);
}
void l2tp(Frame& f, std::uint32_t i) {
  ip4(f, i);
  f.udp(1701, 1701).bytes_as_they_are({0, 2, 0, 1, 0, low8(i), 0xff, 3, 0, 0x21});
}
void mpls(Frame& f, std::uint32_t i) {
  gre(f, i);
  f.ethertype(0x8847).bytes_as_they_are({0, low8(i), 0x10, 64, 0, 0, 0x21, 64});
}
void ether_ip(Frame& f, std::uint32_t i) {
  ip4(f, i);
  f.protocol(97).bytes_as_they_are({0x30, 0});
  ether(f);
}
void vlan(Frame& f, std::uint32_t i) {
  ether_ip(f, i);
  f.vlan(low16(i & 0xfff)).vlan(7);
}
void erspan(Frame& f, std::uint32_t i) {
  ip4(f, i);
  f.protocol(47).bytes_as_they_are({0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 0, 0, 0, 0, 0});
  ether(f);
}

// `layers` in turn until the frame is full, then a UDP datagram.
template <std::size_t N>
void fill(Frame& f, const Layer (&layers)[N], std::uint32_t i, std::size_t most) {
  for (std::uint32_t depth = 0; f.bytes().size() + 200 < most; ++depth) {
    // bytes() looks at all layers; asked once for several.
    for (std::uint32_t more = 0; more < N; ++more) layers[(depth * N + more) % N](f, i + depth);
    if (depth > 1'000) break;
  }
  ip4(f, i);
  f.udp(1234, 5678).payload(20);
}

template <Layer... kLayers>
Bytes deep(std::uint32_t i, std::mt19937&) {
  constexpr Layer kAll[] = {kLayers...};
  Frame f = frames::ethernet();
  fill(f, kAll, i, kMostBytes);
  return f.bytes();
}

// An ICMP error whose quotation is as deep; 1400 bytes, as no router quotes more.
template <Layer... kLayers>
Bytes quoted(std::uint32_t i, std::mt19937&) {
  constexpr Layer kAll[] = {kLayers...};
  Frame f = frames::ethernet();
  ip4(f, i);
  f.icmp(3, 1);
  fill(f, kAll, i, 1'400);
  return f.bytes();
}
template <Layer... kLayers>
Bytes quoted6(std::uint32_t i, std::mt19937&) {
  constexpr Layer kAll[] = {kLayers...};
  Frame f = frames::ethernet();
  ip6(f, i);
  f.icmpv6(1, 4);
  fill(f, kAll, i, 1'400);
  return f.bytes();
}

void icmp_error(Frame& f, std::uint32_t i) {
  ip4(f, i);
  f.icmp(11, 0);
}
void icmp_error6(Frame& f, std::uint32_t i) {
  ip6(f, i);
  f.icmpv6(3, 0);
}
void extensions(Frame& f, std::uint32_t i) {
  ip6(f, i);
  for (int n = 0; n < 150; ++n) f.extension(60);
}

}  // namespace

std::vector<Kind> nesting_kinds() {
  constexpr std::uint32_t kPackets = 3'000, kDistinct = 16;
  return {
      {"ipip", "IPv4 in IPv4", deep<ip4>, kPackets, kDistinct},
      {"ip6ip6", "IPv6 in IPv6", deep<ip6>, kPackets, kDistinct},
      {"ip4ip6", "IPv4 and IPv6 in turn", deep<ip4, ip6>, kPackets, kDistinct},
      {"gre", "GRE in GRE", deep<gre>, kPackets, kDistinct},
      {"gre-key", "GRE with all options over IPv6", deep<gre_key>, kPackets, kDistinct},
      {"vxlan", "VXLAN in VXLAN", deep<vxlan>, kPackets, kDistinct},
      {"geneve", "Geneve with options in the same", deep<geneve>, kPackets, kDistinct},
      {"gtp", "GTP-U with extension headers in the same", deep<gtp>, kPackets, kDistinct},
      {"teredo", "Teredo in Teredo", deep<teredo>, kPackets, kDistinct},
      {"l2tp", "L2TP in L2TP", deep<l2tp>, kPackets, kDistinct},
      {"mpls-gre", "MPLS in GRE in the same", deep<mpls>, kPackets, kDistinct},
      {"erspan", "ERSPAN in ERSPAN", deep<erspan>, kPackets, kDistinct},
      {"nesting", "every tunnel in every other",
       deep<gre, vxlan, ip6, gtp, vlan, mpls, geneve, teredo, ether_ip, erspan, gre_key>, kPackets,
       kDistinct},
      {"icmp-ipip", "ICMP errors that quote IPv4 in IPv4", quoted<ip4>, kPackets, kDistinct},
      {"icmp-nesting", "ICMP errors that quote tunnels", quoted<gre, vxlan, gtp, mpls>, kPackets,
       kDistinct},
      {"icmp-icmp", "ICMP errors that quote ICMP errors", quoted<icmp_error>, kPackets, kDistinct},
      {"icmp6-nesting", "ICMPv6 errors that quote tunnels", quoted6<ip6, gre, vxlan>, kPackets,
       kDistinct},
      {"icmp6-icmp6", "ICMPv6 errors that quote the same", quoted6<icmp_error6>, kPackets,
       kDistinct},
      {"icmp6-chain", "ICMPv6 errors that quote extension headers", quoted6<extensions>, kPackets,
       kDistinct},
  };
}

}  // namespace panoptes::hostile
