// ICMP (RFC 792) and ICMPv6 (RFC 4443): which types are two halves of one exchange, their ids and
// numbers, and the packet that an error quotes.
#include "decode/icmp.h"

#include "decode/tunnel.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kHeader = 8;
constexpr std::uint8_t kRedirect = 5, kRedirectV6 = 137;

struct Pair {
  std::uint8_t request;
  std::uint8_t answer;
  bool has_id;      // bytes 4 and 5 are an identifier that the answer repeats
  bool advertised;  // the answer is also sent unasked, to a group
  // Bytes from the sixth on that number the queries of an id, and that the answer repeats.
  std::uint8_t number_bytes = 0;
};

constexpr Pair kIcmpPairs[] = {
    {8, 0, true, false, 2},    // echo
    {10, 9, false, true},      // router solicitation, advertisement (RFC 1256)
    {13, 14, true, false, 2},  // timestamp
    {15, 16, true, false, 2},  // information
    {17, 18, true, false, 2},  // address mask
    {42, 43, true, false, 1},  // extended echo (RFC 8335)
};

constexpr Pair kIcmpv6Pairs[] = {
    {128, 129, true, false, 2},  // echo
    {133, 134, false, true},     // router solicitation, advertisement
    {135, 136, false, true},     // neighbour solicitation, advertisement
    {139, 140, false, false},    // node information (RFC 4620): its nonce is no 16-bit id
    {141, 142, false, false},    // inverse neighbour discovery (RFC 3122)
    {144, 145, true, false},     // home agent address discovery (RFC 6275)
    {146, 147, true, false},     // mobile prefix
    {148, 149, true, true},      // certification path (RFC 3971)
    {160, 161, true, false, 1},  // extended echo (RFC 8335)
};

// Unreachable, source quench, redirect, time exceeded, parameter problem.
bool is_error(std::uint8_t type) {
  return (type >= 3 && type <= kRedirect) || type == 11 || type == 12;
}

// Unreachable, packet too big, time exceeded, parameter problem; the redirect of RFC 4861 4.5.
bool is_error_v6(std::uint8_t type) { return (type >= 1 && type <= 4) || type == kRedirectV6; }

std::uint32_t read_number(Layer in, std::uint8_t bytes) {
  const std::uint8_t* icmp = in.peek(6U + bytes);
  if (bytes == 0 || icmp == nullptr) return kNoIcmpNumber;
  return bytes == 1 ? icmp[6] : load_be16(icmp + 6);
}

template <std::size_t N>
KeyPart decode_any(Layer in, const Pair (&pairs)[N], bool to_group, Packet& out) {
  set_payload(out, in, kHeader);
  const std::uint8_t* icmp = in.peek(2);
  if (icmp == nullptr) return {};
  const std::uint8_t type = icmp[0];
  out.layers |= kHasIcmp;
  out.icmp_type = type;
  out.icmp_code = icmp[1];
  if (in.peek(4) != nullptr) out.checksum = load_be16(icmp + 2);
  for (const Pair& pair : pairs) {
    if (type != pair.request && type != pair.answer) continue;
    KeyPart part{.icmp_type = pair.request};
    if (type == pair.request) {
      out.request_sense = 1;
    } else if (!(pair.advertised && to_group)) {
      out.request_sense = 2;
    }
    if (pair.has_id && in.peek(6) != nullptr) {
      out.layers |= kHasIcmpId;
      out.seq = read_number(in, pair.number_bytes);
      part.aux = load_be16(icmp + 4);
    }
    return part;
  }
  return {.icmp_type = type, .icmp_code = icmp[1]};
}

// What is left of the quoted packet; a redirect of ICMPv6 has it in an option.
Layer quoted_bytes(const Packet& error) {
  constexpr std::uint32_t kAddresses = 32, kOptionUnit = 8;
  constexpr std::uint8_t kRedirectedHeader = 4;
  Layer rest = payload_of(error);
  if (error.key.kind != FlowKind::ipv6 || error.icmp_type != kRedirectV6) return rest;
  rest.skip(kAddresses);
  while (const std::uint8_t* option = rest.peek(kOptionUnit)) {
    const std::uint32_t size = option[1] * kOptionUnit;
    if (size == 0) break;
    if (option[0] == kRedirectedHeader) {
      rest.limit(size);
      rest.advance(kOptionUnit);
      return rest;
    }
    rest.skip(size);
  }
  return {nullptr, 0, 0};
}

// A query of which the quote has the ports only: the transaction id is not known.
bool may_be_dns_query(const Packet& quoted) {
  constexpr std::uint32_t kId = 2;
  return quoted.key.protocol == kUdp && quoted.payload_captured < kId &&
         (quoted.key.low_port == kDnsPort || quoted.key.high_port == kDnsPort);
}

}  // namespace

KeyPart decode_icmp(Layer in, IpFacts facts, Packet& out) {
  const KeyPart part = decode_any(in, kIcmpPairs, facts.destination[0] >= 0xe0, out);
  if ((out.layers & kHasIcmp) != 0 && is_error(out.icmp_type)) out.layers |= kMayQuote;
  return part;
}

KeyPart decode_icmpv6(Layer in, IpFacts facts, Packet& out) {
  const KeyPart part = decode_any(in, kIcmpv6Pairs, facts.destination[0] == 0xff, out);
  if ((out.layers & kHasIcmp) != 0 && is_error_v6(out.icmp_type)) out.layers |= kMayQuote;
  return part;
}

void decode_quote(Packet& out, const DecodeOptions& options) {
  constexpr std::uint32_t kWhole = 0x10000;  // the length is what the quoted header says
  out.layers &= static_cast<std::uint16_t>(~kHasQuote);
  const Layer bytes = quoted_bytes(out);
  Packet quoted;
  begin_packet(quoted, out.time_ns, out.wire_bytes);
  const LinkEnd link{{bytes.position(), bytes.captured(), kWhole},
                     out.key.kind == FlowKind::ipv6 ? kEtherIpv6 : kEtherIpv4,
                     out.key.link_context};
  if (decode_network(link, quoted) != Undecoded::none) return;
  if ((quoted.layers & kMayTunnel) != 0) decode_tunnels(quoted, options);
  out.layers |= kHasQuote;
  out.quote.key = quoted.key;
  out.quote.ipv6 = out.key.kind == FlowKind::ipv6;
  out.quote.lacks_dns_id = may_be_dns_query(quoted);
  const auto& reporter = out.from_high ? out.key.high_addr : out.key.low_addr;
  std::memcpy(out.quote.reporter, reporter.data(), sizeof out.quote.reporter);
}

}  // namespace panoptes
