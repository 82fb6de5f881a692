// Tunnels with an IP protocol of their own: EtherIP (RFC 3378), L2TPv3 (RFC 3931), MPLS (RFC 4023).
#include "base/endian.h"
#include "decode/inner_proof.h"
#include "decode/tunnel.h"

namespace panoptes {
namespace {

constexpr std::uint8_t kEtherIp = 97, kL2tpv3 = 115;

Inner open_etherip(Layer in) {
  constexpr std::uint32_t kVersion3 = 0x3000;  // and reserved bits, all 0
  const std::uint8_t* header = in.peek(2);
  if (header == nullptr || load_be16(header) != kVersion3) return no_tunnel();
  in.advance(2);
  return {.type = TunnelType::etherip, .protocol = kInnerEthernet, .packet = in};
}

// Where L2TPv3 may end and what may follow. `more`: the packet goes on in later fragments.
struct Guess {
  Layer at;
  bool more;

  // An IP packet that fills `rest`, but for `padding` bytes at most.
  bool is_ip(Layer rest, std::uint32_t padding) const {
    const std::uint32_t length = proven_ip_length(rest);
    if (length == 0) return false;
    if (length > rest.length()) return more;
    return rest.length() - length <= padding;
  }

  bool is_ethernet() const {
    constexpr std::uint32_t kLeast = 46;  // payload of the shortest frame, which may be padded
    constexpr int kMaxTags = 2;
    const std::uint8_t* header = at.peek(14);
    if (header == nullptr || (header[6] & 1) != 0) return false;  // no group ever sends
    std::uint32_t ethertype = load_be16(header + 12);
    Layer rest = at;
    rest.advance(14);
    for (int tags = 0; tags < kMaxTags && (ethertype == kEtherVlan || ethertype == kEtherQinq);
         ++tags) {
      const std::uint8_t* tag = rest.peek(4);
      if (tag == nullptr) return false;
      ethertype = load_be16(tag + 2);
      rest.advance(4);
    }
    const std::uint8_t* ip = rest.peek(1);
    if (ip == nullptr || ethertype != (*ip >> 4 == 6 ? kEtherIpv6 : kEtherIpv4)) return false;
    return is_ip(rest, rest.length() <= kLeast ? kLeast : 0);
  }

  bool is_ppp() const {
    const std::uint8_t* header = at.peek(4);
    if (header == nullptr || load_be16(header) != 0xff03) return false;
    const std::uint32_t protocol = load_be16(header + 2);
    if (protocol != 0x21 && protocol != 0x57) return false;
    Layer rest = at;
    rest.advance(4);
    return is_ip(rest, 0);
  }

  // Of IPv6 alone, without a checksum, the next header has to be a common one.
  bool is_bare_ip() const {
    const std::uint8_t* ip = at.peek(7);
    if (ip == nullptr) return false;
    if (*ip >> 4 == 6 && ip[6] != 6 && ip[6] != 17 && ip[6] != 58) return false;
    return is_ip(at, 0);
  }
};

}  // namespace

// Only the two ends know how long the cookie is and whether a sublayer of 4 bytes follows it (RFC
// 3931 4.1.1, 4.6): every length that there may be is tried, and what it leaves has to prove
// itself.
Inner open_l2tpv3(const Packet& out, Layer in) {
  const std::uint8_t* header = in.peek(4);
  if (header == nullptr) return no_tunnel();
  const std::uint32_t session = load_be32(header);
  if (session == 0) return no_tunnel();  // a control message
  in.advance(4);
  Inner inner{.type = TunnelType::l2tp, .has_id = true, .id = session};
  for (std::uint32_t size = 0; size <= 12; size += 4) {
    Guess guess{in, (out.layers & kIsFragment) != 0};
    guess.at.skip(size);
    inner.packet = guess.at;
    if (guess.is_ethernet()) {
      inner.protocol = kInnerEthernet;
    } else if (guess.is_ppp()) {
      inner.protocol = kInnerPpp;
    } else if (!guess.is_bare_ip()) {
      continue;
    }
    return inner;
  }
  return no_tunnel();
}

Inner open_other_ip(const Packet& out) {
  if (out.key.protocol == kEtherIp) return open_etherip(payload_of(out));
  if (out.key.protocol == kL2tpv3) return open_l2tpv3(out, payload_of(out));
  return {.type = TunnelType::mpls_ip, .protocol = kEtherMpls, .packet = payload_of(out)};
}

}  // namespace panoptes
