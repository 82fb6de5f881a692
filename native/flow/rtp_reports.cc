#include "flow/rtp_reports.h"

#include <algorithm>

#include "flow/rtp_clock.h"

namespace panoptes {
namespace {

constexpr std::int64_t kMostRtt = 60'000'000'000;
// The delay that a receiver states is not exact.
constexpr std::int64_t kRttSlack = 1'000'000;

// Two reports of a stream tell how fast its timestamps run.
void learn_clock(RtcpSide& me, std::uint32_t ssrc, const RtcpSenderInfo& info) {
  if (me.first_ntp == 0 || me.clock_ssrc != ssrc) {
    me.clock_ssrc = ssrc;
    me.first_ntp = info.ntp;
    me.first_rtp = info.rtp;
    me.clock_rate = 0;
    return;
  }
  if (me.clock_rate != 0 || info.ntp <= me.first_ntp) return;
  const double seconds = static_cast<double>(info.ntp - me.first_ntp) / 4294967296.0;
  const auto ticks = static_cast<std::int32_t>(info.rtp - me.first_rtp);
  if (seconds >= 1) me.clock_rate = nearest_clock_rate(ticks / seconds);
}

void take_sender_info(RtcpSide& me, const RtcpPacket& packet, std::int64_t time_ns) {
  const auto info = read_sender_info(packet);
  if (!info) return;
  const auto middle = static_cast<std::uint32_t>(info->ntp >> 16);
  if (middle == 0) return;  // the sender has no clock
  learn_clock(me, rtcp_ssrc(packet.body), *info);
  // Streams that are told of in one compound have the same time.
  if (me.sent[(me.next + RtcpSide::kReports - 1) % RtcpSide::kReports].middle == middle) return;
  me.sent[me.next] = {time_ns, middle};
  me.next = (me.next + 1) % RtcpSide::kReports;
}

// RFC 3550 6.4.1, seen here: from when the sender report passed to when its answer passes, less
// what the receiver waited.
void take_round_trip(RtcpSide& me, const RtcpSide& other, const RtcpReport& report,
                     std::int64_t time_ns) {
  if (report.last_sr == 0) return;
  for (const RtcpSide::SenderReport& sent : other.sent) {
    if (sent.middle != report.last_sr) continue;
    const std::int64_t delay = static_cast<std::int64_t>(report.delay) * 1'000'000'000 / 65536;
    const std::int64_t rtt = time_ns - sent.time_ns - delay;
    if (rtt < -kRttSlack || rtt > kMostRtt) return;
    const auto positive = static_cast<std::uint64_t>(std::max<std::int64_t>(rtt, 0));
    RtcpSideRecord& record = me.record;
    ++record.rtts;
    record.rtt_sum_ns += positive;
    record.rtt_max_ns = std::max(record.rtt_max_ns, positive);
    return;
  }
}

void take_report(RtcpSide& other, const RtcpReport& report, std::uint32_t clock_rate) {
  RtcpSideRecord& record = other.record;
  record.has_report = true;
  record.fraction = report.fraction;
  record.lost = report.lost;
  if (clock_rate == 0 && other.clock_ssrc == report.ssrc) clock_rate = other.clock_rate;
  record.has_jitter = clock_rate != 0;
  if (clock_rate != 0) record.jitter_ns = report.jitter * std::uint64_t{1'000'000'000} / clock_rate;
}

}  // namespace

RtcpShape read_rtcp_shape(Layer payload) {
  RtcpShape shape;
  RtcpCompound compound(payload);
  const auto first = compound.next();
  if (!first || (first->type != kRtcpSenderReport && first->type != kRtcpReceiverReport) ||
      !fits_report(*first) || first->body.peek(4) == nullptr) {
    return shape;
  }
  shape.ssrc = rtcp_ssrc(first->body);
  while (const auto packet = compound.next()) {
    if (names_source(*packet, shape.ssrc)) shape.named = true;
  }
  const bool cut = payload.captured() < payload.length();
  shape.valid = !compound.bad() || cut;
  shape.named = shape.named && !compound.bad();
  return shape;
}

void account_rtcp(RtcpSide& me, RtcpSide& other, const RtpStreams& others, Layer payload,
                  std::int64_t time_ns) {
  ++me.record.packets;
  // What is cut can not be checked, and what does not fit may be encrypted (RFC 3711 3.4): then all
  // behind the first SSRC is noise.
  RtcpCompound check(payload);
  while (check.next()) {
  }
  if (check.bad()) return;
  // Of several streams the busiest one.
  std::uint32_t most = 0;
  RtcpCompound compound(payload);
  while (const auto packet = compound.next()) {
    take_sender_info(me, *packet, time_ns);
    bool timed = false;
    for (std::uint32_t i = 0; i < packet->count; ++i) {
      const auto report = read_report(*packet, i);
      if (!report) break;
      if (!timed) take_round_trip(me, other, *report, time_ns);
      timed = timed || report->last_sr != 0;
      const RtpStreams::Facts facts = others.facts(report->ssrc);
      if (facts.received < most) continue;
      most = facts.received;
      take_report(other, *report, facts.clock_rate);
    }
  }
}

}  // namespace panoptes
