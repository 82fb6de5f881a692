// Follows one source of RTP (an SSRC in one direction): its sequence numbers, its clock, its
// jitter. Before it: decode/rtp.h; rtp_meters.cc finds the stream and takes its numbers out.
#pragma once

#include <cstdint>

#include "decode/rtp.h"

namespace panoptes {

// Bits of RtpStream::flags.
inline constexpr std::uint8_t kRtpDeclared = 1,  // enough of it came to be sure
    kRtpMoved = 2,                               // its timestamps moved while it was on probation
    kRtpEstimated = 4,                           // its clock rate was found by watching it
    kRtpTimed = 8,                               // clocked_ns and clocked_timestamp are known
    kRtpMarked = 16,                             // its last packet had the marker
    kRtpJumped = 32;                             // after_jump is known

struct RtpStream {
  // Bit n % 64 of seen[n / 64]: the number n below the highest came.
  std::uint64_t seen[2];
  std::int64_t last_ns;     // its last packet
  std::int64_t clocked_ns;  // the last packet of its clock, and what that said
  std::int64_t anchor_ns;   // while its rate is not known: where watching it began,
  std::int64_t guess_ns;    // when it was measured last
  double tick_ns;           // one unit of its timestamps
  double jitter;            // ns, the running estimate of RFC 3550 6.4.1
  // In this record.
  double jitter_sum;  // of the estimates after each sample, ns
  double jitter_max;
  std::uint64_t expected;
  std::uint32_t samples;
  std::uint32_t received;  // without duplicates
  std::uint32_t out_of_order;
  std::uint32_t duplicates;
  std::uint32_t silences;

  std::uint32_t ssrc;
  std::uint32_t clock_rate;  // Hz, 0: not known
  std::uint32_t guess;       // Hz, what it was measured as last; 0: as none in use
  std::uint32_t clocked_timestamp;
  std::uint32_t anchor_timestamp;
  std::uint32_t last_timestamp;
  std::int32_t last_step;  // of the timestamps of the last two packets
  std::uint16_t highest;
  std::uint16_t after_jump;  // the number that proves that a jump was no stray
  std::uint8_t span;         // numbers below the highest that are accounted for, at most 127
  std::uint8_t run;          // packets in sequence while on probation
  std::uint8_t payload_type;
  std::uint8_t clocked_type;  // the payload type whose clock it is
  std::uint8_t other_types;   // packets in a row of another clock
  std::uint8_t flags;

  bool declared() const { return (flags & kRtpDeclared) != 0; }
};

// Packets in sequence that make a stream: RFC 3550 A.1 takes two for one that was announced. The
// other one is for a further source of a direction that is known to be RTP.
inline constexpr std::uint8_t kRtpMinSequential = 3, kRtpMinSequentialKnown = 2;
// So many packets in sequence whose timestamps stand still are none.
inline constexpr std::uint8_t kRtpMostStill = 255;

// Whether `next` may be the packet after one with these values: for streams on probation.
bool rtp_continues(std::uint16_t sequence, std::uint32_t timestamp, std::uint8_t payload_type,
                   const RtpHeader& next);

// The first packet of a stream.
void start_rtp_stream(RtpStream& stream, const RtpHeader& header, std::int64_t time_ns);

// A later one. `least`: packets in sequence that declare it. False: the stream was on probation and
// this packet did not go on where it was; it starts there anew.
bool follow_rtp_stream(RtpStream& stream, const RtpHeader& header, std::int64_t time_ns,
                       std::uint8_t least);

}  // namespace panoptes
