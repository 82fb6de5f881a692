// pipeline FILE [MAX-FLOWS]: the native half of the probe without node: source -> worker ->
// batches, which are counted and thrown away. For instruction counts and profilers. Prints one line
// of JSON.
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "probe/probe.h"

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fputs("usage: pipeline FILE [MAX-FLOWS]\n", stderr);
    return 2;
  }
  std::mutex mutex;
  std::condition_variable readable;
  bool signalled = false;
  const auto signal = [&] {
    const std::lock_guard lock(mutex);
    signalled = true;
    readable.notify_one();
  };
  panoptes::ProbeOptions options;
  options.sources.push_back({.kind = panoptes::SourceOptions::Kind::file, .name = argv[1]});
  if (argc == 3) {
    options.tracker.max_flows = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
  }
  panoptes::Probe probe(std::move(options), signal, [] {});
  probe.start();

  unsigned long long records = 0, packets = 0, bytes = 0;
  bool failed = false;
  for (;;) {
    panoptes::Item item;
    if (!probe.take(item)) {
      std::unique_lock lock(mutex);
      readable.wait(lock, [&] { return signalled; });
      signalled = false;
      continue;
    }
    if (item.kind == panoptes::Item::Kind::end) break;
    if (item.kind == panoptes::Item::Kind::error) {
      std::fprintf(stderr, "pipeline: %s\n", item.message.message.c_str());
      failed = true;
    }
    if (item.kind != panoptes::Item::Kind::batch) continue;
    records += item.batch->records;
    packets += item.batch->packets;
    bytes += item.batch->size();
  }
  std::printf("{\"packets\":%llu,\"records\":%llu,\"bytes\":%llu}\n", packets, records, bytes);
  return failed ? 1 : 0;
}
