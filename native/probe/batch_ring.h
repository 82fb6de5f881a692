// Batches of packets from one thread to another: a ring that is filled in place, so that nothing is
// allocated, copied or locked on the way. Both ends wait where they must, asleep; they are woken
// only once there is something to do for a while, since waking a thread costs more than a batch.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "probe/packet_batch.h"

namespace panoptes {

class BatchRing {
 public:
  BatchRing() {
    for (auto& batch : batches_) batch = std::make_unique<PacketBatch>();
  }

  // The writer's batch, which is its own until push().
  PacketBatch& back() { return *batches_[written_ % kBatches]; }
  // Hands it over, and waits until there is another one. `urgent`: the reader is woken at once.
  void push(bool urgent) {
    pushed_.store(++written_);
    std::uint32_t popped = popped_.load();
    if (urgent || written_ - popped >= kWake) pushed_.notify_one();
    if (written_ - popped < kBatches) return;
    while (written_ - popped > kResume) {
      popped_.wait(popped);
      popped = popped_.load();
    }
  }

  // The oldest batch, which is the reader's own until pop(); waits until there is one.
  PacketBatch& front() {
    while (pushed_.load() == read_) pushed_.wait(read_);
    return *batches_[read_ % kBatches];
  }
  void pop() {
    popped_.store(++read_);
    if (pushed_.load() - read_ <= kResume) popped_.notify_one();
  }

 private:
  static constexpr std::uint32_t kBatches = 16;  // a power of 2; few enough to stay in the cache
  static constexpr std::uint32_t kWake = 4;      // batches that wait for the reader
  static constexpr std::uint32_t kResume = 8;    // batches that the writer waits for

  std::array<std::unique_ptr<PacketBatch>, kBatches> batches_;
  alignas(64) std::uint32_t written_ = 0;  // the writer's
  std::atomic<std::uint32_t> pushed_{0};
  alignas(64) std::uint32_t read_ = 0;  // the reader's
  std::atomic<std::uint32_t> popped_{0};
};

}  // namespace panoptes
