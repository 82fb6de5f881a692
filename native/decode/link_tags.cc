// Headers of an ethertype of their own in front of another ethertype or frame: 802.2, SNAP, PPPoE,
// and the tags of bridges, switches and security. Called by resolve() in link.cc.
#include "decode/link_context.h"
#include "decode/link_family.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kTrill = 0x22f3, kMacsec = 0x88e5, kBackboneService = 0x88e7,
                        kCiscoMetadata = 0x8909, kVnTag = 0x8926, kHsr = 0x892f,
                        kBridgePortExtension = 0x893f, kServiceFunction = 0x894f,
                        kAristaTime = 0xd28b, kRedundancy = 0xf1c1;

bool is_cut(LinkEnd& link) {
  link.error = Undecoded::truncated_link;
  return false;
}

// A tag of `size` bytes that ends in the ethertype of what follows.
bool peel_tag(LinkEnd& link, std::uint32_t size) {
  const std::uint8_t* tag = link.network.peek(size);
  if (tag == nullptr) return is_cut(link);
  link.protocol = load_be16(tag + size - 2);
  link.network.advance(size);
  return true;
}

// 802.1AE. Only where the frame is signed and not encrypted does it say what it carries.
bool peel_macsec(LinkEnd& link) {
  constexpr std::uint8_t kVersion = 0x80, kChannel = 0x20, kEncrypted = 0x08, kChanged = 0x04;
  constexpr std::uint32_t kCheckValue = 16;  // bytes, at the end of the frame
  constexpr std::uint32_t kShort = 48;       // below this the length is given
  const std::uint8_t* tag = link.network.peek(6);
  if (tag == nullptr) return is_cut(link);
  const std::uint8_t control = tag[0];
  if ((control & (kVersion | kEncrypted | kChanged)) != 0) return false;
  const std::uint32_t size = (control & kChannel) != 0 ? 14 : 6;
  const std::uint32_t length = tag[1] & 0x3fU;
  if (link.network.peek(size + 2) == nullptr) return is_cut(link);
  link.network.advance(size);
  trim(link.network, kCheckValue);
  if (length != 0 && length < kShort) link.network.limit(length);
  return peel_tag(link, 2);
}

// 802.1ah: the service, the same in both directions, tells customers apart; the customer's frame
// follows.
bool peel_backbone_service(LinkEnd& link) {
  const std::uint8_t* tag = link.network.peek(4);
  if (tag == nullptr) return is_cut(link);
  link.link_context = mix_context(link.link_context, load_be32(tag) & 0xffffff);
  link.protocol = kEtherBridged;
  link.network.advance(4);
  return true;
}

// RFC 6325 3: names of bridges and a hop count in front of a frame.
bool peel_trill(LinkEnd& link) {
  const std::uint8_t* header = link.network.peek(6);
  if (header == nullptr) return is_cut(link);
  if (header[0] >> 6 != 0) return false;  // version
  const std::uint32_t options = (load_be16(header) >> 6 & 0x1fU) * 4;
  if (link.network.peek(6 + options) == nullptr) return is_cut(link);
  link.protocol = kEtherBridged;
  link.network.advance(6 + options);
  return true;
}

// Network service header, RFC 8300 2.
bool peel_service_function(LinkEnd& link) {
  const std::uint8_t* header = link.network.peek(8);
  if (header == nullptr) return is_cut(link);
  const std::uint32_t size = (load_be16(header) & 0x3fU) * 4;
  if (header[0] >> 6 != 0 || size < 8) return false;
  if (link.network.peek(size) == nullptr) return is_cut(link);
  switch (header[3]) {
    case 1:
      link.protocol = kEtherIpv4;
      break;
    case 2:
      link.protocol = kEtherIpv6;
      break;
    case 3:
      link.protocol = kEtherBridged;
      break;
    case 5:
      link.protocol = kEtherMpls;
      break;
    default:
      return false;
  }
  link.network.advance(size);
  return true;
}

// Version 1, one option: the security group of the sender.
bool peel_cisco_metadata(LinkEnd& link) {
  const std::uint8_t* tag = link.network.peek(8);
  if (tag == nullptr) return is_cut(link);
  return tag[0] == 1 && tag[1] == 1 && peel_tag(link, 8);
}

