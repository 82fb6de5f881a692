// Transport headers off the common path: cut or odd TCP and UDP, TCP options, SCTP, DCCP, UDP-Lite.
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
  if (in.captured() > 20) read_tcp_options(tcp + 20, in.captured() - 20, out);
  set_payload(out, in, header);
  return part;
}

KeyPart decode_other_transport(const std::uint8_t* at, std::uint32_t captured, std::uint32_t length,
                               IpFacts facts, Packet& out) {
  const Layer in(at, captured, length);
  switch (facts.protocol) {
    case kIcmp:
      if (!facts.ipv6) return decode_icmp(in, facts, out);
      break;
    case kIcmpv6:
      if (facts.ipv6) return decode_icmpv6(in, facts, out);
      break;
    case kUdp:  // cut within its header
    case kUdpLite:
      set_payload(out, in, 8);
      return read_ports(in, out);
    case kSctp:
      set_payload(out, in, 12);
      return read_ports(in, out);
    case kDccp: {
      const std::uint8_t* dccp = in.peek(5);  // RFC 4340 5.1: data offset in 32-bit words
      set_payload(out, in, dccp == nullptr ? in.length() : dccp[4] * 4U);
      return read_ports(in, out);
    }
    default:
      break;
  }
  set_payload(out, in);
  if (may_tunnel(facts.protocol)) out.layers |= kMayTunnel;
  return {};
}

}  // namespace panoptes
