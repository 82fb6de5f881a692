// The overlays of data centers: VXLAN (RFC 7348) with its group policy extension, VXLAN-GPE
// (draft-ietf-nvo3-vxlan-gpe), GENEVE (RFC 8926), and the network service header inside of the
// latter two. Their reserved bits, all 0, prove the header.
#include <iterator>

#include "decode/tunnel_udp.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kEtherNsh = 0x894f;

Inner with_vni(TunnelType type, const std::uint8_t* vni, Layer packet) {
  return {.type = type, .has_id = true, .id = load_be32(vni) >> 8, .packet = packet};
}

// A VXLAN segment is one layer 2 network, whose members answer in it. What a VNI of GENEVE means is
// up to the control plane (RFC 8926 3.4), and in use are some that have one for each direction.
Inner with_segment(TunnelType type, const std::uint8_t* vni, Layer packet) {
  Inner inner = with_vni(type, vni, packet);
  inner.id_in_key = true;
  return inner;
}

// The numbers that VXLAN-GPE and NSH share; 0: none of them.
std::uint32_t next_protocol(std::uint8_t number) {
  constexpr std::uint32_t kNumbers[] = {0,         kEtherIpv4, kEtherIpv6, kInnerEthernet,
                                        kEtherNsh, kEtherMpls};
  return number < std::size(kNumbers) ? kNumbers[number] : 0;
}

// Moves past a network service header (RFC 8300) at the front of inner.packet; false: it cannot be,
// or carries what we do not know.
bool pass_nsh(Inner& inner) {
  constexpr std::uint8_t kVersionAndOam = 0xe0, kType1 = 1, kType2 = 2;
  constexpr std::uint32_t kWords1 = 6, kLeastWords2 = 2;
  const std::uint8_t* nsh = inner.packet.peek(8);
  if (nsh == nullptr || (nsh[0] & kVersionAndOam) != 0) return false;
  const std::uint32_t words = nsh[1] & 0x3fU;
  const unsigned type = nsh[2] & 0x0fU;
  if (!(type == kType1 && words == kWords1) && !(type == kType2 && words >= kLeastWords2))
    return false;
  inner.protocol = next_protocol(nsh[3]);
  return inner.protocol != 0 && inner.protocol != kEtherNsh && take(inner.packet, words * 4);
}

// `inner.packet` is what `inner.protocol` says.
Inner enter(Inner inner) {
  if (inner.protocol == 0) return no_tunnel();
  if (inner.protocol == kEtherNsh && !pass_nsh(inner)) return no_tunnel();
  return inner;
}

// Class, type and length of each option, the length in words of 4 bytes: together they fill the
// option space to the byte.
bool options_fit(const std::uint8_t* options, std::uint32_t size) {
  std::uint32_t at = 0;
  while (at + 4 <= size) at += 4 + (options[at + 3] & 0x1fU) * 4;
  return at == size;
}

}  // namespace

Inner open_vxlan(const Packet& out) {
  constexpr std::uint32_t kVni = 0x08000000, kGroupPolicy = 0x80000000;
  constexpr std::uint32_t kPolicyBits = 0x0048ffff;  // do not learn, applied, group
  Layer in = payload_of(out);
  const std::uint8_t* header = in.peek(8);
  if (header == nullptr || header[7] != 0) return no_tunnel();
  const std::uint32_t flags = load_be32(header);
  const std::uint32_t allowed = (flags & kGroupPolicy) != 0 ? kGroupPolicy | kPolicyBits : 0;
  if ((flags & ~allowed) != kVni) return no_tunnel();
  in.advance(8);
  Inner inner = with_segment(TunnelType::vxlan, header + 4, in);
  inner.protocol = kInnerEthernet;
  return inner;
}

Inner open_vxlan_gpe(const Packet& out) {
  constexpr std::uint8_t kVni = 0x08, kNextProtocol = 0x04, kGroup = 0x02, kOam = 0x01;
  Layer in = payload_of(out);
  const std::uint8_t* header = in.peek(8);
  if (header == nullptr || load_be16(header + 1) != 0 || header[7] != 0) return no_tunnel();
  if ((header[0] & ~(kNextProtocol | kGroup | kOam)) != kVni) return no_tunnel();
  const bool named = (header[0] & kNextProtocol) != 0;
  if (!named && header[3] != 0) return no_tunnel();
  in.advance(8);
  Inner inner = with_segment(TunnelType::vxlan_gpe, header + 4, in);
  inner.protocol = named ? next_protocol(header[3]) : kInnerEthernet;
  return enter(inner);
}

Inner open_geneve(const Packet& out) {
  constexpr std::uint8_t kReserved = 0x3f;
  Layer in = payload_of(out);
  const std::uint8_t* header = in.peek(8);
  if (header == nullptr || header[0] >> 6 != 0) return no_tunnel();
  if ((header[1] & kReserved) != 0 || header[7] != 0) return no_tunnel();
  in.advance(8);
  const std::uint32_t size = (header[0] & 0x3fU) * 4;
  const std::uint8_t* options = in.peek(size);
  if (options == nullptr || !options_fit(options, size)) return no_tunnel();
  in.advance(size);
  Inner inner = with_vni(TunnelType::geneve, header + 4, in);
  const std::uint32_t protocol = load_be16(header + 2);
  switch (protocol) {
    case kEtherBridged:
      inner.protocol = kInnerEthernet;
      return inner;
    case kEtherIpv4:
    case kEtherIpv6:
    case kEtherMpls:
    case kEtherNsh:
      inner.protocol = protocol;
      return enter(inner);
    default:
      return no_tunnel();
  }
}

}  // namespace panoptes
