// What the capture threads hand to the event loop: encoded frames and words, in order, bounded.
// Before it: the workers; after it: binding/, which takes items when JavaScript asks for them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "batch/batch_builder.h"
#include "batch/messages.h"
#include "capture/packet_source.h"

namespace panoptes {

struct Item {
  enum class Kind : std::uint8_t { batch, status, gap, warning, error, end };
  Kind kind = Kind::end;
  std::unique_ptr<EncodedBatch> batch;  // kind batch
  std::uint64_t number = 0;             // of the batch
  std::string bytes;                    // status, gap: the frame
  SourceMessage message;                // warning, error
  std::string source;                   // that the message speaks of
};

struct QueueCounters {
  std::uint64_t batches = 0;  // numbered, so far
  std::uint64_t records = 0;
  std::uint64_t batches_dropped = 0;
  std::uint64_t records_dropped = 0;
  std::uint64_t packets_dropped = 0;
  std::uint64_t queued = 0;        // batches that wait
  std::uint64_t queued_bytes = 0;  // of these
};

// What may wait. A batch is taken while there are fewer than this of both: one is always taken
// where none waits, however large it is.
struct QueueLimits {
  std::size_t batches = 64;
  std::size_t bytes = std::size_t{32} << 20;
};

class ItemQueue {
 public:
  // `readable` is called from the pushing thread when an item arrives after take() found nothing.
  ItemQueue(QueueLimits limits, std::function<void()> readable)
      : limits_(limits), readable_(std::move(readable)) {}

  // When the queue is full: waits for room if `may_wait`, else drops the batch
  // and counts it, and says so with a gap item in front of the next batch. Unless it is `urgent`,
  // the reader is woken only once several batches wait, or by wake(): waking it costs more than a
  // batch.
  void push_batch(std::unique_ptr<EncodedBatch> batch, bool may_wait, bool urgent = true);
  // Tells the reader of what was pushed without urgency.
  void wake();
  // Words are not dropped. A file can have many (a status each interval of its clock), so a writer
  // that may wait waits for room. Where one may not, a status takes the place of the one that waits
  // last in a long queue: it says all that the other did. Unless it is `urgent`, the reader is
  // woken only once many items wait, or by wake().
  void push(Item item, bool may_wait = false, bool urgent = true);
  // The oldest item; false: there is none now.
  bool take(Item& out);
  // Nobody will take any more: pushes return at once and drop what they have.
  void close();

  QueueCounters counters() const;
  // Whether half of the room for batches is taken. For who can wait elsewhere, at any time.
  bool crowded() const { return crowded_.load(std::memory_order_relaxed); }

 private:
  // Items of all kinds that a waiting writer may leave behind.
  std::size_t most_items() const { return 4 * limits_.batches; }
  bool full() const {
    return counters_.queued >= limits_.batches || counters_.queued_bytes >= limits_.bytes;
  }
  // Enough waits for the reader to be woken for it.
  bool worth_waking() const;
  void note_crowd() {
    const bool crowded =
        counters_.queued * 2 >= limits_.batches || counters_.queued_bytes * 2 >= limits_.bytes;
    crowded_.store(crowded, std::memory_order_relaxed);
  }

  const QueueLimits limits_;
  const std::function<void()> readable_;
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::deque<Item> items_;
  QueueCounters counters_;
  std::atomic<bool> crowded_ = false;
  GapReport gap_;
  bool waiting_reader_ = true;
  bool closed_ = false;
};

}  // namespace panoptes
