// L2TP over UDP: version 2 (RFC 2661) carries PPP, version 3 (RFC 3931) anything. Control messages
// are no tunnel, nor is L2F, which had the port before.
#include "decode/tunnel_udp.h"

namespace panoptes {
namespace {

// RFC 2661 3.1: flags and version, the length, two ids, two sequence numbers, an offset; which of
// them are there is in the flags. The ids differ by direction.
Inner open_version2(const Packet& out, std::uint16_t flags, Layer in) {
  constexpr std::uint16_t kLength = 0x4000, kSequence = 0x0800, kOffset = 0x0200;
  constexpr std::uint16_t kReserved = 0x34f0;
  if ((flags & kReserved) != 0) return no_tunnel();
  const bool more = is_first_fragment(out);
  const std::uint8_t* next = in.peek(4);
  if ((flags & kLength) != 0) {
    if (next == nullptr) return no_tunnel();
    const std::uint32_t length = load_be16(next + 2);  // of all
    if (length > in.length() && !more) return no_tunnel();
    in.limit(length);
    if (!take(in, 2)) return no_tunnel();
  }
  if (!take(in, 2)) return no_tunnel();  // the flags
  const std::uint8_t* ids = in.peek(4);
  if (ids == nullptr || load_be16(ids) == 0 || load_be16(ids + 2) == 0) return no_tunnel();
  in.advance(4);
  if ((flags & kSequence) != 0 && !take(in, 4)) return no_tunnel();
  if ((flags & kOffset) != 0) {
    const std::uint8_t* offset = in.peek(2);
    if (offset == nullptr || !take(in, 2U + load_be16(offset))) return no_tunnel();
  }
  const LinkEnd end = decode_ppp({in, 0});
  if (end.error != Undecoded::none) return no_tunnel();
  const bool is_ip = end.protocol == kEtherIpv4 || end.protocol == kEtherIpv6;
  if (is_ip && !holds_ip(end.network, more)) return no_tunnel();
  return {.type = TunnelType::l2tp,
          .has_id = true,
          .id = load_be32(ids),
          .protocol = end.protocol,
          .packet = end.network};
}

}  // namespace

Inner open_l2tp(const Packet& out) {
  constexpr std::uint16_t kControl = 0x8000, kVersion = 0x000f;
  Layer in = payload_of(out);
  const std::uint8_t* header = in.peek(4);
  if (header == nullptr) return no_tunnel();
  const std::uint16_t flags = load_be16(header);
  if ((flags & kControl) != 0) return no_tunnel();
  if ((flags & kVersion) == 2) return open_version2(out, flags, in);
  // RFC 3931 4.1.2.1: all other bits are reserved, and the next 16 too.
  if (load_be32(header) != 0x00030000) return no_tunnel();
  in.advance(4);
  return open_l2tpv3(out, in);
}

}  // namespace panoptes
