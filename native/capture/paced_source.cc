// A packet that is not due yet is held as a copy, because the source below may reuse its bytes.
#include "capture/paced_source.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "capture/capture_reader.h"
#include "capture/wakeup.h"

namespace panoptes {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kHeld = 64;                        // packets read ahead
constexpr std::int64_t kSmallestGapNs = 1'000'000;       // between rounds of a file without gaps
constexpr double kLongestWaitNs = 365.0 * 86'400 * 1e9;  // keeps time points within range

// What the times of one round were, to continue after them.
struct Round {
  std::uint64_t packets = 0;
  std::int64_t first_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_ns = std::numeric_limits<std::int64_t>::min();

  void add(std::int64_t time_ns) {
    ++packets;
    first_ns = std::min(first_ns, time_ns);
    last_ns = std::max(last_ns, time_ns);
  }
  // How much later than this round the next one is: its duration and one mean gap.
  std::int64_t period_ns() const {
    const std::int64_t span = last_ns - first_ns;
    const std::int64_t gap = packets > 1 ? span / static_cast<std::int64_t>(packets - 1) : 0;
    return std::min(span, kLatestNs / 2) +
           (gap > 0 ? std::min(gap, kLatestNs / 2) : kSmallestGapNs);
  }
};

class PacedSource final : public PacketSource {
 public:
  PacedSource(SourceOpener open, std::unique_ptr<PacketSource> inner, double pace, bool loop)
      : open_(std::move(open)),
        inner_(std::move(inner)),
        name_(inner_->name()),
        pace_(pace),
        loop_(loop) {}

  ReadState read(std::size_t most, PacketSink sink, void* context) override;
  void wait(int timeout_ms) override;
  void interrupt() override {
    wakeup_.signal();
    const std::lock_guard lock(inner_changes_);
    inner_->interrupt();  // it may be waiting for a pipe
  }
  const std::string& name() const override { return name_; }
  bool live() const override { return false; }
  bool stable() const override { return true; }
  SourceCounters counters() override;
  const SourceMessage& error() const override { return error_; }
  SourceMessage take_warning() override {
    return round_number_ == 0 ? inner_->take_warning() : SourceMessage{};
  }

 private:
  ReadState refill();
  ReadState next_round();
  void hold(const RawPacket& packet);
  Clock::time_point due(const RawPacket& packet) const;

  SourceOpener open_;
  std::unique_ptr<PacketSource> inner_;
  std::mutex inner_changes_;  // which source that is; held against interrupt() only
  std::string name_;
  double pace_;
  bool loop_;
  Wakeup wakeup_;
  SourceMessage error_;

  std::vector<std::uint8_t> bytes_;  // of the held packets, whose `data` is set when all are there
  std::vector<RawPacket> held_;
  std::size_t next_ = 0;  // of held_
  ReadState after_held_ = ReadState::more;

  Round round_;
  std::uint64_t round_number_ = 0;
  std::int64_t shift_ns_ = 0;
  bool started_ = false;
  Clock::time_point start_;    // when the first packet was delivered
  std::int64_t start_ns_ = 0;  // its time
  SourceCounters counters_;    // received: delivered here; dropped: of earlier rounds
};

void PacedSource::hold(const RawPacket& packet) {
  round_.add(packet.time_ns);
  RawPacket copy = packet;
  copy.time_ns = packet.time_ns > kLatestNs - shift_ns_ ? kLatestNs : packet.time_ns + shift_ns_;
  bytes_.insert(bytes_.end(), packet.data, packet.data + packet.captured);
  held_.push_back(copy);
}

ReadState PacedSource::refill() {
  bytes_.clear();
  held_.clear();
  next_ = 0;
  const ReadState state = inner_->read(
      kHeld,
      [](void* self, const RawPacket& packet) { static_cast<PacedSource*>(self)->hold(packet); },
      this);
  const std::uint8_t* at = bytes_.data();
  for (RawPacket& packet : held_) {
    packet.data = at;
    at += packet.captured;
  }
  return state;
}

ReadState PacedSource::next_round() {
  if (!loop_ || round_.packets == 0) return ReadState::end;
  const SourceCounters done = inner_->counters();
  auto again = open_(error_);
  if (again == nullptr) return ReadState::failed;
  counters_.dropped += done.dropped;
  counters_.if_dropped += done.if_dropped;
  // A capture of a century would leave the range of times after few rounds: it stays at its end.
  shift_ns_ = std::min(shift_ns_, kLatestNs - round_.period_ns()) + round_.period_ns();
  round_ = {};
  ++round_number_;
  const std::lock_guard lock(inner_changes_);
  inner_ = std::move(again);
  return ReadState::more;
}

Clock::time_point PacedSource::due(const RawPacket& packet) const {
  const double after_ns = static_cast<double>(packet.time_ns - start_ns_) / pace_;
  return start_ + std::chrono::nanoseconds(
                      static_cast<std::int64_t>(std::clamp(after_ns, 0.0, kLongestWaitNs)));
}

ReadState PacedSource::read(std::size_t most, PacketSink sink, void* context) {
  if (next_ == held_.size()) {
    if (after_held_ == ReadState::end) after_held_ = next_round();
    if (after_held_ == ReadState::failed && error_.code.empty()) error_ = inner_->error();
    if (after_held_ == ReadState::end || after_held_ == ReadState::failed) return after_held_;
    after_held_ = refill();
    if (held_.empty()) return after_held_ == ReadState::idle ? ReadState::idle : ReadState::more;
  }
  if (!started_) {
    started_ = true;
    start_ = Clock::now();
    start_ns_ = held_[next_].time_ns;
  }
  const std::size_t until = std::min(held_.size(), next_ + most);
  const std::size_t before = next_;
  const auto now = pace_ > 0 ? Clock::now() : Clock::time_point{};
  for (; next_ < until; ++next_) {
    if (pace_ > 0 && due(held_[next_]) > now) break;
    ++counters_.received;
    sink(context, held_[next_]);
  }
  return next_ > before ? ReadState::more : ReadState::idle;
}

void PacedSource::wait(int timeout_ms) {
  int ms = timeout_ms;
  if (next_ < held_.size() && pace_ > 0) {
    const auto left = due(held_[next_]) - Clock::now();
    const auto left_ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    ms = static_cast<int>(std::clamp<std::int64_t>(
        left_ms, 0, timeout_ms < 0 ? std::numeric_limits<int>::max() : timeout_ms));
  }
  wakeup_.wait(-1, ms);
  wakeup_.take();
}

SourceCounters PacedSource::counters() {
  const SourceCounters inner = inner_->counters();
  SourceCounters sum = counters_;
  sum.dropped += inner.dropped;
  sum.if_dropped += inner.if_dropped;
  return sum;
}

}  // namespace

std::unique_ptr<PacketSource> make_paced(SourceOpener open, double pace, bool loop,
                                         SourceMessage& error) try {
  error = {};
  auto inner = open(error);
  if (inner == nullptr) return nullptr;
  return std::make_unique<PacedSource>(std::move(open), std::move(inner), pace, loop);
} catch (const std::exception& failure) {
  error = {"capture-failed", std::string("cannot replay: ") + failure.what(), ""};
  return nullptr;
}

}  // namespace panoptes
