// Packets that were lost before the probe saw them, by status interval: what a record says of the
// time that it lies in. Told by the worker, read when a record is made.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace panoptes {

// Between two looks at the kernel's counter nobody knows when a packet was dropped. What was
// dropped between looks in different intervals counts for each of these, since any of them may miss
// it.
class IntervalDrops {
 public:
  explicit IntervalDrops(std::int64_t interval_ns) : interval_ns_(interval_ns) {}

  // `total` so far, seen at `now_ns` by the clock of the packets.
  void note(std::uint64_t total, std::int64_t now_ns) {
    const std::int64_t now = number(now_ns);
    const std::int64_t before = std::min(any_look_ ? last_look_ : now, now);
    if (total > total_) add({before, now, total - total_});
    total_ = total;
    last_look_ = now;
    any_look_ = true;
  }

  // In the interval of `time_ns`, as far as noted; without intervals all that was noted.
  std::uint64_t of(std::int64_t time_ns) const {
    if (size_ == 0) return 0;
    const std::int64_t wanted = number(time_ns);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      const Span& span = spans_[i];
      if (span.first <= wanted && wanted <= span.last) sum += span.packets;
    }
    return sum;
  }

 private:
  struct Span {
    std::int64_t first;  // number of an interval
    std::int64_t last;
    std::uint64_t packets;
  };
  // Intervals with drops that are remembered, about two spans each: records of older ones are out.
  static constexpr std::size_t kMost = 32;

  std::int64_t number(std::int64_t time_ns) const {
    return interval_ns_ == 0 ? 0 : time_ns / interval_ns_;
  }

  void add(const Span& span) {
    Span& latest = spans_[(next_ + kMost - 1) % kMost];
    if (size_ != 0 && latest.first == span.first && latest.last == span.last) {
      latest.packets += span.packets;
      return;
    }
    spans_[next_] = span;
    next_ = (next_ + 1) % kMost;
    size_ = std::min(size_ + 1, kMost);
  }

  std::int64_t interval_ns_;
  std::uint64_t total_ = 0;
  std::int64_t last_look_ = 0;
  bool any_look_ = false;
  std::array<Span, kMost> spans_{};
  std::size_t next_ = 0;
  std::size_t size_ = 0;
};

}  // namespace panoptes
