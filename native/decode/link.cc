// Which link type has which decoder, and the walk over the headers between an ethertype and the
// network layer. The decoders: link_*.cc. Numbers: https://www.tcpdump.org/linktypes.html
#include "decode/link.h"

#include <array>

#include "decode/link_context.h"
#include "decode/link_family.h"

namespace panoptes {
namespace {

struct Link {
  std::uint16_t link_type;
  LinkDecoder decode;
};

constexpr std::uint16_t kLinkUser2 = 149, kLinkPpi = 192, kLinkPktap = 258;

// LINKTYPE_ numbers. Where a system wrote its own DLT_ instead, that stands here too.
constexpr Link kLinks[] = {
    {0, decode_loopback},  // NULL
    {kLinkEthernet, decode_ethernet_link},
    {6, decode_token_ring},  // IEEE802_5
    {8, decode_slip},
    {9, decode_ppp_link},
    {10, decode_fddi},
    {12, decode_raw_ip},    // DLT_RAW nearly everywhere
    {14, decode_raw_ip},    // DLT_RAW of OpenBSD
    {50, decode_ppp_link},  // PPP_HDLC
    {51, decode_ppp_ether},
    {100, decode_atm},  // ATM_RFC1483
    {101, decode_raw_ip},
    {104, decode_cisco_hdlc},
    {105, decode_ieee80211},
    {106, decode_atm_classical_ip},
    {107, decode_frame_relay},
    {108, decode_loopback},  // LOOP
    {109, decode_enc},
    {113, decode_cooked},  // LINUX_SLL
    {117, decode_pflog},
    {119, decode_prism},
    {123, decode_sun_atm},
    {127, decode_radiotap},
    {138, decode_ieee1394},  // APPLE_IP_OVER_IEEE1394
    {kLinkUser2, decode_user2},
    {163, decode_avs},
    {166, decode_ppp_pppd},
    {167, decode_juniper_ethernet},  // JUNIPER_PPPOE
    {168, decode_juniper_pppoe_atm},
    {178, decode_juniper_ethernet},
    {179, decode_juniper_ppp},
    {180, decode_juniper_frame_relay},
    {181, decode_juniper_cisco_hdlc},
    {182, decode_multilink_frame_relay},
    {kLinkPpi, decode_ppi},
    {204, decode_ppp_with_direction},
    {205, decode_cisco_hdlc_with_direction},
    {206, decode_frame_relay_with_direction},
    {219, decode_raw_mpls},
    {226, decode_ipnet},
    {228, decode_raw_ipv4},
    {229, decode_raw_ipv6},
    {239, decode_nflog},
    {240, decode_netanalyzer},
    {241, decode_netanalyzer_transparent},
    {242, decode_infiniband_ip},
    {kLinkPktap, decode_pktap},
    {274, decode_mpacket},  // ETHERNET_MPACKET
    {276, decode_cooked2},  // LINUX_SLL2
    {281, decode_dsa_broadcom},
    {282, decode_dsa_broadcom_prepended},
    {284, decode_dsa_marvell},
    {285, decode_dsa_marvell_ethertype},
};

constexpr std::size_t kLinkTypes = 286;
constexpr auto kDecoders = [] {
  std::array<LinkDecoder, kLinkTypes> by_type{};
  for (const Link& link : kLinks) by_type[link.link_type] = link.decode;
  return by_type;
}();

LinkEnd decode_link(std::uint32_t link_type, const LinkEnd& frame, Packet& out) {
  if (link_type >= kLinkTypes || kDecoders[link_type] == nullptr) {
    return link_error(frame, Undecoded::unknown_link_type);
  }
  return kDecoders[link_type](frame, out);
}

bool peel_vlan(LinkEnd& link, Packet& out) {
  const std::uint8_t* tag = link.network.peek(4);
  if (tag == nullptr) {
    link.error = Undecoded::truncated_link;
    return false;
  }
  note_vlan(link, load_be16(tag), out);
  link.protocol = load_be16(tag + 2);
  link.network.advance(4);
  return true;
}

// An Ethernet frame inside the link. The MACs of the record are those of the outermost header that
// has any.
bool peel_bridged(LinkEnd& link, Packet& out) {
  const std::uint8_t* header = link.network.peek(14);
  if (header == nullptr) {
    link.error = Undecoded::truncated_link;
    return false;
  }
  if ((out.layers & kHasMac) == 0) read_macs(header, out);
  out.layers |= kHasMac;
  link.protocol = load_be16(header + 12);
  link.network.advance(14);
  return true;
}

// The type field of Ethernet is a length: an 802.2 header, and padding behind what it counts.
bool peel_length(LinkEnd& link) {
  constexpr std::uint32_t kLeast = 3;  // DSAP, SSAP, control
  if (link.protocol < kLeast) return false;
  link.network.limit(link.protocol);
  return peel_llc(link);
}

bool peel_ppp(LinkEnd& link) {
  const LinkEnd inner = decode_ppp(link);
  if (inner.error == Undecoded::truncated_link) link.error = inner.error;
  if (inner.error != Undecoded::none) return false;
  link = inner;
  return true;
}

// One header of what stands between an ethertype and the network layer.
bool peel(LinkEnd& link, Packet& out, int& budget) {
  switch (link.protocol) {
    case kEtherVlan:
    case kEtherQinq:
    case kEtherQinqOld:
    case kEtherQinqOlder:
      return peel_vlan(link, out);
    case kEtherPppoe:
      return peel_pppoe(link);
    case kEtherMpls:
    case kEtherMplsMulticast:
      return peel_mpls(link, out, budget);
    case kEtherBridged:
      return peel_bridged(link, out);
    case kEtherPpp:
      return peel_ppp(link);
    case kEtherLlc:
      return peel_llc(link);
    default:
      return link.protocol < kFirstEthertype ? peel_length(link) : peel_other_tag(link);
  }
}

}  // namespace

void note_vlan(LinkEnd& end, std::uint16_t tci, Packet& out) {
  const std::uint16_t id = tci & 0xfffU;
  if ((out.layers & kHasVlan) == 0) {
    out.layers |= kHasVlan;
    out.vlan_outer = tci;
    out.vlan_inner = 0;
  } else if (out.vlan_inner == 0) {
    out.vlan_inner = id;
  }
  end.link_context = add_vlan(end.link_context, id);
}

LinkEnd resolve(LinkEnd link, Packet& out) {
  // Tags, labels and headers in all. More are no network but an attack: a flow of the ethertype
  // reached.
  int budget = 64;
  while (budget > 0 && peel(link, out, budget)) --budget;
  return link;
}

LinkEnd resolve_llc(LinkEnd end, Packet& out) { return resolve(link_carries(end, kEtherLlc), out); }

LinkEnd decode_ethernet(Layer frame, std::uint32_t link_context, Packet& out) {
  LinkEnd end{frame, 0, link_context};
  const std::uint8_t* header = end.network.peek(14);
  if (header == nullptr) return link_error(end, Undecoded::truncated_link);
  read_macs(header, out);
  out.layers |= kHasMac;
  end.protocol = load_be16(header + 12);
  end.network.advance(14);
  return resolve(end, out);
}

LinkEnd decode_ethernet_frame(const RawPacket& raw, Packet& out) {
  LinkEnd frame{{raw.data, raw.captured, out.wire_bytes}, 0};
  if (raw.tag != RawPacket::kNoTag) {
    frame.network = {raw.data, raw.captured, out.wire_bytes - RawPacket::kTagBytes};
    note_vlan(frame, static_cast<std::uint16_t>(raw.tag), out);
  }
  return decode_ethernet_link(frame, out);
}

LinkEnd decode_ethernet_link(LinkEnd frame, Packet& out) {
  return decode_ethernet(frame.network, frame.link_context, out);
}

LinkEnd decode_inner_link(std::uint32_t dlt, LinkEnd frame, Packet& out) {
  if (dlt == kLinkUser2 || dlt == kLinkPpi || dlt == kLinkPktap) {
    return link_error(frame, Undecoded::unknown_link_type);
  }
  return decode_link(dlt, frame, out);
}

LinkEnd decode_other_link(const RawPacket& raw, Packet& out) {
  return decode_link(raw.link_type, {Layer(raw.data, raw.captured, out.wire_bytes), 0}, out);
}

}  // namespace panoptes
