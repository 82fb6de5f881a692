// The TCP tracker at work on the flows of a table: gives them their state, hands it the segments,
// and takes out what a record says. Between meters.cc and tcp_sequence.h.
#pragma once

#include <cstdint>

#include "flow/flow.h"
#include "flow/tcp_record.h"
#include "flow/tcp_sequence.h"

namespace panoptes {

class TcpMeters {
 public:
  explicit TcpMeters(std::uint32_t max_flows, std::uint32_t holes = TcpColdPool::kDefaultHoles)
      : cold_(cold_blocks(max_flows), holes) {}

  static std::uint32_t cold_blocks(std::uint32_t max_flows) {
    return max_flows / 8 < 1024 ? 1024 : max_flows / 8;
  }

  struct Tracked {
    bool active = false;  // the gap that the segment ends is (flow/gap_classes.h)
    bool full = false;    // a sum of the record is: it has to go out
  };
  // Follows a segment; its side is started. `quiet_ns` and `last_ip_id` are of the sender's packet
  // before it, -1: there was none.
  [[gnu::always_inline]] Tracked track(Flow& flow, const Packet& p, std::int64_t quiet_ns,
                                       std::uint16_t last_ip_id) {
    TcpSideState& me = flow.side[p.from_high].tcp;
    TcpSideState& other = flow.side[!p.from_high].tcp;
    const bool usual = (p.tcp_flags & (kSyn | kFin | kRst | kAck)) == kAck &&
                       (p.layers & (kIsDuplicate | kIsFragment)) == 0 && flow.tcp_open != 0 &&
                       is_usual(me, other, p.seq, p.ack, p.payload_bytes, p.window);
    if (!usual) [[unlikely]]
      return track_odd(flow, p, quiet_ns, last_ip_id);
    const TcpResult result =
        track_usual(me, other, flow.rtt[p.from_high], p.ack, p.payload_bytes, p.window, p.time_ns);
    return {p.payload_bytes != 0 && follows_unacknowledged(me, p.seq) && !is_closed(other),
            result.full};
  }
  // Whether a packet that looks like a copy made by the capture was sent again at once, before its
  // side sees it.
  [[gnu::noinline]] bool sent_again(Flow& flow, const Packet& packet);
  // What this record says, which begins again. `end`: it is the flow's last.
  // What is false was not filled: there is nothing but zeros.
  struct Taken {
    bool counters = false;
    bool round_trips = false;
  };
  Taken take(Flow& flow, bool end, TcpRecord& record, RttRecord& rtt);
  // Whether the last record has something to tell even without packets: what was acknowledged at
  // the end and never came by.
  static bool owes(const Flow& flow) {
    return flow.tcp_open != 0 &&
           ((flow.side[0].tcp.flags | flow.side[1].tcp.flags) & kTcpAckAhead) != 0;
  }
  // At the end of a flow, after take().
  void release(Flow& flow);
  void give_back() { cold_.give_back(); }
  void prefault() { cold_.prefault(kPrefault); }

  const TcpPoolCounters& counters() const { return cold_.counters(); }

 private:
  [[gnu::noinline]] Tracked track_odd(Flow& flow, const Packet& packet, std::int64_t quiet_ns,
                                      std::uint16_t last_ip_id);
  static void open(Flow& flow);
  static TcpFlowState state_of(Flow& flow) { return {flow.rtt, flow.tcp_cold}; }
  // Data of `me` below it is not acknowledged yet.
  static bool follows_unacknowledged(const TcpSideState& me, std::uint32_t seq) {
    if ((me.flags & kTcpAcked) != 0) return static_cast<std::int32_t>(seq - me.acked) > 0;
    return follows_first(me, seq);
  }
  static bool follows_first(const TcpSideState& me, std::uint32_t seq);
  static bool is_closed(const TcpSideState& side) {  // its window
    return side.window == 0 && (side.flags & kTcpSent) != 0;
  }
  bool ends_active_gap(Flow& flow, const TcpSegment& segment, TcpVerdict verdict) const;
  bool copies_resend(Flow& flow, const TcpSegment& copy) const;

  // Of the blocks for losses, what a link has from the start: one flow in 30 of the default.
  static constexpr std::size_t kPrefault = std::size_t{32} << 20;

  TcpColdPool cold_;
};

}  // namespace panoptes