// The time at which a switch saw the frame: kind, scale, format, 6 or 8 bytes.
bool peel_arista_time(LinkEnd& link) {
  constexpr std::uint32_t kTimestamp = 1;
  const std::uint8_t* tag = link.network.peek(4);
  if (tag == nullptr) return is_cut(link);
  const unsigned format = tag[3] >> 4;
  if (load_be16(tag) != kTimestamp || (format != 1 && format != 2)) return false;
  return peel_tag(link, format == 1 ? 14 : 12);
}

}  // namespace

bool peel_other_tag(LinkEnd& link) {
  switch (link.protocol) {
    case kMacsec:
      return peel_macsec(link);
    case kBackboneService:
      return peel_backbone_service(link);
    case kTrill:
      return peel_trill(link);
    case kServiceFunction:
      return peel_service_function(link);
    case kCiscoMetadata:
      return peel_cisco_metadata(link);
    case kAristaTime:
      return peel_arista_time(link);
    case kVnTag:
    case kHsr:         // IEC 62439-3 5; the trailer of PRP needs nothing
    case kRedundancy:  // 802.1CB 7.8
      return peel_tag(link, 6);
    case kBridgePortExtension:  // 802.1BR 7.5
      return peel_tag(link, 8);
    default:
      return false;
  }
}

std::uint32_t nlpid_protocol(std::uint8_t nlpid) {
  switch (nlpid) {
    case 0xcc:
      return kEtherIpv4;
    case 0x8e:
      return kEtherIpv6;
    case 0xcf:
      return kEtherPpp;
    default:
      return 0;
  }
}

bool peel_snap(LinkEnd& link) {
  constexpr std::uint32_t kRfc1042 = 0, kBridgeTunnel = 0x0000f8, kBridged = 0x0080c2;
  constexpr std::uint32_t kBridgedWithFcs = 1, kBridgedWithoutFcs = 7;  // RFC 2427 4.2
  const std::uint8_t* snap = link.network.peek(5);
  if (snap == nullptr) return is_cut(link);
  const std::uint32_t organisation = load_be32(snap) >> 8;
  const std::uint32_t protocol = load_be16(snap + 3);
  if (organisation == kBridged && (protocol == kBridgedWithFcs || protocol == kBridgedWithoutFcs)) {
    link.protocol = kEtherBridged;
    if (protocol == kBridgedWithFcs) trim(link.network, 4);
  } else if ((organisation == kRfc1042 || organisation == kBridgeTunnel) &&
             protocol >= kFirstEthertype) {
    link.protocol = protocol;
  } else {
    return false;
  }
  link.network.skip(5);
  return true;
}

bool peel_llc(LinkEnd& link) {
  constexpr std::uint8_t kSnap = 0xaa, kIp = 0x06, kIso = 0xfe, kUnnumbered = 0x03;
  const std::uint8_t* llc = link.network.peek(3);
  if (llc == nullptr) return is_cut(link);
  link.protocol = kLlc | load_be16(llc);
  if (llc[0] != llc[1] || llc[2] != kUnnumbered) return false;
  LinkEnd inner = link;
  inner.network.advance(3);
  if (llc[0] == kIp) {
    inner.protocol = kEtherIpv4;
  } else if (llc[0] == kSnap) {
    if (!peel_snap(inner)) {
      link.error = inner.error;
      return false;
    }
  } else if (llc[0] == kIso) {
    const std::uint8_t* nlpid = inner.network.peek(1);
    if (nlpid == nullptr) return is_cut(link);
    inner.protocol = nlpid_protocol(*nlpid);
    if (inner.protocol == 0) return false;
    inner.network.advance(1);
  } else {
    return false;
  }
  link = inner;
  return true;
}

bool peel_pppoe(LinkEnd& link) {
  constexpr std::uint8_t kVersionAndType = 0x11, kSessionData = 0;
  const std::uint8_t* header = link.network.peek(6);  // RFC 2516 4
  if (header == nullptr) return is_cut(link);
  if (header[0] != kVersionAndType || header[1] != kSessionData) return false;
  const std::uint32_t length = load_be16(header + 4);
  LinkEnd inner = link;
  inner.network.advance(6);
  inner.network.limit(length);
  const bool cut = inner.network.captured() < length;
  inner = decode_ppp(inner);
  if (inner.error == Undecoded::truncated_link && cut) return is_cut(link);
  if (inner.error != Undecoded::none) return false;
  link = inner;
  return true;
}

}  // namespace panoptes
