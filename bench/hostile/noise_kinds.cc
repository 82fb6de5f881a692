// Bytes that mean nothing, behind as much of a right header as it takes to be looked at.
#include "kinds.h"

namespace panoptes::hostile {
namespace {

using frames::Bytes;
using frames::Frame;

std::uint32_t number(std::mt19937& random) { return static_cast<std::uint32_t>(random()); }

Bytes frame(std::uint32_t, std::mt19937& random) { return noise(60 + random() % 1400, random); }

template <std::uint16_t kType>
Bytes ethertype(std::uint32_t, std::mt19937& random) {
  return frames::ethernet().ethertype(kType).bytes_as_they_are(noise(400, random)).bytes();
}
Bytes any_ethertype(std::uint32_t, std::mt19937& random) {
  return frames::ethernet()
      .ethertype(low16(number(random)))
      .bytes_as_they_are(noise(100, random))
      .bytes();
}
// A version that decodes, all else noise.
Bytes ip_header(std::uint32_t i, std::mt19937& random) {
  Bytes bytes = noise(400, random);
  bytes[0] = i % 2 == 0 ? low8(0x45 + (number(random) & 7)) : 0x60;
  return frames::ethernet()
      .ethertype(i % 2 == 0 ? 0x0800 : 0x86dd)
      .bytes_as_they_are(bytes)
      .bytes();
}
Bytes protocol(std::uint32_t i, std::mt19937& random) {
  Frame f = frames::ethernet();
  if (i % 2 == 0) {
    f.ipv4(address(i), address(i + 1));
  } else {
    f.ipv6(address6(i), address6(i + 1));
  }
  return f.protocol(low8(number(random))).bytes_as_they_are(noise(300, random)).bytes();
}
Bytes icmp_error(std::uint32_t i, std::mt19937& random) {
  Frame f = frames::ethernet();
  if (i % 2 == 0) {
    f.ipv4(address(i), address(i + 1)).icmp(3, low8(i & 15));
  } else {
    f.ipv6(address6(i), address6(i + 1)).icmpv6(1, low8(i & 7));
  }
  return f.bytes_as_they_are(noise(500, random)).bytes();
}
Bytes tunnel_port(std::uint32_t i, std::mt19937& random) {
  constexpr std::uint16_t kPorts[] = {1701, 2152, 3544, 4341, 4789, 4790, 5072, 6081, 6635, 8472};
  return frames::ethernet()
      .ipv4(address(i), address(i + 1))
      .udp(low16(number(random)), kPorts[i % 10])
      .bytes_as_they_are(noise(400, random))
      .bytes();
}

Frame to_dns(std::uint32_t i, bool answer) {
  Frame f = frames::ethernet();
  if (answer) return f.ipv4("192.0.2.53", address(i)).udp(53, 4000);
  return f.ipv4(address(i), "192.0.2.53").udp(4000, 53);
}
Bytes dns(std::uint32_t i, std::mt19937& random) {
  return to_dns(i, i % 2 == 1).bytes_as_they_are(noise(random() % 500, random)).bytes();
}
// Names that point at themselves and at one another, in as many records as the header can promise.
Bytes dns_loops(std::uint32_t i, std::mt19937&) {
  Frame f = to_dns(i, true).bytes_as_they_are(
      {low8(i >> 8), low8(i), 0x81, 0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
  for (std::uint32_t n = 0; n < 700; ++n)
    f.bytes_as_they_are({low8(0xc0 | (n >> 7)), low8(12 + 2 * n)});
  return f.bytes();
}
Bytes dns_questions(std::uint32_t i, std::mt19937&) {
  Frame f =
      to_dns(i, false).bytes_as_they_are({low8(i >> 8), low8(i), 1, 0, 1, 0x17, 0, 0, 0, 0, 0, 0});
  for (std::uint32_t n = 0; n < 279; ++n) f.bytes_as_they_are({0, 0, 1, 0, 1});
  return f.bytes();
}
Bytes dns_label(std::uint32_t i, std::mt19937&) {  // one name of labels of one byte
  Frame f =
      to_dns(i, false).bytes_as_they_are({low8(i >> 8), low8(i), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
  for (std::uint32_t n = 0; n < 700; ++n) f.bytes_as_they_are({1, 'a'});
  return f.bytes_as_they_are({0, 0, 1, 0, 1}).bytes();
}
Bytes dns_tcp(std::uint32_t i, std::mt19937& random) {
  Frame f = frames::ethernet().ipv4(address(i & 63), "192.0.2.53");
  return f.tcp(4000, 53, 0x18, {.seq = number(random)})
      .bytes_as_they_are(noise(600, random))
      .bytes();
}

}  // namespace

std::vector<Kind> noise_kinds() {
  return {
      {"noise", "frames of random bytes", frame},
      {"noise-ip", "IPv4 and IPv6 headers of random bytes", ip_header},
      {"noise-protocol", "right IP headers, random protocols", protocol},
      {"noise-icmp", "ICMP errors that quote random bytes", icmp_error},
      {"noise-tunnels", "random bytes on the ports of tunnels", tunnel_port},
      {"noise-mpls", "random labels", ethertype<0x8847>},
      {"noise-arp", "random ARP", ethertype<0x0806>},
      {"noise-pppoe", "random PPPoE", ethertype<0x8864>},
      {"noise-ethertype", "random ethertypes", any_ethertype},
      {"dns-noise", "random bytes on port 53", dns},
      {"dns-loops", "compressed names that never end", dns_loops},
      {"dns-questions", "279 questions", dns_questions},
      {"dns-labels", "a name of 700 labels", dns_label},
      {"dns-tcp", "random bytes on TCP port 53", dns_tcp},
  };
}

}  // namespace panoptes::hostile
