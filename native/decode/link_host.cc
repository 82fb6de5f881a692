// Links that a host sees of itself: raw IP, loopback, Linux cooked captures, and what its firewall
// or IPsec hands out.
#include "decode/link_family.h"

namespace panoptes {
namespace {

LinkEnd truncated(const LinkEnd& end) { return link_error(end, Undecoded::truncated_link); }
LinkEnd unknown(const LinkEnd& end) { return link_error(end, Undecoded::unknown_network); }

// By a BSD address family. That of IPv6 differs from system to system.
LinkEnd carries_family(const LinkEnd& end, std::uint32_t family) {
  switch (family) {
    case 2:
      return link_carries(end, kEtherIpv4);
    case 10:  // Linux
    case 23:  // Windows
    case 24:  // NetBSD, OpenBSD
    case 26:  // Solaris
    case 28:  // FreeBSD
    case 30:  // Darwin
      return link_carries(end, kEtherIpv6);
    default:
      return unknown(end);
  }
}

// Families are small: in the byte order in which this one is.
std::uint32_t load_family(const std::uint8_t* at) {
  const std::uint32_t family = load_be32(at);
  return family > 0xffff ? load_le32(at) : family;
}

// What follows the header of either version of Linux cooked capture.
LinkEnd decode_cooked_rest(LinkEnd end, std::uint16_t hardware, std::uint32_t address_length,
                           const std::uint8_t* address, std::uint32_t protocol, Packet& out) {
  // ARPHRD_ numbers whose protocol field is not an ethertype.
  constexpr std::uint16_t kFrameRelay = 770, kWlan = 801, kWlanPrism = 802, kWlanRadiotap = 803,
                          kNetlink = 824;
  constexpr std::uint32_t kRawIpx = 1, kLlcFollows = 4;
  switch (hardware) {
    case kFrameRelay:
      return decode_frame_relay(end, out);
    case kWlan:
      return decode_ieee80211(end, out);
    case kWlanPrism:
      return decode_prism(end, out);
    case kWlanRadiotap:
      return decode_radiotap(end, out);
    default:
      break;
  }
  if (address_length == 6) {
    // Only the sender is known; the other MAC is left 0.
    std::memcpy(out.mac_src, address, 6);
    std::memset(out.mac_dst, 0, 6);
    out.layers |= kHasMac;
  }
  // Marked so that it is not taken for an ethertype.
  if (hardware == kNetlink || protocol == kRawIpx) return link_carries(end, kLlc | protocol);
  if (protocol == kLlcFollows) return resolve_llc(end, out);
  end.protocol = protocol;
  return protocol < kFirstEthertype ? end : resolve(end, out);
}

}  // namespace

LinkEnd decode_raw_ip(LinkEnd frame, Packet&) {
  const std::uint8_t* ip = frame.network.peek(1);
  if (ip == nullptr) return link_error(frame, Undecoded::truncated_ip);
  if (*ip >> 4 == 4) return link_carries(frame, kEtherIpv4);
  if (*ip >> 4 == 6) return link_carries(frame, kEtherIpv6);
  return unknown(frame);
}

LinkEnd decode_raw_ipv4(LinkEnd frame, Packet&) { return link_carries(frame, kEtherIpv4); }
LinkEnd decode_raw_ipv6(LinkEnd frame, Packet&) { return link_carries(frame, kEtherIpv6); }

// Four bytes, in the byte order of the machine that captured (NULL) or of the network (LOOP).
LinkEnd decode_loopback(LinkEnd frame, Packet&) {
  const std::uint8_t* header = frame.network.peek(4);
  if (header == nullptr) return truncated(frame);
  frame.network.advance(4);
  // Some writers put an ethertype into the last two bytes.
  const std::uint32_t ethertype = load_be16(header + 2);
  const LinkEnd end = carries_family(frame, load_family(header));
  if (end.error == Undecoded::none) return end;
  if (ethertype == kEtherIpv4 || ethertype == kEtherIpv6) return link_carries(frame, ethertype);
  return end;
}

LinkEnd decode_cooked(LinkEnd frame, Packet& out) {
  const std::uint8_t* header = frame.network.peek(16);
  if (header == nullptr) return truncated(frame);
  frame.network.advance(16);
  return decode_cooked_rest(frame, load_be16(header + 2), load_be16(header + 4), header + 6,
                            load_be16(header + 14), out);
}

LinkEnd decode_cooked2(LinkEnd frame, Packet& out) {
  const std::uint8_t* header = frame.network.peek(20);
  if (header == nullptr) return truncated(frame);
  frame.network.advance(20);
  return decode_cooked_rest(frame, load_be16(header + 8), header[11], header + 12,
                            load_be16(header), out);
}

// OpenBSD's and FreeBSD's inside of IPsec: family, SPI, flags.
LinkEnd decode_enc(LinkEnd frame, Packet&) {
  const std::uint8_t* header = frame.network.peek(12);
  if (header == nullptr) return truncated(frame);
  frame.network.advance(12);
  return carries_family(frame, load_family(header));
}

// Log of the packet filter pf: its own length, rounded up to 4, and the family.
LinkEnd decode_pflog(LinkEnd frame, Packet&) {
  constexpr std::uint32_t kLeast = 45;
  const std::uint8_t* header = frame.network.peek(2);
  if (header == nullptr) return truncated(frame);
  if (header[0] < kLeast) return link_error(frame, Undecoded::bad_link_header);
  const std::uint32_t size = (header[0] + 3U) & ~3U;
  if (frame.network.peek(size) == nullptr) return truncated(frame);
  frame.network.advance(size);
  return carries_family(frame, header[1]);
}

// Solaris: version, family, kind, lengths and interfaces.
LinkEnd decode_ipnet(LinkEnd frame, Packet&) {
  const std::uint8_t* header = frame.network.peek(24);
  if (header == nullptr) return truncated(frame);
  frame.network.advance(24);
  return carries_family(frame, header[1]);
}

}  // namespace panoptes
