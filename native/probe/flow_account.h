// One flow table and what comes of it: packets in, encoded batches into the queue. Used by one
// thread: the worker's own, or one of those that it hands its packets to.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>

#include "batch/batch_builder.h"
#include "batch/messages.h"
#include "flow/flow_tracker.h"
#include "probe/item_queue.h"

namespace panoptes {

// What an account has counted, readable from any thread while it runs.
struct AccountCounters {
  std::atomic<std::uint64_t> flows{0};
  std::atomic<std::uint64_t> flows_opened{0};
  std::atomic<std::uint64_t> evicted{0};
  std::atomic<std::uint64_t> payload_skipped{0};
  std::atomic<std::uint64_t> extra_skipped{0};
  std::atomic<std::uint64_t> tcp_skipped{0};
  std::atomic<std::uint64_t> tcp_holes_overflow{0};
  std::atomic<std::uint64_t> gap_classes_skipped{0};
  std::atomic<std::uint64_t> rtp_skipped{0};
  std::atomic<std::uint64_t> response_skipped{0};
};

// How the source is read: a full queue makes a lossless one wait; somebody may be waiting for the
// records of a timely one.
struct AccountMode {
  bool lossless = true;
  bool timely = false;
};

class FlowAccount final : private BatchOutlet {
 public:
  FlowAccount(const TrackerOptions& options, ItemQueue& queue)
      : queue_(queue),
        builder_(*this, options.hash_seed, kFirstRows),
        tracker_(options, builder_) {}

  FlowTracker& tracker() { return tracker_; }
  const FlowTracker& tracker() const { return tracker_; }
  void set_mode(AccountMode mode) { mode_ = mode; }
  const AccountMode& mode() const { return mode_; }

  // Records that wait for their batch to fill go out.
  void flush() {
    builder_.flush();
    queue_.wake();
  }
  // The source has ended: all records go out.
  void finish() {
    tracker_.finish();
    builder_.flush();
    publish();
  }
  // Makes the counters of this moment readable.
  void publish();
  void add_to(StatusReport& status) const;

 private:
  // A file may have thousands of packets between two records: who waits for the first one shall
  // not wait until a thousand are there. After six batches nothing is left of it.
  static constexpr std::uint32_t kFirstRows = 16;

  void batch(std::unique_ptr<EncodedBatch> batch) override;
  bool crowded() const override { return !mode_.lossless && queue_.crowded(); }

  ItemQueue& queue_;
  BatchBuilder builder_;
  FlowTracker tracker_;
  AccountMode mode_;
  AccountCounters counters_;
};

}  // namespace panoptes
