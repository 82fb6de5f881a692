// Local networks that are not Ethernet: FDDI, token ring, IEEE 1394, InfiniBand, ATM. 802.2 or an
// ethertype follows their header.
#include "decode/link_family.h"

namespace panoptes {
namespace {

LinkEnd truncated(const LinkEnd& end) { return link_error(end, Undecoded::truncated_link); }

// A header that ends in an ethertype.
LinkEnd decode_typed(LinkEnd frame, std::uint32_t size, std::uint32_t type_at, Packet& out) {
  const std::uint8_t* header = frame.network.peek(size);
  if (header == nullptr) return truncated(frame);
  const std::uint32_t type = load_be16(header + type_at);
  frame.network.advance(size);
  frame.protocol = type;
  return type < kFirstEthertype ? frame : resolve(frame, out);
}

// An Ethernet frame in an ATM cell stream (RFC 2684 5.2): LLC, SNAP, two bytes that align it.
bool is_bridged(const Layer& packet) {
  const std::uint8_t* at = packet.peek(8);
  return at != nullptr && load_be32(at) == 0xaaaa0300 && load_be16(at + 4) == 0x80c2 &&
         at[6] == 0 && (at[7] == 1 || at[7] == 7);
}

}  // namespace

LinkEnd decode_fddi(LinkEnd frame, Packet& out) {
  constexpr std::uint8_t kFormat = 0x70, kLlcFrame = 0x50;  // synchronous or not
  const std::uint8_t* header = frame.network.peek(13);
  if (header == nullptr) return truncated(frame);
  read_macs(header + 1, out);
  out.layers |= kHasMac;
  frame.network.advance(13);
  if ((header[0] & kFormat) != kLlcFrame) return link_carries(frame, kLlc | header[0]);
  return resolve_llc(frame, out);
}

LinkEnd decode_token_ring(LinkEnd frame, Packet& out) {
  constexpr std::uint8_t kType = 0xc0, kLlcFrame = 0x40, kHasRoute = 0x80, kRouteLength = 0x1f;
  const std::uint8_t* header = frame.network.peek(14);
  if (header == nullptr) return truncated(frame);
  read_macs(header + 2, out);
  out.layers |= kHasMac;
  frame.network.advance(14);
  if ((header[8] & kHasRoute) != 0) {  // source routing, IEEE 802.5; not part of the address
    out.mac_src[0] &= static_cast<std::uint8_t>(~kHasRoute);
    const std::uint8_t* route = frame.network.peek(2);
    if (route == nullptr) return truncated(frame);
    const std::uint32_t size = route[0] & kRouteLength;
    if (size < 2 || size % 2 != 0) return link_error(frame, Undecoded::bad_link_header);
    frame.network.skip(size);
  }
  if ((header[1] & kType) != kLlcFrame) return link_carries(frame, kLlc | header[1]);
  return resolve_llc(frame, out);
}

// Addresses of 8 bytes, which are no MACs.
LinkEnd decode_ieee1394(LinkEnd frame, Packet& out) { return decode_typed(frame, 18, 16, out); }

// Global routing header, then RFC 4391 6.
LinkEnd decode_infiniband_ip(LinkEnd frame, Packet& out) {
  return decode_typed(frame, 44, 40, out);
}

LinkEnd decode_atm(LinkEnd frame, Packet& out) {
  constexpr std::uint32_t kSnapAndPad = 10, kFcs = 4;
  if (!is_bridged(frame.network)) return resolve_llc(frame, out);
  const bool has_fcs = frame.network.position()[7] == 1;
  frame.network.skip(kSnapAndPad);
  if (has_fcs) trim(frame.network, kFcs);
  return resolve(link_carries(frame, kEtherBridged), out);
}

// RFC 2225, or IP without any header.
LinkEnd decode_atm_classical_ip(LinkEnd frame, Packet& out) {
  const std::uint8_t* llc = frame.network.peek(3);
  const bool has_llc = llc != nullptr && load_be16(llc) == 0xaaaa && llc[2] == 0x03;
  return has_llc ? decode_atm(frame, out) : decode_raw_ip(frame, out);
}

// SunATM: direction and kind, VPI, VCI.
LinkEnd decode_sun_atm(LinkEnd frame, Packet& out) {
  constexpr std::uint8_t kKind = 0x0f, kLaneEmulation = 1, kLlcFrame = 2;
  const std::uint8_t* header = frame.network.peek(4);
  if (header == nullptr) return truncated(frame);
  frame.network.advance(4);
  if ((header[0] & kKind) == kLlcFrame) return decode_atm(frame, out);
  if ((header[0] & kKind) != kLaneEmulation) {
    return link_error(frame, Undecoded::unknown_network);
  }
  frame.network.skip(2);  // id of the emulation client
  return decode_ethernet(frame.network, frame.link_context, out);
}

}  // namespace panoptes
