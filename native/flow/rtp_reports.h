// Reads RTCP: what a receiver says of the streams of the other end, and round trips from the times
// in sender reports. Before it: decode/rtp.h; called by rtp_meters.cc.
#pragma once

#include <cstdint>

#include "decode/rtp.h"
#include "flow/rtp_record.h"

namespace panoptes {

// Whether a datagram can be an RTCP compound (RFC 3550 A.2), and how sure that is.
struct RtcpShape {
  bool valid = false;  // report first, all lengths fit; as far as it was captured
  bool named = false;  // and it has the CNAME of the sender's own SSRC: sure
  std::uint32_t ssrc = 0;
};
RtcpShape read_rtcp_shape(Layer payload);

// RTCP of one endpoint.
struct RtcpSide {
  static constexpr std::uint32_t kReports = 4;
  struct SenderReport {
    std::int64_t time_ns;
    std::uint32_t middle;  // of its NTP time, 0: none
  };
  // Its latest sender reports, as the other end may answer them.
  SenderReport sent[kReports];
  // The clock of a stream: its first report, and the rate that a later one has shown, 0: none.
  std::uint64_t first_ntp;
  std::uint32_t first_rtp;
  std::uint32_t clock_ssrc;
  std::uint32_t clock_rate;
  std::uint32_t next;
  RtcpSideRecord record;
};

// The clock rate of a stream that `other` sends, 0: not known; and how much it sent.
class RtpStreams {
 public:
  virtual ~RtpStreams() = default;
  struct Facts {
    std::uint32_t clock_rate;
    std::uint32_t received;
  };
  virtual Facts facts(std::uint32_t ssrc) const = 0;
};

// A compound that `me` sent; what does not fit ends it.
void account_rtcp(RtcpSide& me, RtcpSide& other, const RtpStreams& others, Layer payload,
                  std::int64_t time_ns);

}  // namespace panoptes
