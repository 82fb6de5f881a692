// The TCP tracker at work on the flows of a table: gives them their state, hands it the segments,
// and takes out what a record says. Between meters.cc and tcp_sequence.h.
#pragma once

#include <cstdint>

#include "base/prefetch.h"
#include "flow/block_pool.h"
#include "flow/flow.h"
#include "flow/tcp_record.h"
#include "flow/tcp_sequence.h"

namespace panoptes {

class TcpMeters {
 public:
  explicit TcpMeters(std::uint32_t max_flows, std::uint32_t holes = TcpColdPool::kDefaultHoles)
      : flows_(max_flows), cold_(cold_blocks(max_flows), holes) {}

  // Bytes of a flow that is more than a lone SYN, and of one that also lost something.
  static constexpr std::size_t kBytesPerFlow = sizeof(TcpFlowState);
  static std::uint32_t cold_blocks(std::uint32_t max_flows) {
    return max_flows / 8 < 1024 ? 1024 : max_flows / 8;
  }

  // Follows a segment; its side is started. `quiet_ns` and `last_ip_id` are of the sender's packet
  // before it, -1: there was none. True: the gap that it ends is active (flow/gap_classes.h).
  bool track(Flow& flow, const Packet& packet, std::int64_t quiet_ns, std::uint16_t last_ip_id);
  // Whether a packet that looks like a copy made by the capture was sent again at once, before its
  // side sees it.
  bool sent_again(Flow& flow, const Packet& packet);
  // What this record says, which begins again. `end`: it is the flow's last.
  // False: nothing but zeros.
  bool take(Flow& flow, bool end, TcpRecord& record, RttRecord& rtt);
  // Whether the last record has something to tell even without packets: what was acknowledged at
  // the end and never came by.
  static bool owes(const Flow& flow) {
    return flow.tcp != 0 && ((flow.side[0].tcp.flags | flow.side[1].tcp.flags) & kTcpAckAhead) != 0;
  }
  // At the end of a flow, after take().
  void release(Flow& flow);

  [[gnu::always_inline]] void prefetch_state(const Flow& flow) const {
    if (flow.tcp == 0) return;
    const auto* state = reinterpret_cast<const char*>(&flows_[flow.tcp]);
    prefetch(state);
    prefetch(state + sizeof(TcpFlowState) - 1);
  }

  const TcpPoolCounters& counters() const { return cold_.counters(); }

 private:
  bool open(Flow& flow);
  bool ends_active_gap(const Flow& flow, const TcpSegment& segment, TcpVerdict verdict) const;
  bool copies_resend(const Flow& flow, const TcpSegment& copy) const;

  BlockPool<TcpFlowState> flows_;
  TcpColdPool cold_;
};

}  // namespace panoptes
