// One capture thread: source -> decode -> flow table -> records -> batches. Workers share nothing
// but the queue that they push into.
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

#include "batch/batch_builder.h"
#include "capture/link_types.h"
#include "capture/packet_source.h"
#include "decode/decoder.h"
#include "decode/fragments.h"
#include "flow/flow_tracker.h"
#include "probe/item_queue.h"

namespace panoptes {

// Opens the next source of a worker; nullptr and a message where it cannot be opened.
struct NamedSource {
  std::string name;
  std::function<std::unique_ptr<PacketSource>(SourceMessage&)> open;
  bool prefault = false;  // make all flow memory real before the first packet
};

// What a worker has counted, readable from any thread while it runs.
struct WorkerCounters {
  std::atomic<std::uint64_t> packets{0};
  std::atomic<std::uint64_t> bytes{0};
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
};

class Worker final : private BatchOutlet, private FragmentOutlet {
 public:
  struct Hooks {
    // A status interval has passed, by the clock of the packets; called on the worker's thread,
    // which may wait for the reader or not.
    std::function<void(bool may_wait)> interval;
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

  const WorkerCounters& counters() const { return counters_; }
  std::vector<SourceReport> sources() const;

 private:
  void run();
  void read_source(std::size_t index);
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
  void publish();
  static constexpr std::size_t kMostOptions = 40;  // of TCP (RFC 9293 3.1)
  static constexpr std::uint32_t kMetered = 64;    // bytes of payload that flow/ looks at
  std::size_t kept_bytes() const {
    return kMostOptions + std::max(payload_rules_.largest(), kMetered);
  }
  void keep_bytes(Packet& packet, std::size_t index);
  void batch(std::unique_ptr<EncodedBatch> batch) override;

  std::vector<NamedSource> openers_;
  ItemQueue& queue_;
  Hooks hooks_;
  std::int64_t status_interval_ns_;
  PayloadRules payload_rules_;
  DecodeOptions decode_options_;
  BatchBuilder builder_;
  FlowTracker tracker_;
  FragmentJoiner fragments_;

  std::array<Packet, FlowTracker::kBatch> packets_;
  std::size_t pending_ = 0;
  std::vector<std::uint8_t> kept_;  // options and payload, where the source does not keep them
  bool lossless_ = true;            // a full queue makes the source wait
  bool stable_ = true;              // of the open source
  bool timely_ = false;             // somebody may be waiting for records
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
