#include "probe/item_queue.h"

#include <utility>

namespace panoptes {
namespace {

// Part of the limit that may wait without the reader being woken: an eighth.
constexpr std::size_t kWakeShare = 8;

}  // namespace

void ItemQueue::push_batch(std::unique_ptr<EncodedBatch> batch, bool may_wait, bool urgent) {
  bool signal = false;
  {
    std::unique_lock lock(mutex_);
    if (may_wait) {
      room_.wait(lock, [&] { return closed_ || !full(); });
    }
    if (closed_ || full()) {
      ++counters_.batches_dropped;
      counters_.records_dropped += batch->records;
      counters_.packets_dropped += batch->packets;
      ++gap_.batches;
      gap_.records += batch->records;
      gap_.packets += batch->packets;
      return;
    }
    if (gap_.batches != 0) {
      gap_.reason = "queue-full";
      Item gap;
      gap.kind = Item::Kind::gap;
      gap.bytes = encode_gap(std::exchange(gap_, {}));
      items_.push_back(std::move(gap));
    }
    Item item;
    item.kind = Item::Kind::batch;
    item.number = ++counters_.batches;
    batch->set_numbers(item.number, counters_.records + 1);
    counters_.records += batch->records;
    item.batch = std::move(batch);
    counters_.queued_bytes += item.batch->bytes.size();
    items_.push_back(std::move(item));
    ++counters_.queued;
    note_crowd();
    if (urgent || worth_waking()) {
      signal = std::exchange(waiting_reader_, false);
    }
  }
  if (signal) readable_();
}

void ItemQueue::wake() {
  bool signal = false;
  {
    const std::lock_guard lock(mutex_);
    if (!items_.empty()) signal = std::exchange(waiting_reader_, false);
  }
  if (signal) readable_();
}

void ItemQueue::push(Item item, bool may_wait, bool urgent) {
  bool signal = false;
  {
    std::unique_lock lock(mutex_);
    if (may_wait) room_.wait(lock, [&] { return closed_ || items_.size() < most_items(); });
    if (closed_) return;
    const bool newer = item.kind == Item::Kind::status && items_.size() >= most_items() &&
                       items_.back().kind == Item::Kind::status;
    if (newer) items_.pop_back();
    items_.push_back(std::move(item));
    if (urgent || worth_waking()) signal = std::exchange(waiting_reader_, false);
  }
  if (signal) readable_();
}

bool ItemQueue::take(Item& out) {
  {
    const std::lock_guard lock(mutex_);
    if (items_.empty()) {
      waiting_reader_ = true;
      return false;
    }
    out = std::move(items_.front());
    items_.pop_front();
    if (out.kind == Item::Kind::batch) {
      --counters_.queued;
      counters_.queued_bytes -= out.batch->bytes.size();
      note_crowd();
    }
  }
  room_.notify_all();
  return true;
}

void ItemQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    items_.clear();
    counters_.queued = counters_.queued_bytes = 0;
    note_crowd();
  }
  room_.notify_all();
}

bool ItemQueue::worth_waking() const {
  return counters_.queued * kWakeShare >= limits_.batches ||
         counters_.queued_bytes * kWakeShare >= limits_.bytes ||
         items_.size() * kWakeShare >= most_items();
}

QueueCounters ItemQueue::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace panoptes
