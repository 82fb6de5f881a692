// Headers with as many members as fit: tags, labels, extension headers, options.
#include "kinds.h"

namespace panoptes::hostile {
namespace {

using frames::Bytes;
using frames::Frame;

Bytes repeated(const Bytes& one, std::size_t count) {
  Bytes all;
  for (std::size_t i = 0; i < count; ++i) all.insert(all.end(), one.begin(), one.end());
  return all;
}

Frame to_v6(std::uint32_t i) { return frames::ethernet().ipv6(address6(i), address6(i + 1)); }

template <std::uint16_t kType, std::size_t kTags>
Bytes tags(std::uint32_t i, std::mt19937&) {
  Frame f = frames::ethernet();
  for (std::uint32_t n = 0; n < kTags; ++n) f.vlan(low16((i + n) & 0xfff), 0, kType);
  return f.ipv4(address(i), address(i + 1)).udp(1, 2).payload(20).bytes();
}

// With the end of the stack marked in the last label, or never.
template <std::size_t kLabels, bool kEnd>
Bytes labels(std::uint32_t i, std::mt19937&) {
  Frame f = frames::ethernet().ethertype(0x8847);
  f.bytes_as_they_are(repeated({0, low8(i), 0x10, 64}, kLabels));
  if (kEnd) f.bytes_as_they_are({0, 0, 0x21, 64});
  return f.ipv4(address(i), address(i + 1)).udp(1, 2).payload(20).bytes();
}

template <std::uint8_t kHeader>
Bytes extensions(std::uint32_t i, std::mt19937&) {
  Frame f = to_v6(i);
  for (std::size_t n = 0; n < kMostBytes / 8 - 20; ++n) f.extension(kHeader);
  return f.udp(1, 2).payload(20).bytes();
}
Bytes mixed_extensions(std::uint32_t i, std::mt19937&) {
  Frame f = to_v6(i);
  constexpr std::uint8_t kHeaders[] = {0, 43, 60, 135, 139, 140};
  for (std::size_t n = 0; n < kMostBytes / 8 - 20; ++n) f.extension(kHeaders[n % 6]);
  return f.tcp(1, 2, 2).bytes();
}
// Atomic fragments (RFC 6946), each in the other.
Bytes fragment_headers(std::uint32_t i, std::mt19937&) {
  Frame f = to_v6(i);
  for (std::size_t n = 0; n < kMostBytes / 8 - 20; ++n) f.ipv6_fragment(0, false, i);
  return f.udp(1, 2).payload(20).bytes();
}
Bytes authentication_headers(std::uint32_t i, std::mt19937&) {
  Frame f = to_v6(i);
  for (std::size_t n = 0; n < kMostBytes / 12 - 20; ++n) {
    f.protocol(51).next_field(1).bytes_as_they_are({1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1});
  }
  return f.udp(1, 2).payload(20).bytes();
}
// One extension header of 2 KB full of options of one byte.
Bytes extension_options(std::uint32_t i, std::mt19937&) {
  return to_v6(i).extension(60, Bytes(2'046, 0)).udp(1, 2).payload(20).bytes();
}

Bytes with_ip_options(std::uint32_t i, const Bytes& options) {
  Frame f = frames::ethernet().ipv4(address(i), address(i + 1), {.options = options});
  return f.udp(1, 2).payload(20).bytes();
}
Bytes ip_padding(std::uint32_t i, std::mt19937&) { return with_ip_options(i, Bytes(40, 1)); }
Bytes ip_options(std::uint32_t i, std::mt19937&) {
  return with_ip_options(i, repeated({low8(0x40 | (i & 31)), 2}, 20));
}

Bytes with_tcp_options(std::uint32_t i, const Bytes& options) {
  Frame f = frames::ethernet().ipv4(address(i & 255), address((i & 255) + 1));
  return f.tcp(1000, 80, 0x10, {.seq = i * 100, .ack = i * 50, .options = options})
      .payload(100)
      .bytes();
}
Bytes tcp_padding(std::uint32_t i, std::mt19937&) { return with_tcp_options(i, Bytes(40, 1)); }
Bytes tcp_options(std::uint32_t i, std::mt19937&) {
  return with_tcp_options(i, repeated({low8(200 + (i & 31)), 2}, 20));
}
Bytes tcp_windows(std::uint32_t i, std::mt19937&) {  // known ones, as often as they fit
  return with_tcp_options(i, repeated({3, 3, 7}, 13));
}
Bytes tcp_sack(std::uint32_t i, std::mt19937& random) {
  Bytes options = noise(40, random);
  options[0] = options[1] = 1;
  options[2] = 5;
  options[3] = 34;
  options[36] = options[37] = options[38] = options[39] = 1;
  return with_tcp_options(i, options);
}

}  // namespace

std::vector<Kind> chain_kinds() {
  constexpr std::uint32_t kFew = 3'000, kDistinct = 16;
  return {
      {"vlan-64", "64 VLAN tags", tags<0x8100, 64>, kFew, kDistinct},
      {"vlan-2000", "2000 VLAN tags", tags<0x8100, 2'000>, kFew, kDistinct},
      {"qinq", "60 tags of 802.1ad", tags<0x88a8, 60>, kFew, kDistinct},
      {"mpls-16", "16 MPLS labels", labels<15, true>, kFew, kDistinct},
      {"mpls-2000", "2000 MPLS labels", labels<2'000, true>, kFew, kDistinct},
      {"mpls-endless", "MPLS labels without an end", labels<2'200, false>, kFew, kDistinct},
      {"ip6-chain", "IPv6 destination options headers", extensions<60>, kFew, kDistinct},
      {"ip6-hops", "IPv6 hop-by-hop headers", extensions<0>, kFew, kDistinct},
      {"ip6-mixed", "IPv6 extension headers of all types", mixed_extensions, kFew, kDistinct},
      {"ip6-fragments", "IPv6 fragment headers", fragment_headers, kFew, kDistinct},
      {"ip6-ah", "authentication headers", authentication_headers, kFew, kDistinct},
      {"ip6-options", "2 KB of options in one header", extension_options, kFew, kDistinct},
      {"ip4-nop", "40 bytes of IPv4 no-operation", ip_padding},
      {"ip4-options", "20 IPv4 options", ip_options},
      {"tcp-nop", "40 bytes of TCP no-operation", tcp_padding},
      {"tcp-options", "20 TCP options", tcp_options},
      {"tcp-windows", "13 window scales", tcp_windows},
      {"tcp-sack", "4 SACK blocks of noise", tcp_sack},
  };
}

}  // namespace panoptes::hostile
