#include "probe/shards.h"

#include <utility>

#include "base/clock.h"
#include "base/cpus.h"
#include "base/prefetch.h"
#include "flow/direction.h"

namespace panoptes {
namespace {

// By the clock of the packets: a thread that gets few of them ends its flows this late at most.
constexpr std::int64_t kSendNs = 1'000'000'000;
constexpr std::size_t kPacketsAhead = 4;

[[gnu::always_inline]] inline void prefetch_packet(const Packet& packet) {
  const auto* bytes = reinterpret_cast<const char*>(&packet);
  for (std::size_t at = 0; at < offsetof(Packet, tunnel); at += 64) prefetch(bytes + at);
}

}  // namespace

Shards::Shards(const ShardOptions& options, ItemQueue& queue)
    : payload_rules_(options.trackers[0].payload_rules, options.trackers[0].payload_bytes, false),
      seed_(options.trackers[0].hash_seed),
      clock_(options.trackers[0].status_interval_ns) {
  for (const TrackerOptions& tracker : options.trackers) {
    auto shard = std::make_unique<Shard>(tracker, queue);
    if (shards_.size() < options.cpus.size()) shard->cpu = options.cpus[shards_.size()];
    shards_.push_back(std::move(shard));
  }
}

Shards::~Shards() = default;

void Shards::start() {
  for (auto& shard : shards_) {
    shard->ring.back().clear();
    shard->thread = std::thread([&one = *shard] { one.run(); });
  }
}

// Both ends of a key in one: whatever the direction, the ports and the protocol are. The secret
// keeps others from choosing addresses that all come to one thread.
std::size_t Shards::shard_of(const FlowKey& key) const {
  FlowKey ends;
  ends.low_addr = key.low_addr;
  ends.high_addr = key.high_addr;
  return static_cast<std::size_t>((hash(ends, seed_) >> 32) * shards_.size() >> 32);
}

void Shards::add(const Packet& packet) {
  added_ = true;
  clock_.advance(clamp_time(packet.time_ns));
  const std::size_t index = shard_of(packet.key);
  Shard& shard = *shards_[index];
  // Its own packets would not tell it of an interval that others began.
  if (shard.interval != clock_.interval()) [[unlikely]] {
    shard.ring.back().note_clock(clock_);
    shard.interval = clock_.interval();
  }
  if (!shard.ring.back().add(packet, payload_rules_)) [[unlikely]] {
    send(shard, false);
    shard.ring.back().add(packet, payload_rules_);
  }
  if (LearnedServers::teaches(packet)) [[unlikely]]
    note_server(packet, index);
  if ((packet.layers & kHasQuote) != 0) [[unlikely]]
    note_error(packet, index);
  if (shard.ring.back().full()) send(shard, false);
}

void Shards::note_server(const Packet& syn_ack, std::size_t from) {
  const std::uint64_t server = LearnedServers::server_of(syn_ack);
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    if (i == from || shards_[i]->ring.back().note_server(server)) continue;
    send(*shards_[i], false);
    shards_[i]->ring.back().note_server(server);
  }
}

void Shards::note_error(const Packet& error, std::size_t from) {
  const std::size_t index = shard_of(error.quote.key);
  if (index == from) return;  // its account sees to it
  Shard& shard = *shards_[index];
  if (shard.interval != clock_.interval()) {
    shard.ring.back().note_clock(clock_);
    shard.interval = clock_.interval();
  }
  if (shard.ring.back().note_error(error)) return;
  send(shard, false);
  shard.ring.back().note_error(error);
}

// With the clock, so that flows end in time where others had the packets.
void Shards::send(Shard& shard, bool urgent) {
  PacketBatch& batch = shard.ring.back();
  batch.note_clock(clock_);
  shard.interval = clock_.interval();
  batch.mode = mode_;
  shard.ring.push(urgent);
  shard.ring.back().clear();
}

void Shards::send_all(bool urgent) {
  for (auto& shard : shards_) send(*shard, urgent);
  send_due_ns_ = clock_.now_ns() + kSendNs;
}

bool Shards::turn() {
  if (!std::exchange(added_, false)) return false;
  const std::int64_t now = clock_.now_ns();
  if (now >= send_due_ns_ || send_due_ns_ - now > 2 * kSendNs) {
    send_all(mode_.timely);
  } else if (mode_.timely) {
    for (auto& shard : shards_) {
      if (!shard->ring.back().empty()) send(*shard, true);
    }
  }
  return true;
}

void Shards::tick(std::int64_t now_ns) {
  if (!clock_.started()) return;
  clock_.advance(clamp_time(now_ns));
  for (auto& shard : shards_) shard->ring.back().tick = true;
  send_all(true);
}

void Shards::flush() {
  for (auto& shard : shards_) shard->ring.back().flush = true;
  send_all(true);
}

void Shards::finish() {
  for (auto& shard : shards_) shard->ring.back().last = true;
  send_all(true);
  for (auto& shard : shards_) shard->thread.join();
}

void Shards::add_to(StatusReport& status) const {
  for (const auto& shard : shards_) shard->account.add_to(status);
}

void Shards::Shard::run() {
  if (cpu >= 0) pin_thread(cpu);
  FlowTracker& tracker = account.tracker();
  for (bool last = false; !last;) {
    PacketBatch& batch = ring.front();
    account.set_mode(batch.mode);
    const std::span<Packet> packets = batch.packets();
    for (std::size_t i = 0; i < packets.size(); ++i) {
      if (i + kPacketsAhead < packets.size()) prefetch_packet(packets[i + kPacketsAhead]);
      tracker.prepare(packets[i]);
    }
    tracker.process(packets, batch.notes());
    if (batch.tick) tracker.tick(tracker.now_ns());
    if (batch.flush) account.flush();
    last = batch.last;
    account.publish();
    ring.pop();
  }
  account.finish();
}

}  // namespace panoptes
