// What time it is in a capture, by the stamps of its packets, and in which status interval that is.
// The clock of flow_tracker; where several of them share the packets of a capture, of the thread
// that hands them out too, which sees them all.
#pragma once

#include <cstdint>
#include <limits>

namespace panoptes {

class PacketClock {
 public:
  // A clock that falls back by more than this was set, or a bogus stamp ran ahead of it.
  static constexpr std::int64_t kClockStep = 60'000'000'000;

  // `interval_ns` 0: there are no status intervals.
  explicit PacketClock(std::int64_t interval_ns = 0) : length_(interval_ns) {}

  // A packet was stamped so (clamp_time()), or so much time has passed without one.
  [[gnu::always_inline]] void advance(std::int64_t time_ns) {
    if (!started_) [[unlikely]] {
      started_ = true;
      base_ = time_ns;
      now_ = time_ns;
      set_interval(time_ns);
    }
    if (time_ns > now_) {
      now_ = time_ns;
    } else if (now_ - time_ns > kClockStep) [[unlikely]] {
      now_ = time_ns;
      set_interval(time_ns);
    }
    if (now_ >= interval_end_) [[unlikely]]
      set_interval(now_);
  }

  std::int64_t now_ns() const { return now_; }
  bool started() const { return started_; }
  // Two intervals that follow one another have different numbers, wherever the clock was between.
  std::uint32_t interval() const { return interval_; }

 protected:
  std::int64_t now_ = 0;
  std::int64_t base_ = 0;  // the first stamp
  std::int64_t interval_end_ = 0;
  std::uint32_t interval_ = 0;
  bool started_ = false;

 private:
  void set_interval(std::int64_t time_ns) {
    if (length_ == 0) {
      interval_end_ = std::numeric_limits<std::int64_t>::max();
      return;
    }
    interval_end_ = time_ns / length_ * length_ + length_;
    ++interval_;
  }

  std::int64_t length_;
};

}  // namespace panoptes
