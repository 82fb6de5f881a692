// Transport headers off the common path: cut or odd TCP and UDP, TCP options, SCTP, DCCP, UDP-Lite,
// the SPI of IPsec. Every other protocol (IGMP, OSPF, EIGRP, PIM, RSVP, VRRP, HIP ...) is a flow of
// its two addresses, all payload.
#include "decode/transport.h"

#include "decode/icmp.h"
#include "decode/tunnel.h"

namespace panoptes {
namespace {

constexpr std::uint16_t kFastOpenMagic = 0xf989;  // RFC 7413, appendix A: experimental kind 254

// The ports of any protocol that has them in its first four bytes.
KeyPart read_ports(Layer in, Packet& out) {
  const std::uint8_t* p = in.peek(4);
  if (p == nullptr) return {};
  out.layers |= kHasPorts;
  return {.src_port = load_be16(p), .dst_port = load_be16(p + 2)};
}

// RFC 9260 3: the sender of an INIT is the client. The checksum is a CRC of 32 bits.
KeyPart decode_sctp(Layer in, Packet& out) {
  constexpr std::uint8_t kInit = 1, kInitAck = 2;
  set_payload(out, in, 12);
  if (const std::uint8_t* sctp = in.peek(13)) {
    out.checksum = load_be16(sctp + 8) ^ load_be16(sctp + 10);
    if (sctp[12] == kInit || sctp[12] == kInitAck) out.request_sense = sctp[12];
  }
  return read_ports(in, out);
}

// RFC 4340 5.1: data offset in 32-bit words, the type in the middle of byte 8.
KeyPart decode_dccp(Layer in, Packet& out) {
  constexpr std::uint8_t kRequest = 0, kResponse = 1;
  const std::uint8_t* dccp = in.peek(5);
  set_payload(out, in, dccp == nullptr ? in.length() : dccp[4] * 4U);
  if (in.peek(9) != nullptr) {
    out.checksum = load_be16(dccp + 6);
    const std::uint8_t type = dccp[8] >> 1 & 15;
    if (type == kRequest || type == kResponse) out.request_sense = type + 1;
  }
  return read_ports(in, out);
}

// A security association is one direction, told by its SPI (RFC 4303 2.1, RFC 4302 2.4).
KeyPart read_spi(Layer in, std::uint32_t at, Packet& out) {
  const std::uint8_t* p = in.peek(at + 4);
  if (p == nullptr) return {};
  out.layers |= kHasSpi;
  return {.aux = load_be16(p + at + 2), .icmp_type = p[at], .icmp_code = p[at + 1]};
}

std::uint8_t option_bit(std::uint8_t kind, const std::uint8_t* body, std::uint32_t body_size) {
  switch (kind) {
    case 2:
      return kOptMss;
    case 3:
      return kOptWindowScale;
    case 4:
      return kOptSackPermitted;
    case 5:
      return kOptSack;
    case 8:
      return kOptTimestamp;
    case 30:
      return kOptMptcp;
    case 34:
      return kOptFastOpen;
    case 254:
      return body_size >= 2 && load_be16(body) == kFastOpenMagic ? kOptFastOpen : kOptOther;
    default:
      return kOptOther;
  }
}

}  // namespace

void read_tcp_options(const std::uint8_t* options, std::uint32_t size, Packet& out) {
  constexpr std::uint8_t kEnd = 0, kNop = 1, kMss = 2, kWindowScale = 3;
  constexpr std::uint8_t kMaxShift = 14;  // RFC 7323 2.3: larger ones mean 14
  std::uint32_t at = 0;
  while (at < size && options[at] != kEnd) {
    const std::uint8_t kind = options[at];
    if (kind == kNop) {
      ++at;
      continue;
    }
    if (at + 2 > size) return;
    const std::uint32_t length = options[at + 1];
    if (length < 2 || at + length > size) return;
    const std::uint8_t* body = options + at + 2;
    out.tcp_options |= option_bit(kind, body, length - 2);
    if (kind == kMss && length == 4) out.mss = load_be16(body);
    if (kind == kWindowScale && length == 3) out.window_shift = std::min(body[0], kMaxShift);
    at += length;
  }
}

KeyPart decode_odd_tcp(const std::uint8_t* at, std::uint32_t captured, std::uint32_t length,
                       bool fragmented, Packet& out) {
  const Layer in(at, captured, length);
  const KeyPart part = read_ports(in, out);
  set_payload(out, in, in.length());  // where the header ends is not known
  const std::uint8_t* tcp = in.peek(16);
  if (tcp == nullptr) return part;
  const std::uint32_t header = (tcp[12] >> 4) * 4U;
  // Only a first fragment may be shorter than the header that it begins.
  if (header < 20 || (header > in.length() && !fragmented)) return part;
  read_tcp(tcp, out);
  out.tcp_flags = tcp[13];
  out.window = load_be16(tcp + 14);
  if (header > in.length()) {
    out.fragment.header_beyond = static_cast<std::uint8_t>(header - in.length());
  }
  if (in.peek(18) != nullptr) out.checksum = load_be16(tcp + 16);
  if (in.captured() > 20) {
    const std::uint32_t there = std::min(header, in.captured()) - 20;
    out.options = tcp + 20;
    out.options_captured = static_cast<std::uint8_t>(there);
    read_tcp_options(tcp + 20, there, out);
  }
  set_payload(out, in, header);
  return part;
}

KeyPart decode_other_transport(const std::uint8_t* at, std::uint32_t captured, std::uint32_t length,
                               IpFacts facts, Packet& out) {
  const Layer in(at, captured, length);
  KeyPart part;
  switch (facts.protocol) {
    case kIcmp:
      if (!facts.ipv6) return decode_icmp(in, facts, out);
      break;
    case kIcmpv6:
      if (facts.ipv6) return decode_icmpv6(in, facts, out);
      break;
    case kUdp:  // cut within its header
    case kUdpLite:
      if (const std::uint8_t* udp = in.peek(8)) out.checksum = load_be16(udp + 6);
      set_payload(out, in, 8);
      return read_ports(in, out);
    case kSctp:
      return decode_sctp(in, out);
    case kDccp:
      return decode_dccp(in, out);
    case kEsp:
      part = read_spi(in, 0, out);
      break;
    case kAh:
      part = read_spi(in, 4, out);
      break;
    default:
      break;
  }
  set_payload(out, in);
  if (may_tunnel(facts.protocol)) out.layers |= kMayTunnel;
  return part;
}

}  // namespace panoptes
