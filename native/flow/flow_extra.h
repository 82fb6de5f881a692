// What only some flows have: the tunnel that they came in, ICMP errors that they drew, labels,
// versions. Few flows need one at a time, so they live apart, like payload. Filled by flow_tracker,
// read by batch/ when a record is due.
#pragma once

#include <cstdint>

#include "decode/packet.h"
#include "flow/block_pool.h"

namespace panoptes {

// Bits of FlowExtra::seen.
inline constexpr std::uint8_t kExtraTunnelIpv6 = 1,  // what the tunnel's outer addresses are
    kExtraTunnelHasId = 2, kExtraReporterIpv6 = 4, kExtraTunnelSrcIsHigh = 8, kExtraLowMpls = 16,
                              kExtraHighMpls = 32;

struct FlowExtra {
  // Of the first ICMP error in this record. It is the start of a record that has errors and no
  // packets; other records start with their first packet.
  std::int64_t icmp_error_ns;
  std::uint8_t tunnel_src[16];  // outer addresses, as the flow's first packet has them
  std::uint8_t tunnel_dst[16];
  std::uint8_t reporter[16];     // of the last ICMP error
  std::uint32_t tunnel_id;       // with kExtraTunnelHasId
  std::uint32_t quic_version;    // the last one, 0: none seen
  std::uint16_t icmp_errors;     // in this record
  std::uint8_t icmp_error_type;  // of the last one
  std::uint8_t icmp_error_code;
  // In this record, by sender.
  std::uint16_t duplicates[2];  // copies made by the capture
  std::uint16_t fragments[2];   // packets that were IP fragments
  std::uint16_t ce_packets[2];  // marked as having met congestion (RFC 3168)
  std::uint16_t inner_vlan;     // second tag where the key does not say it, 0: none
  std::uint8_t mpls[2][3];      // bottom label of the last packet, big endian, by sender
  TunnelType tunnel_type;       // none: no tunnel
  std::uint8_t tunnel_depth;
  std::uint8_t seen;
};
static_assert(sizeof(FlowExtra) == 96);

using ExtraPool = BlockPool<FlowExtra>;

}  // namespace panoptes
