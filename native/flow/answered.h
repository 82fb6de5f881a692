// DNS transactions that were answered a moment ago: they stay in the table for as long as the
// capture may still hand in a copy of the answer (flow/duplicates.h), in the order of their
// answers. Kept and emptied by flow_tracker.
#pragma once

#include <array>
#include <cstdint>

namespace panoptes {

// A ring of bounded size. An entry may be out of date: the flow may have gone, or be a newer one.
class Answered {
 public:
  struct Entry {
    std::uint64_t flow_id;
    std::int64_t time_ns;  // of the answer
    std::uint32_t slot;
  };

  bool empty() const { return first_ == beyond_; }
  bool full() const { return beyond_ - first_ == kEntries; }
  const Entry& front() const { return entries_[first_ % kEntries]; }
  void pop() { ++first_; }
  // Must not be full.
  void push(const Entry& entry) { entries_[beyond_++ % kEntries] = entry; }

 private:
  static constexpr std::uint32_t kEntries = 4096;

  std::array<Entry, kEntries> entries_;
  std::uint32_t first_ = 0;
  std::uint32_t beyond_ = 0;
};

}  // namespace panoptes
