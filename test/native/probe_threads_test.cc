// Several threads for the packets of one source: nothing is lost, torn or counted twice, and all of
// it ends when it is told to.
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "frames.h"
#include "probe/batch_ring.h"
#include "probe/peer_notes.h"
#include "probe_support.h"

namespace panoptes {
namespace {

// TCP handshakes, requests and their ICMP errors, fragments, DNS, ARP, of many pairs of hosts.
std::vector<frames::Bytes> mixed_frames(int hosts) {
  std::vector<frames::Bytes> out;
  for (int i = 0; i < hosts; ++i) {
    const std::string client =
        "10.0." + std::to_string(i / 200) + "." + std::to_string(1 + i % 200);
    const std::string server = "10.9.9." + std::to_string(1 + i % 7);
    const auto port = static_cast<std::uint16_t>(20000 + i);
    const auto to = [&] { return frames::ethernet().ipv4(client, server); };
    const auto from = [&] { return frames::ethernet().ipv4(server, client); };
    out.push_back(to().tcp(port, 8000, kSyn, {.seq = 1}).bytes());
    out.push_back(from().tcp(8000, port, kSyn | kAck, {.seq = 100, .ack = 2}).bytes());
    out.push_back(to().tcp(port, 8000, kAck, {.seq = 2, .ack = 101}).payload(200, 'q').bytes());
    const auto lost = to().udp(port, 7000).payload("anybody there?").bytes();
    out.push_back(lost);
    out.push_back(frames::ethernet()
                      .ipv4("192.0.2.1", client)
                      .icmp(3, 3)
                      .bytes_as_they_are({lost.begin() + 14, lost.begin() + 42})
                      .bytes());
    out.push_back(to().udp(port, 53).dns(static_cast<std::uint16_t>(i), false).bytes());
    out.push_back(from().udp(53, port).dns(static_cast<std::uint16_t>(i), true).bytes());
    out.push_back(frames::ethernet().arp(1, client, server).bytes());
  }
  return out;
}

std::vector<std::uint8_t> mixed_capture(int hosts, int microseconds_apart = 1000) {
  return capture_of(mixed_frames(hosts), microseconds_apart);
}
constexpr int kPacketsEach = 8;  // of mixed_frames, for each host

ProbeOptions with_threads(std::uint32_t threads, std::vector<SourceOptions> sources) {
  ProbeOptions o;
  o.sources = std::move(sources);
  o.threads = threads;
  o.tracker.max_flows = 100'000;
  return o;
}

TEST(Threads, CountEveryPacketOfAFileInARecord) {
  const CaptureFile file(mixed_capture(1000));
  std::uint64_t records = 0;
  std::uint64_t statuses = 0;
  for (const std::uint32_t threads : {1U, 2U, 3U, 7U}) {
    Session run(with_threads(threads, {file_source(file.path)}));
    run.probe.start();
    ASSERT_TRUE(run.finish());
    EXPECT_EQ(run.packets, 1000U * kPacketsEach) << threads;
    if (threads == 1) {
      records = run.records;
      statuses = run.statuses;
    }
    EXPECT_EQ(run.records, records) << threads;
    EXPECT_EQ(run.statuses, statuses) << "one an interval, not one a thread";
  }
}

TEST(Threads, WaitForASlowReaderOfAFile) {
  const CaptureFile file(mixed_capture(2000));
  auto options = with_threads(3, {file_source(file.path)});
  options.queue.batches = 1;
  Session run(std::move(options));
  run.probe.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_TRUE(run.finish());
  EXPECT_EQ(run.packets, 2000U * kPacketsEach);
}

TEST(Threads, EndWhileTheirReaderIsGone) {
  const CaptureFile file(mixed_capture(3000));
  for (const int ms : {0, 1, 20}) {
    auto options = with_threads(2, {file_source(file.path)});
    options.queue.batches = 1;
    options.tracker.max_flows = 16;  // so that there are records at once, and all wait for room
    Session run(std::move(options));
    run.probe.start();
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    run.probe.abandon();
    Item item;
    EXPECT_FALSE(run.probe.take(item));
  }
}

TEST(Threads, EndInTheMiddleOfAFileWhenStopped) {
  const CaptureFile file(mixed_capture(3000));
  auto options = with_threads(2, {file_source(file.path)});
  options.loop = true;  // it would not end by itself
  Session run(std::move(options));
  run.probe.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  run.probe.stop();
  ASSERT_TRUE(run.finish());
  EXPECT_EQ(run.packets, run.seen_packets) << "what was read is in records";
}

TEST(Threads, GiveOutTheRecordsOfALiveFeedInTime) {
  const auto bytes = mixed_capture(10);
  SourceOptions s;
  s.kind = SourceOptions::Kind::feed;
  s.name = "memory";
  s.live_feed = true;
  Session run(with_threads(3, {s}));
  run.probe.start();
  // The stamps are of 2023: the wall clock ends all flows while the feed is still open.
  run.probe.feed(0)->push(bytes.data(), bytes.size(), [] {});
  EXPECT_TRUE(run.await_packets(10U * kPacketsEach));
  run.probe.stop();
  ASSERT_TRUE(run.finish());
  EXPECT_EQ(run.packets, 10U * kPacketsEach);
}

TEST(Threads, MeasureFilesOneAfterTheOther) {
  const CaptureFile a(mixed_capture(20)), b(mixed_capture(30));
  Session run(
      with_threads(2, {file_source(a.path), file_source("/no/such/file"), file_source(b.path)}));
  run.probe.start();
  ASSERT_TRUE(run.finish());
  EXPECT_EQ(run.packets, 50U * kPacketsEach);
  EXPECT_EQ(run.errors, std::vector<std::string>{"no-such-file"});
}

TEST(Threads, ShareTheLimitOfFlows) {
  TrackerOptions options;
  options.max_flows = 10;
  options.first_flow_id = 1;
  std::uint32_t sum = 0;
  std::set<std::uint64_t> ids;
  for (std::uint32_t i = 0; i < 3; ++i) {
    const TrackerOptions share = share_of(options, 3, i);
    sum += share.max_flows;
    ids.insert(share.first_flow_id);
  }
  EXPECT_EQ(sum, 10U);
  EXPECT_EQ(ids.size(), 3U);
  EXPECT_EQ(share_of(options, 64, 63).max_flows, 1U);
}

TEST(BatchRing, PassesAllBatchesInOrder) {
  constexpr std::uint64_t kRounds = 20'000;
  BatchRing ring;
  ring.back().clear();
  std::uint64_t wrong = 0;
  std::thread reader([&] {
    std::uint64_t next = 0;
    for (bool last = false; !last;) {
      PacketBatch& batch = ring.front();
      for (const TrackerNote& note : batch.notes()) wrong += note.server != next++ ? 1 : 0;
      last = batch.last;
      ring.pop();
    }
    wrong += next != kRounds ? 1 : 0;
  });
  for (std::uint64_t i = 0; i < kRounds; ++i) {
    ASSERT_TRUE(ring.back().note_server(i));
    ring.back().last = i + 1 == kRounds;
    ring.push(i % 97 == 0 || i + 1 == kRounds);
    ring.back().clear();
  }
  reader.join();
  EXPECT_EQ(wrong, 0U);
}

Packet decoded(const frames::Bytes& frame, std::int64_t time_ns) {
  Packet p;
  const auto size = static_cast<std::uint32_t>(frame.size());
  EXPECT_EQ(decode({frame.data(), size, size, time_ns, 1}, p), Undecoded::none);
  return p;
}

struct Nobody final : RecordSink {
  void record(const Flow& flow, const RecordInfo& info) override {
    errors += info.extra != nullptr ? info.extra->icmp_errors : 0;
    learned += static_cast<Evidence>(flow.evidence) == Evidence::learned_port ? 1 : 0;
  }
  std::uint64_t errors = 0, learned = 0;
};

struct Neighbour {
  Neighbour() : tracker(options(), sink) {}
  static TrackerOptions options() {
    TrackerOptions o;
    o.max_flows = 1000;
    return o;
  }
  void account(Packet p) {
    tracker.prepare(p);
    tracker.process(std::span(&p, 1));
  }
  Nobody sink;
  FlowTracker tracker;
};

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(PeerNotes, TellTheOthersOfServersAtOnceAndOfErrorsWhenTheirPacketHasCome) {
  PeerNotes peers(2);
  Neighbour a, b;
  const auto frames = mixed_frames(1);
  const std::int64_t now = 1'700'000'000 * kSecond;
  peers.note(0, decoded(frames[1], now));  // SYN-ACK of 10.9.9.1:8000
  peers.note(0, decoded(frames[4], now));  // the error about frames[3]
  peers.exchange(0, a.tracker, false);
  peers.exchange(1, b.tracker, false);
  // Only now the other worker gets the packet that drew the error, and one of the server.
  b.account(decoded(frames[3], now - 1000));
  const auto from_server =
      frames::ethernet().ipv4("10.9.9.1", "10.5.5.5").tcp(8000, 8000, kAck).bytes();
  b.account(decoded(from_server, now));
  peers.exchange(1, b.tracker, false);
  b.tracker.tick(now + kSecond);
  peers.exchange(1, b.tracker, false);
  b.tracker.finish();
  EXPECT_EQ(b.sink.errors, 1U);
  EXPECT_EQ(b.sink.learned, 1U);
  EXPECT_EQ(peers.dropped(), 0U);
}

TEST(PeerNotes, CountWhatAWorkerDoesNotGetAroundTo) {
  PeerNotes peers(3);
  Neighbour a, b;
  const Packet error = decoded(mixed_frames(1)[4], 1'700'000'000 * kSecond);
  // 256 fit into what a worker sends at a time, as many into what each of the others keeps.
  for (int i = 0; i < 300; ++i) peers.note(0, error);
  EXPECT_EQ(peers.dropped(), 2U * 44);
  peers.exchange(0, a.tracker, false);
  EXPECT_EQ(peers.dropped(), 2U * 44);
  peers.note(0, error);
  peers.exchange(0, a.tracker, false);
  EXPECT_EQ(peers.dropped(), 2U * 45);
  // One that has ended is told nothing.
  peers.exchange(1, b.tracker, true);
  peers.note(2, error);
  peers.exchange(2, a.tracker, false);
  EXPECT_EQ(peers.dropped(), 2U * 45 + 1) << "the first worker has room";
}

}  // namespace
}  // namespace panoptes
