// TCP connections whose gaps are active and idle in every number, and frames of all sizes. For the
// golden batches.
#pragma once

#include <cstdint>
#include <random>

#include "flow/flow_tracker.h"
#include "frames.h"

namespace panoptes {

// send(seconds, frame)
template <typename Send>
void gap_traffic(double now, const Send& send) {
  std::mt19937 engine(5);
  const auto draw = [&engine](std::uint32_t below) {
    return static_cast<std::uint32_t>(engine()) % below;
  };
  for (std::uint16_t i = 0; i < 60; ++i) {
    const auto port = static_cast<std::uint16_t>(6000 + i);
    std::uint32_t next = 501, acked = 501;
    const std::uint32_t segments = 1 + draw(i < 40 ? 9 : 200);
    for (std::uint32_t k = 0; k < segments; ++k) {
      now += 1e-6 * (1 + draw(20'000));
      const bool answer = draw(4) == 0;
      const std::uint32_t bytes = answer ? 0 : draw(3) * draw(1400);
      if (answer) acked = next;
      const frames::TcpFields server{.seq = next, .ack = 105};
      const frames::TcpFields client{.seq = 105, .ack = acked};
      const auto ip = [answer](const char* src, const char* dst) {
        return frames::ethernet().ipv4(answer ? dst : src, answer ? src : dst);
      };
      send(now, ip("192.0.2.80", "10.2.0.1")
                    .tcp(answer ? port : 80, answer ? 80 : port, kAck, answer ? client : server)
                    .payload(bytes));
      next += bytes;
    }
  }
}

// A record whose gaps the probe could not tell apart, `packets` packets long.
inline void untold_gaps(RecordSink& to, std::uint32_t packets, std::int64_t first_ns) {
  Flow flow{};
  flow.id = 2'000'000;
  flow.key.kind = FlowKind::ipv4;
  flow.key.protocol = 6;
  flow.life = kLifeLowSent;
  flow.gap_classes = kNoGapClasses;
  Side& side = flow.side[0];
  side.detail.start(0);
  side.since_ns = first_ns;
  side.last_ns = first_ns + (packets - 1) * 1000;
  side.detail.widen(1000);
  side.packets = packets;
  side.bytes = std::uint64_t{packets} * 60;
  side.min_size = side.max_size = 60;
  side.window_shift = 0xff;
  side.seen = kSeenTcp;
  to.record(flow, {Cause::status, EndReason::none, {}, {}});
}

}  // namespace panoptes
