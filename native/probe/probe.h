// The whole probe: workers for all sources, one queue, the status. What binding/ holds.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "capture/feed_source.h"
#include "capture/open.h"
#include "probe/item_queue.h"
#include "probe/worker.h"

namespace panoptes {

struct SourceOptions {
  enum class Kind : std::uint8_t { live, file, feed };
  Kind kind = Kind::file;
  std::string name;  // interface, path ("-": stdin) or a feed's name
  int snaplen = 262144;
  bool promiscuous = true;
  int buffer_bytes = 64 << 20;
  CaptureMethod method = CaptureMethod::automatic;
  bool live_feed = false;
};

struct ProbeOptions {
  std::vector<SourceOptions> sources;
  std::string filter;  // BPF; empty: none
  TrackerOptions tracker;
  DecodeOptions decode;
  FragmentOptions fragments;
  std::uint32_t threads = 1;  // of each link, and of the files
  std::vector<int> cpus;      // that the threads are kept on, in turn; none: on any
  double pace = 0;            // files: 0 as fast as possible, 1 real time, 10 ten times as fast
  bool loop = false;          // files: over and over
  QueueLimits queue;
};

class Probe {
 public:
  // `readable`: see ItemQueue. `drained`: a feed has room again. Both are called on capture
  // threads.
  Probe(ProbeOptions options, std::function<void()> readable, std::function<void()> drained);
  ~Probe();

  void start();
  void stop();
  // Ends all threads now; items are lost. After it only the destructor may be called.
  void abandon();
  bool take(Item& out) { return queue_.take(out); }
  // The feed of source `index`; nullptr: that source is none.
  Feed* feed(std::size_t index);
  std::string status_frame(bool last = false) const;

 private:
  void worker_done();
  StatusReport report() const;
  NamedSource opener(const SourceOptions& source, std::size_t index);
  void add_link(const SourceOptions& source, std::size_t index);
  void add_worker(std::vector<NamedSource> sources, WorkerOptions options, std::size_t threads);
  LiveOptions live_options(const SourceOptions& source) const;

  ProbeOptions options_;
  ItemQueue queue_;
  std::function<void()> drained_;
  std::vector<std::shared_ptr<Feed>> feeds_;       // by source index
  std::vector<std::unique_ptr<PeerNotes>> peers_;  // of each link with several threads
  std::vector<std::unique_ptr<Worker>> workers_;
  std::size_t tables_ = 0;  // of all workers
  std::size_t next_cpu_ = 0;
  std::uint64_t max_flows_ = 0;
  std::atomic<std::size_t> running_{0};
};

}  // namespace panoptes
