#include "flow/rtp_stream.h"

#include <algorithm>
#include <cmath>

#include "flow/rtp_clock.h"

namespace panoptes {
namespace {

// RFC 3550 A.1. What is out of order by more can not be told from a duplicate here either.
constexpr int kMaxDropout = 3000, kMaxMisorder = 100;
static_assert(kMaxMisorder < 128);
// Of two packets that follow each other, on probation: 11 s of video, more of anything else.
constexpr std::int32_t kMostStep = 1 << 20;
// Beyond this the timestamps started anew; it was no delay.
constexpr double kMostDifference = 10e9;
constexpr std::int64_t kLeastWatch = 1'000'000'000, kWatchStep = 500'000'000,
                       kMostWatch = 10'000'000'000;
// After so many packets in a row of another payload type, it is that one's clock.
constexpr std::uint8_t kOtherTypes = 64;

bool is_comfort_noise(std::uint8_t payload_type) {
  return payload_type == 13 || payload_type == 19;
}

std::int32_t step(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>(to - from);
}

void set_rate(RtpStream& s, std::uint32_t rate) {
  s.clock_rate = rate;
  s.tick_ns = rate == 0 ? 0 : 1e9 / rate;
}

void set_clock(RtpStream& s, std::uint8_t payload_type) {
  s.clocked_type = payload_type;
  s.other_types = 0;
  s.guess = 0;
  s.flags &= static_cast<std::uint8_t>(~(kRtpTimed | kRtpEstimated));
  set_rate(s, static_clock_rate(payload_type));
}

void mark(RtpStream& s, int below) { s.seen[below / 64] |= std::uint64_t{1} << below % 64; }
bool is_marked(const RtpStream& s, int below) {
  return (s.seen[below / 64] >> below % 64 & 1) != 0;
}

void advance(RtpStream& s, int by) {
  if (by >= 128) {
    s.seen[1] = s.seen[0] = 0;
  } else if (by >= 64) {
    s.seen[1] = s.seen[0] << (by - 64);
    s.seen[0] = 0;
  } else {
    s.seen[1] = s.seen[1] << by | s.seen[0] >> (64 - by);  // by is 1 at least
    s.seen[0] <<= by;
  }
  s.span = static_cast<std::uint8_t>(std::min(s.span + by, 127));
  s.highest = static_cast<std::uint16_t>(s.highest + by);
}

// Where the numbers begin, or begin anew.
void start_sequence(RtpStream& s, std::uint16_t sequence) {
  s.seen[0] = 1;
  s.seen[1] = 0;
  s.highest = sequence;
  s.span = 0;
  s.flags &= static_cast<std::uint8_t>(~kRtpJumped);
}

// False: a duplicate, or a stray that is not accounted for.
bool account_sequence(RtpStream& s, std::uint16_t sequence) {
  const int ahead = static_cast<std::int16_t>(sequence - s.highest);
  if (ahead > 0 && ahead < kMaxDropout) {
    advance(s, ahead);
    mark(s, 0);
    s.expected += static_cast<std::uint64_t>(ahead);
    ++s.received;
    s.flags &= static_cast<std::uint8_t>(~kRtpJumped);
    return true;
  }
  if (ahead <= 0 && ahead > -kMaxMisorder) {
    const int below = -ahead;
    if (is_marked(s, below)) {
      ++s.duplicates;
      return false;
    }
    // From before the first one: then that one was not the first.
    if (below > s.span) {
      s.expected += static_cast<std::uint64_t>(below - s.span);
      s.span = static_cast<std::uint8_t>(below);
    }
    mark(s, below);
    ++s.received;
    ++s.out_of_order;
    return true;
  }
  // Far away: the source started anew if the next one follows (RFC 3550 A.1), and both count.
  if ((s.flags & kRtpJumped) != 0 && sequence == s.after_jump) {
    start_sequence(s, sequence);
    s.span = 1;
    mark(s, 1);
    s.expected += 2;
    s.received += 2;
    return true;
  }
  s.flags |= kRtpJumped;
  s.after_jump = static_cast<std::uint16_t>(sequence + 1);
  return false;
}

// Watches timestamps run against the time of arrival until they do so twice at the same rate.
void estimate_rate(RtpStream& s, std::uint32_t timestamp, std::int64_t time_ns) {
  if ((s.flags & kRtpTimed) == 0) {
    s.flags |= kRtpTimed;
    s.anchor_ns = s.guess_ns = time_ns;
    s.anchor_timestamp = timestamp;
    s.guess = 0;
    return;
  }
  const std::int64_t watched = time_ns - s.anchor_ns;
  if (watched < kLeastWatch || time_ns - s.guess_ns < kWatchStep) return;
  const double ticks = step(s.anchor_timestamp, timestamp);
  const std::uint32_t rate = nearest_clock_rate(ticks * 1e9 / static_cast<double>(watched));
  if (rate != 0 && rate == s.guess) {
    set_rate(s, rate);
    s.flags |= kRtpEstimated;
    s.clocked_ns = time_ns;
    s.clocked_timestamp = timestamp;
    return;
  }
  s.guess = rate;
  s.guess_ns = time_ns;
  if (rate == 0 && watched > kMostWatch) s.flags &= static_cast<std::uint8_t>(~kRtpTimed);
}

// D of RFC 3550 6.4.1 and the estimate J that it moves.
void take_jitter(RtpStream& s, std::uint32_t timestamp, std::int64_t time_ns) {
  if ((s.flags & kRtpTimed) != 0) {
    const double difference =
        std::fabs(static_cast<double>(time_ns - s.clocked_ns) -
                  static_cast<double>(step(s.clocked_timestamp, timestamp)) * s.tick_ns);
    if (difference < kMostDifference) {
      s.jitter += (difference - s.jitter) / 16;
      s.jitter_sum += s.jitter;
      s.jitter_max = std::max(s.jitter_max, s.jitter);
      ++s.samples;
    }
  }
  s.flags |= kRtpTimed;
  s.clocked_ns = time_ns;
  s.clocked_timestamp = timestamp;
}

void account_clock(RtpStream& s, const RtpHeader& header, std::int64_t time_ns) {
  // Another payload type may have another clock: events, redundancy, a codec that takes over.
  if (header.payload_type != s.clocked_type) {
    const std::uint32_t rate = static_clock_rate(header.payload_type);
    if (rate == 0 || rate != s.clock_rate) {
      if (++s.other_types < kOtherTypes) return;
      set_clock(s, header.payload_type);
    }
  }
  s.other_types = 0;
  if (s.clock_rate == 0) {
    estimate_rate(s, header.timestamp, time_ns);
  } else {
    take_jitter(s, header.timestamp, time_ns);
  }
}

// A talkspurt began (RFC 3551 4.1): its first packet is marked and its timestamp tells of the time
// in which nothing was sent. The marker of video ends a frame, and follows none that is marked too.
bool ends_silence(const RtpStream& s, const RtpHeader& header) {
  if (is_comfort_noise(s.payload_type)) return false;
  if (is_comfort_noise(header.payload_type)) return true;
  const std::int32_t now = step(s.last_timestamp, header.timestamp);
  return header.marker && (s.flags & kRtpMarked) == 0 && s.last_step > 0 && now / 2 > s.last_step &&
         header.sequence == static_cast<std::uint16_t>(s.highest + 1);
}

void remember(RtpStream& s, const RtpHeader& header, std::int64_t time_ns) {
  s.last_ns = time_ns;
  s.last_timestamp = header.timestamp;
  s.payload_type = header.payload_type;
  s.flags = static_cast<std::uint8_t>(header.marker ? s.flags | kRtpMarked : s.flags & ~kRtpMarked);
}

}  // namespace

bool rtp_continues(std::uint16_t sequence, std::uint32_t timestamp, std::uint8_t payload_type,
                   const RtpHeader& next) {
  const std::int32_t moved = step(timestamp, next.timestamp);
  return next.sequence == static_cast<std::uint16_t>(sequence + 1) &&
         next.payload_type == payload_type && moved >= 0 && moved <= kMostStep;
}

void start_rtp_stream(RtpStream& s, const RtpHeader& header, std::int64_t time_ns) {
  s = {};
  s.ssrc = header.ssrc;
  start_sequence(s, header.sequence);
  s.expected = s.received = 1;
  s.run = 1;
  set_clock(s, header.payload_type);
  account_clock(s, header, time_ns);
  remember(s, header, time_ns);
}

bool follow_rtp_stream(RtpStream& s, const RtpHeader& header, std::int64_t time_ns,
                       std::uint8_t least) {
  if (!s.declared()) {
    if (!rtp_continues(s.highest, s.last_timestamp, s.payload_type, header)) {
      start_rtp_stream(s, header, time_ns);
      return false;
    }
    if (s.run < kRtpMostStill) ++s.run;
    if (header.timestamp != s.last_timestamp) s.flags |= kRtpMoved;
    const bool known = least == kRtpMinSequentialKnown;
    if (s.run >= least && (known || (s.flags & kRtpMoved) != 0)) s.flags |= kRtpDeclared;
  }
  const bool silence = ends_silence(s, header);
  if (!account_sequence(s, header.sequence)) return true;
  if (silence) ++s.silences;
  s.last_step = step(s.last_timestamp, header.timestamp);
  account_clock(s, header, time_ns);
  remember(s, header, time_ns);
  return true;
}

}  // namespace panoptes
