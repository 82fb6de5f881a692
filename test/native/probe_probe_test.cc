// The whole native path: a capture in memory or on disk in, frames out.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "probe_support.h"

namespace panoptes {
namespace {

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
  o.queue.batches = 1;
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
  o.queue.batches = 1;
  Session run(std::move(o));
  run.probe.start();
  run.probe.abandon();  // must return although the worker waits for room
  Item item;
  EXPECT_FALSE(run.probe.take(item));
}

}  // namespace
}  // namespace panoptes
