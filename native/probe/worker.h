// One capture thread: source -> decode -> flow table -> records -> batches. Workers share nothing
// but the queue that they push into. Where a source has several threads, the worker either hands
// the packets on (shards.h: files, feeds), or is one of several that the kernel shares the packets
// of a link out to, which tell each other what they have to know (peer_notes.h).
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "batch/messages.h"
#include "capture/link_types.h"
#include "capture/packet_source.h"
#include "decode/decoder.h"
#include "decode/fragments.h"
#include "flow/flow_tracker.h"
#include "probe/flow_account.h"
#include "probe/item_queue.h"
#include "probe/kept_bytes.h"
#include "probe/peer_notes.h"
#include "probe/shards.h"

namespace panoptes {

// Opens the next source of a worker; nullptr and a message where it cannot be opened.
struct NamedSource {
  std::string name;
  std::function<std::unique_ptr<PacketSource>(SourceMessage&)> open;
  bool prefault = false;  // a link: all flow memory is made real before its first packet
  // Packets of before belong to nobody: capture/fanout.h. Read once the source is open.
  std::shared_ptr<const std::int64_t> begin_ns = nullptr;
};

// What a worker has counted beside its flows, readable from any thread while it runs.
struct WorkerCounters {
  std::atomic<std::uint64_t> packets{0};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> interval_dropped{0};
  std::atomic<std::uint64_t> fragments_held{0};
  std::atomic<std::uint64_t> fragments_joined{0};
  std::atomic<std::uint64_t> fragments_orphaned{0};
  std::atomic<std::uint64_t> fragments_overflow{0};
  std::atomic<std::int64_t> time_ns{0};
  std::array<std::atomic<std::uint64_t>, kUndecodedReasons> undecoded{};
};

// What a worker does with its packets.
struct WorkerOptions {
  TrackerOptions tracker;
  DecodeOptions decode;
  FragmentOptions fragments;
  // Threads that account what this one reads; 1: itself. They share `tracker.max_flows`.
  std::uint32_t threads = 1;
  std::vector<int> cpus = {};  // kept on: this thread, then those that account; fewer: not kept
  PeerNotes* peers = nullptr;  // of the workers that have the rest of the link
  std::size_t place = 0;       // among them
};

// Flow ids: the table in the high bits, so that ids of one run never meet; below 2^53 for
// JavaScript.
inline constexpr std::uint64_t kFlowsPerTable = std::uint64_t{1} << 44;
// The share of one of `tables` that have `options.max_flows` together.
TrackerOptions share_of(const TrackerOptions& options, std::uint32_t tables, std::uint32_t index);

class Worker final : private FragmentOutlet {
 public:
  struct Hooks {
    // A status interval has passed, by the clock of the packets; called on the worker's thread,
    // which may wait for the reader or not: as the mode says.
    std::function<void(AccountMode mode)> interval;
    // The thread is about to end.
    std::function<void()> done;
  };

  Worker(std::vector<NamedSource> sources, const WorkerOptions& options, ItemQueue& queue,
         Hooks hooks);
  ~Worker() override;

  void start();
  // Ends the source soon; remaining records go out, then the thread ends. Any thread, any number of
  // times.
  void stop();
  void join();

  // What it has counted, and what the threads have that it hands its packets to.
  void add_to(StatusReport& status) const;
  std::vector<SourceReport> sources() const;
  std::size_t place() const { return place_; }

 private:
  void run();
  void read_source(std::size_t index);
  int idle_wait_ms() const;
  void deliver(const RawPacket& raw);
  void add(Packet& packet);
  void fragment(Packet& packet) override;
  void process();
  void look_at_drops(std::int64_t now_ns);
  void look_at_clock(std::int64_t now_ns);
  void count_interval_drops();
  void pass_on_warnings(const std::string& name);
  void say(Item::Kind kind, SourceMessage message, const std::string& source);
  void update_sources();
  void pass_time(std::int64_t now_ns);
  void flush();
  void keep_bytes(Packet& packet);
  void exchange_notes(bool last);
  std::int64_t now_ns() const { return shards_ ? shards_->now_ns() : account_->tracker().now_ns(); }
  void publish();

  std::vector<NamedSource> openers_;
  ItemQueue& queue_;
  Hooks hooks_;
  std::int64_t status_interval_ns_;
  PayloadRules payload_rules_;
  DecodeOptions decode_options_;
  std::vector<int> cpus_;
  std::unique_ptr<FlowAccount> account_;  // this one, or
  std::unique_ptr<Shards> shards_;        // those of other threads
  PeerNotes* peers_;
  std::size_t place_;
  FragmentJoiner fragments_;

  std::array<Packet, FlowTracker::kBatch> packets_;
  std::size_t pending_ = 0;
  std::unique_ptr<KeptBytes> kept_;  // of packets_, where the source does not keep them
  AccountMode mode_;
  bool stable_ = true;         // of the open source
  std::int64_t begin_ns_ = 0;  // of the open source: packets of before are not counted
  std::uint64_t too_early_ = 0;
  std::uint64_t seen_packets_ = 0;
  std::uint64_t seen_bytes_ = 0;
  std::array<std::uint64_t, kUndecodedReasons> undecoded_{};
  UnknownLinkTypes unknown_links_;  // of the open source
  std::int64_t status_due_ns_ = 0;
  std::int64_t drops_due_ns_ = 0;     // when to look at the drops of a live source again
  std::uint64_t dropped_ = 0;         // of all sources, as last looked at
  std::uint64_t dropped_before_ = 0;  // the same at the last status
  std::size_t index_ = 0;             // of the open source

  mutable std::mutex source_mutex_;
  std::unique_ptr<PacketSource>
      source_;  // swapped under the mutex, so that stop() may interrupt it
  std::vector<SourceReport> reports_;

  WorkerCounters counters_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace panoptes
