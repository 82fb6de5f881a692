// floor FILE LOG2_SLOTS: the least that a flow probe can do with a capture on one core, as a
// yardstick: read, decode, hash, prefetched lookup, full accounting. It has no timeouts, no
// fragments, no tunnels and no export; a product pays for these on top. Prints one line of JSON.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "account.h"
#include "decode.h"
#include "flow_table.h"

namespace panoptes::bench {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr std::size_t kLargestRecord = 300'000;
constexpr std::size_t kBatch = 64;
constexpr std::size_t kFileHeader = 24, kRecordHeader = 16;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Memory latency is the cost, so packets move in batches: the index lines of all are asked for,
// then the flow lines of all, and only then are they used.
class Pipeline {
 public:
  explicit Pipeline(unsigned log2_slots) : table_(log2_slots), batch_(kBatch) {}

  void take(const std::uint8_t* record, std::uint32_t captured) {
    ++packets_;
    Packet& packet = batch_[filled_];
    if (!decode(record + kRecordHeader, captured, packet)) return;
    packet.time_us =
        std::uint64_t{load<std::uint32_t>(record)} * 1'000'000 + load<std::uint32_t>(record + 4);
    packet.wire_bytes = load<std::uint32_t>(record + 12);
    packet.hash = hash(packet.key);
    if (++filled_ == kBatch) flush();
  }

  void flush() {
    for (std::size_t i = 0; i < filled_; ++i) table_.prefetch_index(batch_[i].hash);
    for (std::size_t i = 0; i < filled_; ++i) table_.prefetch_flow(batch_[i].hash);
    for (std::size_t i = 0; i < filled_; ++i) account(table_.find_or_open(batch_[i]), batch_[i]);
    filled_ = 0;
  }

  std::uint64_t packets() const { return packets_; }
  std::uint64_t flows() const { return table_.size(); }

 private:
  FlowTable table_;
  std::vector<Packet> batch_;
  std::size_t filled_ = 0;
  std::uint64_t packets_ = 0;
};

bool read_capture(int fd, Pipeline& pipeline) {
  std::vector<std::uint8_t> buffer(kChunk + kLargestRecord);
  std::size_t have = 0;
  bool first = true;
  ssize_t got = 0;
  while ((got = read(fd, buffer.data() + have, kChunk)) > 0) {
    have += static_cast<std::size_t>(got);
    const std::uint8_t* at = buffer.data();
    const std::uint8_t* end = at + have;
    if (first) {
      const auto magic = have < kFileHeader ? 0 : load<std::uint32_t>(at);
      if (magic != 0xa1b2c3d4) return false;  // the generators write no other kind
      at += kFileHeader;
      first = false;
    }
    while (at + kRecordHeader <= end) {
      const auto captured = load<std::uint32_t>(at + 8);
      if (captured > kLargestRecord - kRecordHeader) return false;
      if (at + kRecordHeader + captured > end) break;
      pipeline.take(at, captured);
      at += kRecordHeader + captured;
    }
    have = static_cast<std::size_t>(end - at);
    std::memmove(buffer.data(), at, have);
  }
  pipeline.flush();
  return got == 0 && !first;
}

int run(const char* path, unsigned log2_slots) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    std::perror(path);
    return 1;
  }
  const double before = cpu_seconds();
  Pipeline pipeline(log2_slots);
  if (!read_capture(fd, pipeline)) {
    std::fprintf(stderr, "floor: %s is not a classic little endian pcap file\n", path);
    return 1;
  }
  const double spent = cpu_seconds() - before;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"packets\":%llu,\"flows\":%llu,\"cpuSeconds\":%.6f,\"nsPerPacket\":%.2f,"
      "\"maxRssKib\":%ld,\"flowBytes\":%zu}\n",
      static_cast<unsigned long long>(pipeline.packets()),
      static_cast<unsigned long long>(pipeline.flows()), spent,
      spent * 1e9 / static_cast<double>(pipeline.packets()), usage.ru_maxrss, sizeof(Flow));
  return 0;
}

}  // namespace
}  // namespace panoptes::bench

int main(int argc, char** argv) {
  const int log2_slots = argc == 3 ? std::atoi(argv[2]) : 0;
  if (log2_slots < 10 || log2_slots > 30) {
    std::fputs("usage: floor FILE.pcap LOG2_SLOTS (10 to 30)\n", stderr);
    return 2;
  }
  return panoptes::bench::run(argv[1], static_cast<unsigned>(log2_slots));
}
