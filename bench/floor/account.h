// The accounting of the floor: counters, sizes, gaps, sequence numbers, windows, TTL and handshake
// times of both directions, in one entry of five cache lines.
#pragma once

#include <algorithm>
#include <cstdint>

#include "packet.h"

namespace panoptes::bench {

// Welford's running mean and sum of squared deviations.
struct Spread {
  float mean, m2, least, most;
  std::uint32_t count;

  void add(float x) {
    ++count;
    const float delta = x - mean;
    mean += delta / static_cast<float>(count);
    m2 += delta * (x - mean);
    if (x < least) least = x;
    if (x > most) most = x;
  }
};

struct Direction {
  std::uint64_t packets, bytes, payload_bytes;
  std::uint64_t last_us;
  std::uint32_t next_seq, highest_ack;
  std::uint32_t resent, jumps, gap_bytes;
  std::uint16_t window, window_most;
  std::uint8_t ttl_least, ttl_most, tos, tcp_flags;
  std::uint32_t zero_windows;
};

struct alignas(64) Flow {
  std::uint64_t hash;
  Key key;
  std::uint64_t first_us;
  Direction directions[2];
  Spread gaps_us[2], sizes[2];
  std::uint64_t syn_us, synack_us, ack_us;
  std::uint32_t rtt_us;
  std::uint8_t state;
};
static_assert(sizeof(Flow) == 320);

inline void open(Flow& flow, const Packet& packet) {
  flow = Flow{};
  flow.hash = packet.hash;
  flow.key = packet.key;
  flow.first_us = packet.time_us;
  for (int i = 0; i < 2; ++i) {
    flow.directions[i].ttl_least = 255;
    flow.gaps_us[i].least = flow.sizes[i].least = 1e9F;
  }
}

inline void account_tcp(Flow& flow, const Packet& packet) {
  constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kAck = 16;
  constexpr std::uint8_t kSynSent = 1, kSynAcked = 2, kOpen = 3, kClosing = 8, kReset = 16;
  Direction& mine = flow.directions[packet.from_high];
  Direction& theirs = flow.directions[packet.from_high ^ 1];
  const std::uint8_t flags = packet.tcp_flags;
  mine.tcp_flags |= flags;
  const std::uint32_t advance =
      packet.payload_bytes + ((flags & kFin) ? 1U : 0U) + ((flags & kSyn) ? 1U : 0U);
  if (flags & kSyn) {
    mine.next_seq = packet.seq + advance;
    if (flags & kAck) {
      flow.synack_us = packet.time_us;
      flow.rtt_us = static_cast<std::uint32_t>(packet.time_us - flow.syn_us);
      flow.state = kSynAcked;
    } else {
      flow.syn_us = packet.time_us;
      flow.state = kSynSent;
    }
  } else {
    const auto ahead = static_cast<std::int32_t>(packet.seq - mine.next_seq);
    if (ahead == 0) {
      mine.next_seq += advance;
    } else if (ahead < 0) {
      if (advance > 0) ++mine.resent;
    } else {
      mine.gap_bytes += static_cast<std::uint32_t>(ahead);
      ++mine.jumps;
      mine.next_seq = packet.seq + advance;
    }
    if (flow.state == kSynAcked && (flags & kAck)) {
      flow.ack_us = packet.time_us;
      flow.state = kOpen;
    }
    if (flags & kFin) flow.state |= kClosing;
    if (flags & kRst) flow.state = kReset;
  }
  if (flags & kAck) {
    if (static_cast<std::int32_t>(packet.ack - mine.highest_ack) > 0) mine.highest_ack = packet.ack;
    if (static_cast<std::int32_t>(packet.ack - theirs.next_seq) > 0) ++theirs.gap_bytes;
  }
  mine.window = packet.window;
  mine.window_most = std::max(mine.window_most, packet.window);
  if (packet.window == 0) ++mine.zero_windows;
}

inline void account(Flow& flow, const Packet& packet) {
  Direction& mine = flow.directions[packet.from_high];
  ++mine.packets;
  mine.bytes += packet.wire_bytes;
  mine.payload_bytes += packet.payload_bytes;
  if (mine.last_us != 0) {
    flow.gaps_us[packet.from_high].add(static_cast<float>(packet.time_us - mine.last_us) * 1e-3F);
  }
  mine.last_us = packet.time_us;
  flow.sizes[packet.from_high].add(static_cast<float>(packet.payload_bytes));
  mine.ttl_least = std::min(mine.ttl_least, packet.ttl);
  mine.ttl_most = std::max(mine.ttl_most, packet.ttl);
  mine.tos = packet.tos;
  if (packet.key.protocol == 6) account_tcp(flow, packet);
}

}  // namespace panoptes::bench
