#include "probe/probe.h"

#include <algorithm>
#include <utility>

#include "capture/open.h"
#include "capture/paced_source.h"

namespace panoptes {
namespace {

// Flow ids: the worker in the high bits, so that ids of one run never meet; below 2^53 for
// JavaScript.
constexpr std::uint64_t kFlowsPerWorker = std::uint64_t{1} << 44;

}  // namespace

Probe::Probe(ProbeOptions options, std::function<void()> readable, std::function<void()> drained)
    : options_(std::move(options)),
      queue_(options_.queue_batches, std::move(readable)),
      drained_(std::move(drained)),
      feeds_(options_.sources.size()) {
  // Each live link has a thread of its own; files follow one another in one table.
  std::vector<std::vector<NamedSource>> groups;
  std::vector<NamedSource> files;
  for (std::size_t i = 0; i < options_.sources.size(); ++i) {
    const SourceOptions& source = options_.sources[i];
    const bool live = source.kind == SourceOptions::Kind::live || source.live_feed;
    if (live) {
      groups.emplace_back();
      groups.back().push_back(opener(source, i));
    } else {
      files.push_back(opener(source, i));
    }
  }
  if (!files.empty()) groups.push_back(std::move(files));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    WorkerOptions worker{options_.tracker, options_.decode, options_.fragments};
    worker.tracker.first_flow_id = i * kFlowsPerWorker + 1;
    // One worker speaks for all, or there would be a status message of each.
    auto interval = [this, speaks = i == 0](bool may_wait) {
      if (!speaks) return;
      Item item;
      item.kind = Item::Kind::status;
      item.bytes = status_frame();
      queue_.push(std::move(item), may_wait);
    };
    workers_.push_back(
        std::make_unique<Worker>(std::move(groups[i]), worker, queue_,
                                 Worker::Hooks{std::move(interval), [this] { worker_done(); }}));
  }
}

Probe::~Probe() { abandon(); }

NamedSource Probe::opener(const SourceOptions& source, std::size_t index) {
  const std::string filter = options_.filter;
  if (source.kind == SourceOptions::Kind::live) {
    LiveOptions live;
    live.interface = source.name;
    live.snaplen = source.snaplen;
    live.promiscuous = source.promiscuous;
    live.buffer_bytes = source.buffer_bytes;
    live.filter = filter;
    live.method = source.method;
    return {source.name, [live](SourceMessage& error) { return open_live(live, error); }, true};
  }
  if (source.kind == SourceOptions::Kind::feed) {
    auto feed = std::make_shared<Feed>();
    feed->set_drained(drained_);
    feeds_[index] = feed;
    auto open = [name = source.name, feed, live = source.live_feed, filter](SourceMessage& error) {
      return open_feed(name, feed, live, filter, error);
    };
    if (source.live_feed || (options_.pace == 0)) return {source.name, open, false};
    return {source.name,
            [open, pace = options_.pace](SourceMessage& error) {
              return make_paced(open, pace, false, error);
            },
            false};
  }
  const FileOptions file{source.name, filter};
  auto open = [file](SourceMessage& error) { return open_file(file, error); };
  if (options_.pace == 0 && !options_.loop) return {source.name, open, false};
  return {source.name,
          [open, pace = options_.pace, loop = options_.loop](SourceMessage& error) {
            return make_paced(open, pace, loop, error);
          },
          false};
}

void Probe::start() {
  running_.store(workers_.size());
  for (auto& worker : workers_) worker->start();
}

void Probe::stop() {
  for (auto& worker : workers_) worker->stop();
}

void Probe::abandon() {
  queue_.close();
  stop();
  for (auto& worker : workers_) worker->join();
}

Feed* Probe::feed(std::size_t index) {
  return index < feeds_.size() ? feeds_[index].get() : nullptr;
}

// On the thread of the worker; the last one closes the books.
void Probe::worker_done() {
  if (running_.fetch_sub(1) != 1) return;
  Item status;
  status.kind = Item::Kind::status;
  status.bytes = status_frame(true);
  queue_.push(std::move(status));
  Item end;
  end.kind = Item::Kind::end;
  queue_.push(std::move(end));
}

std::string Probe::status_frame(bool last) const {
  StatusReport status = report();
  status.last = last;
  return encode_status(status);
}

StatusReport Probe::report() const {
  StatusReport s;
  for (const auto& worker : workers_) {
    const WorkerCounters& c = worker->counters();
    s.packets += c.packets.load(std::memory_order_relaxed);
    s.bytes += c.bytes.load(std::memory_order_relaxed);
    s.flows += c.flows.load(std::memory_order_relaxed);
    s.flows_opened += c.flows_opened.load(std::memory_order_relaxed);
    s.evicted += c.evicted.load(std::memory_order_relaxed);
    s.payload_skipped += c.payload_skipped.load(std::memory_order_relaxed);
    s.extra_skipped += c.extra_skipped.load(std::memory_order_relaxed);
    s.tcp_skipped += c.tcp_skipped.load(std::memory_order_relaxed);
    s.tcp_holes_overflow += c.tcp_holes_overflow.load(std::memory_order_relaxed);
    s.gap_classes_skipped += c.gap_classes_skipped.load(std::memory_order_relaxed);
    s.rtp_skipped += c.rtp_skipped.load(std::memory_order_relaxed);
    s.response_skipped += c.response_skipped.load(std::memory_order_relaxed);
    s.interval_dropped += c.interval_dropped.load(std::memory_order_relaxed);
    s.fragments_held += c.fragments_held.load(std::memory_order_relaxed);
    s.fragments_joined += c.fragments_joined.load(std::memory_order_relaxed);
    s.fragments_orphaned += c.fragments_orphaned.load(std::memory_order_relaxed);
    s.fragments_overflow += c.fragments_overflow.load(std::memory_order_relaxed);
    s.time_ns = std::max(s.time_ns, c.time_ns.load(std::memory_order_relaxed));
    for (std::size_t i = 0; i < s.undecoded.size(); ++i) {
      s.undecoded[i] += c.undecoded[i].load(std::memory_order_relaxed);
    }
    for (SourceReport& source : worker->sources()) s.sources.push_back(std::move(source));
  }
  const QueueCounters q = queue_.counters();
  s.records = q.records;
  s.batches = q.batches;
  s.batches_dropped = q.batches_dropped;
  s.records_dropped = q.records_dropped;
  s.packets_dropped_in_records = q.packets_dropped;
  s.queued_batches = q.queued;
  s.max_flows = std::uint64_t{options_.tracker.max_flows} * workers_.size();
  return s;
}

}  // namespace panoptes
