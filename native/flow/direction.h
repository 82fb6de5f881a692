// Which end of a flow is src, and what told so. Asked once, with the flow's first packet.
#pragma once

#include <array>
#include <cstdint>

#include "decode/packet.h"
#include "flow/flow.h"

namespace panoptes {

struct Direction {
  bool sender_is_src;
  Evidence evidence;
};

// Remembers which addresses and ports answered a SYN, in a small table that forgets by overwriting.
class LearnedServers {
 public:
  // Whether the packet says that its sender is a server.
  static bool teaches(const Packet& p) {
    return (p.layers & kHasTcp) != 0 && (p.tcp_flags & (kSyn | kAck)) == (kSyn | kAck);
  }
  // Its address and port, as one number.
  static std::uint64_t server_of(const Packet& syn_ack) {
    return endpoint(syn_ack, syn_ack.from_high);
  }
  void learn(std::uint64_t server) { slot(server) = server; }
  void learn(const Packet& syn_ack) { learn(server_of(syn_ack)); }
  bool knows_sender(const Packet& p) const { return knows(endpoint(p, p.from_high)); }
  bool knows_receiver(const Packet& p) const { return knows(endpoint(p, !p.from_high)); }

 private:
  static std::uint64_t endpoint(const Packet& p, bool high) {
    const auto& address = high ? p.key.high_addr : p.key.low_addr;
    const std::uint64_t port = high ? p.key.high_port : p.key.low_port;
    return mix64(load_u64(address.data()) ^ 0x2d358dccaa6c78a5U, load_u64(address.data() + 8) ^
                                                                     (port << 16 | p.key.protocol) ^
                                                                     0x9e3779b97f4a7c15U) |
           1;
  }
  bool knows(std::uint64_t e) const { return table_[(e >> 32) % table_.size()] == e; }
  std::uint64_t& slot(std::uint64_t e) { return table_[(e >> 32) % table_.size()]; }

  std::array<std::uint64_t, 1U << 15> table_{};
};

// DESIGN section 4: SYN, else SYN-ACK, else request or answer, else learned, else well-known ports,
// else the first packet.
Direction decide_direction(const Packet& first, const LearnedServers& servers);

}  // namespace panoptes
