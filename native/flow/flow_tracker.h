// The life of flows: which flow a packet belongs to, when a record is due, when a flow ends and
// why. Before it: decode/. After it: batch/ through RecordSink.
//
// Words: the clock is packet time. A status interval is [k * N, (k + 1) * N) of the clock; a record
// never holds packets of two intervals, because the first packet of a later interval reports the
// flow before it is counted. The sweep walks over all slots in small steps and reports or ends
// those that nobody touches any more; it changes when a record goes out, never what it says.
#pragma once

#include <cstdint>
#include <span>

#include "flow/direction.h"
#include "flow/flow_table.h"
#include "flow/payload_pool.h"

namespace panoptes {

struct TrackerOptions {
  std::uint32_t max_flows = 1'000'000;
  std::uint32_t payload_bytes = 64;                 // kept of each direction
  std::int64_t status_interval_ns = 5'000'000'000;  // 0: records only at the end
  std::int64_t idle_tcp_ns = 300'000'000'000;
  std::int64_t idle_udp_ns = 60'000'000'000;
  std::int64_t idle_icmp_ns = 10'000'000'000;
  std::int64_t idle_other_ns = 60'000'000'000;
  std::int64_t close_linger_ns = 2'000'000'000;  // quiet time after which a closed TCP flow ends
  std::uint64_t first_flow_id = 1;
  std::uint64_t hash_seed = 0;
};

// What a tracker takes: a fixed part, and a part for each flow that was ever in memory at once.
struct MemoryNeed {
  std::size_t base_bytes;
  double bytes_per_flow;
};
MemoryNeed memory_need(const TrackerOptions& options);

struct TrackerCounters {
  std::uint64_t flows_opened = 0;
  std::uint64_t evicted = 0;
  std::uint64_t payload_skipped = 0;  // directions whose payload found no buffer
};

// What a record says beyond the flow: why it is made, and the payload that goes with it.
struct RecordInfo {
  Cause cause;
  EndReason reason;
  std::span<const std::uint8_t> src_payload;
  std::span<const std::uint8_t> dst_payload;
};

class RecordSink {
 public:
  virtual ~RecordSink() = default;
  // The flow's account is valid during the call.
  virtual void record(const Flow& flow, const RecordInfo& info) = 0;
};

class FlowTracker {
 public:
  FlowTracker(const TrackerOptions& options, RecordSink& sink);

  // Sets the hash and asks for the index line; called as soon as a packet is decoded.
  void prepare(Packet& packet) const {
    packet.hash = hash(packet.key, options_.hash_seed);
    table_.prefetch_index(packet.hash);
  }
  // Accounts up to kBatch prepared packets, in order.
  static constexpr std::size_t kBatch = 64;
  void process(std::span<Packet> packets);
  // Live: time passes without packets.
  void tick(std::int64_t now_ns);
  // The source has ended: every flow gets its last record.
  void finish();

  const TrackerCounters& counters() const { return counters_; }
  std::uint32_t flows() const { return table_.size(); }
  std::int64_t now_ns() const { return now_; }
  void prefault() { table_.prefault(); }

 private:
  void prefetch_flow(const Packet& packet);
  void account(Packet& packet);
  Flow* open(const Packet& packet);
  void start(Flow& flow, const Packet& packet);
  Flow* reopen(Flow& flow, const Packet& packet, EndReason reason);
  void after_packet(Flow& flow, const Packet& packet);
  void report(Flow& flow, Cause cause, EndReason reason);
  void end(Flow& flow, EndReason reason);
  void evict();
  void look_at(Flow& flow);
  void sweep(std::uint32_t most_slots);
  void advance_clock(std::int64_t time_ns);
  void set_interval(std::int64_t time_ns);

  std::int64_t timeout(const Flow& flow) const;
  EndReason timeout_reason(const Flow& flow) const;
  std::uint32_t tick_of(std::int64_t time_ns) const;

  TrackerOptions options_;
  RecordSink& sink_;
  FlowTable table_;
  PayloadPool payload_;
  LearnedServers servers_;
  TrackerCounters counters_;
  std::uint64_t next_id_;
  std::int64_t now_ = 0;
  std::int64_t base_ = 0;  // of the due ticks
  bool started_ = false;
  std::uint32_t interval_ = 0;
  std::int64_t interval_end_ = 0;
  std::uint32_t fresh_ahead_ = FlowTable::kNone;
  std::uint32_t hand_ = 0;        // of the eviction
  std::uint32_t cursor_ = 0;      // of the sweep
  std::uint32_t sweep_tick_ = 0;  // flows due at or before this are looked at
  std::uint32_t swept_tick_ = 0;  // the last tick for which all slots were looked at
};

}  // namespace panoptes
