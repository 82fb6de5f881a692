// GTP-U, the user plane of mobile networks: version 1 (3GPP TS 29.281 5) and the one before it (GSM
// 09.60 6). Their identifiers differ by direction. All other messages (echo, error indication, end
// marker, GTP') are no tunnel.
#include "decode/tunnel_udp.h"

namespace panoptes {
namespace {

constexpr std::uint8_t kGPdu = 255;

// The `length` next bytes are an IP packet.
Inner carry(const Packet& out, std::uint32_t id, std::uint32_t length, Layer in) {
  const bool more = is_first_fragment(out);
  if (length > in.length() && !more) return no_tunnel();
  in.limit(length);
  if (!holds_ip(in, more)) return no_tunnel();
  return {.type = TunnelType::gtp, .has_id = true, .id = id, .packet = in};
}

// Extension headers begin with their length, in words of 4 bytes, and end with the type of the next
// one. Bytes of all, or none if they cannot be.
bool pass_extensions(Layer& in, std::uint8_t type) {
  constexpr int kMaxExtensions = 16;
  for (int i = 0; type != 0; ++i) {
    const std::uint8_t* extension = in.peek(1);
    if (i == kMaxExtensions || extension == nullptr || *extension == 0) return false;
    const std::uint32_t size = *extension * 4U;
    if (!take(in, size)) return false;
    type = extension[size - 1];
  }
  return true;
}

}  // namespace

Inner open_gtp(const Packet& out) {
  constexpr std::uint8_t kFixed = 0xf8, kVersion1 = 0x30;  // version, protocol type, reserved
  constexpr std::uint8_t kExtension = 0x04, kOptional = 0x07;
  Layer in = payload_of(out);
  const std::uint8_t* header = in.peek(8);
  if (header == nullptr || (header[0] & kFixed) != kVersion1 || header[1] != kGPdu)
    return no_tunnel();
  const std::uint32_t length = load_be16(header + 2);  // of what follows the first 8 bytes
  in.advance(8);
  const std::uint32_t before = in.length();
  if ((header[0] & kOptional) != 0) {  // any of the three flags: the fields of all
    const std::uint8_t* optional = in.peek(4);
    if (!take(in, 4)) return no_tunnel();
    const bool extended = (header[0] & kExtension) != 0;
    if (!pass_extensions(in, extended ? optional[3] : 0)) return no_tunnel();
  }
  const std::uint32_t passed = before - in.length();
  if (passed > length) return no_tunnel();
  return carry(out, load_be32(header + 4), length - passed, in);
}

Inner open_gtp0(const Packet& out) {
  constexpr std::uint8_t kVersion0 = 0x1e;  // protocol type, reserved bits 1; one flag is free
  Layer in = payload_of(out);
  const std::uint8_t* header = in.peek(20);
  if (header == nullptr || (header[0] & 0xfe) != kVersion0 || header[1] != kGPdu)
    return no_tunnel();
  if ((load_be32(header + 8) & 0xffffff) != 0xffffff) return no_tunnel();  // reserved
  in.advance(20);
  return carry(out, load_be16(header + 6), load_be16(header + 2), in);  // flow label
}

}  // namespace panoptes
