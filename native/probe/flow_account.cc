#include "probe/flow_account.h"

#include <utility>

namespace panoptes {

void FlowAccount::batch(std::unique_ptr<EncodedBatch> batch) {
  // A small batch was made small because somebody waits for the first records.
  const bool urgent = mode_.timely || batch->records < kMaxRows;
  queue_.push_batch(std::move(batch), mode_.lossless, urgent);
}

void FlowAccount::publish() {
  const auto set = [](auto& counter, auto value) {
    counter.store(value, std::memory_order_relaxed);
  };
  const TrackerCounters& t = tracker_.counters();
  set(counters_.flows, std::uint64_t{tracker_.flows()});
  set(counters_.flows_opened, t.flows_opened);
  set(counters_.evicted, t.evicted);
  set(counters_.payload_skipped, t.payload_skipped);
  set(counters_.extra_skipped, t.extra_skipped);
  set(counters_.tcp_skipped, tracker_.tcp_counters().exhausted);
  set(counters_.tcp_holes_overflow, tracker_.tcp_counters().hole_overflow);
  set(counters_.gap_classes_skipped, t.gap_classes_skipped);
  set(counters_.rtp_skipped, t.rtp_skipped);
  set(counters_.response_skipped, t.response_skipped);
}

void FlowAccount::add_to(StatusReport& status) const {
  const auto get = [](const auto& counter) { return counter.load(std::memory_order_relaxed); };
  status.flows += get(counters_.flows);
  status.flows_opened += get(counters_.flows_opened);
  status.evicted += get(counters_.evicted);
  status.payload_skipped += get(counters_.payload_skipped);
  status.extra_skipped += get(counters_.extra_skipped);
  status.tcp_skipped += get(counters_.tcp_skipped);
  status.tcp_holes_overflow += get(counters_.tcp_holes_overflow);
  status.gap_classes_skipped += get(counters_.gap_classes_skipped);
  status.rtp_skipped += get(counters_.rtp_skipped);
  status.response_skipped += get(counters_.response_skipped);
}

}  // namespace panoptes
