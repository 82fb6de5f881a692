// encoder FILE.pcap ROUNDS: what it costs to make batches of records. Keeps the records of a
// capture, then hands all of them to a BatchBuilder in each round and prints, as JSON, the
// CPU ns a record. The capture is a classic one of microseconds, little endian, of Ethernet.
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "batch/batch_builder.h"
#include "decode/decoder.h"
#include "flow/flow_tracker.h"

namespace {

using namespace panoptes;

// A record with all that it points to. Only the frame sizes of flows with so many packets that they
// have a block of the tracker's pool may be those of another flow by then.
struct Kept {
  Flow flow;
  RecordInfo info;
  FlowExtra extra;
  TcpRecord tcp;
  RttRecord rtt;
  GapClasses gap_classes;
  RtpRecord rtp;
};

template <typename T>
const T* keep(const T* from, T& to) {
  if (from == nullptr) return nullptr;
  to = *from;
  return &to;
}

class Keeper final : public RecordSink {
 public:
  void record(const Flow& flow, const RecordInfo& info) override {
    auto kept = std::make_unique<Kept>();
    kept->flow = flow;
    kept->info = info;
    kept->info.src_payload = kept->info.dst_payload = {};
    kept->info.extra = keep(info.extra, kept->extra);
    kept->info.tcp = keep(info.tcp, kept->tcp);
    kept->info.rtt = keep(info.rtt, kept->rtt);
    kept->info.gap_classes = keep(info.gap_classes, kept->gap_classes);
    kept->info.rtp = keep(info.rtp, kept->rtp);
    records.push_back(std::move(kept));
  }
  std::vector<std::unique_ptr<Kept>> records;
};

class Scale final : public BatchOutlet {
 public:
  void batch(std::unique_ptr<EncodedBatch> batch) override {
    records += batch->records;
    bytes += batch->size();
  }
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
};

std::uint32_t u32_at(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

void account(const std::string& capture, FlowTracker& tracker) {
  constexpr std::size_t kFileHead = 24;
  constexpr std::size_t kPacketHead = 16;
  for (std::size_t at = kFileHead; at + kPacketHead <= capture.size();) {
    const std::int64_t us = std::int64_t{u32_at(capture, at)} * 1'000'000 + u32_at(capture, at + 4);
    const std::uint32_t size = u32_at(capture, at + 8);
    const std::uint32_t wire = u32_at(capture, at + 12);
    at += kPacketHead;
    if (size > capture.size() - at) return;
    Packet packet;
    const auto* frame = reinterpret_cast<const std::uint8_t*>(capture.data() + at);
    if (decode({frame, size, wire, us * 1000, 1}, packet) == Undecoded::none) {
      tracker.prepare(packet);
      tracker.process(std::span(&packet, 1));
    }
    at += size;
  }
}

// Brings records into the cache: the tracker has read a flow when it makes a record of it.
unsigned touch(std::span<const std::unique_ptr<Kept>> records) {
  constexpr std::size_t kLine = 64;
  unsigned sum = 0;
  for (const auto& kept : records) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(kept.get());
    for (std::size_t at = 0; at < sizeof *kept; at += kLine) sum += bytes[at];
  }
  return sum;
}

double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: encoder FILE.pcap ROUNDS\n", stderr);
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string capture{std::istreambuf_iterator<char>(file), {}};
  Keeper keeper;
  TrackerOptions options;
  options.payload_bytes = 0;
  FlowTracker tracker(options, keeper);  // outlives the rounds: records point into its pools
  account(capture, tracker);
  tracker.finish();
  if (keeper.records.empty()) {
    std::fprintf(stderr, "encoder: %s has no records\n", argv[1]);
    return 1;
  }
  const auto records = static_cast<double>(keeper.records.size());
  std::string samples;
  double bytes_per_record = 0;
  // What a batch took goes to the next one, not back to the kernel.
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  Scale scale;
  BatchBuilder builder(scale);
  const std::span<const std::unique_ptr<Kept>> all = keeper.records;
  volatile unsigned touched = 0;
  for (int round = -1; round < std::atoi(argv[2]); ++round) {
    constexpr std::size_t kGroup = 256;  // small enough to stay in the cache
    scale = {};
    double spent = 0;
    for (std::size_t from = 0; from < all.size(); from += kGroup) {
      const auto group = all.subspan(from, std::min(kGroup, all.size() - from));
      touched = touched + touch(group);
      const double begun = cpu_ns();
      for (const auto& kept : group) builder.record(kept->flow, kept->info);
      if (from + kGroup >= all.size()) builder.flush();
      spent += cpu_ns() - begun;
    }
    spent /= records;
    bytes_per_record = static_cast<double>(scale.bytes) / static_cast<double>(scale.records);
    if (round < 0) continue;
    if (!samples.empty()) samples += ',';
    samples += std::to_string(spent);
  }
  std::printf("{\"records\":%.0f,\"bytesPerRecord\":%.2f,\"samples\":[%s]}\n", records,
              bytes_per_record, samples.c_str());
}
