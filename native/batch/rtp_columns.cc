#include "batch/rtp_columns.h"

#include "batch/whole.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kEstimated = std::uint32_t{1} << 31;  // of a clock rate

void add_rtp(SideColumns& c, std::uint32_t row, const RtpSideRecord& rtp) {
  const auto count = [row](auto value, RowSet& set, auto& column) {
    if (value != 0) column[set.add(row)] = value;
  };
  const std::uint32_t at = c.set_rtp.add(row);
  c.rtp_packets[at] = rtp.received;
  c.rtp_streams[at] = rtp.streams;
  count(whole(rtp.expected), c.set_rtp_expected, c.rtp_expected);
  count(rtp.out_of_order, c.set_rtp_out_of_order, c.rtp_out_of_order);
  count(rtp.duplicates, c.set_rtp_duplicates, c.rtp_duplicates);
  count(rtp.silences, c.set_rtp_silences, c.rtp_silences);
  if (rtp.streams == 0) return;
  const std::uint32_t stream = c.set_rtp_stream.add(row);
  c.rtp_ssrc[stream] = rtp.ssrc;
  c.rtp_payload_type[stream] = rtp.payload_type;
  count(rtp.clock_rate | (rtp.estimated ? kEstimated : 0), c.set_rtp_clock, c.rtp_clock);
  if (rtp.samples == 0) return;
  const std::uint32_t jitter = c.set_rtp_jitter.add(row);
  c.rtp_jitter[jitter] = whole(rtp.jitter_ns);
  c.rtp_jitter_count[jitter] = rtp.samples;
  c.rtp_jitter_sum[jitter] = whole(rtp.jitter_sum_ns);
  c.rtp_jitter_max[jitter] = whole(rtp.jitter_max_ns);
}

void add_rtcp(SideColumns& c, std::uint32_t row, const RtcpSideRecord& rtcp, bool is_rtcp) {
  if (is_rtcp || rtcp.packets != 0) c.rtcp_packets[c.set_rtcp.add(row)] = rtcp.packets;
  if (rtcp.has_report) {
    const std::uint32_t at = c.set_rtcp_report.add(row);
    c.rtcp_lost[at] = static_cast<std::uint32_t>(rtcp.lost);
    c.rtcp_fraction[at] = rtcp.fraction;
    if (rtcp.has_jitter) c.rtcp_jitter[c.set_rtcp_jitter.add(row)] = whole(rtcp.jitter_ns);
  }
  if (rtcp.rtts == 0) return;
  const std::uint32_t at = c.set_rtcp_rtt.add(row);
  c.rtcp_rtt_count[at] = rtcp.rtts;
  c.rtcp_rtt_sum[at] = whole(rtcp.rtt_sum_ns);
  c.rtcp_rtt_max[at] = whole(rtcp.rtt_max_ns);
}

}  // namespace

void add_rtp_record(SideColumns& to, std::uint32_t row, const RtpRecord& rtp, bool high) {
  if (rtp.rtp[high].known) add_rtp(to, row, rtp.rtp[high]);
  add_rtcp(to, row, rtp.rtcp[high], rtp.is_rtcp);
}

}  // namespace panoptes
