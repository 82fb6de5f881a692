// The last DNS transaction between each two endpoints, for ICMP errors that quote too little of a
// query to tell its transaction id. Used by flow_tracker.
#pragma once

#include <array>
#include <cstdint>

#include "base/hash.h"
#include "decode/flow_key.h"

namespace panoptes {

// A small table that forgets by overwriting. What it says is a guess: only the flow with that whole
// key confirms it.
class RecentDnsIds {
 public:
  void learn(const FlowKey& key) { ids_[place(key)] = key.aux; }
  // The transaction id that may belong to a key without one.
  std::uint16_t guess(const FlowKey& key) const { return ids_[place(key)]; }

 private:
  static constexpr int kBits = 12;

  // By everything but the id.
  static std::size_t place(const FlowKey& key) {
    const std::uint64_t ports = std::uint64_t{key.low_port} << 16 | key.high_port;
    const std::uint64_t ends = load_u64(key.low_addr.data()) ^ load_u64(key.low_addr.data() + 8) ^
                               load_u64(key.high_addr.data()) * 3 ^
                               load_u64(key.high_addr.data() + 8) * 5;
    return (ends + (ports << 24) + key.link_context) * 0x9e3779b97f4a7c15U >> (64 - kBits);
  }

  std::array<std::uint16_t, std::size_t{1} << kBits> ids_{};
};

}  // namespace panoptes
