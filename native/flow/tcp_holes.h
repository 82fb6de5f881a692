// The ranges of sequence numbers below the highest that were never seen: a short ascending list.
#pragma once

#include <cstdint>

#include "flow/tcp_cold.h"

namespace panoptes {

// A view of one side's list in its block. No hole is empty, no two overlap.
class TcpHoles {
 public:
  TcpHoles(TcpColdPool& pool, std::uint32_t block, bool high)
      : list_(pool.holes(block, high)), count_(pool.side(block, high).holes), pool_(pool) {}

  bool empty() const { return count_ == 0; }
  // Above all others. Where there is no room the lowest goes for it, which the pool counts.
  void add(const TcpHole& hole) { insert(count_, hole); }
  // Takes [start, end) out, wherever it is missing. Returns how much of it was missing; `first` is
  // the lowest hole that it touched, as it was.
  std::uint64_t fill(std::uint64_t start, std::uint64_t end, TcpHole& first);
  // Takes out all below `end`; returns how much that was.
  std::uint64_t drop_below(std::uint64_t end);

 private:
  void insert(std::uint32_t at, const TcpHole& hole);
  void erase(std::uint32_t from, std::uint32_t to);

  TcpHole* list_;
  std::uint8_t& count_;
  TcpColdPool& pool_;
};

}  // namespace panoptes
