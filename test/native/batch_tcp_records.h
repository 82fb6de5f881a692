// Records of TCP connections with everything that can happen to one, in every combination and size.
// They go straight into the sink, so that the values do not depend on how a segment is judged.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include "flow/flow_tracker.h"

namespace panoptes {

// `samples` round trips of up to `most_ns`.
template <typename Draw>
Rtt round_trips(const Draw& draw, std::uint32_t samples, std::uint32_t most_ns) {
  Rtt rtt{};
  for (std::uint32_t i = 1; i <= samples; ++i) {
    const std::int64_t ns = draw(most_ns);
    rtt.min_ns = i == 1 ? ns : std::min(rtt.min_ns, ns);
    rtt.max_ns = std::max(rtt.max_ns, ns);
    add_squares(rtt.m2, i, ns, rtt.sum_ns);
    rtt.sum_ns += ns;
  }
  rtt.samples = samples;
  return rtt;
}

// `count` records of one packet a side, from `first_ns` on.
inline void tcp_records(RecordSink& to, std::uint32_t count, std::int64_t first_ns) {
  std::mt19937 engine(7);
  const auto draw = [&engine](std::uint32_t below) {
    return static_cast<std::uint32_t>(engine()) % below;
  };
  for (std::uint32_t i = 0; i < count; ++i) {
    Flow flow{};
    flow.id = 1'000'000 + i;
    flow.key.kind = FlowKind::ipv4;
    flow.key.protocol = 6;
    flow.key.low_addr = {10, 7, 0, 1};
    flow.key.high_addr = {10, 7, 0, 2};
    flow.key.high_port = 80;
    flow.key.low_port = static_cast<std::uint16_t>(5000 + i);
    flow.life = kLifeLowSent | kLifeHighSent;
    if (draw(2) != 0) flow.life |= kLifeSrcIsHigh;
    TcpRecord tcp{};
    RttRecord rtt{};
    for (std::uint32_t high = 0; high < 2; ++high) {
      Side& side = flow.side[high];
      side.since_ns = side.last_ns = first_ns + i;
      side.packets = 1;
      side.bytes = side.min_size = side.max_size = 60;
      side.detail.start(0);
      side.window_shift = 0xff;
      side.seen = kSeenTcp;
      // Each counter is 0 in some records, small in most, large in few.
      const auto some = [&]() -> std::uint32_t {
        const std::uint32_t kind = draw(6);
        return kind < 2 ? 0 : draw(kind < 5 ? 100 : 0xffffffff);
      };
      const auto many = [&]() {
        const std::uint64_t factor = some();
        return factor * draw(1000);
      };
      TcpCounters& c = tcp.side[high];
      c.retrans = some();
      if (c.retrans != 0) c.retrans_bytes = many();
      c.spurious = std::min(some(), c.retrans);
      c.syn_repeats = std::min(some(), c.retrans);
      c.lost_before = some();
      c.out_of_order = some();
      c.keep_alives = some();
      c.dup_acks = some();
      c.zero_windows = some();
      c.fast = some();
      c.timeout = some();
      c.strays = some();
      c.resyncs = some();
      c.jumps = some();
      c.gap_bytes = many();
      c.stalled_ns = static_cast<std::int64_t>(many());
      const std::uint32_t kind = draw(6);
      rtt.side[high] = round_trips(draw, kind < 4 ? kind : draw(200), 400'000'000);
      c.rtt_by_timestamp = std::min(some(), rtt.side[high].samples);
    }
    to.record(flow, {Cause::status, EndReason::none, {}, {}, nullptr, &tcp, &rtt});
  }
}

}  // namespace panoptes
