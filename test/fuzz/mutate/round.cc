#include "round.h"

#include <condition_variable>
#include <mutex>
#include <numeric>

#include "random.h"

namespace panoptes::mutate {

void Tally::add(const Tally& other) {
  fed += other.fed;
  in_records += other.in_records;
  records += other.records;
  evicted += other.evicted;
  payload_skipped += other.payload_skipped;
  source_errors += other.source_errors;
  for (std::size_t i = 0; i < undecoded.size(); ++i) undecoded[i] += other.undecoded[i];
}

std::string run_round(std::vector<NamedSource> sources, const WorkerOptions& options,
                      Tally& tally) {
  std::mutex mutex;
  std::condition_variable changed;
  bool readable = false;
  bool done = false;
  ItemQueue queue({.batches = 16}, [&] {
    const std::lock_guard lock(mutex);
    readable = true;
    changed.notify_one();
  });
  Worker worker(std::move(sources), options, queue,
                {.interval = [](AccountMode) {},
                 .done =
                     [&] {
                       const std::lock_guard lock(mutex);
                       done = true;
                       changed.notify_one();
                     }});
  worker.start();
  for (bool over = false;;) {
    Item item;
    if (queue.take(item)) {
      if (item.kind == Item::Kind::error) ++tally.source_errors;
      if (item.kind != Item::Kind::batch) continue;
      tally.records += item.batch->records;
      tally.in_records += item.batch->packets;
      if (item.batch->size() == 0) return "an empty batch";
      continue;
    }
    if (over) break;
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return readable || done; });
    readable = false;
    over = done;  // and once more through what was pushed before
  }
  worker.join();

  for (const SourceReport& source : worker.sources()) tally.fed += source.received;
  StatusReport counters;
  worker.add_to(counters);
  tally.evicted = counters.evicted;
  tally.payload_skipped = counters.payload_skipped;
  tally.undecoded = counters.undecoded;
  const std::uint64_t undecoded =
      std::accumulate(tally.undecoded.begin(), tally.undecoded.end(), std::uint64_t{0});
  if (tally.in_records + undecoded != tally.fed || counters.packets != tally.fed) {
    return std::to_string(tally.fed) + " packets were fed, " + std::to_string(counters.packets) +
           " seen, " + std::to_string(tally.in_records) + " are in records, " +
           std::to_string(undecoded) + " in counters";
  }
  if (counters.flows != 0) return std::to_string(counters.flows) + " flows are left";
  return "";
}

WorkerOptions odd_options(std::uint64_t seed, std::uint64_t number) {
  constexpr std::int64_t kMs = 1'000'000;
  Random random(seed + 2, number);
  WorkerOptions options;
  TrackerOptions& tracker = options.tracker;
  tracker.max_flows = random.of(std::array<std::uint32_t, 7>{1, 2, 16, 300, 2'000, 8'000, 40'000});
  tracker.payload_bytes = random.of(std::array<std::uint32_t, 5>{0, 1, 64, 64, 4096});
  for (std::uint32_t rules = random.below(4); rules != 0; --rules) {
    PayloadRule rule;
    if (random.one_in(2)) rule.protocol = random.of(std::array<std::int16_t, 4>{1, 6, 17, 58});
    if (random.one_in(2)) {
      rule.port_low = random.of(std::array<std::uint16_t, 4>{1, 53, 80, 1024});
      rule.port_high = static_cast<std::uint16_t>(rule.port_low + random.below(1000));
    }
    rule.bytes = random.of(std::array<std::uint16_t, 5>{0, 1, 100, 1000, 4096});
    rule.masked = random.one_in(2);
    tracker.payload_rules.push_back(rule);
  }
  tracker.mask_payload = random.one_in(4);
  tracker.status_interval_ns =
      random.of(std::array<std::int64_t, 5>{0, 1 * kMs, 100 * kMs, 5'000 * kMs, 5'000 * kMs});
  if (random.one_in(3)) {  // flows that end all the time
    tracker.idle_tcp_ns = tracker.idle_udp_ns = tracker.idle_icmp_ns = tracker.idle_other_ns = kMs;
    tracker.close_linger_ns = 1;
  }
  tracker.hash_seed = random.next();
  options.decode.max_tunnels = random.of(std::array<std::uint8_t, 5>{0, 1, 8, 8, 255});
  if (random.one_in(2)) {
    options.fragments.max_datagrams = 1 + random.below(20);
    options.fragments.max_held = 1 + random.below(20);
    options.fragments.timeout_ns = random.below(100) * kMs;
  }
  return options;
}

}  // namespace panoptes::mutate
