// What the tests of TCP sequence tracking share: a connection whose numbers and times read easily.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "flow/tcp_sequence.h"

namespace panoptes {

using Options = std::vector<std::uint8_t>;

inline void put32(Options& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}
inline Options timestamps(std::uint32_t tsval, std::uint32_t tsecr = 0) {
  Options out{1, 1, 8, 10};
  put32(out, tsval);
  put32(out, tsecr);
  return out;
}

// What a segment has beyond numbers and payload.
struct More {
  int id = -1;  // IP id; -1: the sender's next one
  std::uint16_t window = 1000;
  Options options = {};
  bool duplicate = false;
};

// What a flow keeps for its tracker.
struct TcpOwnState {
  RttState rtt[2] = {};
  std::uint32_t cold = 0;
  operator TcpFlowState() { return {rtt, cold}; }
};

// A connection, its numbers counted from the SYNs (0), its times in milliseconds.
class Wire {
 public:
  explicit Wire(std::uint32_t blocks = 4, std::uint32_t holes = 8) : pool(blocks, holes) {}

  Wire& at(double ms) {
    now_ = start_ns + static_cast<std::int64_t>(ms * 1e6);
    return *this;
  }
  TcpVerdict client(int flags, std::uint32_t seq, std::uint32_t ack, std::uint32_t payload = 0,
                    const More& more = {}) {
    return send(false, flags, seq, ack, payload, more);
  }
  TcpVerdict server(int flags, std::uint32_t seq, std::uint32_t ack, std::uint32_t payload = 0,
                    const More& more = {}) {
    return send(true, flags, seq, ack, payload, more);
  }
  // At 0, 10 and 12 ms: 10 ms to the server and back, 2 ms to the client and back.
  Wire& handshake() {
    at(0).client(kSyn, 0, 0);
    at(10).server(kSyn | kAck, 0, 1);
    at(12).client(kAck, 1, 1);
    return *this;
  }
  Options sack(std::initializer_list<std::array<std::uint32_t, 2>> blocks) const {
    Options out{1, 1, 5, static_cast<std::uint8_t>(2 + 8 * blocks.size())};
    for (const auto& [left, right] : blocks) {
      put32(out, left + isn[true]);
      put32(out, right + isn[true]);
    }
    return out;
  }
  TcpCounters take(bool of_server) {
    return take_tcp_counters(sides[of_server], flow, of_server != swapped, now_, pool);
  }
  TcpCounters of_client() { return take(false); }
  TcpCounters of_server() { return take(true); }
  Rtt rtt(bool of_server) const {
    RttState copy = flow.rtt[of_server != swapped];
    return take_rtt(copy);
  }
  bool clean() const { return flow.cold == 0; }

  // To be set before the first segment.
  std::uint32_t isn[2] = {0x10000000, 0x20000000};
  std::int64_t start_ns = 1'700'000'000'000'000'000;
  bool swapped = false;  // the client is the high endpoint
  bool ipv6 = false;

  TcpColdPool pool;
  TcpSideState sides[2] = {};  // client, server
  TcpOwnState flow;

 private:
  TcpVerdict send(bool me, int flags, std::uint32_t seq, std::uint32_t ack, std::uint32_t payload,
                  const More& more) {
    TcpSegment s{};
    s.time_ns = now_;
    s.quiet_ns = has_sent_[me] ? now_ - last_[me] : -1;
    s.seq = seq + isn[me];
    s.ack = (flags & kAck) != 0 ? ack + isn[!me] : 0;
    s.payload_bytes = payload;
    s.flags = static_cast<std::uint8_t>(flags);
    s.from_high = me != swapped;
    s.duplicate = more.duplicate;
    s.has_ip_id = !ipv6;
    s.ip_id = static_cast<std::uint16_t>(more.id >= 0 ? more.id : next_id_[me]++);
    s.last_ip_id = last_id_[me];
    last_id_[me] = s.ip_id;
    s.window = more.window;
    s.options = more.options.data();
    s.options_captured = static_cast<std::uint32_t>(more.options.size());
    s.has_sack = s.options_captured != 0;
    last_[me] = now_;
    has_sent_[me] = true;
    return track(sides[me], sides[!me], flow, s, pool).verdict;
  }

  std::int64_t now_ = 0;
  std::int64_t last_[2] = {};
  bool has_sent_[2] = {};
  std::uint16_t last_id_[2] = {};
  int next_id_[2] = {100, 200};
};

}  // namespace panoptes
