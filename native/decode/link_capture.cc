// Headers that a capture puts in front of another link, or of a packet without one: netfilter's
// log, Darwin's PKTAP, PPI.
#include "decode/link_family.h"

namespace panoptes {
namespace {

LinkEnd truncated(const LinkEnd& end) { return link_error(end, Undecoded::truncated_link); }
LinkEnd bad(const LinkEnd& end) { return link_error(end, Undecoded::bad_link_header); }

// One attribute of netfilter's log: length with this header, type, value; padded to 4.
struct Attribute {
  std::uint32_t length;
  std::uint32_t type;
};

// In the byte order of the host. Types are small: an upper byte shows the other order.
Attribute load_attribute(const std::uint8_t* at) {
  const bool big_endian = (load_le16(at + 2) & 0x7f00) != 0;
  return big_endian ? Attribute{load_be16(at), load_be16(at + 2) & 0x7fffU}
                    : Attribute{load_le16(at), load_le16(at + 2) & 0x7fffU};
}

// What the payload of the log is: by its family, or by the ethertype that came with it.
LinkEnd nflog_payload(const LinkEnd& end, std::uint8_t family, std::uint32_t ethertype,
                      Packet& out) {
  constexpr std::uint8_t kIpv4 = 2, kIpv6 = 10;
  if (family == kIpv4) return link_carries(end, kEtherIpv4);
  if (family == kIpv6) return link_carries(end, kEtherIpv6);
  if (ethertype < kFirstEthertype) return link_error(end, Undecoded::unknown_network);
  return resolve(link_carries(end, ethertype), out);
}

// Whether the 802.11 part of PPI says that a check sequence ends the frame. `fields`: type, length,
// value; padded to 4 if the header says so.
bool ppi_says_fcs(Layer fields, bool padded) {
  constexpr std::uint32_t kCommon = 2, kLeast = 10;  // time, then flags
  while (const std::uint8_t* field = fields.peek(4)) {
    const std::uint32_t length = load_le16(field + 2);
    fields.advance(4);
    if (load_le16(field) == kCommon && length >= kLeast && fields.peek(kLeast) != nullptr) {
      return (fields.position()[8] & 1) != 0;
    }
    fields.skip(padded ? (length + 3) & ~3U : length);
  }
  return false;
}

}  // namespace

LinkEnd decode_nflog(LinkEnd frame, Packet& out) {
  constexpr std::uint32_t kPacketHeader = 1, kSenderAddress = 8, kPayload = 9;
  constexpr int kMaxAttributes = 32;
  const std::uint8_t* header = frame.network.peek(4);
  if (header == nullptr) return truncated(frame);
  if (header[1] != 0) return bad(frame);  // version
  std::uint32_t ethertype = 0;
  frame.network.advance(4);
  for (int i = 0; i < kMaxAttributes; ++i) {
    const std::uint8_t* at = frame.network.peek(4);
    if (at == nullptr) return truncated(frame);
    const Attribute attribute = load_attribute(at);
    if (attribute.length < 4) return bad(frame);
    if (attribute.type == kPayload) {
      frame.network.advance(4);
      frame.network.limit(attribute.length - 4);
      return nflog_payload(frame, header[0], ethertype, out);
    }
    const std::uint8_t* value = frame.network.peek(attribute.length);
    if (value != nullptr && attribute.type == kPacketHeader && attribute.length >= 6) {
      ethertype = load_be16(value + 4);
    }
    if (value != nullptr && attribute.type == kSenderAddress && attribute.length >= 14 &&
        load_be16(value + 4) == 6) {
      std::memcpy(out.mac_src, value + 8, 6);
      std::memset(out.mac_dst, 0, 6);  // not known
      out.layers |= kHasMac;
    }
    frame.network.skip((attribute.length + 3) & ~3U);
  }
  return bad(frame);
}

// Apple's numbers are those of its own machines: little endian.
LinkEnd decode_pktap(LinkEnd frame, Packet& out) {
  constexpr std::uint32_t kLeast = 108, kMost = 1024, kIsPacket = 1;
  const std::uint8_t* header = frame.network.peek(12);
  if (header == nullptr) return truncated(frame);
  const std::uint32_t size = load_le32(header);
  if (size < kLeast || size > kMost || size > frame.network.length() ||
      load_le32(header + 4) != kIsPacket) {
    return bad(frame);
  }
  if (frame.network.peek(size) == nullptr) return truncated(frame);
  frame.network.advance(size);
  return decode_inner_link(load_le32(header + 8), frame, out);
}

// Darwin's number for PKTAP is anybody's: another header makes it another link.
LinkEnd decode_user2(LinkEnd frame, Packet& out) {
  const LinkEnd end = decode_pktap(frame, out);
  return end.error == Undecoded::bad_link_header ? link_error(frame, Undecoded::unknown_link_type)
                                                 : end;
}

LinkEnd decode_ppi(LinkEnd frame, Packet& out) {
  constexpr std::uint32_t kLeast = 8, kIeee80211 = 105, kFcs = 4;
  const std::uint8_t* header = frame.network.peek(kLeast);
  if (header == nullptr) return truncated(frame);
  const std::uint32_t size = load_le16(header + 2);
  if (header[0] != 0 || size < kLeast) return bad(frame);
  if (frame.network.peek(size) == nullptr) return truncated(frame);
  const std::uint32_t dlt = load_le32(header + 4);
  Layer fields = frame.network;
  fields.limit(size);
  fields.advance(kLeast);
  frame.network.advance(size);
  if (dlt == kIeee80211 && ppi_says_fcs(fields, (header[1] & 1) != 0)) trim(frame.network, kFcs);
  return decode_inner_link(dlt, frame, out);
}

}  // namespace panoptes
