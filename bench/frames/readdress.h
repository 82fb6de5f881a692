// Other addresses for the same frame, so that packets that are sent or written again belong to
// other flows. Used by corpus (captures in rounds) and sender (a capture in a loop).
#pragma once

#include <cstdint>
#include <span>

namespace panoptes::bench {

// What a round's addresses are XORed with. Round 0 changes nothing; two masks XORed lead from one
// round to the other.
struct AddressMask {
  std::uint32_t v4 = 0;   // the first four bits stay: multicast stays multicast
  std::uint64_t v6 = 0;   // bytes 4 to 11: the scope stays, and so does the end of the address
  std::uint32_t mac = 0;  // 24 bits, the low ones of a MAC address

  static AddressMask of_round(std::uint64_t round);
  friend AddressMask operator^(const AddressMask& a, const AddressMask& b) {
    return {a.v4 ^ b.v4, a.v6 ^ b.v6, a.mac ^ b.mac};
  }
};

// Rewrites both addresses of the outermost IP header behind VLAN tags, MPLS labels and PPPoE, or of
// ARP; of other frames the MAC addresses. The checksum of an IPv4 header stays as right as it was;
// those of TCP, UDP and ICMPv6 do not, which no flow meter looks at. What lies in tunnels and what
// ICMP errors quote stays as it is.
void readdress(std::span<std::uint8_t> frame, const AddressMask& mask);

}  // namespace panoptes::bench
