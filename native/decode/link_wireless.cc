// 802.11 frames, as they are or behind what a radio says of them: radiotap, Prism, AVS.
//
// Data frames lead to 802.2. Management and control frames, and what is encrypted, are flows
// between their addresses, by type << 4 | subtype: below every ethertype.
#include "decode/link_family.h"

namespace panoptes {
namespace {

constexpr std::uint8_t kControlType = 1, kDataType = 2;
constexpr std::uint8_t kToDs = 0x01, kFromDs = 0x02, kProtected = 0x40, kOrder = 0x80;
constexpr std::uint8_t kNoBody = 4, kQos = 8;  // bits of the subtype of data

LinkEnd truncated(const LinkEnd& end) { return link_error(end, Undecoded::truncated_link); }

void put_macs(const std::uint8_t* src, const std::uint8_t* dst, Packet& out) {
  std::memcpy(out.mac_src, src, 6);
  std::memcpy(out.mac_dst, dst, 6);
  out.layers |= kHasMac;
}

// IEEE 802.11 9.3.1: receiver, and a transmitter where there is one.
LinkEnd decode_control(const LinkEnd& frame, std::uint8_t subtype, Packet& out) {
  constexpr std::uint8_t kNobody[6] = {};
  constexpr unsigned kHasTransmitter =
      1U << 8 | 1U << 9 | 1U << 10 | 1U << 11 | 1U << 14 | 1U << 15;
  const std::uint8_t* header = frame.network.peek(10);
  if (header == nullptr) return truncated(frame);
  const bool both = (kHasTransmitter >> subtype & 1U) != 0;
  if (both && frame.network.peek(16) == nullptr) return truncated(frame);
  put_macs(both ? header + 10 : kNobody, header + 4, out);
  return frame;
}

bool has_snap(const Layer& packet, std::uint32_t at) {
  const std::uint8_t* llc = packet.peek(at + 3);
  return llc != nullptr && load_be16(llc + at) == 0xaaaa && llc[at + 2] == 0x03;
}

// Bytes of the mesh header (9.2.4.8.3), which a bit of the QoS field announces; outside a mesh the
// bit means something else, so that 802.2 has to be where it should.
std::uint32_t mesh_header(const Layer& body) {
  const std::uint8_t* flags = body.peek(1);
  if (flags == nullptr || has_snap(body, 0)) return 0;
  const std::uint32_t size = 6 + 6 * (*flags & 3U);
  return has_snap(body, size) ? size : 0;
}

// The first frame of an aggregate: addresses and length of its own.
bool enter_aggregate(LinkEnd& frame, Packet& out) {
  const std::uint8_t* header = frame.network.peek(14);
  if (header == nullptr) return false;
  read_macs(header, out);
  frame.network.advance(14);
  frame.network.limit(load_be16(header + 12));
  return true;
}

LinkEnd decode_data(LinkEnd frame, std::uint8_t subtype, bool padded, Packet& out) {
  constexpr std::uint8_t kAggregate = 0x80, kMesh = 0x01, kFragmentNumber = 0x0f;
  const std::uint8_t* header = frame.network.peek(24);
  if (header == nullptr) return truncated(frame);
  const std::uint8_t flags = header[1];
  const bool four = (flags & kToDs) != 0 && (flags & kFromDs) != 0;
  std::uint32_t size = four ? 30 : 24;
  if (four && frame.network.peek(size) == nullptr) return truncated(frame);
  // Table 9-30: receiver, transmitter, and whichever of sender and destination neither of them is.
  const std::uint8_t* src = four ? header + 24 : (flags & kFromDs) != 0 ? header + 16 : header + 10;
  put_macs(src, (flags & kToDs) != 0 ? header + 16 : header + 4, out);
  if ((subtype & kNoBody) != 0 || (flags & kProtected) != 0) return frame;
  if ((header[22] & kFragmentNumber) != 0) return frame;  // its 802.2 header is in the first one

  bool aggregate = false;
  bool mesh = false;
  if ((subtype & kQos) != 0) {
    if (frame.network.peek(size + 2) == nullptr) return truncated(frame);
    aggregate = (header[size] & kAggregate) != 0;
    mesh = (header[size + 1] & kMesh) != 0;
    size += (flags & kOrder) != 0 ? 6 : 2;
  }
  if (padded) size = (size + 3) & ~3U;
  frame.network.skip(size);
  if (aggregate && !enter_aggregate(frame, out)) return truncated(frame);
  if (mesh) frame.network.skip(mesh_header(frame.network));
  return resolve_llc(frame, out);
}

// `padded`: zeros bring the header to a multiple of 4 bytes.
LinkEnd decode_frame(LinkEnd frame, bool padded, Packet& out) {
  constexpr std::uint8_t kExtension = 3;
  const std::uint8_t* control = frame.network.peek(2);
  if (control == nullptr) return truncated(frame);
  if ((control[0] & 3) != 0) return link_error(frame, Undecoded::bad_link_header);  // version
  const auto type = static_cast<std::uint8_t>(control[0] >> 2 & 3);
  const auto subtype = static_cast<std::uint8_t>(control[0] >> 4);
  frame.protocol = kLlc | static_cast<std::uint32_t>(type << 4 | subtype);
  if (type == kControlType) return decode_control(frame, subtype, out);
  if (type == kDataType) return decode_data(frame, subtype, padded, out);
  if (type == kExtension) return link_error(frame, Undecoded::unknown_network);
  const std::uint8_t* header = frame.network.peek(24);
  if (header == nullptr) return truncated(frame);
  put_macs(header + 10, header + 4, out);
  return frame;
}

// The flags of radiotap: behind the words that say what is present and the time stamp. 0 without
// them.
std::uint8_t radiotap_flags(const std::uint8_t* header, std::uint32_t size) {
  constexpr std::uint32_t kTime = 1, kFlags = 2, kMoreWords = 0x80000000;
  const std::uint32_t present = load_le32(header + 4);
  if ((present & kFlags) == 0) return 0;
  std::uint32_t at = 4;
  while (at + 4 <= size && (load_le32(header + at) & kMoreWords) != 0) at += 4;
  at += 4;
  if ((present & kTime) != 0) at = ((at + 7) & ~7U) + 8;
  return at < size ? header[at] : 0;
}

}  // namespace

LinkEnd decode_ieee80211(LinkEnd frame, Packet& out) { return decode_frame(frame, false, out); }

LinkEnd decode_radiotap(LinkEnd frame, Packet& out) {
  constexpr std::uint8_t kFcsAtEnd = 0x10, kPadded = 0x20;
  constexpr std::uint32_t kLeast = 8, kFcs = 4;
  const std::uint8_t* header = frame.network.peek(kLeast);
  if (header == nullptr) return truncated(frame);
  const std::uint32_t size = load_le16(header + 2);
  if (header[0] != 0 || size < kLeast) return link_error(frame, Undecoded::bad_link_header);
  if (frame.network.peek(size) == nullptr) return truncated(frame);
  const std::uint8_t flags = radiotap_flags(header, size);
  frame.network.advance(size);
  if ((flags & kFcsAtEnd) != 0) trim(frame.network, kFcs);
  return decode_frame(frame, (flags & kPadded) != 0, out);
}

LinkEnd decode_avs(LinkEnd frame, Packet& out) {
  constexpr std::uint32_t kMagic = 0x80211000;  // version in the last digit
  const std::uint8_t* header = frame.network.peek(8);
  if (header == nullptr) return truncated(frame);
  const std::uint32_t size = load_be32(header + 4);
  if ((load_be32(header) & 0xfffffff0) != kMagic || size < 8) {
    return link_error(frame, Undecoded::bad_link_header);
  }
  frame.network.skip(size);
  return decode_frame(frame, false, out);
}

// A header of one size, or that of AVS, which some drivers gave under this number.
LinkEnd decode_prism(LinkEnd frame, Packet& out) {
  constexpr std::uint32_t kSize = 144;
  const std::uint8_t* header = frame.network.peek(4);
  if (header == nullptr) return truncated(frame);
  if ((load_be32(header) & 0xfffffff0) == 0x80211000) return decode_avs(frame, out);
  frame.network.skip(kSize);
  return decode_frame(frame, false, out);
}

}  // namespace panoptes
