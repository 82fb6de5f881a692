// Several threads that account the packets of one source. The worker reads, decodes and joins
// fragments, and hands each packet to the thread that has all flows between its two addresses; that
// one finds out which flow it is. Beside worker.h; before it: decode/; after it: flow_account.h.
//
// The records are those that one thread would make. What flows of different threads have to do with
// one another goes with the packets, as notes (flow_tracker.h), in the order of the capture: the
// clock, the servers that a SYN-ACK told of, ICMP errors about a flow of another thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "decode/packet.h"
#include "probe/batch_ring.h"
#include "probe/flow_account.h"

namespace panoptes {

struct ShardOptions {
  std::vector<TrackerOptions> trackers;  // one for each thread
  std::vector<int> cpus;                 // that they are kept on; fewer: on none
};

class Shards {
 public:
  Shards(const ShardOptions& options, ItemQueue& queue);
  // finish() was called, if start() was.
  ~Shards();

  void start();
  void set_mode(AccountMode mode) { mode_ = mode; }

  // All of these are for the one thread that reads.
  // Takes a decoded packet; its bytes are used up when the call returns.
  void add(const Packet& packet);
  // Some packets were read and others may be long in coming: what is pending goes on now and then,
  // at once from a timely source. False: nothing was added since the last time.
  bool turn();
  // Live: time passes without packets.
  void tick(std::int64_t now_ns);
  // Records that wait for their batch to fill go out.
  void flush();
  // The source has ended: returns when all records are in the queue.
  void finish();

  std::int64_t now_ns() const { return clock_.now_ns(); }
  void add_to(StatusReport& status) const;

 private:
  struct Shard {
    Shard(const TrackerOptions& options, ItemQueue& queue) : account(options, queue) {}
    void run();

    FlowAccount account;
    BatchRing ring;
    std::uint32_t interval = kNoInterval;  // that it was told of
    int cpu = -1;
    std::thread thread;
  };
  static constexpr std::uint32_t kNoInterval = 0xffffffff;

  std::size_t shard_of(const FlowKey& key) const;
  void note_server(const Packet& syn_ack, std::size_t from);
  void note_error(const Packet& error, std::size_t from);
  void send(Shard& shard, bool urgent);
  void send_all(bool urgent);

  PayloadRules payload_rules_;
  std::uint64_t seed_;
  PacketClock clock_;
  AccountMode mode_;
  std::int64_t send_due_ns_ = 0;
  bool added_ = false;
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace panoptes
