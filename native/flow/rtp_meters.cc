#include "flow/rtp_meters.h"

#include <algorithm>
#include <cmath>

namespace panoptes {
namespace {

// Headers that did not go on with others, after which a side is none of RTP.
constexpr std::uint8_t kMostMisses = 16;
// After so long without a packet a stream gives its place to a new one.
constexpr std::int64_t kQuiet = 10'000'000'000;
constexpr double kMostNs = 9e18;  // that fits into 64 bits

Layer payload_of(const Packet& p) { return {p.payload, p.payload_captured, p.payload_bytes}; }
bool is_whole(const Packet& p) { return (p.layers & kIsFragment) == 0 || !p.fragment.more; }

RtpHeader header_of(const RtpCandidates& c, int i) {
  return {c.ssrc[i], c.timestamp[i], c.sequence[i], static_cast<std::uint8_t>(c.second[i] & 0x7f),
          (c.second[i] & 0x80) != 0};
}

// The candidate that a header goes on where it was, -1: none.
int goes_on(const RtpCandidates& c, const RtpHeader& next) {
  for (int i = 0; i < c.count; ++i) {
    const RtpHeader last = header_of(c, i);
    if (!is_rtcp_type(c.second[i]) && last.ssrc == next.ssrc &&
        rtp_continues(last.sequence, last.timestamp, last.payload_type, next)) {
      return i;
    }
  }
  return -1;
}
bool repeats(const RtpCandidates& c, const RtcpShape& shape) {
  for (int i = 0; i < c.count; ++i) {
    if (is_rtcp_type(c.second[i]) && c.ssrc[i] == shape.ssrc) return shape.valid;
  }
  return false;
}

void count_miss(RtpCandidates& c) {
  c.misses = std::min<unsigned>(c.misses + 1U, kMostMisses) & 31;
}

void put(RtpCandidates& c, int i, const RtpHeader& header, std::uint8_t second,
         std::int64_t time_ns) {
  c.ssrc[i] = header.ssrc;
  c.timestamp[i] = header.timestamp;
  c.sequence[i] = header.sequence;
  c.second[i] = second;
  c.set_time(i, time_ns);
}

// Every second one that finds both places taken replaces the older one, so that each has its chance
// where streams take turns.
void propose(RtpCandidates& c, const RtpHeader& header, std::uint8_t second, std::int64_t time_ns) {
  count_miss(c);
  if (c.count < 2) {
    put(c, c.count, header, second, time_ns);
    c.count = (c.count + 1U) & 3;
  } else if (c.misses % 2 == 0) {
    put(c, c.oldest, header, second, time_ns);
    c.oldest ^= 1;
  }
}

// The proof of RTCP in a flow that is not known to have any: a compound that names its source, or
// the second one of the same source.
bool proves_rtcp(RtpCandidates& c, const RtcpShape& shape, std::int64_t time_ns) {
  if (shape.valid && (shape.named || repeats(c, shape))) return true;
  const RtpHeader report{shape.ssrc, 0, 0, 0, false};
  shape.valid ? propose(c, report, kRtcpReceiverReport, time_ns) : count_miss(c);
  return false;
}

void add_stream(RtpSideRecord& side, const RtpStream& s, std::uint32_t& most) {
  if (s.received + s.duplicates == 0) return;
  ++side.streams;
  side.received += s.received;
  side.expected += s.expected;
  side.out_of_order += s.out_of_order;
  side.duplicates += s.duplicates;
  side.silences += s.silences;
  if (side.streams > 1 && s.received <= most) return;
  most = s.received;
  side.ssrc = s.ssrc;
  side.payload_type = s.payload_type;
  side.estimated = (s.flags & kRtpEstimated) != 0;
  side.clock_rate = s.clock_rate;
  side.samples = s.samples;
  const auto whole = [](double ns) {
    return static_cast<std::uint64_t>(std::llround(std::min(ns, kMostNs)));
  };
  side.jitter_ns = whole(s.jitter);
  side.jitter_sum_ns = whole(s.jitter_sum);
  side.jitter_max_ns = whole(s.jitter_max);
}

void start_record(RtpStream& s) {
  s.jitter_sum = s.jitter_max = 0;
  s.expected = 0;
  s.samples = s.received = s.out_of_order = s.duplicates = s.silences = 0;
}

}  // namespace

void RtpMeters::track(Flow& flow, const Packet& p) {
  // Copies that the capture made are told of as such, and are no duplicates of the sender.
  if ((p.layers & (kIsDuplicate | kHasPorts)) != kHasPorts ||
      ((p.layers & kIsFragment) != 0 && p.fragment.offset != 0)) {
    return;
  }
  RtpFlow* rtp = of(flow);
  rtp == nullptr ? look(flow, p) : follow(flow, *rtp, p);
}

RtpFlow* RtpMeters::open(Flow& flow) {
  flow.rtp = flows_.allocate();
  if (flow.rtp != 0) return &flows_[flow.rtp];
  ++skipped_;
  return nullptr;
}

// At a flow that is not under suspicion.
void RtpMeters::look(Flow& flow, const Packet& p) {
  const FlowExtra* extra = extras_.of(flow);
  if (flow.dns != 0 || (p.layers & kIsQuic) != 0 ||
      (extra != nullptr && extra->quic_version != 0)) {
    flow.no_rtp = 1;
    return;
  }
  RtpCandidates& candidates = flow.side[p.from_high].rtp;
  if (is_rtcp_type(p.payload[1])) {
    const RtcpShape shape = read_rtcp_shape(payload_of(p));
    const bool repeated = repeats(candidates, shape);
    if (proves_rtcp(candidates, shape, p.time_ns)) {
      RtpFlow* rtp = open(flow);
      if (rtp == nullptr) return;
      rtp->is_rtcp = true;
      if (repeated) ++rtp->rtcp[p.from_high].record.packets;  // the first one
      account_report(*rtp, p.from_high, p);
      return;
    }
  } else if (const auto header = read_rtp(payload_of(p), is_whole(p))) {
    const int last = goes_on(candidates, *header);
    if (last >= 0) {
      RtpFlow* rtp = open(flow);
      if (rtp == nullptr) {
        put(candidates, last, *header, p.payload[1], p.time_ns);
        return;
      }
      RtpDirection& direction = rtp->direction[p.from_high];
      if (!start_stream(direction, header_of(candidates, last),
                        candidates.time_ns(last, p.time_ns))) {
        ++skipped_;
        put(candidates, last, *header, p.payload[1], p.time_ns);
        release(flow);
        return;
      }
      const int other = 1 - last;
      if (candidates.count == 2 && !is_rtcp_type(candidates.second[other]) &&
          candidates.ssrc[other] != header->ssrc) {
        start_stream(direction, header_of(candidates, other), candidates.time_ns(other, p.time_ns));
      }
      follow(flow, *rtp, p);
      return;
    }
    propose(candidates, *header, p.payload[1], p.time_ns);
  } else {
    count_miss(candidates);
  }
  if (candidates.misses == kMostMisses) flow.no_rtp = 1;
}

void RtpMeters::follow(Flow& flow, RtpFlow& rtp, const Packet& p) {
  if (is_rtcp_type(p.payload[1])) {
    follow_rtcp(flow, rtp, p);
    return;
  }
  RtpDirection& direction = rtp.direction[p.from_high];
  if (direction.ruled_out) return;
  const auto header = read_rtp(payload_of(p), is_whole(p));
  if (!header) {
    miss(flow, rtp, p.from_high);
    return;
  }
  for (std::uint32_t i = 0; i < RtpDirection::kStreams; ++i) {
    if (direction.stream[i] == 0 || direction.ssrc[i] != header->ssrc) continue;
    RtpStream& stream = streams_[direction.stream[i]];
    const std::uint8_t least = direction.known ? kRtpMinSequentialKnown : kRtpMinSequential;
    const bool went_on = follow_rtp_stream(stream, *header, p.time_ns, least);
    if (stream.declared()) direction.known = true;
    if (!went_on || (!direction.known && stream.run == kRtpMostStill)) miss(flow, rtp, p.from_high);
    return;
  }
  if (!start_stream(direction, *header, p.time_ns)) ++skipped_;
  miss(flow, rtp, p.from_high);
}

void RtpMeters::follow_rtcp(Flow& flow, RtpFlow& rtp, const Packet& p) {
  if (rtp.is_rtcp || rtp.direction[0].known || rtp.direction[1].known) {
    // Also what stands alone (RFC 5506) and what is encrypted behind its first header (RFC 3711).
    if (RtcpCompound(payload_of(p)).next()) account_report(rtp, p.from_high, p);
    return;
  }
  const RtcpShape shape = read_rtcp_shape(payload_of(p));
  RtpCandidates& candidates = flow.side[p.from_high].rtp;
  const bool repeated = repeats(candidates, shape);
  if (!proves_rtcp(candidates, shape, p.time_ns)) {
    if (!shape.valid) miss(flow, rtp, p.from_high);
    return;
  }
  rtp.is_rtcp = true;
  if (repeated) ++rtp.rtcp[p.from_high].record.packets;
  account_report(rtp, p.from_high, p);
}

// Takes a free place, that of a stream on probation, or that of one that has ended.
bool RtpMeters::start_stream(RtpDirection& direction, const RtpHeader& header,
                             std::int64_t time_ns) {
  std::uint32_t place = RtpDirection::kStreams;
  std::int64_t oldest = 0;
  for (std::uint32_t i = 0; i < RtpDirection::kStreams; ++i) {
    if (direction.stream[i] == 0) {
      place = i;
      break;
    }
    const RtpStream& s = streams_[direction.stream[i]];
    const bool ended = time_ns - s.last_ns > kQuiet && s.received + s.duplicates == 0;
    if (s.declared() && !ended) continue;
    if (place == RtpDirection::kStreams || s.last_ns < oldest) {
      place = i;
      oldest = s.last_ns;
    }
  }
  if (place == RtpDirection::kStreams) return false;
  if (direction.stream[place] == 0) direction.stream[place] = streams_.allocate();
  if (direction.stream[place] == 0) return false;
  direction.ssrc[place] = header.ssrc;
  start_rtp_stream(streams_[direction.stream[place]], header, time_ns);
  return true;
}

void RtpMeters::account_report(RtpFlow& rtp, bool from_high, const Packet& p) {
  // The streams of the other end.
  class Others final : public RtpStreams {
   public:
    Others(const RtpDirection& direction, const BlockPool<RtpStream>& streams)
        : direction_(direction), streams_(streams) {}
    Facts facts(std::uint32_t ssrc) const override {
      for (std::uint32_t i = 0; i < RtpDirection::kStreams; ++i) {
        if (direction_.stream[i] == 0 || direction_.ssrc[i] != ssrc) continue;
        const RtpStream& s = streams_[direction_.stream[i]];
        return {s.clock_rate, s.received};
      }
      return {};
    }

   private:
    const RtpDirection& direction_;
    const BlockPool<RtpStream>& streams_;
  };
  account_rtcp(rtp.rtcp[from_high], rtp.rtcp[!from_high],
               Others(rtp.direction[!from_high], streams_), payload_of(p), p.time_ns);
}

void RtpMeters::miss(Flow& flow, RtpFlow& rtp, bool side) {
  RtpDirection& direction = rtp.direction[side];
  if (direction.known || ++direction.misses < kMostMisses) return;
  clear(direction);
  direction.ruled_out = true;
  const RtpDirection& other = rtp.direction[!side];
  const bool other_has = std::any_of(std::begin(other.stream), std::end(other.stream),
                                     [](std::uint32_t stream) { return stream != 0; });
  if (rtp.is_rtcp || other_has) return;
  release(flow);
  flow.no_rtp = 1;
}

void RtpMeters::clear(RtpDirection& direction) {
  for (std::uint32_t& stream : direction.stream) {
    if (stream != 0) streams_.release(stream);
    stream = 0;
  }
}

bool RtpMeters::take(Flow& flow, RtpRecord& record) {
  RtpFlow* rtp = of(flow);
  if (rtp == nullptr) return false;
  record = {};
  record.is_rtcp = rtp->is_rtcp;
  bool any = rtp->is_rtcp;
  for (const bool side : {false, true}) {
    const RtpDirection& direction = rtp->direction[side];
    record.rtp[side].known = direction.known;
    any |= direction.known;
    record.rtcp[side] = rtp->rtcp[side].record;
    rtp->rtcp[side].record = {};
    std::uint32_t most = 0;
    for (const std::uint32_t handle : direction.stream) {
      if (handle == 0 || !streams_[handle].declared()) continue;
      add_stream(record.rtp[side], streams_[handle], most);
      start_record(streams_[handle]);
    }
  }
  return any;
}

void RtpMeters::release(Flow& flow) {
  RtpFlow* rtp = of(flow);
  if (rtp == nullptr) return;
  clear(rtp->direction[0]);
  clear(rtp->direction[1]);
  flows_.release(flow.rtp);
  flow.rtp = 0;
}

}  // namespace panoptes
