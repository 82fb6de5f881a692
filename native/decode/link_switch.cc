// Ethernet as switches, routers and capture cards hand it out: with their own header in front or
// inside.
#include "decode/link_context.h"
#include "decode/link_family.h"

namespace panoptes {
namespace {

LinkEnd truncated(const LinkEnd& end) { return link_error(end, Undecoded::truncated_link); }

LinkEnd ethernet_behind(LinkEnd frame, std::uint32_t header, Packet& out) {
  frame.network.skip(header);
  return decode_ethernet_link(frame, out);
}

// The MACs, `tag` bytes of the switch, the ethertype. Moves past all, `end` tells where the tag
// was.
const std::uint8_t* read_tagged_ethernet(LinkEnd& frame, std::uint32_t tag, Packet& out) {
  constexpr std::uint32_t kMacs = 12;
  const std::uint8_t* header = frame.network.peek(kMacs + tag + 2);
  if (header == nullptr) return nullptr;
  read_macs(header, out);
  out.layers |= kHasMac;
  frame.protocol = load_be16(header + kMacs + tag);
  frame.network.advance(kMacs + tag + 2);
  return header + kMacs;
}

// Marvell: four bytes, which hold the VLAN of a frame that came with a tag.
LinkEnd decode_marvell(LinkEnd frame, std::uint32_t tag_at, Packet& out) {
  constexpr std::uint8_t kTagged = 0x20;
  const std::uint8_t* tag = read_tagged_ethernet(frame, tag_at + 4, out);
  if (tag == nullptr) return truncated(frame);
  tag += tag_at;
  if ((tag[0] & kTagged) != 0) {
    constexpr std::uint16_t kPriorityAndId = 0xefff;  // the bit between is not the frame's
    note_vlan(frame, load_be16(tag + 2) & kPriorityAndId, out);
  }
  return resolve(frame, out);
}

// The header of Juniper's captures; moves past it. `bare`: the link header was taken off.
Undecoded read_juniper(LinkEnd& frame, bool& bare) {
  constexpr std::uint32_t kMagic = 0x4d4743;  // "MGC"
  constexpr std::uint8_t kNoLink = 0x02, kExtended = 0x80;
  const std::uint8_t* header = frame.network.peek(4);
  if (header == nullptr) return Undecoded::truncated_link;
  if (load_be32(header) >> 8 != kMagic) return Undecoded::bad_link_header;
  const std::uint8_t flags = header[3];
  frame.network.advance(4);
  if ((flags & kExtended) != 0) {  // length of what follows it, then type, length, value ...
    const std::uint8_t* extension = frame.network.peek(2);
    if (extension == nullptr) return Undecoded::truncated_link;
    const std::uint32_t size = load_be16(extension);
    frame.network.advance(2);
    if (frame.network.length() < size) return Undecoded::bad_link_header;
    frame.network.skip(size);
  }
  bare = (flags & kNoLink) != 0;
  if (bare) frame.network.skip(4);  // protocol family, by which values is not documented
  return Undecoded::none;
}

LinkEnd decode_juniper(LinkEnd frame, LinkDecoder inner, Packet& out) {
  bool bare = false;
  const Undecoded error = read_juniper(frame, bare);
  if (error != Undecoded::none) return link_error(frame, error);
  return bare ? decode_raw_ip(frame, out) : inner(frame, out);
}

LinkEnd decode_ethertype(LinkEnd frame, Packet& out) {
  const std::uint8_t* type = frame.network.peek(2);
  if (type == nullptr) return truncated(frame);
  frame.network.advance(2);
  const std::uint32_t protocol = load_be16(type);
  return protocol < kFirstEthertype ? link_error(frame, Undecoded::unknown_network)
                                    : resolve(link_carries(frame, protocol), out);
}

}  // namespace

// 802.3br: preamble, delimiter, frame, check sequence. Only the first part of a frame that was
// interrupted has its header.
LinkEnd decode_mpacket(LinkEnd frame, Packet& out) {
  constexpr std::uint8_t kExpress = 0xd5, kStarts[] = {0xe6, 0x4c, 0x7f, 0xb3};
  constexpr std::uint32_t kPreamble = 8, kFcs = 4;
  const std::uint8_t* preamble = frame.network.peek(kPreamble);
  if (preamble == nullptr) return truncated(frame);
  const std::uint8_t delimiter = preamble[kPreamble - 1];
  const bool begins = delimiter == kExpress || std::find(std::begin(kStarts), std::end(kStarts),
                                                         delimiter) != std::end(kStarts);
  if (!begins) return link_error(frame, Undecoded::unknown_network);
  trim(frame.network, kFcs);
  return ethernet_behind(frame, kPreamble, out);
}

// Hilscher's cards: four bytes of their own, the frame with its check sequence.
LinkEnd decode_netanalyzer(LinkEnd frame, Packet& out) {
  trim(frame.network, 4);
  return ethernet_behind(frame, 4, out);
}
// In transparent mode the preamble too, as long as it arrived.
LinkEnd decode_netanalyzer_transparent(LinkEnd frame, Packet& out) {
  constexpr std::uint8_t kPreamble = 0x55, kDelimiter = 0xd5;
  constexpr std::uint32_t kLongest = 16;
  trim(frame.network, 4);
  std::uint32_t at = 4;
  for (; at < 4 + kLongest; ++at) {
    const std::uint8_t* bytes = frame.network.peek(at + 1);
    if (bytes == nullptr) return truncated(frame);
    if (bytes[at] == kDelimiter) return ethernet_behind(frame, at + 1, out);
    if (bytes[at] != kPreamble) break;
  }
  return link_error(frame, Undecoded::unknown_network);
}

LinkEnd decode_dsa_broadcom(LinkEnd frame, Packet& out) {
  if (read_tagged_ethernet(frame, 4, out) == nullptr) return truncated(frame);
  return resolve(frame, out);
}
LinkEnd decode_dsa_broadcom_prepended(LinkEnd frame, Packet& out) {
  return ethernet_behind(frame, 4, out);
}
LinkEnd decode_dsa_marvell(LinkEnd frame, Packet& out) { return decode_marvell(frame, 0, out); }
// The same behind an ethertype of its own and two bytes.
LinkEnd decode_dsa_marvell_ethertype(LinkEnd frame, Packet& out) {
  return decode_marvell(frame, 4, out);
}

LinkEnd decode_juniper_ethernet(LinkEnd frame, Packet& out) {
  return decode_juniper(frame, decode_ethernet_link, out);
}
LinkEnd decode_juniper_ppp(LinkEnd frame, Packet& out) {
  return decode_juniper(frame, decode_ppp_link, out);
}
LinkEnd decode_juniper_frame_relay(LinkEnd frame, Packet& out) {
  return decode_juniper(frame, decode_frame_relay, out);
}
LinkEnd decode_juniper_cisco_hdlc(LinkEnd frame, Packet& out) {
  return decode_juniper(frame, decode_cisco_hdlc, out);
}
LinkEnd decode_juniper_pppoe_atm(LinkEnd frame, Packet& out) {
  return decode_juniper(frame, decode_ethertype, out);
}

}  // namespace panoptes
