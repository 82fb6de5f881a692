#include "probe/worker.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "base/clock.h"
#include "base/cpus.h"
#include "capture/interfaces.h"

namespace panoptes {
namespace {

constexpr int kIdleWaitMs = 100;
constexpr int kDrainWaitMs = 20;
// A record waits at most this long for its batch to fill while the source is live.
constexpr std::int64_t kFlushNs = 200'000'000;
// A link that is stopped is read for as long as the kernel may still hold packets back.
constexpr std::int64_t kDrainNs = 150'000'000;

ShardOptions shard_options(const WorkerOptions& options) {
  ShardOptions shards;
  for (std::uint32_t i = 0; i < options.threads; ++i) {
    shards.trackers.push_back(share_of(options.tracker, options.threads, i));
  }
  for (std::size_t i = 1; i < options.cpus.size(); ++i) shards.cpus.push_back(options.cpus[i]);
  return shards;
}

}  // namespace

TrackerOptions share_of(const TrackerOptions& options, std::uint32_t tables, std::uint32_t index) {
  TrackerOptions share = options;
  const std::uint32_t more = index < options.max_flows % tables ? 1 : 0;
  share.max_flows = std::max<std::uint32_t>(options.max_flows / tables + more, 1);
  share.first_flow_id += index * kFlowsPerTable;
  return share;
}

Worker::Worker(std::vector<NamedSource> sources, const WorkerOptions& options, ItemQueue& queue,
               Hooks hooks)
    : openers_(std::move(sources)),
      queue_(queue),
      hooks_(std::move(hooks)),
      status_interval_ns_(options.tracker.status_interval_ns),
      payload_rules_(options.tracker.payload_rules, options.tracker.payload_bytes, false),
      decode_options_(options.decode),
      cpus_(options.cpus),
      peers_(options.peers),
      place_(options.place),
      fragments_(options.fragments, options.tracker.hash_seed, *this) {
  if (options.threads > 1) {
    shards_ = std::make_unique<Shards>(shard_options(options), queue);
  } else {
    account_ = std::make_unique<FlowAccount>(options.tracker, queue);
  }
  for (const NamedSource& opener : openers_) reports_.push_back({opener.name, 0, 0, 0});
}

Worker::~Worker() {
  stop();
  join();
}

void Worker::start() {
  thread_ = std::thread([this] { run(); });
}

void Worker::stop() {
  stopping_.store(true);
  const std::lock_guard lock(source_mutex_);
  if (source_) source_->interrupt();
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

std::vector<SourceReport> Worker::sources() const {
  const std::lock_guard lock(source_mutex_);
  return reports_;
}

void Worker::run() {
  if (!cpus_.empty()) pin_thread(cpus_.front());
  if (shards_) shards_->start();
  for (std::size_t i = 0; i < openers_.size() && !stopping_.load(); ++i) read_source(i);
  fragments_.finish();
  process();
  exchange_notes(true);
  // No packet is kept waiting by a full queue any more: the last records are not lost to it.
  mode_.lossless = true;
  if (shards_) {
    shards_->set_mode(mode_);
    shards_->finish();
  } else {
    account_->set_mode(mode_);
    account_->finish();
  }
  publish();
  count_interval_drops();
  hooks_.done();
}

void Worker::read_source(std::size_t index) {
  const std::string& name = openers_[index].name;
  // Before packets can come, which would wait meanwhile; but whoever mistyped a name hears it
  // first.
  if (openers_[index].prefault && account_ && may_be_interface(name)) {
    account_->tracker().prefault();
  }
  SourceMessage problem;
  auto opened = openers_[index].open(problem);
  if (!opened) {
    if (!problem.code.empty()) say(Item::Kind::error, std::move(problem), name);
    return;
  }
  {
    const std::lock_guard lock(source_mutex_);
    source_ = std::move(opened);
    if (stopping_.load()) source_->interrupt();
  }
  PacketSource& source = *source_;
  index_ = index;
  unknown_links_ = {};
  stable_ = source.stable();
  if (!stable_ && account_ && !kept_) kept_ = std::make_unique<KeptBytes>();
  // What is kept from its work for longer than the kernel's buffer lasts loses packets; everything
  // else of the probe, and whoever reads its records on this machine, can wait.
  if (source.live()) {
    favour_thread();
    if (account_) account_->tracker().take_turns();
  }
  const auto& begin = openers_[index].begin_ns;
  begin_ns_ = begin ? *begin : std::numeric_limits<std::int64_t>::min();
  mode_ = {!source.live(), source.live()};
  std::int64_t flushed_at = monotonic_ns();
  std::int64_t stopped_at = 0;
  ReadState state = ReadState::more;
  while (state == ReadState::more || state == ReadState::idle) {
    if (account_) account_->set_mode(mode_);
    if (shards_) shards_->set_mode(mode_);
    state = source.read(
        FlowTracker::kBatch,
        [](void* self, const RawPacket& raw) { static_cast<Worker*>(self)->deliver(raw); }, this);
    process();
    if (fragments_.counters().held != 0) {
      fragments_.expire(now_ns());
      process();
    }
    exchange_notes(false);
    if (state == ReadState::idle || (mode_.timely && state == ReadState::more)) {
      mode_.timely = true;
      const std::int64_t now = monotonic_ns();
      if (source.live() && state == ReadState::idle) {
        const std::int64_t wall = realtime_ns();
        fragments_.expire(wall);
        process();
        look_at_drops(wall);
        pass_time(wall);
        look_at_clock(wall);
      }
      if (now - flushed_at >= kFlushNs) {
        flushed_at = now;
        flush();
        update_sources();
      }
      publish();
      if (stopping_.load()) {
        if (!source.live()) break;
        if (stopped_at == 0) stopped_at = now;
        if (now - stopped_at >= kDrainNs) break;
      }
      if (state == ReadState::idle) source.wait(stopped_at == 0 ? idle_wait_ms() : kDrainWaitMs);
    } else if (stopping_.load(std::memory_order_relaxed)) {
      break;
    }
    pass_on_warnings(name);
  }
  update_sources();
  pass_on_warnings(name);
  // A link that is gone is gone for all who share it.
  if (state == ReadState::failed && (peers_ == nullptr || peers_->fails_first()))
    say(Item::Kind::error, source.error(), name);
  const std::lock_guard lock(source_mutex_);
  source_.reset();
}

int Worker::idle_wait_ms() const {
  constexpr int kTurnMs = FlowTracker::kTurnNs / 1'000'000;
  return account_ && account_->tracker().has_due() ? kTurnMs : kIdleWaitMs;
}

void Worker::deliver(const RawPacket& raw) {
  if (raw.time_ns < begin_ns_) [[unlikely]] {
    ++too_early_;
    return;
  }
  ++seen_packets_;
  seen_bytes_ += raw.wire;
  Packet& packet = packets_[pending_];
  const Undecoded reason = decode(raw, packet, decode_options_);
  if (reason != Undecoded::none) [[unlikely]] {
    ++undecoded_[static_cast<std::size_t>(reason)];
    if (reason == Undecoded::unknown_link_type) unknown_links_.note(raw.link_type);
    return;
  }
  if ((packet.layers & kIsFragment) != 0) [[unlikely]] {
    Packet own = packet;  // others may take its place before its turn comes
    fragments_.take(own);
    return;
  }
  add(packet);
}

// `packet` stands in packets_[pending_].
[[gnu::always_inline]] inline void Worker::add(Packet& packet) {
  if (shards_) {
    shards_->add(packet);
    return;
  }
  if (peers_ != nullptr) peers_->note(place_, packet);
  account_->tracker().prepare(packet);
  if (!stable_) keep_bytes(packet);
  if (++pending_ == FlowTracker::kBatch) process();
}

void Worker::fragment(Packet& packet) {
  packets_[pending_] = packet;
  add(packets_[pending_]);
}

// The frame goes when the sink returns: what the flow may want of it is copied.
void Worker::keep_bytes(Packet& packet) {
  if (kept_->keep(packet, payload_rules_)) [[likely]]
    return;
  const Packet own = packet;
  process();
  packets_[0] = own;
  kept_->keep(packets_[0], payload_rules_);
}

// Accounts what is pending.
void Worker::process() {
  if (shards_) {
    if (!shards_->turn()) return;
  } else {
    if (pending_ == 0) return;
    look_at_drops(packets_[pending_ - 1].time_ns);
    account_->tracker().process(std::span(packets_.data(), pending_));
    pending_ = 0;
    if (kept_) kept_->clear();
  }
  publish();
  look_at_clock(now_ns());
}

void Worker::pass_time(std::int64_t now_ns) {
  if (shards_) {
    shards_->tick(now_ns);
  } else {
    account_->tracker().tick(now_ns);
  }
}

void Worker::flush() {
  if (shards_) {
    shards_->flush();
  } else {
    account_->flush();
  }
}

void Worker::exchange_notes(bool last) {
  if (peers_ != nullptr) peers_->exchange(place_, account_->tracker(), last);
}

// Before the first packet of a status interval makes records of the interval that is over, these
// must know what was dropped in it.
void Worker::look_at_drops(std::int64_t now_ns) {
  if (mode_.lossless || !account_ || status_interval_ns_ == 0 || now_ns < drops_due_ns_ || !source_)
    return;
  update_sources();
  drops_due_ns_ = (now_ns / status_interval_ns_ + 1) * status_interval_ns_;
}

void Worker::look_at_clock(std::int64_t now_ns) {
  if (status_interval_ns_ == 0 || now_ns < status_due_ns_) return;
  if (status_due_ns_ != 0) {
    count_interval_drops();
    hooks_.interval(mode_);
  }
  status_due_ns_ = (now_ns / status_interval_ns_ + 1) * status_interval_ns_;
}

void Worker::count_interval_drops() {
  const std::uint64_t dropped = dropped_ - std::exchange(dropped_before_, dropped_);
  counters_.interval_dropped.store(dropped, std::memory_order_relaxed);
}

void Worker::publish() {
  const auto set = [](auto& counter, auto value) {
    counter.store(value, std::memory_order_relaxed);
  };
  set(counters_.packets, seen_packets_);
  set(counters_.bytes, seen_bytes_);
  if (account_) account_->publish();
  const FragmentCounters& f = fragments_.counters();
  set(counters_.fragments_held, f.held);
  set(counters_.fragments_joined, f.joined);
  set(counters_.fragments_orphaned, f.orphaned);
  set(counters_.fragments_overflow, f.overflow);
  set(counters_.time_ns, now_ns());
  for (std::size_t i = 0; i < undecoded_.size(); ++i) set(counters_.undecoded[i], undecoded_[i]);
}

void Worker::add_to(StatusReport& status) const {
  const auto get = [](const auto& counter) { return counter.load(std::memory_order_relaxed); };
  if (account_) account_->add_to(status);
  if (shards_) shards_->add_to(status);
  status.packets += get(counters_.packets);
  status.bytes += get(counters_.bytes);
  status.interval_dropped += get(counters_.interval_dropped);
  status.fragments_held += get(counters_.fragments_held);
  status.fragments_joined += get(counters_.fragments_joined);
  status.fragments_orphaned += get(counters_.fragments_orphaned);
  status.fragments_overflow += get(counters_.fragments_overflow);
  status.time_ns = std::max(status.time_ns, get(counters_.time_ns));
  for (std::size_t i = 0; i < status.undecoded.size(); ++i) {
    status.undecoded[i] += get(counters_.undecoded[i]);
  }
}

void Worker::update_sources() {
  const SourceCounters counters = source_->counters();
  if (!mode_.lossless && account_) {
    account_->tracker().note_drops(counters.dropped + counters.if_dropped, realtime_ns());
  }
  const std::lock_guard lock(source_mutex_);
  SourceReport& report = reports_[index_];
  report.received = counters.received - std::min(counters.received, too_early_);
  report.dropped = counters.dropped;
  report.if_dropped = counters.if_dropped;
  dropped_ = 0;
  for (const SourceReport& one : reports_) dropped_ += one.dropped + one.if_dropped;
}

// What the open source, or its packets, want said.
void Worker::pass_on_warnings(const std::string& name) {
  const auto pass_on = [&](SourceMessage warning) {
    const bool any = !warning.code.empty();
    if (any) say(Item::Kind::warning, std::move(warning), name);
    return any;
  };
  for (SourceMessage said = source_->take_warning(); !said.code.empty();
       said = source_->take_warning()) {
    if (place_ == 0) pass_on(std::move(said));  // all who share a link say the same
  }
  while (pass_on(unknown_links_.take_warning(name))) {
  }
}

void Worker::say(Item::Kind kind, SourceMessage message, const std::string& source) {
  Item item;
  item.kind = kind;
  item.message = std::move(message);
  item.source = source;
  queue_.push(std::move(item));
}

}  // namespace panoptes
