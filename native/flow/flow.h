// The account of one flow: six cache lines, the ones that every packet touches first.
// Written by flow/meters, read by batch/ when a record is due.
//
// Both sides are kept by endpoint (low, high: the key's order), not by direction, so that a packet
// finds its side before the flow is read. Which endpoint is src is one bit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/packet.h"
#include "flow/tcp_sequence.h"

namespace panoptes {

enum class Cause : std::uint8_t { none, start, status, end };  // proto: Cause
enum class EndReason : std::uint8_t {                          // proto: EndReason
  none,
  fin,
  rst,
  answered,
  idle,
  evicted,
  reused,
  shutdown
};
enum class Evidence : std::uint8_t {  // proto: Evidence
  none,
  syn,
  syn_ack,
  request,
  learned_port,
  known_port,
  first_packet
};

// Bits of Flow::tcp_state, by endpoint; batch/ turns low and high into src and dst (proto:
// TcpState).
inline constexpr std::uint16_t kStateSyn = 1, kStateSynAck = 2, kStateEstablished = 4,
                               kStateLowFin = 8, kStateHighFin = 16, kStateLowFinAcked = 32,
                               kStateHighFinAcked = 64, kStateLowRst = 128, kStateHighRst = 256;
// Only in records: the last window of the endpoint is to be shifted by what it offered.
inline constexpr std::uint16_t kStateLowScaled = 512, kStateHighScaled = 1024;
inline constexpr std::uint16_t kStateClosing =
    kStateLowFin | kStateHighFin | kStateLowRst | kStateHighRst;
inline constexpr std::uint16_t kStateBothFinsAcked = kStateLowFinAcked | kStateHighFinAcked;
inline constexpr std::uint16_t kStateReset = kStateLowRst | kStateHighRst;

// Bits of Flow::life.
inline constexpr std::uint8_t kLifeSrcIsHigh = 1;  // src is the key's high endpoint
inline constexpr std::uint8_t kLifeReported = 2;   // a record went out before
inline constexpr std::uint8_t kLifeWeak = 4;       // half-open or one packet: first to be evicted
inline constexpr std::uint8_t kLifeClosed = 8;     // TCP: both FINs acknowledged, or reset
inline constexpr std::uint8_t kLifeLowSent = 16;   // side[0] is in use; before that it is undefined
inline constexpr std::uint8_t kLifeHighSent = 32;  // side[1] is in use
inline constexpr std::uint8_t kLifeScaling = 64;   // both SYNs offered window scaling (RFC 7323)
// An ICMP error came for the flow that is in no record yet: a record is due, even without packets.
inline constexpr std::uint8_t kLifeDrewError = 128;

// Bits of Side::seen, for the flow's whole life.
inline constexpr std::uint8_t kSeenPayload = 1 /* no more payload is wanted */, kSeenTcp = 2,
                              kSeenMac = 4, kSeenVlan = 8, kSeenSyn = 32, kSeenWindow = 64,
                              kSeenScaledWindow = 128;

// What one endpoint sent. "In this record" values start again with each record.
struct Side {
  // first line: every packet
  std::int64_t first_ns;    // first packet in this record
  std::int64_t last_ns;     // latest packet ever
  std::uint64_t bytes;      // in this record, frames on the wire
  std::uint64_t app_bytes;  // in this record, L4 payload
  double gap_m2;            // ns^2, of the gaps in this record (Welford)
  std::uint32_t packets;    // in this record
  std::uint32_t min_size;   // in this record, bytes
  std::uint32_t max_size;
  std::uint16_t mac_fold;  // folded MAC pair of the first frame, to see another one
  std::uint16_t ip_flags;  // or-ed in this record
  std::uint8_t ttl, ttl_min, ttl_max, tos;
  std::uint8_t tcp_flags;     // or-ed in this record
  std::uint8_t tcp_options;   // or-ed since the flow began
  std::uint8_t window_shift;  // 0xff: none offered
  std::uint8_t seen;
  // second line
  std::int64_t gap_min;      // ns, in this record
  std::int64_t gap_max;      // ns, in this record
  std::int64_t gap_lead;     // ns from the packet before this record, -1: there was none
  TcpSideState tcp;          // 0 but for TCP; also before the first packet of this side
  std::uint16_t window_min;  // in this record, as in the header, SYN and RST excluded
  std::uint16_t window_max;  // as window_min; min > max: none
  std::uint16_t ip_id;       // last
  std::uint16_t mss;
};
static_assert(sizeof(Side) == 128 && offsetof(Side, gap_min) == 64, "two lines");

struct alignas(64) Flow {
  // first line: identity and life
  FlowKey key;
  std::int64_t last_ns;    // latest packet of either side
  std::uint32_t interval;  // number of the status interval that this record began in
  std::uint8_t life;
  Evidence evidence;
  std::uint16_t tcp_state;
  // two lines a side: [0] low endpoint, [1] high endpoint
  Side side[2];
  // last line: rarely touched after the start
  std::uint64_t id;
  std::int64_t syn_ns;      // first SYN, 0: not seen
  std::int64_t syn_ack_ns;  // first SYN-ACK, 0: not seen
  std::int64_t ack_ns;      // the ACK of the SYN-ACK, 0: not seen
  std::uint32_t payload;    // buffer of first payload bytes, 0: none (flow/payload_pool.h)
  std::uint8_t mac[2][6];   // [0] of the low endpoint
  std::uint16_t vlan[2];    // last TCI
  std::uint16_t detail;     // of the first packet; ICMP: type << 8 | code, ARP: operation
  std::uint8_t dns : 1;
  std::uint8_t has_icmp : 1;  // `detail` is the type and code of ICMP
  std::uint8_t icmp_has_id : 1;
  std::uint8_t has_spi : 1;
  std::uint8_t payload_misses;  // payload that did not continue what is kept: 4 bits a side
  std::uint32_t extra;          // what only some flows have, 0: none (flow/flow_extra.h)
  std::uint32_t tcp;            // TcpFlowState, 0: none (flow/tcp_sequence.h)

  bool src_is_high() const { return (life & kLifeSrcIsHigh) != 0; }
  // The endpoint's side, or nullptr where it sent nothing in this record.
  const Side* sent(bool high) const {
    if ((life & (high ? kLifeHighSent : kLifeLowSent)) == 0) return nullptr;
    return side[high].packets != 0 ? &side[high] : nullptr;
  }
  bool has_mac() const {
    return (((life & kLifeLowSent) != 0 ? side[0].seen : 0) & kSeenMac) != 0 ||
           (((life & kLifeHighSent) != 0 ? side[1].seen : 0) & kSeenMac) != 0;
  }
  bool has_unreported() const {
    return sent(false) != nullptr || sent(true) != nullptr || (life & kLifeDrewError) != 0;
  }
};
static_assert(sizeof(Flow) == 384, "six lines");

// Number of gaps in this record.
inline std::uint32_t gap_count(const Side& s) {
  return s.packets == 0 ? 0 : s.packets - 1 + (s.gap_lead >= 0 ? 1 : 0);
}
// Their sum, ns.
inline std::int64_t gap_sum(const Side& s) {
  return s.last_ns - s.first_ns + (s.gap_lead >= 0 ? s.gap_lead : 0);
}

}  // namespace panoptes
