// Finds the outermost addresses of a frame and XORs them. Every frame may be cut anywhere.
#include "readdress.h"

#include <cstddef>

#include "../traffic/bytes.h"

namespace panoptes::bench {

namespace {

constexpr std::uint16_t kIpv4 = 0x0800, kArp = 0x0806, kIpv6 = 0x86dd, kVlan = 0x8100,
                        kServiceVlan = 0x88a8, kOldServiceVlan = 0x9100, kMpls = 0x8847,
                        kPppoeSession = 0x8864;
constexpr std::uint16_t kPppIpv4 = 0x0021, kPppIpv6 = 0x0057;

std::uint16_t load_be16(const std::uint8_t* p) { return low16((std::uint32_t{p[0]} << 8) | p[1]); }

void xor_bytes(std::uint8_t* at, std::uint64_t mask, int bytes) {
  for (int i = 0; i < bytes; ++i) at[i] = low8(at[i] ^ (mask >> (8 * (bytes - 1 - i))));
}

void readdress_ipv4(std::span<std::uint8_t> packet, std::uint32_t mask) {
  if (packet.size() < 20) return;
  // RFC 1624: the checksum follows each word that changes, whether it was right or not.
  std::uint32_t sum = low16(~load_be16(packet.data() + 10));
  for (std::size_t at = 12; at < 20; at += 4) {
    for (std::size_t word = at; word < at + 4; word += 2) {
      sum += low16(~load_be16(packet.data() + word));
    }
    xor_bytes(packet.data() + at, mask, 4);
    sum += word_sum(packet.data() + at, 4);
  }
  store_be16(packet.data() + 10, checksum(sum));
}

void readdress_ipv6(std::span<std::uint8_t> packet, std::uint64_t mask) {
  if (packet.size() < 40) return;
  xor_bytes(packet.data() + 8 + 4, mask, 8);
  xor_bytes(packet.data() + 24 + 4, mask, 8);
}

// Ethernet and IPv4 is the only kind of ARP that has addresses in known places.
void readdress_arp(std::span<std::uint8_t> packet, std::uint32_t mask) {
  if (packet.size() < 28 || load_be16(packet.data() + 2) != kIpv4 || packet[5] != 4) return;
  xor_bytes(packet.data() + 14, mask, 4);
  xor_bytes(packet.data() + 24, mask, 4);
}

// The EtherType that IP behind a header of another kind would have; 0: no IP.
std::uint16_t type_by_version(std::span<const std::uint8_t> packet) {
  const int version = packet.empty() ? 0 : packet[0] >> 4;
  return version == 4 ? kIpv4 : version == 6 ? kIpv6 : std::uint16_t{0};
}

std::uint16_t type_of_ppp(std::uint16_t protocol) {
  return protocol == kPppIpv4 ? kIpv4 : protocol == kPppIpv6 ? kIpv6 : std::uint16_t{0};
}

// Takes what stands between the MAC addresses and the network layer off `rest`; returns its type.
std::uint16_t find_network_layer(std::span<std::uint8_t>& rest) {
  std::uint16_t type = load_be16(rest.data());
  rest = rest.subspan(2);
  while ((type == kVlan || type == kServiceVlan || type == kOldServiceVlan) && rest.size() >= 4) {
    type = load_be16(rest.data() + 2);
    rest = rest.subspan(4);
  }
  if (type == kPppoeSession && rest.size() >= 8) {
    type = type_of_ppp(load_be16(rest.data() + 6));
    rest = rest.subspan(8);
  } else if (type == kMpls) {
    bool last = false;
    while (!last && rest.size() >= 4) {
      last = (rest[2] & 1) != 0;
      rest = rest.subspan(4);
    }
    type = last ? type_by_version(rest) : std::uint16_t{0};
  }
  return type;
}

std::uint64_t scramble(std::uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace

AddressMask AddressMask::of_round(std::uint64_t round) {
  if (round == 0) return {};
  const std::uint64_t v6 = scramble(round);
  const std::uint64_t rest = scramble(v6);
  return {.v4 = low32(rest >> 36), .v6 = v6, .mac = low32(rest & 0xffffff)};
}

void readdress(std::span<std::uint8_t> frame, const AddressMask& mask) {
  if (frame.size() < 14) return;
  std::span<std::uint8_t> rest = frame.subspan(12);
  switch (find_network_layer(rest)) {
    case kIpv4:
      return readdress_ipv4(rest, mask.v4);
    case kIpv6:
      return readdress_ipv6(rest, mask.v6);
    case kArp:
      return readdress_arp(rest, mask.v4);
    default:
      xor_bytes(frame.data() + 3, mask.mac, 3);
      xor_bytes(frame.data() + 9, mask.mac, 3);
  }
}

}  // namespace panoptes::bench
