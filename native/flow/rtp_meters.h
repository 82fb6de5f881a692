// RTP and RTCP of the flows of a table: which flows speak them, told by several packets and never
// by a port; and what each record says of them. Between flow_tracker and rtp_stream, rtp_reports.
//
// Words: a side is looked at until a second header goes on with the first one: same SSRC and
// payload type, next sequence number (rtp_candidate.h). Then the flow gets an RtpFlow and the
// stream is on probation. A stream of kRtpMinSequential packets in sequence whose timestamps moved
// is declared, and its direction is known to be RTP for good. RTCP is known by a compound that
// names its source, or by two of the same SSRC. A side that has failed too often is not looked at
// any more.
#pragma once

#include <cstdint>

#include "flow/block_pool.h"
#include "flow/flow.h"
#include "flow/flow_extras.h"
#include "flow/rtp_record.h"
#include "flow/rtp_reports.h"
#include "flow/rtp_stream.h"

namespace panoptes {

struct RtpDirection {
  static constexpr std::uint32_t kStreams = 8;

  std::uint32_t ssrc[kStreams];
  std::uint32_t stream[kStreams];  // 0: a free place
  std::uint8_t misses;
  bool known;
  bool ruled_out;
};

// Of a flow that speaks RTP or RTCP, or will soon be known to; [0] is what the low endpoint sends.
struct RtpFlow {
  RtpDirection direction[2];
  RtcpSide rtcp[2];
  bool is_rtcp;
};

class RtpMeters {
 public:
  // `skipped` counts packets whose flow or stream found no room.
  RtpMeters(std::uint32_t max_flows, FlowExtras& extras, std::uint64_t& skipped)
      : flows_(flow_blocks(max_flows)),
        streams_(2 * flow_blocks(max_flows)),
        extras_(extras),
        skipped_(skipped) {}

  static std::uint32_t flow_blocks(std::uint32_t max_flows) {
    return max_flows / 16 < 1024 ? 1024 : max_flows / 16;
  }

  // All that is asked of a packet that is neither.
  static bool wanted(const Flow& flow, const Packet& p) {
    return p.key.protocol == kProtocol && p.payload_captured >= kRtcpHeader &&
           is_rtp_version(p.payload[0]) && flow.no_rtp == 0;
  }
  // A packet that is wanted(), counted in the flow already.
  [[gnu::noinline]] void track(Flow& flow, const Packet& packet);
  // Whether there is something to take() and to release().
  static bool has(const Flow& flow) { return flow.key.protocol == kProtocol && flow.rtp != 0; }
  // What this record says, which begins again. False: nothing.
  bool take(Flow& flow, RtpRecord& record);
  // At the end of a flow, after take().
  void release(Flow& flow);
  void give_back() {
    flows_.give_back();
    streams_.give_back();
  }

 private:
  static constexpr std::uint8_t kProtocol = 17;

  RtpFlow* of(const Flow& flow) const { return has(flow) ? &flows_[flow.rtp] : nullptr; }
  RtpFlow* open(Flow& flow);
  void look(Flow& flow, const Packet& packet);
  void follow(Flow& flow, RtpFlow& rtp, const Packet& packet);
  void follow_rtcp(Flow& flow, RtpFlow& rtp, const Packet& packet);
  bool start_stream(RtpDirection& direction, const RtpHeader& header, std::int64_t time_ns);
  void account_report(RtpFlow& rtp, bool from_high, const Packet& packet);
  void miss(Flow& flow, RtpFlow& rtp, bool side);
  void clear(RtpDirection& direction);

  BlockPool<RtpFlow> flows_;
  BlockPool<RtpStream> streams_;
  FlowExtras& extras_;
  std::uint64_t& skipped_;
};

}  // namespace panoptes
