// MPLS label stacks (RFC 3032), from Ethernet, PPP or a tunnel, all through resolve(). What a stack
// carries is not named in it: IP where the bottom label or the packet's own header says so, an
// Ethernet pseudowire (RFC 4448) where the inner frame proves itself; otherwise the protocol stays
// that of MPLS.
#include "decode/inner_proof.h"
#include "decode/link_family.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kIpv4ExplicitNull = 0, kIpv6ExplicitNull = 2;  // RFC 3032 2.1
constexpr std::uint32_t kControlWord = 4;                              // bytes; RFC 4385 3
// Behind a packet: what fills a frame up to 60 bytes, and a check sequence.
constexpr std::uint32_t kMostPadding = 64;

// 802.2 headers of which a frame with a length field is believed: spanning tree, SNAP, IS-IS.
bool is_known_llc(const std::uint8_t* llc) {
  const std::uint32_t header = load_be32(llc) >> 8;
  return header == 0x424203 || header == 0xaaaa03 || header == 0xfefe03;
}

bool is_arp(const Layer& packet) {
  const std::uint8_t* arp = packet.peek(8);
  return arp != nullptr && load_be32(arp) == 0x00010800 && arp[4] == 6 && arp[5] == 4;
}

// Ethertypes that say enough by themselves: no IP or ARP behind them that could be looked at.
bool is_known_ethertype(std::uint32_t type) {
  constexpr std::uint32_t kKnown[] = {kEtherMpls,
                                      kEtherPppoe,
                                      0x8863 /* PPPoE discovery */,
                                      0x8809 /* slow protocols */,
                                      0x88cc /* LLDP */,
                                      0x8902 /* CFM */,
                                      0x88e7 /* backbone service tag */};
  return std::find(std::begin(kKnown), std::end(kKnown), type) != std::end(kKnown);
}

// An Ethernet frame, shown by what it carries: nothing else tells it from any other bytes.
bool is_ethernet(Layer frame) {
  constexpr std::uint8_t kGroup = 1;  // no sender has such an address
  constexpr int kMostTags = 4;
  const std::uint8_t* header = frame.peek(14);
  if (header == nullptr || (header[6] & kGroup) != 0) return false;
  std::uint32_t type = load_be16(header + 12);
  frame.advance(14);
  for (int tags = 0; tags < kMostTags && (type == kEtherVlan || type == kEtherQinq); ++tags) {
    const std::uint8_t* tag = frame.peek(4);
    if (tag == nullptr) return false;
    type = load_be16(tag + 2);
    frame.advance(4);
  }
  if (type == kEtherIpv4 || type == kEtherIpv6) return likely_ip(frame) == type;
  if (type == kEtherArp) return is_arp(frame);
  if (type >= kFirstEthertype) return is_known_ethertype(type);
  const std::uint8_t* llc = frame.peek(4);
  return llc != nullptr && type <= frame.length() && frame.length() - type <= kMostPadding &&
         is_known_llc(llc);
}

// What the bytes behind the stack are; moves past a control word. 0: nothing that is understood.
std::uint32_t find_payload(Layer& payload, std::uint32_t label) {
  const std::uint8_t* first = payload.peek(1);
  const unsigned nibble = *first >> 4;
  if (label == kIpv4ExplicitNull && nibble == 4) return kEtherIpv4;
  if (label == kIpv6ExplicitNull && nibble == 6) return kEtherIpv6;
  if (const std::uint32_t ip = likely_ip(payload); ip != 0) return ip;
  // Without a control word first: a tagged frame that lacks its first four bytes looks like one
  // with a tag less.
  if (is_ethernet(payload)) return kEtherBridged;
  if (nibble != 0 || payload.peek(kControlWord) == nullptr) return 0;
  Layer inner = payload;
  inner.advance(kControlWord);
  std::uint32_t protocol = likely_ip(inner);
  if (protocol == 0 && is_ethernet(inner)) protocol = kEtherBridged;
  if (protocol != 0) payload = inner;
  return protocol;
}

}  // namespace

std::uint32_t likely_ip(const Layer& packet) {
  const std::uint8_t* ip = packet.peek(1);
  if (ip == nullptr) return 0;
  const bool cut = packet.captured() < packet.length();
  if (*ip >> 4 == 4) {
    const std::uint32_t header = (*ip & 0x0fU) * 4;
    if (header < 20) return 0;
    if (cut && packet.captured() < header) return kEtherIpv4;
    return proven_ip_length(packet) != 0 ? kEtherIpv4 : 0;
  }
  if (*ip >> 4 == 6) {
    if (cut && packet.captured() < 40) return kEtherIpv6;
    const std::uint32_t total = proven_ip_length(packet);
    const bool fits = total <= packet.length() && packet.length() - total <= kMostPadding;
    return total != 0 && fits ? kEtherIpv6 : 0;
  }
  return 0;
}

bool peel_mpls(LinkEnd& link, Packet& out, int& budget) {
  constexpr std::uint32_t kBottom = 0x100;
  Layer rest = link.network;
  std::uint32_t entry = 0;
  do {
    const std::uint8_t* at = rest.peek(4);
    if (at == nullptr) {
      link.error = Undecoded::truncated_link;
      return false;
    }
    if (--budget < 0) return false;
    entry = load_be32(at);
    rest.advance(4);
  } while ((entry & kBottom) == 0);
  const std::uint32_t label = entry >> 12;
  out.mpls_label = label;
  out.layers |= kHasMpls;
  if (rest.peek(1) == nullptr) {
    link.error = Undecoded::truncated_link;
    return false;
  }
  const std::uint32_t protocol = find_payload(rest, label);
  if (protocol == 0) return false;
  link.network = rest;
  link.protocol = protocol;
  return true;
}

LinkEnd decode_raw_mpls(LinkEnd frame, Packet& out) {
  return resolve(link_carries(frame, kEtherMpls), out);
}

}  // namespace panoptes
