// What a record says of RTP and RTCP. Before it: flow/rtp_*; after it: batch/.
#pragma once

#include <cstdint>

namespace panoptes {

// What one endpoint sent as RTP, in this record.
struct RtpSideRecord {
  bool known;  // the direction is known to be RTP; else the rest is 0
  // Of all its streams together.
  std::uint32_t streams;  // that sent something
  std::uint32_t received;
  std::uint64_t expected;
  std::uint32_t out_of_order;
  std::uint32_t duplicates;
  std::uint32_t silences;
  // Of the stream that received the most; meaningless without streams.
  std::uint32_t ssrc;
  std::uint8_t payload_type;
  bool estimated;               // its clock rate
  std::uint32_t clock_rate;     // Hz, 0: not known
  std::uint32_t samples;        // of jitter; 0: the rest is meaningless
  std::uint64_t jitter_ns;      // the running estimate (RFC 3550 6.4.1) at the end,
  std::uint64_t jitter_sum_ns;  // its sum and maximum over the samples
  std::uint64_t jitter_max_ns;
};

// RTCP of one endpoint, in this record.
struct RtcpSideRecord {
  std::uint32_t packets;  // that it sent; compounds count one
  std::uint32_t rtts;     // round trips between here and it
  std::uint64_t rtt_sum_ns;
  std::uint64_t rtt_max_ns;
  // What the other end reported last of what this one sent.
  std::uint64_t jitter_ns;  // with has_jitter
  std::int32_t lost;        // since the stream began
  std::uint8_t fraction;    // in 1/256
  bool has_report;
  bool has_jitter;  // the clock rate of the stream is known
};

// [0] of the low endpoint, [1] of the high one.
struct RtpRecord {
  RtpSideRecord rtp[2];
  RtcpSideRecord rtcp[2];
  bool is_rtcp;  // the flow is known to be RTCP
};

}  // namespace panoptes
