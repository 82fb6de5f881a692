// Feeds: capture bytes from another thread.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "capture_bytes.h"

namespace panoptes::test {
namespace {

std::unique_ptr<PacketSource> open(const std::shared_ptr<Feed>& feed, bool live) {
  SourceMessage error;
  return open_feed("feed", feed, live, "", error);
}

TEST(Feed, LiveFeedIsIdleUntilBytesComeAndAfterThem) {
  auto feed = std::make_shared<Feed>();
  const auto source = open(feed, true);
  EXPECT_TRUE(source->live());
  std::vector<Seen> packets;
  EXPECT_EQ(source->read(64, see, &packets), ReadState::idle);
  Writer w = pcap_header(kNano);
  pcap_packet(w, 1, 2, frame(0, 30));
  feed->push(w.bytes.data(), w.bytes.size(), {});
  source->wait(-1);  // returns: there is something
  EXPECT_EQ(source->read(64, see, &packets), ReadState::more);
  ASSERT_EQ(packets.size(), 1u);
  EXPECT_EQ(packets[0].time_ns, 1'000'000'002);
  EXPECT_EQ(source->read(64, see, &packets), ReadState::idle);
  feed->end();
  EXPECT_EQ(source->read(64, see, &packets), ReadState::end);
}

TEST(Feed, InterruptEndsAWaitAndABlockingRead) {
  for (const bool live : {true, false}) {
    auto feed = std::make_shared<Feed>();
    const auto source = open(feed, live);
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      source->interrupt();
    });
    std::vector<Seen> packets;
    if (live) {
      source->wait(-1);
    } else {
      EXPECT_EQ(source->read(64, see, &packets), ReadState::more);
    }
    other.join();
  }
}

TEST(Feed, ReleasesEachChunkOnceAndSaysWhenItHasRoomAgain) {
  Writer w = pcap_header();
  constexpr std::size_t kPackets = 40'000;
  for (std::size_t i = 0; i < kPackets; ++i) pcap_packet(w, 1, 0, frame(i, 300));
  auto feed = std::make_shared<Feed>();
  std::mutex mutex;
  std::condition_variable changed;
  bool room = true;
  feed->set_drained([&] {
    const std::lock_guard lock(mutex);
    room = true;
    changed.notify_one();
  });
  std::atomic<std::size_t> released = 0;
  std::size_t pushed = 0;
  std::size_t refused = 0;
  std::thread writer([&] {
    constexpr std::size_t kPiece = 99'991;
    for (std::size_t at = 0; at < w.bytes.size(); at += kPiece) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return room; });
      room = false;
      lock.unlock();
      ++pushed;
      const bool more = feed->push(w.bytes.data() + at, std::min(kPiece, w.bytes.size() - at),
                                   [&] { ++released; });
      if (more) {
        const std::lock_guard again(mutex);
        room = true;
      } else {
        ++refused;
      }
    }
    feed->end();
  });
  const auto source = open(feed, false);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // lets the writer fill it
  const Outcome seen = read_all(*source);
  writer.join();
  EXPECT_EQ(seen.state, ReadState::end);
  ASSERT_EQ(seen.packets.size(), kPackets);
  EXPECT_EQ(seen.packets.back().data, frame(kPackets - 1, 300));
  EXPECT_EQ(released, pushed);
  EXPECT_GT(refused, 0u);
}

TEST(Feed, FullFeedTakesTheChunkAndRefusesMore) {
  auto feed = std::make_shared<Feed>();
  const Bytes chunk(Feed::kMostBytes / 2);
  EXPECT_TRUE(feed->push(chunk.data(), chunk.size(), {}));
  EXPECT_FALSE(feed->push(chunk.data(), chunk.size(), {}));
}

TEST(Feed, SourceThatGoesReleasesWhatIsLeftAndWakesTheWriter) {
  auto feed = std::make_shared<Feed>();
  const Bytes chunk(Feed::kMostBytes);
  int released = 0;
  int drained = 0;
  feed->set_drained([&] { ++drained; });
  auto source = open(feed, false);
  EXPECT_FALSE(feed->push(chunk.data(), chunk.size(), [&] { ++released; }));
  EXPECT_EQ(released, 0);
  source.reset();
  EXPECT_EQ(released, 1);
  EXPECT_EQ(drained, 1);
  EXPECT_TRUE(feed->push(chunk.data(), chunk.size(), [&] { ++released; }));
  EXPECT_EQ(released, 2);
}

TEST(Feed, EndInTheMiddleOfAPacketIsACut) {
  Writer w = pcap_header();
  pcap_packet(w, 1, 0, frame(0, 30));
  w.bytes.pop_back();
  const Outcome seen = read_bytes(w.bytes);
  ASSERT_EQ(seen.warnings.size(), 1u);
  EXPECT_EQ(seen.warnings[0].code, "cut-file");
}

TEST(Feed, BadFilterIsRefusedAtOnce) {
  SourceMessage error;
  EXPECT_EQ(open_feed("feed", std::make_shared<Feed>(), true, "nonsense (", error), nullptr);
  EXPECT_EQ(error.code, "bad-capture-filter");
}

}  // namespace
}  // namespace panoptes::test
