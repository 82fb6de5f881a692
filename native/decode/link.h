// Link layers: finds the network protocol of a frame. Untagged and single-tagged IP is the common
// path and stands in decoder.cc itself; the rest is here. After it: ip.h or non_ip.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/endian.h"
#include "base/raw_packet.h"
#include "decode/decoder.h"
#include "decode/layer.h"

namespace panoptes {

inline constexpr std::uint16_t kLinkEthernet = 1;

inline constexpr std::uint32_t kEtherIpv4 = 0x0800, kEtherArp = 0x0806, kEtherRarp = 0x8035,
                               kEtherVlan = 0x8100, kEtherIpv6 = 0x86dd, kEtherQinq = 0x88a8,
                               kEtherPppoe = 0x8864, kEtherQinqOld = 0x9100,
                               kEtherQinqOlder = 0x9200, kEtherMpls = 0x8847,
                               kEtherMplsMulticast = 0x8848, kEtherBridged = 0x6558,
                               kEtherPpp = 0x880b, kEtherLlc = 0x8870;
// In LinkEnd::protocol: not an ethertype but DSAP << 8 | SSAP of an 802.2 header.
inline constexpr std::uint32_t kLlc = 0x10000;
// Below this the type field of Ethernet is a length, and an 802.2 header follows.
inline constexpr std::uint32_t kFirstEthertype = 1536;

// Where the link layer ended.
struct LinkEnd {
  Layer network;
  std::uint32_t protocol;          // ethertype, or kLlc | DSAP << 8 | SSAP
  std::uint32_t link_context = 0;  // see link_context.h
  Undecoded error = Undecoded::none;
};

inline void read_macs(const std::uint8_t* header, Packet& out) {
  static_assert(offsetof(Packet, mac_src) == offsetof(Packet, mac_dst) + 6);
  std::memcpy(reinterpret_cast<std::uint8_t*>(&out) + offsetof(Packet, mac_dst), header, 12);
}

// An Ethernet frame, on the wire or inside something else; `link_context` stands around it. Adds
// kHasMac and kHasVlan with their fields to `out`.
LinkEnd decode_ethernet(Layer frame, std::uint32_t link_context, Packet& out);

// The same of a frame whose outermost VLAN tag may have been taken off.
LinkEnd decode_ethernet_frame(const RawPacket& raw, Packet& out);

// Peels what may stand between an ethertype and the network layer: VLAN and other tags, 802.2,
// PPPoE, MPLS, Ethernet inside Ethernet. `link` itself where nothing of it is there. Takes time in
// proportion to the frame at most, whatever it nests.
LinkEnd resolve(LinkEnd link, Packet& out);

// Every link but Ethernet.
LinkEnd decode_other_link(const RawPacket& raw, Packet& out);

// The protocol number of PPP (RFC 1661 2), address and control bytes left out or not. The result
// carries IP, or what resolve() goes on with (MPLS, bridged Ethernet); unknown_network otherwise.
LinkEnd decode_ppp(LinkEnd end);

}  // namespace panoptes
