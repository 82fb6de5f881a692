// The account of one flow: seven cache lines, the ones that every packet touches first.
// Written by flow/meters, read by batch/ when a record is due.
//
// Both sides are kept by endpoint (low, high: the key's order), not by direction, so that a packet
// finds its side before the flow is read. Which endpoint is src is one bit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/packet.h"
#include "flow/response_state.h"
#include "flow/rtp_candidate.h"
#include "flow/side_detail.h"
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
// Of Side::seen too, but of this record: there was a packet before it, with which its gaps begin.
inline constexpr std::uint8_t kSeenLead = 16;

// What one endpoint sent. "In this record" values start again with each record.
struct Side {
  // first line: every packet
  std::int64_t since_ns;    // the packet before this record, without one the first packet in it
  std::int64_t last_ns;     // latest packet ever
  std::uint64_t bytes;      // in this record, frames on the wire
  std::uint64_t app_bytes;  // in this record, L4 payload
  double gap_m2;            // ns^2, of the gaps in this record (Welford; flow/gap_classes.h)
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
  SideDetail detail;  // in this record: extremes of the gaps, and how many frames of each size
  union {
    TcpSideState tcp;       // of TCP; with Flow::tcp_open also before the first packet of this side
    RtpCandidates rtp;      // of UDP; 0 before the first packet of this side
    SpinSide spin;          // of QUIC (`quic`), which is no RTP; likewise
    EchoSide echo;          // of ICMP queries; likewise
    std::int64_t asked_ns;  // of DNS: the first query, 0: none
  };
  std::uint16_t window_min;  // in this record, as in the header, SYN and RST excluded
  std::uint16_t window_max;  // as window_min; min > max: none
  std::uint16_t ip_id;       // last
  std::uint16_t mss;

  std::int64_t first_ns() const { return since_ns + detail.lead(); }
};
static_assert(sizeof(Side) == 128 && offsetof(Side, detail) == 64, "two lines");

// A time of up to 78 hours, or none, in six bytes. All 0: none.
class Nanos48 {
 public:
  bool known() const { return (word_[0] | word_[1] | word_[2]) != 0; }
  std::int64_t ns() const {  // of a known one
    return (std::int64_t{word_[2]} << 32 | std::int64_t{word_[1]} << 16 | word_[0]) - 1;
  }
  void set(std::int64_t ns) {
    const std::int64_t stored = (ns < SideDetail::kMost - 1 ? ns : SideDetail::kMost - 1) + 1;
    for (int i = 0; i < 3; ++i) word_[i] = static_cast<std::uint16_t>(stored >> 16 * i);
  }

 private:
  std::uint16_t word_[3];
};

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
  // sixth line: rarely touched after the start
  std::uint64_t id;
  union {
    std::int64_t handshake_ns;  // TCP: first SYN; first SYN-ACK where `synack` is none
    std::uint32_t response;     // not TCP: ResponseState, 0: none (flow/responses.h)
  };
  Nanos48 synack;  // TCP: from the first SYN to the first SYN-ACK
  Nanos48 ackdat;  // TCP: from the first SYN-ACK to the ACK that answers it
  union {
    std::uint32_t gap_classes;  // TCP: block of GapMeter, 0: none (flow/gap_classes.h)
    std::uint32_t rtp;          // UDP: RtpFlow, 0: none (flow/rtp_meters.h)
  };
  std::uint32_t payload;   // buffer of first payload bytes, 0: none (flow/payload_pool.h)
  std::uint8_t mac[2][6];  // [0] of the low endpoint
  std::uint16_t vlan[2];   // last TCI
  std::uint16_t detail;    // of the first packet; ICMP: type << 8 | code, ARP: operation
  std::uint8_t dns : 1;
  std::uint8_t has_icmp : 1;  // `detail` is the type and code of ICMP
  std::uint8_t icmp_has_id : 1;
  std::uint8_t has_spi : 1;
  std::uint8_t quic : 1;        // of a version with a spin bit
  std::uint8_t no_rtp : 1;      // neither RTP nor RTCP: it is not looked at any more
  std::uint8_t tcp_open : 1;    // TCP that is more than a lone SYN: both sides' `tcp` are in use
  std::uint8_t payload_misses;  // payload that did not continue what is kept: 4 bits a side
  std::uint32_t extra;          // what only some flows have, 0: none (flow/flow_extra.h)
  std::uint32_t tcp_cold;       // with tcp_open: block of TcpColdPool (flow/tcp_sequence.h)
  // last line: of TCP, with tcp_open
  RttState rtt[2];  // to the low [0] and the high [1] endpoint

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
static_assert(sizeof(Flow) == 448 && offsetof(Flow, rtt) == 384, "seven lines");

// Number of gaps in this record.
inline std::uint32_t gap_count(const Side& s) {
  return s.packets == 0 ? 0 : s.packets - ((s.seen & kSeenLead) != 0 ? 0 : 1);
}
// Their sum, ns.
inline std::int64_t gap_sum(const Side& s) { return s.last_ns - s.since_ns; }

}  // namespace panoptes
