// The whole native path: a capture in memory or on disk in, frames out.
#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "frames.h"
#include "probe/probe.h"

namespace panoptes {
namespace {

// Runs a probe to its end, as binding/ does.
struct Session {
  explicit Session(ProbeOptions options)
      : probe(
            std::move(options), [this] { wake(); }, [this] { wake(); }) {}

  void wake() {
    const std::lock_guard lock(mutex);
    woken = true;
    changed.notify_one();
  }
  // Takes items until the end; false: it did not come within 20 s.
  bool finish() {
    for (;;) {
      Item item;
      while (probe.take(item)) {
        if (item.kind == Item::Kind::batch) {
          records += item.batch->records;
          packets += item.batch->packets;
          EXPECT_EQ(item.number, ++batches);
        }
        if (item.kind == Item::Kind::warning) warnings.push_back(item.message.code);
        if (item.kind == Item::Kind::error) errors.push_back(item.message.code);
        if (item.kind == Item::Kind::status) ++statuses;
        if (item.kind == Item::Kind::end) return true;
      }
      std::unique_lock lock(mutex);
      if (!changed.wait_for(lock, std::chrono::seconds(20), [this] { return woken; })) return false;
      woken = false;
    }
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool woken = false;
  std::uint64_t records = 0, packets = 0, batches = 0, statuses = 0;
  std::vector<std::string> warnings, errors;
  Probe probe;
};

// A classic pcap of UDP packets, `flows` different ones, a millisecond apart.
std::vector<std::uint8_t> capture(int packets, int flows) {
  std::vector<std::uint8_t> out = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0,
                                   0,    0,    0,    0,    0, 0, 4, 0, 1, 0, 0, 0};
  const auto put32 = [&](std::uint32_t v) {
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(v >> 8 * i));
  };
  for (int i = 0; i < packets; ++i) {
    const auto frame = frames::ethernet()
                           .ipv4("10.0.0.1", "10.0.0.2")
                           .udp(static_cast<std::uint16_t>(1024 + i % flows), 7000)
                           .payload("x")
                           .bytes();
    put32(static_cast<std::uint32_t>(1'700'000'000 + i / 1000));
    put32(static_cast<std::uint32_t>(i % 1000 * 1000));
    put32(static_cast<std::uint32_t>(frame.size()));
    put32(static_cast<std::uint32_t>(frame.size()));
    out.insert(out.end(), frame.begin(), frame.end());
  }
  return out;
}

class CaptureFile {
 public:
  explicit CaptureFile(const std::vector<std::uint8_t>& bytes) {
    char name[] = "/tmp/panoptes-test-XXXXXX";
    const int fd = mkstemp(name);
    path = name;
    close(fd);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  ~CaptureFile() { unlink(path.c_str()); }
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;
  std::string path;
};

SourceOptions file_source(const std::string& path) {
  SourceOptions s;
  s.name = path;
  return s;
}

TEST(Probe, CountsEveryPacketOfAFileInARecord) {
  const CaptureFile file(capture(20000, 3000));
  ProbeOptions o;
  o.sources = {file_source(file.path)};
  Session run(std::move(o));
  run.probe.start();
  ASSERT_TRUE(run.finish());
  EXPECT_EQ(run.packets, 20000U);
  EXPECT_GE(run.batches, 3U);
  EXPECT_GE(run.statuses, 4U) << "one each 5 s of the capture and the last";
}

TEST(Probe, WaitsForASlowReaderOfAFile) {
  const CaptureFile file(capture(20000, 10000));
  ProbeOptions o;
  o.sources = {file_source(file.path)};
  o.queue_batches = 1;
  Session run(std::move(o));
  run.probe.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_TRUE(run.finish());
  EXPECT_EQ(run.packets, 20000U);
}

TEST(Probe, MeasuresFilesOneAfterTheOther) {
  const CaptureFile a(capture(100, 5)), b(capture(50, 5));
  ProbeOptions o;
  o.sources = {file_source(a.path), file_source("/no/such/file"), file_source(b.path)};
  Session run(std::move(o));
  run.probe.start();
  ASSERT_TRUE(run.finish());
  EXPECT_EQ(run.packets, 150U);
  EXPECT_EQ(run.errors, std::vector<std::string>{"no-such-file"});
}

TEST(Probe, WarnsOfACutFileAndCountsItsWholePackets) {
  auto bytes = capture(10, 2);
  bytes.resize(bytes.size() - 3);
  const CaptureFile file(bytes);
  ProbeOptions o;
  o.sources = {file_source(file.path)};
  Session run(std::move(o));
  run.probe.start();
  ASSERT_TRUE(run.finish());
  EXPECT_EQ(run.packets, 9U);
  EXPECT_EQ(run.warnings, std::vector<std::string>{"cut-file"});
}

TEST(Probe, SendsTheRemainingRecordsWhenItIsStopped) {
  const auto bytes = capture(500, 7);
  ProbeOptions o;
  SourceOptions s;
  s.kind = SourceOptions::Kind::feed;
  s.name = "memory";
  s.live_feed = true;
  o.sources = {s};
  Session run(std::move(o));
  run.probe.start();
  run.probe.feed(0)->push(bytes.data(), bytes.size(), [] {});
  // No record is due yet: the flows are young and the clock of the capture stands still.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  run.probe.stop();
  ASSERT_TRUE(run.finish());
  EXPECT_EQ(run.packets, 500U);
}

TEST(Probe, EndsWhileItsReaderIsGone) {
  const CaptureFile file(capture(20000, 10000));
  ProbeOptions o;
  o.sources = {file_source(file.path)};
  o.queue_batches = 1;
  Session run(std::move(o));
  run.probe.start();
  run.probe.abandon();  // must return although the worker waits for room
  Item item;
  EXPECT_FALSE(run.probe.take(item));
}

}  // namespace
}  // namespace panoptes
