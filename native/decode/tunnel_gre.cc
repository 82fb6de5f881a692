// GRE (RFC 2784, 2890, 1701) and what is built on it: NVGRE (RFC 7637), PPTP (RFC 2637), ERSPAN,
// WCCP, Cisco metadata.
#include <optional>

#include "base/endian.h"
#include "decode/tunnel.h"

namespace panoptes {
namespace {

// The first 16 bits of the header.
constexpr std::uint16_t kChecksum = 0x8000, kRouting = 0x4000, kKey = 0x2000, kSequence = 0x1000,
                        kAck = 0x0080 /* version 1 */, kVersion = 0x0007;
constexpr std::uint32_t kEtherErspan = 0x88be, kEtherErspan3 = 0x22eb, kEtherWccp = 0x883e,
                        kEtherMetadata = 0x8909;
constexpr int kMaxRoutes = 16;  // source route entries; real ones are not seen any more

// Moves `in` by `n` bytes; false: they were not captured.
bool take(Layer& in, std::uint32_t n) {
  if (in.peek(n) == nullptr) return false;
  in.advance(n);
  return true;
}

// RFC 1701: entries of family, offset, length and that many bytes, to an entry of zeros.
bool skip_routes(Layer& in) {
  for (int i = 0; i < kMaxRoutes; ++i) {
    const std::uint8_t* entry = in.peek(4);
    if (entry == nullptr) return false;
    const std::uint32_t size = entry[3];
    const bool last = load_be16(entry) == 0 && size == 0;
    if (!take(in, 4 + size)) return false;
    if (last) return true;
  }
  return false;
}

Inner carry(TunnelType type, std::optional<std::uint32_t> id, std::uint32_t protocol,
            Layer packet) {
  return {.type = type,
          .has_id = id.has_value(),
          .id = id.value_or(0),
          .protocol = protocol,
          .packet = packet};
}

Inner with_session(std::uint32_t session, std::uint32_t protocol, Layer packet) {
  Inner inner = carry(TunnelType::erspan, session, protocol, packet);
  inner.id_in_key = true;
  return inner;
}

// The mirror ports of Cisco. Type I has no header of its own (and no sequence number), type II has
// 8 bytes, type III at least 12; both begin with their version and end in a session of 10 bits.
Inner open_erspan2(Layer in) {
  const std::uint8_t* header = in.peek(8);
  if (header == nullptr || header[0] >> 4 != 1) return no_tunnel();
  in.advance(8);
  return with_session(load_be16(header + 2) & 0x3ffU, kInnerEthernet, in);
}

Inner open_erspan3(Layer in) {
  constexpr std::uint8_t kFrameEthernet = 0, kFrameIp = 2;
  const std::uint8_t* header = in.peek(12);
  if (header == nullptr || header[0] >> 4 != 2) return no_tunnel();
  const std::uint32_t session = load_be16(header + 2) & 0x3ffU;
  const unsigned frame = header[10] >> 2 & 0x1fU;
  const bool platform_header = (header[11] & 1) != 0;
  if (!take(in, platform_header ? 20 : 12)) return no_tunnel();
  if (frame == kFrameEthernet) return with_session(session, kInnerEthernet, in);
  if (frame == kFrameIp) return with_session(session, 0, in);
  return no_tunnel();  // time stamp markers and such
}

// Version 2 puts four bytes of its own in front of the packet; version 1 does not, and nothing else
// tells them apart.
Inner open_wccp(std::optional<std::uint32_t> key, Layer in) {
  const std::uint8_t* ip = in.peek(1);
  if (ip == nullptr) return no_tunnel();
  if (*ip >> 4 != 4 && !take(in, 4)) return no_tunnel();
  return carry(TunnelType::gre, key, kEtherIpv4, in);
}

// An ethertype, then version 1, a length of one option, and the option: a security group.
Inner open_metadata(std::optional<std::uint32_t> key, Layer in) {
  const std::uint8_t* header = in.peek(8);
  if (header == nullptr || header[2] != 1 || header[3] != 1) return no_tunnel();
  const std::uint32_t protocol = load_be16(header);
  if (protocol != kEtherIpv4 && protocol != kEtherIpv6) return no_tunnel();
  in.advance(8);
  return carry(TunnelType::gre, key, protocol, in);
}

// NVGRE has a virtual subnet of 24 bits and a flow id of 8 in the key; other bridges have a key of
// their own there. Small numbers are such (subnet 0 is none), and so is the one bit by which the
// port mirror of VMware tells what a machine sent from what it received: as a subnet it would tear
// each flow in two.
bool is_nvgre(std::uint16_t flags, std::optional<std::uint32_t> key) {
  constexpr std::uint32_t kMirroredBit = 0x02000000;
  return (flags & (kChecksum | kSequence)) == 0 && key && *key >> 8 != 0 && *key != kMirroredBit;
}

Inner open_bridged(std::uint16_t flags, std::optional<std::uint32_t> key, Layer in) {
  if (!is_nvgre(flags, key)) return carry(TunnelType::gre, key, kInnerEthernet, in);
  Inner inner = carry(TunnelType::nvgre, *key >> 8, kInnerEthernet, in);
  inner.id_in_key = true;
  return inner;
}

Inner open_gre0(std::uint16_t flags, std::uint32_t protocol, Layer in) {
  if ((flags & (kChecksum | kRouting)) != 0 && !take(in, 4)) return no_tunnel();
  std::optional<std::uint32_t> key;
  if ((flags & kKey) != 0) {
    const std::uint8_t* field = in.peek(4);
    if (field == nullptr) return no_tunnel();
    key = load_be32(field);
    in.advance(4);
  }
  if ((flags & kSequence) != 0 && !take(in, 4)) return no_tunnel();
  if ((flags & kRouting) != 0 && !skip_routes(in)) return no_tunnel();
  switch (protocol) {
    case kEtherIpv4:
    case kEtherIpv6:
    case kEtherMpls:
    case kEtherMplsMulticast:
      return carry(TunnelType::gre, key, protocol, in);
    case kEtherBridged:
      return open_bridged(flags, key, in);
    case kEtherErspan:
      if ((flags & kSequence) != 0) return open_erspan2(in);
      return carry(TunnelType::erspan, {}, kInnerEthernet, in);
    case kEtherErspan3:
      return open_erspan3(in);
    case kEtherWccp:
      return open_wccp(key, in);
    case kEtherPpp:
      return carry(TunnelType::gre, key, kInnerPpp, in);
    case kEtherMetadata:
      return open_metadata(key, in);
    default:
      return no_tunnel();  // keepalives, routing protocols of Cisco ...
  }
}

// RFC 2637 4.1. A packet without a sequence number only acknowledges.
Inner open_pptp(const Packet& out, std::uint16_t flags, std::uint32_t protocol, Layer in) {
  constexpr std::uint16_t kOthers = 0xcf78;  // checksum, routing, strict, recursion, reserved
  if (protocol != kEtherPpp || (flags & kKey) == 0 || (flags & kOthers) != 0) return no_tunnel();
  const std::uint8_t* key = in.peek(4);
  if (key == nullptr || (flags & kSequence) == 0) return no_tunnel();
  const std::uint32_t size = load_be16(key);
  const std::uint32_t call = load_be16(key + 2);
  if (!take(in, (flags & kAck) != 0 ? 12 : 8)) return no_tunnel();
  const bool cut_by_sender = (out.layers & kIsFragment) != 0;
  if (size > in.length() && !cut_by_sender) return no_tunnel();
  in.limit(size);
  return carry(TunnelType::pptp, call, kInnerPpp, in);
}

}  // namespace

Inner open_gre(const Packet& out) {
  Layer in = payload_of(out);
  const std::uint8_t* header = in.peek(4);
  if (header == nullptr) return no_tunnel();
  const std::uint16_t flags = load_be16(header);
  const std::uint32_t protocol = load_be16(header + 2);
  in.advance(4);
  if ((flags & kVersion) == 0) return open_gre0(flags, protocol, in);
  if ((flags & kVersion) == 1) return open_pptp(out, flags, protocol, in);
  return no_tunnel();
}

}  // namespace panoptes
