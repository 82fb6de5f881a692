#include "onion.h"

namespace panoptes::mutate {
namespace {

constexpr std::array<std::uint8_t, 4> kExtensions{0, 43, 60, 135};

}  // namespace

void Onion::need_ip() {
  if (type_ != kIpv4 && type_ != kIpv6) add_ip(add_gre());
}

void Onion::need_ethernet() {
  if (type_ == kEthernet) return;
  std::uint8_t* at = front(14);
  at[5] = at[11] = 2;
  store_be16(at + 12, type_);
  type_ = kEthernet;
}

void Onion::add_shims() {
  if (type_ == kEthernet) return;
  const std::uint32_t count = random_.one_in(8) ? random_.below(100) : 1 + random_.below(3);
  switch (random_.below(3)) {
    case 0:  // the innermost label ends the stack
      for (std::uint32_t i = 0; i < count; ++i) {
        std::uint8_t* at = front(4);
        at[1] = random_.byte();
        at[2] = static_cast<std::uint8_t>((random_.byte() & 0xf0) | (i == 0 ? 1 : 0));
        at[3] = 64;
      }
      type_ = kMpls;
      break;
    case 1:
      for (std::uint32_t i = 0; i < count; ++i) {
        std::uint8_t* at = front(4);
        at[1] = random_.byte();
        store_be16(at + 2, type_);
        type_ = kVlan;
      }
      break;
    default: {
      if (type_ != kIpv4 && type_ != kIpv6) return;
      const std::uint32_t length = size() + 2;
      std::uint8_t* at = front(8);
      at[0] = 0x11;
      at[3] = 7;
      store_be16(at + 4, length);
      store_be16(at + 6, type_ == kIpv4 ? 0x21 : 0x57);
      type_ = kPppoe;
    }
  }
}

std::uint8_t Onion::add_gre() {
  const std::uint8_t flags = random_.one_in(2) ? 0 : random_.byte() & 0xb0;
  std::uint32_t bytes = 4;
  for (const unsigned bit : {0x80U, 0x20U, 0x10U}) bytes += (flags & bit) != 0 ? 4 : 0;
  std::uint8_t* at = front(bytes);
  at[0] = flags;
  store_be16(at + 2, type_);
  return 47;
}

std::uint8_t Onion::add_udp(std::uint32_t port) {
  const std::uint32_t length = size() + 8;
  std::uint8_t* at = front(8);
  store_be16(at, random_.one_in(4) ? port : 49152 + random_.below(16384));
  store_be16(at + 2, port);
  store_be16(at + 4, length);
  return 17;
}

std::uint8_t* Onion::tunnel_id(std::uint32_t bytes) {
  std::uint8_t* at = front(bytes);
  at[6] = random_.byte();
  return at;
}

// The IP protocol of what now stands in front.
std::uint8_t Onion::add_tunnel_header() {
  switch (random_.below(14)) {
    case 0:
      return add_gre();
    case 1:  // VXLAN, RFC 7348
      need_ethernet();
      tunnel_id(8)[0] = 8;
      return add_udp(random_.one_in(4) ? 8472 : 4789);
    case 2: {  // Geneve, RFC 8926
      if (random_.one_in(2)) need_ethernet();
      const std::uint32_t words = random_.one_in(2) ? 0 : random_.below(64);
      std::uint8_t* at = tunnel_id(8 + 4 * words);
      at[0] = static_cast<std::uint8_t>(words);
      store_be16(at + 2, type_);
      return add_udp(6081);
    }
    case 3: {  // GTP-U, TS 29.281
      need_ip();
      const bool extended = random_.one_in(2);
      const std::uint32_t length = size() + (extended ? 8 : 0);
      std::uint8_t* at = front(extended ? 16 : 8);
      at[0] = extended ? 0x34 : 0x30;
      at[1] = 0xff;
      store_be16(at + 2, length);
      at[7] = 9;
      if (extended) {
        at[11] = 0x85;
        at[12] = 1;
      }
      return add_udp(2152);
    }
    case 4:  // Teredo, RFC 4380
      need_ip();
      return add_udp(3544);
    case 5: {  // L2TP data, RFC 2661, with PPP
      need_ip();
      std::uint8_t* at = front(10);
      at[1] = 2;
      at[6] = 0xff;
      at[7] = 3;
      store_be16(at + 8, type_ == kIpv4 ? 0x21 : 0x57);
      return add_udp(1701);
    }
    case 6:  // EtherIP, RFC 3378
      need_ethernet();
      front(2)[0] = 0x30;
      return 97;
    case 7:  // MPLS in IP, RFC 4023
      if (type_ != kIpv4 && type_ != kIpv6) return add_gre();
      front(4)[2] = 1;
      type_ = kMpls;
      return 137;
    case 8: {  // AH, RFC 4302
      need_ip();
      std::uint8_t* at = front(24);
      at[0] = type_ == kIpv4 ? 4 : 41;
      at[1] = 4;
      return 51;
    }
    case 9: {  // an ICMP error that quotes the packet
      need_ip();
      std::uint8_t* at = front(8);
      at[0] = random_.of(std::array<std::uint8_t, 5>{3, 11, 12, 5, 1});
      at[1] = static_cast<std::uint8_t>(random_.below(6));
      return random_.one_in(2) ? 1 : 58;
    }
    case 10: {  // ERSPAN type II in GRE
      need_ethernet();
      front(8)[0] = 0x10;
      std::uint8_t* at = front(8);
      at[0] = 0x10;
      store_be16(at + 2, 0x88be);
      return 47;
    }
    case 11: {  // IPv6 extension headers
      need_ip();
      std::uint8_t next = type_ == kIpv4 ? 4 : 41;
      const std::uint32_t count = random_.one_in(8) ? random_.below(200) : random_.below(5);
      for (std::uint32_t i = 0; i < count; ++i) {
        front(8)[0] = next;
        next = random_.of(kExtensions);
      }
      return next;
    }
    case 12: {  // a fragment of an IPv6 datagram
      need_ip();
      std::uint8_t* at = front(8);
      at[0] = type_ == kIpv4 ? 4 : 41;
      store_be16(at + 2, random_.one_in(2) ? 1 : random_.below(65536));
      return 44;
    }
    default:
      need_ip();
      return type_ == kIpv4 ? 4 : 41;
  }
}

void Onion::add_ip(std::uint8_t protocol) {
  const bool six = protocol == 44 || (protocol != 1 && random_.one_in(3));
  const std::uint32_t length = size();
  std::uint8_t* at = front(six ? 40 : 20);
  if (six) {
    at[0] = 0x60;
    store_be16(at + 4, length);
    at[6] = protocol;
    at[7] = 64;
    at[8] = at[24] = 0xfd;
    at[23] = random_.byte();
    at[39] = random_.byte();
    type_ = kIpv6;
  } else {
    at[0] = 0x45;
    store_be16(at + 2, length + 20);
    at[8] = 64;
    at[9] = protocol;
    at[12] = at[16] = 10;
    at[15] = random_.byte();
    at[19] = random_.byte();
    type_ = kIpv4;
  }
}

}  // namespace panoptes::mutate
