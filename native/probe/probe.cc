#include "probe/probe.h"

#include <algorithm>
#include <random>
#include <utility>

#include "capture/fanout.h"
#include "capture/paced_source.h"

namespace panoptes {
namespace {

// The sockets of a link, which are workers that follow one another, are one source: each has its
// own packets, but all have the same interface.
void add_source(std::vector<SourceReport>& sources, const SourceReport& source, std::size_t place) {
  if (place == 0) {
    sources.push_back(source);
    return;
  }
  SourceReport& link = sources.back();
  link.received += source.received;
  link.dropped += source.dropped;
  link.if_dropped = std::max(link.if_dropped, source.if_dropped);
}

// Each probe hashes with a secret of its own, which is told nobody: whoever knew it could send
// packets whose flows stand in one place of the tables.
ProbeOptions with_seed(ProbeOptions options) {
  std::random_device random;
  options.tracker.hash_seed = std::uint64_t{random()} << 32 | random();
  return options;
}

// What the rules keep more of than of the rest is not cut.
FrameTrim trim_of(const TrackerOptions& options) {
  FrameTrim trim;
  trim.payload = std::max(kMeteredBytes, options.payload_bytes);
  for (const PayloadRule& rule : options.payload_rules) {
    if (rule.bytes <= trim.payload) continue;
    if (rule.port_low == 0) {
      trim.payload = rule.bytes;
    } else {
      trim.whole.push_back({rule.port_low, rule.port_high});
    }
  }
  return trim;
}

}  // namespace

Probe::Probe(ProbeOptions options, std::function<void()> readable, std::function<void()> drained)
    : options_(with_seed(std::move(options))),
      queue_(options_.queue, std::move(readable)),
      drained_(std::move(drained)),
      feeds_(options_.sources.size()) {
  // Each live link has threads of its own; files follow one another in one table.
  std::vector<NamedSource> files;
  const WorkerOptions worker{options_.tracker, options_.decode, options_.fragments,
                             options_.threads};
  const std::size_t shards = options_.threads > 1 ? options_.threads : 0;
  for (std::size_t i = 0; i < options_.sources.size(); ++i) {
    const SourceOptions& source = options_.sources[i];
    if (source.kind == SourceOptions::Kind::live) {
      add_link(source, i);
    } else if (source.live_feed) {
      std::vector<NamedSource> one;
      one.push_back(opener(source, i));
      add_worker(std::move(one), worker, 1 + shards);
    } else {
      files.push_back(opener(source, i));
    }
  }
  if (!files.empty()) add_worker(std::move(files), worker, 1 + shards);
}

// As many workers as it has threads, each with a share of its packets and of its flows.
void Probe::add_link(const SourceOptions& source, std::size_t index) {
  WorkerOptions options{options_.tracker, options_.decode, options_.fragments};
  const std::uint32_t n = options_.threads;
  if (n == 1) {
    std::vector<NamedSource> one;
    one.push_back(opener(source, index));
    add_worker(std::move(one), options, 1);
    return;
  }
  const auto link = std::make_shared<FanoutLink>(live_options(source), n);
  options.peers = peers_.emplace_back(std::make_unique<PeerNotes>(n)).get();
  for (std::uint32_t i = 0; i < n; ++i) {
    std::vector<NamedSource> member;
    member.push_back({source.name, [link, i](SourceMessage& error) { return link->take(i, error); },
                      true, link->begin_ns()});
    options.tracker = share_of(options_.tracker, n, i);
    options.place = i;
    add_worker(std::move(member), options, 1);
  }
}

void Probe::add_worker(std::vector<NamedSource> sources, WorkerOptions options,
                       std::size_t threads) {
  options.tracker.first_flow_id = tables_ * kFlowsPerTable + 1;
  tables_ += options.threads;
  max_flows_ += std::max(options.tracker.max_flows, options.threads);
  for (std::size_t i = 0; i < threads && !options_.cpus.empty(); ++i) {
    options.cpus.push_back(options_.cpus[next_cpu_++ % options_.cpus.size()]);
  }
  // One worker speaks for all, or there would be a status message of each.
  auto interval = [this, speaks = workers_.empty()](AccountMode mode) {
    if (!speaks) return;
    Item item;
    item.kind = Item::Kind::status;
    item.bytes = status_frame();
    queue_.push(std::move(item), mode.lossless, mode.timely);
  };
  workers_.push_back(
      std::make_unique<Worker>(std::move(sources), options, queue_,
                               Worker::Hooks{std::move(interval), [this] { worker_done(); }}));
}

Probe::~Probe() { abandon(); }

LiveOptions Probe::live_options(const SourceOptions& source) const {
  LiveOptions live;
  live.interface = source.name;
  live.snaplen = source.snaplen;
  live.promiscuous = source.promiscuous;
  live.buffer_bytes = source.buffer_bytes;
  live.filter = options_.filter;
  live.trim = trim_of(options_.tracker);
  live.method = source.method;
  return live;
}

NamedSource Probe::opener(const SourceOptions& source, std::size_t index) {
  const std::string filter = options_.filter;
  if (source.kind == SourceOptions::Kind::live) {
    return {source.name,
            [live = live_options(source)](SourceMessage& error) { return open_live(live, error); },
            true};
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
    worker->add_to(s);
    for (const SourceReport& source : worker->sources())
      add_source(s.sources, source, worker->place());
  }
  for (const auto& peers : peers_) s.notes_dropped += peers->dropped();
  const QueueCounters q = queue_.counters();
  s.records = q.records;
  s.batches = q.batches;
  s.batches_dropped = q.batches_dropped;
  s.records_dropped = q.records_dropped;
  s.packets_dropped_in_records = q.packets_dropped;
  s.queued_batches = q.queued;
  s.queued_bytes = q.queued_bytes;
  s.max_flows = max_flows_;
  return s;
}

}  // namespace panoptes
