// ICMP (RFC 792) and ICMPv6 (RFC 4443): which types are two halves of one exchange, and their ids.
#include "decode/icmp.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kHeader = 8;

struct Pair {
  std::uint8_t request;
  std::uint8_t answer;
  bool has_id;      // bytes 4 and 5 are an identifier that the answer repeats
  bool advertised;  // the answer is also sent unasked, to a group
};

constexpr Pair kIcmpPairs[] = {
    {8, 0, true, false},    // echo
    {10, 9, false, true},   // router solicitation, advertisement (RFC 1256)
    {13, 14, true, false},  // timestamp
    {15, 16, true, false},  // information
    {17, 18, true, false},  // address mask
    {42, 43, true, false},  // extended echo (RFC 8335)
};

constexpr Pair kIcmpv6Pairs[] = {
    {128, 129, true, false},   // echo
    {133, 134, false, true},   // router solicitation, advertisement
    {135, 136, false, true},   // neighbour solicitation, advertisement
    {139, 140, false, false},  // node information (RFC 4620): its nonce is no 16-bit id
    {144, 145, true, false},   // home agent address discovery (RFC 6275)
    {146, 147, true, false},   // mobile prefix
    {160, 161, true, false},   // extended echo (RFC 8335)
};

template <std::size_t N>
KeyPart decode_any(Layer in, const Pair (&pairs)[N], bool to_group, Packet& out) {
  set_payload(out, in, kHeader);
  const std::uint8_t* icmp = in.peek(2);
  if (icmp == nullptr) return {};
  const std::uint8_t type = icmp[0];
  out.layers |= kHasIcmp;
  out.icmp_type = type;
  out.icmp_code = icmp[1];
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
      part.aux = load_be16(icmp + 4);
    }
    return part;
  }
  return {.icmp_type = type, .icmp_code = icmp[1]};
}

}  // namespace

KeyPart decode_icmp(Layer in, IpFacts facts, Packet& out) {
  return decode_any(in, kIcmpPairs, facts.destination[0] >= 0xe0, out);
}

KeyPart decode_icmpv6(Layer in, IpFacts facts, Packet& out) {
  return decode_any(in, kIcmpv6Pairs, facts.destination[0] == 0xff, out);
}

}  // namespace panoptes
