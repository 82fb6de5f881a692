// Every link layer off the common path. Numbers: https://www.tcpdump.org/linktypes.html
#include "decode/link.h"

#include "decode/link_context.h"

namespace panoptes {
namespace {

// LINKTYPE_ numbers. Raw IP has three: two are DLT_RAW values that programs wrote by mistake.
constexpr std::uint16_t kLinkNull = 0, kLinkPpp = 9, kLinkRawBsd = 12, kLinkRawOpenbsd = 14,
                        kLinkPppHdlc = 50, kLinkRaw = 101, kLinkCiscoHdlc = 104, kLinkLoop = 108,
                        kLinkCooked = 113, kLinkPppPppd = 166, kLinkIpv4 = 228, kLinkIpv6 = 229,
                        kLinkNflog = 239, kLinkCooked2 = 276;

LinkEnd fail(const LinkEnd& end, Undecoded error) {
  LinkEnd failed = end;
  failed.error = error;
  return failed;
}

LinkEnd network(const LinkEnd& end, std::uint32_t protocol) {
  LinkEnd found = end;
  found.protocol = protocol;
  return found;
}

bool is_vlan(std::uint32_t ethertype) {
  return ethertype == kEtherVlan || ethertype == kEtherQinq || ethertype == kEtherQinqOld;
}

// `end.protocol` is a VLAN ethertype: moves past all tags, to the ethertype behind them.
void decode_vlan_tags(LinkEnd& end, Packet& out) {
  constexpr int kMaxTags = 64;  // more are no network but an attack: a flow of their ethertype
  for (int tags = 0; is_vlan(end.protocol) && tags < kMaxTags; ++tags) {
    const std::uint8_t* tag = end.network.peek(4);
    if (tag == nullptr) {
      end.error = Undecoded::truncated_link;
      return;
    }
    const std::uint16_t tci = load_be16(tag);
    if (tags == 0) out.vlan_outer = tci;
    if (tags == 1) out.vlan_inner = tci & 0xfffU;
    end.link_context = add_vlan(end.link_context, tci & 0xfffU);
    end.protocol = load_be16(tag + 2);
    end.network.skip(4);
  }
  out.layers |= kHasVlan;
}

// An 802.2 header in front of the network layer.
void decode_llc(LinkEnd& end) {
  constexpr std::uint8_t kSnap = 0xaa, kIp = 0x06, kUnnumbered = 0x03;
  const std::uint8_t* llc = end.network.peek(3);
  if (llc == nullptr) {
    end.error = Undecoded::truncated_link;
    return;
  }
  end.protocol = kLlc | load_be16(llc);
  if (llc[0] == kIp && llc[1] == kIp && llc[2] == kUnnumbered) {
    end.network.skip(3);
    end.protocol = kEtherIpv4;
  } else if (llc[0] == kSnap && llc[1] == kSnap && end.network.peek(8) != nullptr) {
    // An ethertype follows the organisation codes of RFC 1042 and of 802.1H.
    const std::uint32_t organisation = load_be32(llc + 2) & 0xffffff;
    if (organisation != 0 && organisation != 0x0000f8) return;
    end.protocol = load_be16(llc + 6);
    end.network.skip(8);
  }
}

LinkEnd decode_raw(const LinkEnd& end) {
  const std::uint8_t* ip = end.network.peek(1);
  if (ip == nullptr) return fail(end, Undecoded::truncated_ip);
  if (*ip >> 4 == 4) return network(end, kEtherIpv4);
  if (*ip >> 4 == 6) return network(end, kEtherIpv6);
  return fail(end, Undecoded::unknown_network);
}

// A BSD address family in 4 bytes, in the byte order of the machine that captured.
LinkEnd decode_loopback(LinkEnd end) {
  const std::uint8_t* header = end.network.peek(4);
  if (header == nullptr) return fail(end, Undecoded::truncated_link);
  std::uint32_t family = load_be32(header);
  if (family > 0xffff) family = load_le32(header);
  end.network.skip(4);
  switch (family) {
    case 2:
      return network(end, kEtherIpv4);
    case 10:  // Linux
    case 23:  // Windows
    case 24:  // NetBSD, OpenBSD
    case 28:  // FreeBSD
    case 30:  // Darwin
      return network(end, kEtherIpv6);
    default:
      break;
  }
  // Some writers put an ethertype into the last two bytes.
  const std::uint32_t ethertype = load_be16(header + 2);
  if (ethertype == kEtherIpv4 || ethertype == kEtherIpv6) return network(end, ethertype);
  return fail(end, Undecoded::unknown_network);
}

// The protocol field and what follows it, on a serial line or in PPPoE.
LinkEnd decode_ppp_protocol(LinkEnd end) {
  const std::uint8_t* header = end.network.peek(1);
  if (header == nullptr) return fail(end, Undecoded::truncated_link);
  std::uint32_t protocol = header[0];
  if (protocol % 2 != 0) {  // RFC 1661 6.5: compressed to one byte
    end.network.skip(1);
  } else {
    header = end.network.peek(2);
    if (header == nullptr) return fail(end, Undecoded::truncated_link);
    protocol = load_be16(header);
    end.network.skip(2);
  }
  if (protocol == 0x21) return network(end, kEtherIpv4);
  if (protocol == 0x57) return network(end, kEtherIpv6);
  return fail(end, Undecoded::unknown_network);
}

LinkEnd decode_pppoe(const LinkEnd& link) {
  constexpr std::uint8_t kVersionAndType = 0x11, kSessionData = 0;
  const std::uint8_t* header = link.network.peek(6);  // RFC 2516 4
  if (header == nullptr || header[0] != kVersionAndType || header[1] != kSessionData) return link;
  LinkEnd inner = link;
  inner.network.skip(6);
  inner.network.limit(load_be16(header + 4));
  inner = decode_ppp_protocol(inner);
  return inner.error == Undecoded::none ? inner : link;
}

LinkEnd decode_cisco_hdlc(LinkEnd end) {
  const std::uint8_t* header = end.network.peek(4);
  if (header == nullptr) return fail(end, Undecoded::truncated_link);
  const std::uint32_t protocol = load_be16(header + 2);
  end.network.skip(4);
  if (protocol == kEtherIpv4 || protocol == kEtherIpv6) return network(end, protocol);
  return fail(end, Undecoded::unknown_network);
}

// What follows the header of either version of Linux cooked capture.
LinkEnd decode_cooked_rest(LinkEnd end, std::uint16_t hardware, std::uint32_t address_length,
                           const std::uint8_t* address, std::uint32_t protocol, Packet& out) {
  constexpr std::uint16_t kNetlink = 824, kWlan = 801, kWlanPrism = 802, kWlanRadiotap = 803;
  constexpr std::uint32_t kRawIpx = 1, kLlcFollows = 4;
  if (address_length == 6) {
    // Only the sender is known; the other MAC is left 0.
    std::memcpy(out.mac_src, address, 6);
    std::memset(out.mac_dst, 0, 6);
    out.layers |= kHasMac;
  }
  end.protocol = protocol;
  // Here the protocol is no ethertype; marked so that it is not taken for one.
  if (hardware == kNetlink || hardware == kWlan || hardware == kWlanPrism ||
      hardware == kWlanRadiotap || protocol == kRawIpx) {
    end.protocol |= kLlc;
    return end;
  }
  if (protocol == kLlcFollows) {
    decode_llc(end);
    return end;
  }
  return protocol < kFirstEthertype ? end : resolve(end, out);
}

LinkEnd decode_cooked(LinkEnd end, Packet& out) {
  const std::uint8_t* header = end.network.peek(16);
  if (header == nullptr) return fail(end, Undecoded::truncated_link);
  end.network.skip(16);
  return decode_cooked_rest(end, load_be16(header + 2), load_be16(header + 4), header + 6,
                            load_be16(header + 14), out);
}

LinkEnd decode_cooked2(LinkEnd end, Packet& out) {
  const std::uint8_t* header = end.network.peek(20);
  if (header == nullptr) return fail(end, Undecoded::truncated_link);
  end.network.skip(20);
  return decode_cooked_rest(end, load_be16(header + 8), header[11], header + 12, load_be16(header),
                            out);
}

// Netfilter log: attributes (length, type, value; padded to 4) in the byte order of the host.
LinkEnd decode_nflog(LinkEnd end) {
  constexpr std::uint16_t kPayload = 9;
  constexpr int kMaxAttributes = 32;
  const std::uint8_t* header = end.network.peek(4);
  if (header == nullptr) return fail(end, Undecoded::truncated_link);
  const std::uint8_t family = header[0];
  if (header[1] != 0) return fail(end, Undecoded::bad_link_header);  // version
  end.network.skip(4);
  for (int i = 0; i < kMaxAttributes; ++i) {
    const std::uint8_t* attribute = end.network.peek(4);
    if (attribute == nullptr) return fail(end, Undecoded::truncated_link);
    std::uint32_t length = load_le16(attribute);
    std::uint32_t type = load_le16(attribute + 2) & 0x7fffU;
    if ((load_le16(attribute + 2) & 0x7f00) != 0) {  // types are small: a big-endian host
      length = load_be16(attribute);
      type = load_be16(attribute + 2) & 0x7fffU;
    }
    if (length < 4) return fail(end, Undecoded::bad_link_header);
    if (type == kPayload) {
      end.network.skip(4);
      if (family == 2) return network(end, kEtherIpv4);
      if (family == 10) return network(end, kEtherIpv6);
      return fail(end, Undecoded::unknown_network);
    }
    end.network.skip((length + 3) & ~3U);
  }
  return fail(end, Undecoded::bad_link_header);
}

}  // namespace

// RFC 1662: the address and control bytes may have been left out.
LinkEnd decode_ppp(LinkEnd end) {
  const std::uint8_t* hdlc = end.network.peek(2);
  if (hdlc != nullptr && hdlc[0] == 0xff && hdlc[1] == 0x03) end.network.skip(2);
  return decode_ppp_protocol(end);
}

LinkEnd decode_ethernet(Layer frame, std::uint32_t link_context, Packet& out) {
  LinkEnd end{frame, 0, link_context};
  const std::uint8_t* header = end.network.peek(14);
  if (header == nullptr) return fail(end, Undecoded::truncated_link);
  read_macs(header, out);
  out.layers |= kHasMac;
  out.vlan_inner = 0;
  end.protocol = load_be16(header + 12);
  end.network.skip(14);
  return resolve(end, out);
}

LinkEnd resolve(LinkEnd link, Packet& out) {
  if (is_vlan(link.protocol)) decode_vlan_tags(link, out);
  if (link.error == Undecoded::none && link.protocol < kFirstEthertype) decode_llc(link);
  if (link.error == Undecoded::none && link.protocol == kEtherPppoe) link = decode_pppoe(link);
  return link;
}

LinkEnd decode_other_link(const RawPacket& raw, Packet& out) {
  const LinkEnd end{Layer(raw.data, raw.captured, out.wire_bytes), 0};
  switch (raw.link_type) {
    case kLinkNull:
    case kLinkLoop:
      return decode_loopback(end);
    case kLinkRawBsd:
    case kLinkRawOpenbsd:
    case kLinkRaw:
      return decode_raw(end);
    case kLinkIpv4:
      return network(end, kEtherIpv4);
    case kLinkIpv6:
      return network(end, kEtherIpv6);
    case kLinkCooked:
      return decode_cooked(end, out);
    case kLinkCooked2:
      return decode_cooked2(end, out);
    case kLinkPpp:
    case kLinkPppHdlc:
    case kLinkPppPppd:
      return decode_ppp(end);
    case kLinkCiscoHdlc:
      return decode_cisco_hdlc(end);
    case kLinkNflog:
      return decode_nflog(end);
    default:
      return fail(end, Undecoded::unknown_link_type);
  }
}

}  // namespace panoptes
