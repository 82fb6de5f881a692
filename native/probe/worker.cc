#include "probe/worker.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/clock.h"

namespace panoptes {
namespace {

constexpr int kIdleWaitMs = 100;
constexpr int kDrainWaitMs = 20;
// A record waits at most this long for its batch to fill while the source is live.
constexpr std::int64_t kFlushNs = 200'000'000;
// A link that is stopped is read for as long as the kernel may still hold packets back.
constexpr std::int64_t kDrainNs = 150'000'000;

}  // namespace

Worker::Worker(std::vector<NamedSource> sources, const WorkerOptions& options, ItemQueue& queue,
               Hooks hooks)
    : openers_(std::move(sources)),
      queue_(queue),
      hooks_(std::move(hooks)),
      status_interval_ns_(options.tracker.status_interval_ns),
      payload_rules_(options.tracker.payload_rules, options.tracker.payload_bytes, false),
      decode_options_(options.decode),
      builder_(*this),
      tracker_(options.tracker, builder_),
      fragments_(options.fragments, options.tracker.hash_seed, *this) {
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
  for (std::size_t i = 0; i < openers_.size() && !stopping_.load(); ++i) read_source(i);
  fragments_.finish();
  process();
  tracker_.finish();
  builder_.flush();
  publish();
  count_interval_drops();
  hooks_.done();
}

void Worker::read_source(std::size_t index) {
  const std::string& name = openers_[index].name;
  SourceMessage problem;
  auto opened = openers_[index].open(problem);
  if (!opened) {
    say(Item::Kind::error, std::move(problem), name);
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
  lossless_ = !source.live();
  stable_ = source.stable();
  if (!stable_) kept_.resize(kept_bytes() * FlowTracker::kBatch);
  if (openers_[index].prefault) tracker_.prefault();
  std::int64_t flushed_at = monotonic_ns();
  std::int64_t stopped_at = 0;
  timely_ = source.live();
  ReadState state = ReadState::more;
  while (state == ReadState::more || state == ReadState::idle) {
    state = source.read(
        FlowTracker::kBatch,
        [](void* self, const RawPacket& raw) { static_cast<Worker*>(self)->deliver(raw); }, this);
    process();
    if (fragments_.counters().held != 0) {
      fragments_.expire(tracker_.now_ns());
      process();
    }
    if (state == ReadState::idle || (timely_ && state == ReadState::more)) {
      timely_ = true;
      const std::int64_t now = monotonic_ns();
      if (source.live() && state == ReadState::idle) {
        const std::int64_t wall = realtime_ns();
        fragments_.expire(wall);
        process();
        look_at_drops(wall);
        tracker_.tick(wall);
        look_at_clock(wall);
      }
      if (now - flushed_at >= kFlushNs) {
        flushed_at = now;
        builder_.flush();
        queue_.wake();
        update_sources();
      }
      publish();
      if (stopping_.load()) {
        if (!source.live()) break;
        if (stopped_at == 0) stopped_at = now;
        if (now - stopped_at >= kDrainNs) break;
      }
      if (state == ReadState::idle) source.wait(stopped_at == 0 ? kIdleWaitMs : kDrainWaitMs);
    } else if (stopping_.load(std::memory_order_relaxed)) {
      break;
    }
    pass_on_warnings(name);
  }
  update_sources();
  pass_on_warnings(name);
  if (state == ReadState::failed) say(Item::Kind::error, source.error(), name);
  const std::lock_guard lock(source_mutex_);
  source_.reset();
}

void Worker::deliver(const RawPacket& raw) {
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
  tracker_.prepare(packet);
  if (!stable_) keep_bytes(packet, pending_);
  if (++pending_ == FlowTracker::kBatch) process();
}

void Worker::fragment(Packet& packet) {
  packets_[pending_] = packet;
  add(packets_[pending_]);
}

// The frame goes when the sink returns: what the flow may want of it is copied.
void Worker::keep_bytes(Packet& packet, std::size_t index) {
  std::uint8_t* at = kept_.data() + index * kept_bytes();
  if ((packet.layers & kHasTcp) != 0 && packet.options_captured != 0) {
    std::memcpy(at, packet.options, packet.options_captured);
    packet.options = at;
  }
  at += kMostOptions;
  const std::uint32_t most = std::max(payload_rules_.most(packet.key), kMetered);
  const std::uint32_t n = std::min(packet.payload_captured, most);
  if (n != 0) std::memcpy(at, packet.payload, n);
  packet.payload = at;
  packet.payload_captured = n;
}

void Worker::process() {
  if (pending_ == 0) return;
  look_at_drops(packets_[pending_ - 1].time_ns);
  tracker_.process(std::span(packets_.data(), pending_));
  pending_ = 0;
  publish();
  look_at_clock(tracker_.now_ns());
}

// Before the first packet of a status interval makes records of the interval that is over, these
// must know what was dropped in it.
void Worker::look_at_drops(std::int64_t now_ns) {
  if (lossless_ || status_interval_ns_ == 0 || now_ns < drops_due_ns_ || !source_) return;
  update_sources();
  drops_due_ns_ = (now_ns / status_interval_ns_ + 1) * status_interval_ns_;
}

void Worker::look_at_clock(std::int64_t now_ns) {
  if (status_interval_ns_ == 0 || now_ns < status_due_ns_) return;
  if (status_due_ns_ != 0) {
    count_interval_drops();
    hooks_.interval(lossless_);
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
  set(counters_.flows, std::uint64_t{tracker_.flows()});
  const TrackerCounters& t = tracker_.counters();
  set(counters_.flows_opened, t.flows_opened);
  set(counters_.evicted, t.evicted);
  set(counters_.payload_skipped, t.payload_skipped);
  set(counters_.extra_skipped, t.extra_skipped);
  set(counters_.tcp_skipped, tracker_.tcp_counters().exhausted);
  set(counters_.tcp_holes_overflow, tracker_.tcp_counters().hole_overflow);
  set(counters_.gap_classes_skipped, t.gap_classes_skipped);
  set(counters_.rtp_skipped, t.rtp_skipped);
  set(counters_.response_skipped, t.response_skipped);
  const FragmentCounters& f = fragments_.counters();
  set(counters_.fragments_held, f.held);
  set(counters_.fragments_joined, f.joined);
  set(counters_.fragments_orphaned, f.orphaned);
  set(counters_.fragments_overflow, f.overflow);
  set(counters_.time_ns, tracker_.now_ns());
  for (std::size_t i = 0; i < undecoded_.size(); ++i) set(counters_.undecoded[i], undecoded_[i]);
}

void Worker::update_sources() {
  const SourceCounters counters = source_->counters();
  if (!lossless_) tracker_.note_drops(counters.dropped + counters.if_dropped, realtime_ns());
  const std::lock_guard lock(source_mutex_);
  SourceReport& report = reports_[index_];
  report.received = counters.received;
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
  while (pass_on(source_->take_warning()) || pass_on(unknown_links_.take_warning(name))) {
  }
}

void Worker::say(Item::Kind kind, SourceMessage message, const std::string& source) {
  Item item;
  item.kind = kind;
  item.message = std::move(message);
  item.source = source;
  queue_.push(std::move(item));
}

void Worker::batch(std::unique_ptr<EncodedBatch> batch) {
  queue_.push_batch(std::move(batch), lossless_, timely_);
}

}  // namespace panoptes
