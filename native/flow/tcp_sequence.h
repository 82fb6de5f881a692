// Follows the sequence numbers of a TCP connection and says of each segment what it is: new, sent
// again, out of order, a keep-alive... Before it: decode/; its counters go into records.
//
// Words: a side is one endpoint. `next` is the number after the highest that it sent (data, SYN and
// FIN only; a bare ACK moves nothing); `acked` the highest that the other side acknowledged. A hole
// is a range below `next` that was not seen. Wire numbers are modulo 2^32; unwrapped ones have 64
// bits and the wire number as their low half.
//
// A clean flow needs only the state here. The rest lives in a block of TcpColdPool from the first
// anomaly on; where the pool has none left, the anomaly is in the pool's counter and nowhere else.
#pragma once

#include <cstdint>

#include "decode/packet.h"
#include "flow/rtt.h"
#include "flow/tcp_cold.h"

namespace panoptes {

struct TcpSegment {
  std::int64_t time_ns;
  std::int64_t quiet_ns;  // since the sender's previous packet; -1: none
  std::uint32_t seq;
  std::uint32_t ack;
  std::uint32_t payload_bytes;  // by the IP length, captured or not
  std::uint8_t flags;
  bool from_high;
  bool duplicate;  // a copy that the capture made of an earlier packet
  bool part;       // an IP fragment that tells nothing but its data: a later one, or without data
  bool has_ip_id;  // IPv4
  std::uint16_t ip_id;
  std::uint16_t last_ip_id;     // of the sender's previous packet, unless quiet_ns is -1
  std::uint16_t window;         // as in the header
  const std::uint8_t* options;  // as far as captured; read for anomalies only
  std::uint32_t options_captured;
  bool has_sack;  // among them
};

enum class TcpVerdict : std::uint8_t {
  none,      // carries nothing to judge: a bare ACK, an RST
  in_order,  // what was expected, or the first of this side
  jump,      // new, beyond a hole
  duplicate,
  retrans,
  spurious,  // a retransmission of what was acknowledged already
  lost_before,
  out_of_order,
  keep_alive,
  stray,
};

// Bits of TcpSideState::flags.
inline constexpr std::uint16_t kTcpTracked = 1,  // base and next are known
    kTcpAcked = 2,                               // acked is known
    kTcpSent = 4,                                // window is known
    kTcpSyn = 8,                                 // base is the number of its SYN
    kTcpSynAck = 16,                             // it sent a SYN-ACK
    kTcpFin = 32,                                // it sent a FIN
    kTcpTiming = 64,                             // rtt_seq and rtt_ns are a sample under way,
    kTcpTimingEcho = 128,                        // that its own timestamp has to prove
    kTcpHoles = 256,                             // there are holes
    kTcpStalled = 512,                           // its window is closed
    kTcpKeepAlive = 1024,                        // its last segment was a keep-alive
    kTcpResent = 2048,                           // it resent lately: look for DSACK
    kTcpAckAhead = 4096;                         // acked is beyond next
// SYN repeats in this record stand in the flags: a scan has many and nothing else, and so needs no
// block. The eighth does.
inline constexpr int kTcpSynRepeatsShift = 13, kTcpMostSynRepeats = 7;
inline constexpr std::uint16_t kTcpSynRepeats = 0xe000;

// One side; all 0 before its first packet, and before the other side's.
struct TcpSideState {
  std::uint64_t next;   // unwrapped, begins at 2^32 + base
  std::int64_t rtt_ns;  // when the timed segment passed
  std::uint32_t acked;
  std::uint32_t rtt_seq;  // the number that acknowledges it
  std::uint32_t base;     // the SYN's number, else the first seen
  std::uint16_t window;   // last advertised, as in the header
  std::uint16_t flags;
};
static_assert(sizeof(TcpSideState) == 32);

// What a TCP flow has beyond a lone SYN; all 0 at first. The flow keeps it.
struct TcpFlowState {
  // To the low [0] and the high [1] endpoint: how long it took to acknowledge what the other sent
  // (Karn's rule).
  RttState (&rtt)[2];
  std::uint32_t& cold;  // block of TcpColdPool; 0: none, kTcpNoBlock
};
// There was no block for this flow when it needed one: nothing more of this record is counted.
inline constexpr std::uint32_t kTcpNoBlock = 0xffffffff;
inline bool has_block(const TcpFlowState& flow) {
  return flow.cold != 0 && flow.cold != kTcpNoBlock;
}

// What came of a segment.
struct TcpResult {
  TcpVerdict verdict;
  bool full = false;  // a sum of the record is: it has to go out
};

// `high`: whose round trip it is. True: as TcpResult::full.
[[gnu::noinline]] bool take_rtt_sample(TcpSideState& sender, RttState& rtt, std::int64_t now_ns);
[[gnu::noinline]] TcpResult track_odd(TcpSideState& me, TcpSideState& other, TcpFlowState flow,
                                      const TcpSegment& segment, TcpColdPool& pool);

// What all but few segments are: an ACK (the caller has looked at the flags) with or without data,
// in order, that acknowledges more than before or brings data, of a connection with nothing odd.
inline bool is_usual(const TcpSideState& me, const TcpSideState& other, std::uint32_t seq,
                     std::uint32_t ack, std::uint32_t payload_bytes, std::uint16_t window) {
  constexpr std::uint16_t kMeKnown = kTcpTracked | kTcpSent,
                          kMeOdd = kTcpStalled | kTcpKeepAlive | kTcpAckAhead,
                          kOtherKnown = kTcpAcked,
                          kOtherOdd = kTcpHoles | kTcpKeepAlive | kTcpResent | kTcpAckAhead |
                                      kTcpTimingEcho;
  const std::uint32_t outstanding = static_cast<std::uint32_t>(other.next) - other.acked;
  const std::uint32_t newly = ack - other.acked;
  return seq == static_cast<std::uint32_t>(me.next) &&
         (me.flags & (kMeKnown | kMeOdd)) == kMeKnown &&
         (other.flags & (kOtherKnown | kOtherOdd)) == kOtherKnown && newly <= outstanding &&
         (newly | payload_bytes) != 0 && window != 0;
}

// Accounts a segment that is_usual(); `rtt` is that to its sender.
[[gnu::always_inline]] inline TcpResult track_usual(TcpSideState& me, TcpSideState& other,
                                                    RttState& rtt, std::uint32_t ack,
                                                    std::uint32_t payload_bytes,
                                                    std::uint16_t window, std::int64_t time_ns) {
  bool full = false;
  if (ack != other.acked) {
    other.acked = ack;
    if ((other.flags & kTcpTiming) != 0 && static_cast<std::int32_t>(ack - other.rtt_seq) >= 0) {
      full = take_rtt_sample(other, rtt, time_ns);
    }
  }
  me.window = window;
  if (payload_bytes == 0) return {TcpVerdict::none, full};
  me.next += payload_bytes;
  if ((me.flags & (kTcpTiming | kTcpHoles)) == 0) {
    me.flags |= kTcpTiming;
    me.rtt_seq = static_cast<std::uint32_t>(me.next);
    me.rtt_ns = time_ns;
  }
  return {TcpVerdict::in_order, full};
}

// Accounts one segment of `me`.
inline TcpResult track(TcpSideState& me, TcpSideState& other, TcpFlowState flow,
                       const TcpSegment& s, TcpColdPool& pool) {
  const bool usual = (s.flags & (kSyn | kFin | kRst | kAck)) == kAck && !s.duplicate &&
                     is_usual(me, other, s.seq, s.ack, s.payload_bytes, s.window);
  if (!usual) return track_odd(me, other, flow, s, pool);
  return track_usual(me, other, flow.rtt[s.from_high], s.ack, s.payload_bytes, s.window, s.time_ns);
}

// The first segment of a flow, a SYN without data: what track() would do, for a flood of them.
inline void start_with_syn(TcpSideState& me, const TcpSegment& segment) {
  me.base = segment.seq;
  me.next = (std::uint64_t{1} << 32) + segment.seq + 1;
  me.acked = 0;
  me.rtt_seq = segment.seq + 1;
  me.rtt_ns = segment.time_ns;
  me.window = segment.window;
  me.flags = kTcpTracked | kTcpSyn | kTcpTiming | kTcpSent;
}

// The counters of one side in this record, which start again. Time that passes with a closed window
// is split between records at `now_ns`.
TcpCounters take_tcp_counters(TcpSideState& me, TcpFlowState flow, bool high, std::int64_t now_ns,
                              TcpColdPool& pool);
// Before the flow's last record: what was acknowledged at the end and never seen becomes a gap.
void close_tcp(TcpSideState& low, TcpSideState& high, TcpFlowState flow, TcpColdPool& pool);
// Before the counters are taken: gives the block back where nothing happened in this record and
// nothing in it is needed any more. At the flow's end (`end`), after them: gives it back always.
void release_tcp(TcpSideState& low, TcpSideState& high, TcpFlowState flow, TcpColdPool& pool,
                 bool end);

}  // namespace panoptes
