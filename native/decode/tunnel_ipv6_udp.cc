// IPv6 for hosts behind IPv4: Teredo (RFC 4380, 6081) and AYIYA (draft-massar-v6ops-ayiya).
#include "decode/tunnel_udp.h"

namespace panoptes {
namespace {

// RFC 4380 5.1.1: lengths of client id and of authentication, both, a nonce of 8, a confirmation.
bool pass_authentication(Layer& in) {
  const std::uint8_t* header = in.peek(4);
  if (header == nullptr || load_be16(header) != 1) return true;
  return take(in, 4U + header[2] + header[3] + 9);
}

// The port and address that a server saw.
bool pass_origin(Layer& in) {
  const std::uint8_t* header = in.peek(2);
  return header == nullptr || load_be16(header) != 0 || take(in, 8);
}

// RFC 6081 4: behind the packet, type, length and that many bytes, any number of times. What was
// not captured is believed.
bool are_trailers(Layer in) {
  while (in.length() >= 2) {
    const std::uint8_t* trailer = in.peek(2);
    if (trailer == nullptr) return true;
    const std::uint32_t size = 2U + trailer[1];
    if (size > in.length()) return false;
    in.skip(size);
  }
  return in.length() == 0;
}

bool is_teredo(const std::uint8_t* address) {
  constexpr std::uint32_t kPrefix = 0x20010000, kOldPrefix = 0x3ffe831f;
  const std::uint32_t prefix = load_be32(address);
  return prefix == kPrefix || prefix == kOldPrefix;
}

bool is_local(const std::uint8_t* address) {
  constexpr std::uint16_t kLinkLocal = 0xfe80, kLocalGroup = 0xff02;
  const std::uint16_t prefix = load_be16(address);
  return (prefix & 0xffc0) == kLinkLocal || prefix == kLocalGroup;
}

// One end is a Teredo client, or a client without an address yet speaks to its server.
bool are_plausible(const std::uint8_t* src, const std::uint8_t* dst) {
  return is_teredo(src) || is_teredo(dst) || (is_local(src) && is_local(dst));
}

}  // namespace

Inner open_teredo(const Packet& out) {
  Layer in = payload_of(out);
  if (!pass_authentication(in) || !pass_origin(in)) return no_tunnel();
  const std::uint8_t* ip = in.peek(40);
  if (ip == nullptr || ip[0] >> 4 != 6) return no_tunnel();
  if (!holds_ip(in, is_first_fragment(out)) || !are_plausible(ip + 8, ip + 24)) return no_tunnel();
  const std::uint32_t length = stated_ip_length(in);
  Layer behind = in;
  behind.skip(length);
  if (!are_trailers(behind)) return no_tunnel();
  in.limit(length);
  return {.type = TunnelType::teredo, .protocol = kEtherIpv6, .packet = in};
}

Inner open_ayiya(const Packet& out) {
  constexpr unsigned kLastMethod = 2;  // of each of the three kinds
  constexpr unsigned kForward = 1, kEchoAndForward = 3;
  constexpr std::uint8_t kIpv4 = 4, kIpv6 = 41;
  Layer in = payload_of(out);
  const std::uint8_t* header = in.peek(8);
  if (header == nullptr) return no_tunnel();
  const unsigned identity = header[0] & 0x0fU, hash = header[1] & 0x0fU;
  const unsigned authentication = header[2] >> 4, operation = header[2] & 0x0fU;
  if (identity > kLastMethod || hash > kLastMethod || authentication > kLastMethod)
    return no_tunnel();
  if (operation != kForward && operation != kEchoAndForward) return no_tunnel();
  if (header[3] != kIpv4 && header[3] != kIpv6) return no_tunnel();
  const std::uint32_t identity_size = 1U << (header[0] >> 4);
  const std::uint32_t signature_size = (header[1] >> 4) * 4U;
  if (!take(in, 8 + identity_size + signature_size)) return no_tunnel();
  const std::uint8_t* ip = in.peek(1);
  if (ip == nullptr || *ip >> 4 != (header[3] == kIpv4 ? 4 : 6)) return no_tunnel();
  const std::uint32_t length = stated_ip_length(in);
  const bool fits = length == in.length() || (length > in.length() && is_first_fragment(out));
  if (length == 0 || !fits) return no_tunnel();
  return {.type = TunnelType::ayiya, .packet = in};
}

}  // namespace panoptes
