// One decoded frame: what decode/ found out, all that flow/ needs. Plain data, reused 64 at a time.
#pragma once

#include <cstdint>

#include "decode/flow_key.h"

namespace panoptes {

// TCP flag bits (RFC 9293 3.1).
inline constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10,
                              kUrg = 0x20, kEce = 0x40, kCwr = 0x80;

// Bits of Packet::tcp_options (proto: TcpOption).
inline constexpr std::uint8_t kOptMss = 1, kOptWindowScale = 2, kOptSackPermitted = 4, kOptSack = 8,
                              kOptTimestamp = 16, kOptFastOpen = 32, kOptMptcp = 64,
                              kOptOther = 128;

// Bits of Packet::ip_flags (proto: IpFlag).
inline constexpr std::uint16_t kIpDontFragment = 1, kIpFragment = 2, kIpRecordRoute = 4,
                               kIpTimestamp = 8, kIpSecurity = 16, kIpSourceRoute = 32,
                               kIpRouterAlert = 64, kIpOtherOption = 128, kIpMacChanged = 256;

// Which layers are there; the fields of a layer that is not there are undefined, not 0, unless
// said.
inline constexpr std::uint8_t kHasMac = 1, kHasVlan = 2, kHasIp = 4, kHasTcp = 8, kHasPorts = 16,
                              kHasIcmp = 32, kHasIcmpId = 64, kIsDns = 128;

struct Packet {
  FlowKey key;
  std::uint64_t hash;  // of key; set by the worker
  std::int64_t time_ns;
  std::uint32_t wire_bytes;     // the whole frame
  std::uint32_t payload_bytes;  // L4 payload by the IP length; 0 for non-IP
  const std::uint8_t* payload;  // captured part of it, valid until the batch is accounted
  std::uint32_t payload_captured;
  std::uint8_t layers;       // kHas... bits
  bool from_high;            // the sender is the key's high endpoint
  std::uint8_t tcp_flags;    // 0 without TCP
  std::uint8_t tcp_options;  // kOpt... bits, 0 without TCP
  std::uint32_t seq;
  std::uint32_t ack;
  std::uint16_t window;       // as in the header, unscaled
  std::uint16_t mss;          // 0: no such option
  std::uint8_t window_shift;  // 0xff: no such option
  std::uint8_t ttl;
  std::uint8_t tos;            // TOS or traffic class byte
  std::uint8_t request_sense;  // 1: a request (its sender is src), 2: an answer (its sender is
                               // dst), 0: neither. ICMP queries, ARP/RARP, DNS
  std::uint16_t ip_id;         // IPv4 only (key.kind)
  std::uint16_t ip_flags;      // kIp... bits, 0 without IP
  std::uint16_t vlan_outer;    // TCI, with kHasVlan
  std::uint8_t icmp_type;      // as sent
  std::uint8_t icmp_code;
  std::uint16_t arp_operation;  // kinds arp and rarp
  std::uint8_t mac_src[6];      // with kHasMac
  std::uint8_t mac_dst[6];
};

}  // namespace panoptes
