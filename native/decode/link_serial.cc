// Serial lines: PPP, Cisco HDLC, frame relay, SLIP. They have no addresses: what is not IP or ARP
// belongs to no flow.
#include "decode/link_family.h"

namespace panoptes {
namespace {

LinkEnd unknown(const LinkEnd& end) { return link_error(end, Undecoded::unknown_network); }
LinkEnd truncated(const LinkEnd& end) { return link_error(end, Undecoded::truncated_link); }

LinkEnd past(LinkEnd end, std::uint32_t bytes) {
  end.network.skip(bytes);
  return end;
}

LinkEnd resolve_ppp(const LinkEnd& end, Packet& out) {
  const LinkEnd inner = decode_ppp(end);
  return inner.error == Undecoded::none ? resolve(inner, out) : inner;
}

// The protocol field (RFC 1661 2), compressed to one odd byte or not; moves past it.
bool read_ppp_protocol(LinkEnd& end, std::uint32_t& protocol) {
  const std::uint8_t* first = end.network.peek(1);
  if (first == nullptr) return false;
  if (*first % 2 != 0) {
    protocol = *first;
    end.network.advance(1);
    return true;
  }
  const std::uint8_t* both = end.network.peek(2);
  if (both == nullptr) return false;
  protocol = load_be16(both);
  end.network.advance(2);
  return true;
}

// RFC 1662 3.1: the address byte, if it is there, is one that no protocol begins with. False: cut.
bool skip_ppp_address(LinkEnd& end) {
  const std::uint8_t* address = end.network.peek(1);
  if (address == nullptr || *address != 0xff) return true;
  const std::uint8_t* hdlc = end.network.peek(2);
  if (hdlc == nullptr) return false;
  if (hdlc[1] == 0x03) end.network.advance(2);
  return true;
}

// An Ethernet frame on a bridged PPP link, RFC 3518 4.2.
LinkEnd decode_bridging(LinkEnd end) {
  constexpr std::uint8_t kFcs = 0x80, kLanId = 0x40, kPadding = 0x0f, kEthernet = 1;
  const std::uint8_t* header = end.network.peek(2);
  if (header == nullptr) return truncated(end);
  if (header[1] != kEthernet) return unknown(end);
  end.network.skip((header[0] & kLanId) != 0 ? 6 : 2);
  trim(end.network, header[0] & kPadding);
  if ((header[0] & kFcs) != 0) trim(end.network, 4);
  return link_carries(end, kEtherBridged);
}

// IP inside a fragment of multilink PPP, `header` bytes further on; 0: there is none.
std::uint32_t find_in_fragment(LinkEnd& end, std::uint32_t header) {
  constexpr std::uint32_t kIpv4 = 0x21, kIpv6 = 0x57;
  LinkEnd inner = past(end, header);
  std::uint32_t protocol = 0;
  if (!skip_ppp_address(inner) || !read_ppp_protocol(inner, protocol)) return 0;
  const std::uint8_t* ip = inner.network.peek(1);
  if (ip == nullptr) return 0;
  const bool is_ip = (protocol == kIpv4 && *ip >> 4 == 4) || (protocol == kIpv6 && *ip >> 4 == 6);
  if (!is_ip) return 0;
  end = inner;
  return protocol == kIpv4 ? kEtherIpv4 : kEtherIpv6;
}

// RFC 1990 3: only the fragment that begins a packet has its headers. The sequence number has 24
// bits, or 12 if the ends agreed so: told by what follows.
LinkEnd decode_multilink(LinkEnd end) {
  constexpr std::uint8_t kBegins = 0x80;
  const std::uint8_t* header = end.network.peek(1);
  if (header == nullptr) return truncated(end);
  if ((*header & kBegins) == 0) return unknown(end);
  std::uint32_t protocol = (*header & 0x3f) == 0 ? find_in_fragment(end, 4) : 0;
  if (protocol == 0 && (*header & 0x30) == 0) protocol = find_in_fragment(end, 2);
  return protocol != 0 ? link_carries(end, protocol) : unknown(end);
}

}  // namespace

LinkEnd decode_ppp(LinkEnd end) {
  std::uint32_t protocol = 0;
  if (!skip_ppp_address(end) || !read_ppp_protocol(end, protocol)) return truncated(end);
  switch (protocol) {
    case 0x0021:
      return link_carries(end, kEtherIpv4);
    case 0x0057:
      return link_carries(end, kEtherIpv6);
    case 0x0281:
      return link_carries(end, kEtherMpls);
    case 0x0283:
      return link_carries(end, kEtherMplsMulticast);
    case 0x0031:
      return decode_bridging(end);
    case 0x003d:
      return decode_multilink(end);
    default:
      return unknown(end);
  }
}

// Some drivers put Cisco's framing under this link type; the first byte tells them apart.
LinkEnd decode_ppp_link(LinkEnd frame, Packet& out) {
  constexpr std::uint8_t kCiscoUnicast = 0x0f, kCiscoBroadcast = 0x8f;
  const std::uint8_t* hdlc = frame.network.peek(2);
  if (hdlc != nullptr && hdlc[1] == 0 && (hdlc[0] == kCiscoUnicast || hdlc[0] == kCiscoBroadcast)) {
    return decode_cisco_hdlc(frame, out);
  }
  return resolve_ppp(frame, out);
}

// A byte in front says which way the frame went.
LinkEnd decode_ppp_with_direction(LinkEnd frame, Packet& out) {
  return decode_ppp_link(past(frame, 1), out);
}
LinkEnd decode_cisco_hdlc_with_direction(LinkEnd frame, Packet& out) {
  return decode_cisco_hdlc(past(frame, 1), out);
}
LinkEnd decode_frame_relay_with_direction(LinkEnd frame, Packet& out) {
  return decode_frame_relay(past(frame, 1), out);
}

// The direction stands in place of the address byte, by some writers of the control byte too.
LinkEnd decode_ppp_pppd(LinkEnd frame, Packet& out) {
  constexpr std::uint8_t kUnnumbered = 0x03;
  const std::uint8_t* header = frame.network.peek(2);
  if (header == nullptr) return truncated(frame);
  if (header[0] > 1) return resolve_ppp(frame, out);
  const LinkEnd rest = past(frame, header[1] == 0 || header[1] == kUnnumbered ? 2 : 1);
  return resolve_ppp(rest, out);
}

LinkEnd decode_ppp_ether(LinkEnd frame, Packet& out) {
  return resolve(link_carries(frame, kEtherPppoe), out);
}

LinkEnd decode_cisco_hdlc(LinkEnd frame, Packet& out) {
  constexpr std::uint32_t kKeepalive = 0x8035;  // the ethertype of RARP, but no RARP
  const std::uint8_t* header = frame.network.peek(4);
  if (header == nullptr) return truncated(frame);
  const std::uint32_t protocol = load_be16(header + 2);
  frame.network.advance(4);
  if (protocol < kFirstEthertype || protocol == kKeepalive) return unknown(frame);
  return resolve(link_carries(frame, protocol), out);
}

LinkEnd decode_frame_relay(LinkEnd frame, Packet& out) {
  constexpr std::uint8_t kUnnumbered = 0x03, kPad = 0, kSnap = 0x80;
  const std::uint8_t* address = frame.network.peek(2);
  if (address == nullptr) return truncated(frame);
  // Q.922 address of 2 to 4 bytes, the lowest bit set in the last one.
  std::uint32_t size = 2;
  while (size <= 4 && frame.network.peek(size) != nullptr && address[size - 1] % 2 == 0) ++size;
  if (address[0] % 2 != 0 || size > 4) return link_error(frame, Undecoded::bad_link_header);
  if (frame.network.peek(size + 1) == nullptr) return truncated(frame);
  frame.network.advance(size);

  if (address[size] != kUnnumbered) {  // Cisco's encapsulation: an ethertype
    const std::uint8_t* type = frame.network.peek(2);
    if (type == nullptr) return truncated(frame);
    const std::uint32_t protocol = load_be16(type);
    frame.network.advance(2);
    return protocol < kFirstEthertype ? unknown(frame)
                                      : resolve(link_carries(frame, protocol), out);
  }
  frame.network.advance(1);  // RFC 2427 3: control, an optional pad, NLPID
  if (const std::uint8_t* pad = frame.network.peek(1); pad != nullptr && *pad == kPad) {
    frame.network.advance(1);
  }
  const std::uint8_t* nlpid = frame.network.peek(1);
  if (nlpid == nullptr) return truncated(frame);
  frame.network.advance(1);
  if (*nlpid == kSnap) {
    if (peel_snap(frame)) return resolve(frame, out);
    return frame.error == Undecoded::none ? unknown(frame) : frame;
  }
  const std::uint32_t protocol = nlpid_protocol(*nlpid);
  return protocol != 0 ? resolve(link_carries(frame, protocol), out) : unknown(frame);
}

// FRF.16: only the fragment that begins a frame has its headers.
LinkEnd decode_multilink_frame_relay(LinkEnd frame, Packet& out) {
  constexpr std::uint8_t kBegins = 0x80, kControl = 0x20;
  const std::uint8_t* header = frame.network.peek(2);
  if (header == nullptr) return truncated(frame);
  if ((*header & (kBegins | kControl)) != kBegins) return unknown(frame);
  return decode_frame_relay(past(frame, 2), out);
}

// BSD: the header as it was before compression follows a direction and what went over the line.
LinkEnd decode_slip(LinkEnd frame, Packet& out) {
  if (frame.network.peek(16) == nullptr) return truncated(frame);
  return decode_raw_ip(past(frame, 16), out);
}

}  // namespace panoptes
