// What only some flows have: the tunnel that they came in, ICMP errors that they drew, labels,
// versions. Few flows need one at a time, so they live apart, like payload. Filled by flow_tracker,
// read by batch/ when a record is due.
#pragma once

#include <cstdint>

#include "base/arena.h"
#include "decode/packet.h"

namespace panoptes {

// Bits of FlowExtra::seen.
inline constexpr std::uint8_t kExtraTunnelIpv6 = 1,  // what the tunnel's outer addresses are
    kExtraTunnelHasId = 2, kExtraReporterIpv6 = 4, kExtraTunnelSrcIsHigh = 8, kExtraLowMpls = 16,
                              kExtraHighMpls = 32;

struct FlowExtra {
  std::uint8_t tunnel_src[16];  // outer addresses, as the flow's first packet has them
  std::uint8_t tunnel_dst[16];
  std::uint8_t reporter[16];     // of the last ICMP error
  std::uint32_t tunnel_id;       // with kExtraTunnelHasId
  std::uint32_t quic_version;    // 0: none seen
  std::uint16_t icmp_errors;     // in this record
  std::uint8_t icmp_error_type;  // of the last one
  std::uint8_t icmp_error_code;
  TunnelType tunnel_type;  // none: no tunnel
  std::uint8_t tunnel_depth;
  std::uint8_t seen;
  std::uint8_t mpls[2][3];   // bottom label, big endian, by endpoint
  std::uint16_t inner_vlan;  // second tag where the key does not say it, 0: none
};
static_assert(sizeof(FlowExtra) <= 76);

// Handles count from 1; 0 is none. Fixed count, no growth; allocate() fails when all are taken.
class ExtraPool {
 public:
  explicit ExtraPool(std::uint32_t count)
      : count_(count), arena_(std::size_t{count} * sizeof(FlowExtra)) {}

  std::uint32_t allocate() {
    std::uint32_t handle = free_;
    if (handle != 0) {
      free_ = (*this)[handle].tunnel_id;
    } else {
      if (fresh_ == count_) return 0;
      handle = ++fresh_;
      arena_.populate(std::size_t{handle} * sizeof(FlowExtra));
    }
    (*this)[handle] = {};
    return handle;
  }
  void release(std::uint32_t handle) {
    (*this)[handle].tunnel_id = free_;
    free_ = handle;
  }
  FlowExtra& operator[](std::uint32_t handle) {
    return reinterpret_cast<FlowExtra*>(arena_.data())[handle - 1];
  }

 private:
  std::uint32_t count_;
  Arena arena_;
  std::uint32_t free_ = 0;
  std::uint32_t fresh_ = 0;
};

}  // namespace panoptes
