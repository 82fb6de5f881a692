// What the families of link decoders share: link_*.cc and mpls.cc define these, the table in
// link.cc names them.
//
// Each is handed the rest of the frame and returns where the network layer begins, or why there is
// none. What a decoder cannot follow is left as it is: a flow of the frame's MACs, where it has
// any.
#pragma once

#include <algorithm>
#include <cstdint>

#include "decode/link.h"

namespace panoptes {

using LinkDecoder = LinkEnd (*)(LinkEnd frame, Packet& out);

inline LinkEnd link_error(LinkEnd end, Undecoded error) {
  end.error = error;
  return end;
}
inline LinkEnd link_carries(LinkEnd end, std::uint32_t protocol) {
  end.protocol = protocol;
  return end;
}
// The last `n` bytes are no part of the packet: a frame check sequence or the like.
inline void trim(Layer& layer, std::uint32_t n) {
  layer.limit(layer.length() - std::min(n, layer.length()));
}

// Adds one VLAN tag, outermost first.
void note_vlan(LinkEnd& end, std::uint16_t tci, Packet& out);

// kEtherIpv4 or kEtherIpv6 where `packet` begins with such a header: the checksum of IPv4 or the
// length of IPv6 is right, or was not captured. 0: it does not. For places where nothing else says
// what follows.
std::uint32_t likely_ip(const Layer& packet);

// --- one header of resolve(): true when `link` has moved on and may be looked at again; false when
// its protocol stays, or with an error.
bool peel_llc(LinkEnd& link);   // 802.2; its length field, if it had one, was seen to
bool peel_snap(LinkEnd& link);  // organisation and protocol of SNAP, behind its LLC or NLPID byte
bool peel_pppoe(LinkEnd& link);
bool peel_other_tag(LinkEnd& link);                       // link_tags.cc
bool peel_mpls(LinkEnd& link, Packet& out, int& budget);  // `budget`: labels that may still come

// What a network layer protocol id of ISO stands for (RFC 2427 C), 0: nothing of ours.
std::uint32_t nlpid_protocol(std::uint8_t nlpid);

// An 802.2 header, then whatever it names.
LinkEnd resolve_llc(LinkEnd end, Packet& out);

// --- link types
LinkEnd decode_ethernet_link(LinkEnd frame, Packet& out);
LinkEnd decode_raw_ip(LinkEnd frame, Packet& out);  // by its version
LinkEnd decode_raw_ipv4(LinkEnd frame, Packet& out);
LinkEnd decode_raw_ipv6(LinkEnd frame, Packet& out);
LinkEnd decode_raw_mpls(LinkEnd frame, Packet& out);

// link_serial.cc
LinkEnd decode_ppp_link(LinkEnd frame, Packet& out);
LinkEnd decode_ppp_with_direction(LinkEnd frame, Packet& out);
LinkEnd decode_ppp_pppd(LinkEnd frame, Packet& out);
LinkEnd decode_ppp_ether(LinkEnd frame, Packet& out);
LinkEnd decode_cisco_hdlc(LinkEnd frame, Packet& out);
LinkEnd decode_cisco_hdlc_with_direction(LinkEnd frame, Packet& out);
LinkEnd decode_frame_relay(LinkEnd frame, Packet& out);
LinkEnd decode_frame_relay_with_direction(LinkEnd frame, Packet& out);
LinkEnd decode_multilink_frame_relay(LinkEnd frame, Packet& out);
LinkEnd decode_slip(LinkEnd frame, Packet& out);

// link_lan.cc
LinkEnd decode_fddi(LinkEnd frame, Packet& out);
LinkEnd decode_token_ring(LinkEnd frame, Packet& out);
LinkEnd decode_ieee1394(LinkEnd frame, Packet& out);
LinkEnd decode_infiniband_ip(LinkEnd frame, Packet& out);
LinkEnd decode_atm(LinkEnd frame, Packet& out);
LinkEnd decode_atm_classical_ip(LinkEnd frame, Packet& out);
LinkEnd decode_sun_atm(LinkEnd frame, Packet& out);

// link_switch.cc
LinkEnd decode_mpacket(LinkEnd frame, Packet& out);
LinkEnd decode_netanalyzer(LinkEnd frame, Packet& out);
LinkEnd decode_netanalyzer_transparent(LinkEnd frame, Packet& out);
LinkEnd decode_dsa_broadcom(LinkEnd frame, Packet& out);
LinkEnd decode_dsa_broadcom_prepended(LinkEnd frame, Packet& out);
LinkEnd decode_dsa_marvell(LinkEnd frame, Packet& out);
LinkEnd decode_dsa_marvell_ethertype(LinkEnd frame, Packet& out);
LinkEnd decode_juniper_ethernet(LinkEnd frame, Packet& out);
LinkEnd decode_juniper_ppp(LinkEnd frame, Packet& out);
LinkEnd decode_juniper_frame_relay(LinkEnd frame, Packet& out);
LinkEnd decode_juniper_cisco_hdlc(LinkEnd frame, Packet& out);
LinkEnd decode_juniper_pppoe_atm(LinkEnd frame, Packet& out);

// link_wireless.cc
LinkEnd decode_ieee80211(LinkEnd frame, Packet& out);
LinkEnd decode_radiotap(LinkEnd frame, Packet& out);
LinkEnd decode_prism(LinkEnd frame, Packet& out);
LinkEnd decode_avs(LinkEnd frame, Packet& out);

// link_host.cc
LinkEnd decode_loopback(LinkEnd frame, Packet& out);
LinkEnd decode_cooked(LinkEnd frame, Packet& out);
LinkEnd decode_cooked2(LinkEnd frame, Packet& out);
LinkEnd decode_enc(LinkEnd frame, Packet& out);
LinkEnd decode_pflog(LinkEnd frame, Packet& out);
LinkEnd decode_ipnet(LinkEnd frame, Packet& out);

// link_capture.cc
LinkEnd decode_nflog(LinkEnd frame, Packet& out);
LinkEnd decode_pktap(LinkEnd frame, Packet& out);
LinkEnd decode_user2(LinkEnd frame, Packet& out);
LinkEnd decode_ppi(LinkEnd frame, Packet& out);

// The link inside another capture header, by its DLT_; unknown_link_type where it has no decoder.
// Such headers do not nest.
LinkEnd decode_inner_link(std::uint32_t dlt, LinkEnd frame, Packet& out);

}  // namespace panoptes
