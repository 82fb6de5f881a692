// The worker copies of each packet what the payload rules of its flow need, where the source does
// not keep it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "frames.h"
#include "probe/worker.h"

namespace panoptes {
namespace {

using frames::Bytes;

// A link whose one buffer is used again for the next packet.
class FickleSource final : public PacketSource {
 public:
  explicit FickleSource(std::vector<Bytes> packets) : packets_(std::move(packets)) {}
  ReadState read(std::size_t, PacketSink sink, void* context) override {
    Bytes buffer(4096);
    for (std::size_t i = 0; i < packets_.size(); ++i) {
      std::copy(packets_[i].begin(), packets_[i].end(), buffer.begin());
      const auto size = static_cast<std::uint32_t>(packets_[i].size());
      const auto time = static_cast<std::int64_t>(1'700'000'000'000'000'000 + i * 1000);
      sink(context, {buffer.data(), size, size, time, 1});
      std::fill(buffer.begin(), buffer.end(), std::uint8_t{'#'});
    }
    return ReadState::end;
  }
  void wait(int) override {}
  void interrupt() override {}
  const std::string& name() const override { return name_; }
  bool live() const override { return false; }
  bool stable() const override { return false; }
  SourceCounters counters() override { return {}; }
  const SourceMessage& error() const override { return error_; }
  SourceMessage take_warning() override { return {}; }

 private:
  std::vector<Bytes> packets_;
  std::string name_ = "fickle";
  SourceMessage error_;
};

// The bytes of all batches.
std::string measured(const std::vector<Bytes>& packets, const WorkerOptions& options) {
  ItemQueue queue({.batches = 16}, [] {});
  std::vector<NamedSource> sources;
  sources.push_back(
      {"fickle", [&](SourceMessage&) { return std::make_unique<FickleSource>(packets); }});
  Worker worker(std::move(sources), options, queue,
                {.interval = [](AccountMode) {}, .done = [] {}});
  worker.start();
  worker.join();
  std::string all;
  for (Item item; queue.take(item);) {
    if (item.kind == Item::Kind::batch) all.append(item.batch->data(), item.batch->size());
  }
  return all;
}

std::vector<Bytes> packets() {
  const auto udp = [](std::uint16_t port, std::uint8_t fill) {
    return frames::ethernet().ipv4("10.0.0.9", "10.0.0.1").udp(40000, port).payload(900, fill);
  };
  return {udp(700, 'x').bytes(), udp(701, 'y').bytes(), udp(700, 'z').bytes()};
}

bool has(const std::string& bytes, std::size_t count, char of) {
  return bytes.find(std::string(count, of)) != std::string::npos;
}

TEST(WorkerPayload, IsCopiedAsFarAsTheRuleOfTheFlowNeeds) {
  WorkerOptions options;
  options.tracker.max_flows = 100;
  options.tracker.payload_bytes = 70;
  options.tracker.payload_rules = {{.port_low = 700, .port_high = 700, .bytes = 1000}};
  const std::string kept = measured(packets(), options);
  EXPECT_TRUE(has(kept, 900, 'x'));
  EXPECT_TRUE(has(kept, 100, 'z') && !has(kept, 101, 'z')) << "1000 in all";
  EXPECT_TRUE(has(kept, 70, 'y') && !has(kept, 71, 'y'));
  EXPECT_FALSE(has(kept, 8, '#')) << "none of it is read when the packet is gone";
}

TEST(WorkerPayload, ThatIsNotKeptIsInNoBatch) {
  WorkerOptions options;
  options.tracker.max_flows = 100;
  options.tracker.payload_bytes = 0;
  const std::string kept = measured(packets(), options);
  EXPECT_FALSE(kept.empty());
  EXPECT_FALSE(has(kept, 4, 'x') || has(kept, 4, 'y') || has(kept, 8, '#'));
}

// What is left of a datagram of `payload` bytes that begin with `first`, behind the copy.
std::uint32_t kept_of(std::uint8_t first, std::size_t payload) {
  Bytes bytes(payload, first);
  const Bytes frame = frames::ethernet()
                          .ipv4("10.0.0.9", "10.0.0.1")
                          .udp(40000, 5004)
                          .bytes_as_they_are(bytes)
                          .bytes();
  Packet p;
  const auto size = static_cast<std::uint32_t>(frame.size());
  EXPECT_EQ(decode({frame.data(), size, size, 1'700'000'000'000'000'000, 1}, p), Undecoded::none);
  KeptBytes kept;
  EXPECT_TRUE(kept.keep(p, PayloadRules({}, 64, false)));
  EXPECT_TRUE(std::all_of(p.payload, p.payload + p.payload_captured,
                          [&](std::uint8_t byte) { return byte == first; }));
  EXPECT_TRUE(p.payload < frame.data() || p.payload >= frame.data() + frame.size());
  return p.payload_captured;
}

TEST(WorkerPayload, IsCopiedWholeWhereItMayBeRtpOrRtcp) {
  EXPECT_EQ(kept_of(0x80, 500), 500U) << "version 2: its end says how much is padding";
  EXPECT_EQ(kept_of(0x40, 500), 64U);
  EXPECT_EQ(kept_of(0x40, 50), 50U);
}

TEST(WorkerPayload, IsNotCopiedWhereThereIsNoRoomLeft) {
  const Bytes frame =
      frames::ethernet().ipv4("10.0.0.9", "10.0.0.1").udp(1, 2).payload(1000, 0x80).bytes();
  const auto size = static_cast<std::uint32_t>(frame.size());
  Packet p;
  ASSERT_EQ(decode({frame.data(), size, size, 1'700'000'000'000'000'000, 1}, p), Undecoded::none);
  KeptBytes kept;
  const PayloadRules rules({}, 64, false);
  int fit = 0;
  for (Packet copy = p; kept.keep(copy, rules); copy = p) ++fit;
  EXPECT_EQ(fit, (256 << 10) / 1000);
  Packet copy = p;
  kept.clear();
  EXPECT_TRUE(kept.keep(copy, rules));
}

}  // namespace
}  // namespace panoptes
