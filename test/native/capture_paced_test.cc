// Replay in real time and over and over.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "capture/paced_source.h"
#include "capture_bytes.h"

namespace panoptes::test {
namespace {

SourceOpener opener(const Bytes& file) {
  return [&file](SourceMessage&) { return source_of(file); };
}

// Packets at these milliseconds.
Bytes file_with(const std::vector<std::uint32_t>& times_ms) {
  Writer w = pcap_header();
  for (std::size_t i = 0; i < times_ms.size(); ++i) {
    pcap_packet(w, 1000 + times_ms[i] / 1000, times_ms[i] % 1000 * 1000, frame(i, 20 + i));
  }
  return w.bytes;
}

TEST(Paced, DeliversNoPacketBeforeItIsDue) {
  const Bytes file = file_with({0, 10, 10, 40});
  SourceMessage error;
  const auto source = make_paced(opener(file), 1, false, error);
  ASSERT_NE(source, nullptr);
  EXPECT_FALSE(source->live());
  const auto start = std::chrono::steady_clock::now();
  std::vector<Seen> packets;
  bool idle = false;
  for (;;) {
    const std::size_t before = packets.size();
    const ReadState state = source->read(64, see, &packets);
    const auto passed = std::chrono::steady_clock::now() - start;
    for (std::size_t i = before; i < packets.size(); ++i) {
      EXPECT_GE(passed, std::chrono::nanoseconds(packets[i].time_ns - packets[0].time_ns));
    }
    if (state == ReadState::end) break;
    if (state == ReadState::idle) {
      idle = true;
      source->wait(1000);
    }
  }
  EXPECT_TRUE(idle);
  EXPECT_EQ(packets, read_bytes(file).packets);
  EXPECT_EQ(source->counters().received, 4u);
}

TEST(Paced, WaitsNoLongerThanUntilTheNextPacket) {
  const Bytes file = file_with({0, 50});
  SourceMessage error;
  const auto source = make_paced(opener(file), 10, false, error);
  std::vector<Seen> packets;
  while (packets.size() < 2) {
    if (source->read(64, see, &packets) == ReadState::idle) source->wait(1 << 30);
  }
  SUCCEED();  // and not after 12 days
}

TEST(Paced, InterruptEndsTheWait) {
  const Bytes file = file_with({0, 3'600'000});
  SourceMessage error;
  const auto source = make_paced(opener(file), 1, false, error);
  std::vector<Seen> packets;
  while (source->read(64, see, &packets) != ReadState::idle) {
  }
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    source->interrupt();
  });
  source->wait(1 << 30);
  other.join();
  EXPECT_EQ(packets.size(), 1u);
}

TEST(Paced, InterruptEndsAReadThatWaitsBelow) {
  auto feed = std::make_shared<Feed>();
  SourceMessage error;
  const auto source = make_paced(
      [&](SourceMessage& why) { return open_feed("feed", feed, false, "", why); }, 1, false, error);
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    source->interrupt();
  });
  std::vector<Seen> packets;
  EXPECT_EQ(source->read(64, see, &packets), ReadState::more);
  other.join();
}

TEST(Paced, LoopGoesOnInTimeFromRoundToRound) {
  const Bytes file = file_with({0, 10, 20, 60});
  SourceMessage error;
  const auto source = make_paced(opener(file), 0, true, error);
  std::vector<Seen> packets;
  while (packets.size() < 40) ASSERT_NE(source->read(3, see, &packets), ReadState::end);
  const std::int64_t period = 80'000'000;  // 60 ms and the mean gap
  for (std::size_t i = 4; i < packets.size(); ++i) {
    EXPECT_EQ(packets[i].time_ns, packets[i - 4].time_ns + period);
    EXPECT_EQ(packets[i].data, packets[i - 4].data);
    EXPECT_GT(packets[i].time_ns, packets[i - 1].time_ns);
  }
}

TEST(Paced, RoundsDoNotOverlapWhereTimesRunBackwardsWithinOne) {
  const Bytes file = file_with({30, 0, 20});
  SourceMessage error;
  const auto source = make_paced(opener(file), 0, true, error);
  std::vector<Seen> packets;
  while (packets.size() < 9) source->read(64, see, &packets);
  EXPECT_EQ(packets[4].time_ns - packets[1].time_ns, 45'000'000);
  EXPECT_GT(packets[4].time_ns, packets[0].time_ns);
}

TEST(Paced, LoopOverOnePacketGoesOnByAMillisecond) {
  const Bytes file = file_with({0});
  SourceMessage error;
  const auto source = make_paced(opener(file), 0, true, error);
  std::vector<Seen> packets;
  while (packets.size() < 3) source->read(64, see, &packets);
  EXPECT_EQ(packets[2].time_ns - packets[0].time_ns, 2'000'000);
}

TEST(Paced, LoopOverAnEmptyCaptureEnds) {
  const Bytes file = pcap_header().bytes;
  SourceMessage error;
  const auto source = make_paced(opener(file), 0, true, error);
  EXPECT_EQ(read_all(*source, 64, 100).state, ReadState::end);
}

TEST(Paced, LoopSaysAWarningOnce) {
  Bytes file = file_with({0, 10});
  file.pop_back();
  SourceMessage error;
  const auto source = make_paced(opener(file), 0, true, error);
  std::vector<Seen> packets;
  int warnings = 0;
  while (packets.size() < 5) {
    source->read(64, see, &packets);
    if (!source->take_warning().code.empty()) ++warnings;
  }
  EXPECT_EQ(warnings, 1);
}

TEST(Paced, WhatFailsBelowFailsHere) {
  SourceMessage error;
  const auto refuse = [](SourceMessage& why) {
    why = {"no-such-file", "gone", ""};
    return std::unique_ptr<PacketSource>();
  };
  EXPECT_EQ(make_paced(refuse, 1, false, error), nullptr);
  EXPECT_EQ(error.code, "no-such-file");

  Bytes file = file_with({0});
  Writer bad;
  bad.u32(1).u32(0).u32(0xffffffff).u32(0);
  file.insert(file.end(), bad.bytes.begin(), bad.bytes.end());
  const auto source = make_paced(opener(file), 0, true, error);
  const Outcome seen = read_all(*source, 64, 100);
  EXPECT_EQ(seen.packets.size(), 1u);
  EXPECT_EQ(seen.state, ReadState::failed);
  EXPECT_EQ(seen.error.code, "bad-file");
}

TEST(Paced, TimesNearTheEndOfTheRangeDoNotOverflow) {
  Writer w;
  section(w);
  interface(w, 1, {{9, {0}}});
  enhanced(w, 0, 0, frame(0, 20));
  enhanced(w, 0, 8'999'999'999, frame(1, 20));
  SourceMessage error;
  const auto source = make_paced(opener(w.bytes), 0, true, error);
  std::vector<Seen> packets;
  while (packets.size() < 10) source->read(64, see, &packets);
  for (const Seen& packet : packets) {
    EXPECT_GE(packet.time_ns, 0);
    EXPECT_LE(packet.time_ns, 9'000'000'000'000'000'000);
  }
}

}  // namespace
}  // namespace panoptes::test
