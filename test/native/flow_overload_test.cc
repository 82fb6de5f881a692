// A table that meets far more flows than it has room for: who goes first, what stays exact, and
// that every packet is in a record.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>
#include <vector>

#include "decode/transport.h"
#include "flow_support.h"
#include "sanitized.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kBudget = 20'000;
constexpr std::uint32_t kSyns = kSanitized ? 100'000 : 1'000'000;
constexpr std::int64_t kMicro = 1'000;

// Packets and bytes of what the client and the server of a flow sent.
struct Volume {
  std::array<std::uint64_t, 2> packets{};
  std::array<std::uint64_t, 2> bytes{};
  bool operator==(const Volume&) const = default;
};

// Adds up what records say, without keeping them. Flows of interest have kServer as their dst;
// those of the flood have other servers.
class Ledger final : public RecordSink {
 public:
  void record(const Flow& flow, const RecordInfo& info) override {
    Volume volume;
    std::int64_t last = 0;
    for (const bool high : {false, true}) {
      const Side* side = flow.sent(high);
      if (side == nullptr) continue;
      const bool dst = high != flow.src_is_high();
      volume.packets[dst] = side->packets;
      volume.bytes[dst] = side->bytes;
      packets += side->packets;
      last = std::max(last, flow.last_ns);
    }
    const auto& dst = flow.src_is_high() ? flow.key.low_addr : flow.key.high_addr;
    const bool known = std::memcmp(dst.data(), "\x0a\0\0\x01", 4) == 0;
    if (info.reason == EndReason::evicted) {
      ++evicted;
      if (known) ++evicted_known;
      if (last < last_evicted_ns) ++evicted_out_of_order;
      last_evicted_ns = last;
    }
    if (!known) return;
    const std::uint16_t port = flow.src_is_high() ? flow.key.high_port : flow.key.low_port;
    Volume& sum = volumes[port];
    for (const std::size_t i : {0U, 1U}) {
      sum.packets[i] += volume.packets[i];
      sum.bytes[i] += volume.bytes[i];
    }
    ids[port].insert(flow.id);
  }

  bool crowded() const override { return full; }

  bool full = false;  // who takes the records
  std::uint64_t packets = 0;
  std::uint64_t evicted = 0;
  std::uint64_t evicted_known = 0;
  std::uint64_t evicted_out_of_order = 0;
  std::int64_t last_evicted_ns = 0;
  std::map<std::uint16_t, Volume> volumes;  // by the client's port
  std::map<std::uint16_t, std::set<std::uint64_t>> ids;
};

// Packets into a tracker, in full batches; knows what it has sent of each flow of interest.
class Sender {
 public:
  explicit Sender(const TrackerOptions& options) : tracker(options, ledger) {
    syn_ = frames::ethernet().ipv4("1.0.0.0", "172.16.0.1").tcp(5000, 80, kSyn).bytes();
  }

  // Of the flow of `port`.
  void client(std::uint16_t port, const frames::Frame& frame) { known(port, 0, frame); }
  void server(std::uint16_t port, const frames::Frame& frame) { known(port, 1, frame); }

  void connect(std::uint16_t port) {
    client(port, from_client(kSyn, 100, 0, port));
    server(port, from_server(kSyn | kAck, 500, 101, port));
    client(port, from_client(kAck, 101, 501, port));
  }
  // One segment each way, of other sizes every time; `round` counts from 0.
  void talk(std::uint16_t port, std::uint32_t round) {
    const std::string question(1 + port % 7, 'q');
    const std::string answer(1 + port % 40, 'a');
    const auto q = static_cast<std::uint32_t>(question.size());
    const auto a = static_cast<std::uint32_t>(answer.size());
    client(port, from_client(kAck, 101 + round * q, 501 + round * a, port).payload(question));
    server(port, from_server(kAck, 501 + round * a, 101 + (round + 1) * q, port).payload(answer));
  }
  // The SYN of a client that nobody has seen.
  void flood() {
    const std::uint32_t n = next_flood_++;
    syn_[26] = static_cast<std::uint8_t>(1 + (n >> 24));
    for (std::size_t i = 0; i < 3; ++i) {
      syn_[27 + i] = static_cast<std::uint8_t>(n >> (16 - 8 * i));
    }
    send(syn_);
  }
  void other(const frames::Frame& frame) { send(frame.bytes()); }
  void finish() {
    flush();
    tracker.finish();
  }
  void flush() {
    tracker.process(std::span(packets_.data(), pending_));
    pending_ = 0;
  }

  Ledger ledger;
  FlowTracker tracker;
  std::int64_t now_ns = kEpoch;
  std::uint64_t sent = 0;
  std::map<std::uint16_t, Volume> truth;

 private:
  void known(std::uint16_t port, std::size_t from, const frames::Frame& frame) {
    const frames::Bytes bytes = frame.bytes();
    ++truth[port].packets[from];
    truth[port].bytes[from] += bytes.size();
    send(bytes);
  }
  void send(const frames::Bytes& frame) {
    frames::Bytes& bytes = bytes_[pending_];
    bytes = frame;
    bytes[18] = static_cast<std::uint8_t>(sent >> 8);  // identification: nothing is a copy
    bytes[19] = static_cast<std::uint8_t>(sent);
    Packet& packet = packets_[pending_];
    const auto size = static_cast<std::uint32_t>(bytes.size());
    ASSERT_EQ(decode({bytes.data(), size, size, now_ns, 1}, packet), Undecoded::none);
    tracker.prepare(packet);
    ++sent;
    now_ns += 5 * kMicro;
    if (++pending_ == FlowTracker::kBatch) flush();
  }

  frames::Bytes syn_;
  std::uint32_t next_flood_ = 0;
  std::array<frames::Bytes, FlowTracker::kBatch> bytes_;
  std::array<Packet, FlowTracker::kBatch> packets_;
  std::size_t pending_ = 0;
};

TrackerOptions small_table(std::int64_t status_interval_ns) {
  TrackerOptions o;
  o.max_flows = kBudget;
  o.status_interval_ns = status_interval_ns;
  o.payload_bytes = 0;
  o.hash_seed = 42;
  return o;
}

constexpr std::uint16_t kBusy = 20'000;    // the first port of connections that talk all the time
constexpr std::uint16_t kQuiet = 21'000;   // of those that say nothing while the flood lasts
constexpr std::uint16_t kAsking = 22'000;  // of UDP clients that have an answer
constexpr std::uint16_t kMany = 100;       // of each

// Known flows and a flood, up to the end. The flows that are in memory just before it.
std::uint32_t flood_known_flows(Sender& s) {
  const auto question = [](std::uint16_t port) { return udp(kClient, port, kServer, 7000); };
  const auto answer = [](std::uint16_t port) { return udp(kServer, 7000, kClient, port); };
  for (std::uint16_t i = 0; i < kMany; ++i) {
    s.connect(kBusy + i);
    s.connect(kQuiet + i);
    s.client(kAsking + i, question(kAsking + i));
    s.server(kAsking + i, answer(kAsking + i));
  }
  std::uint32_t round = 0;
  for (std::uint32_t n = 0; n < kSyns; ++n) {
    s.flood();
    if (n % 10'000 != 0) continue;
    for (std::uint16_t i = 0; i < kMany; ++i) {
      s.talk(kBusy + i, round);
      s.client(kAsking + i, question(kAsking + i));
    }
    ++round;
  }
  s.flush();
  const std::uint32_t at_the_end = s.tracker.flows();
  for (std::uint16_t i = 0; i < kMany; ++i) s.talk(kQuiet + i, 0);
  s.finish();
  return at_the_end;
}

class Flood : public testing::TestWithParam<std::int64_t> {};

TEST_P(Flood, CostsNoEstablishedFlowAPacketOrAByte) {
  Sender s(small_table(GetParam()));
  flood_known_flows(s);
  EXPECT_EQ(s.ledger.volumes.size(), 3U * kMany);
  EXPECT_TRUE(s.ledger.volumes == s.truth);
  EXPECT_EQ(s.ledger.evicted_known, 0U);
  for (const auto& [port, ids] : s.ledger.ids) {
    EXPECT_EQ(ids.size(), 1U) << "port " << port << " is one flow from its begin to its end";
  }
}

TEST_P(Flood, LeavesEveryPacketInARecordAndCountsWhoWent) {
  Sender s(small_table(GetParam()));
  const std::uint32_t at_the_end = flood_known_flows(s);
  EXPECT_EQ(s.ledger.packets, s.sent);
  EXPECT_EQ(at_the_end, kBudget);
  const TrackerCounters& c = s.tracker.counters();
  EXPECT_EQ(c.flows_opened, kSyns + 3U * kMany);
  EXPECT_EQ(c.evicted, c.flows_opened - kBudget) << "nothing else has ended before the end";
  // A flow that was reported at the end of an interval has nothing to say when it goes.
  if (GetParam() == 0) {
    EXPECT_EQ(s.ledger.evicted, c.evicted);
  }
  EXPECT_LE(s.ledger.evicted, c.evicted);
  EXPECT_EQ(s.ledger.evicted_out_of_order, 0U) << "the least recently seen goes first";
}

INSTANTIATE_TEST_SUITE_P(, Flood, testing::Values(0, kSecond), [](const auto& interval) {
  return interval.param == 0 ? "RecordsAtTheEnd" : "RecordsEachSecond";
});

TEST(Overload, KeepsAHalfOpenFlowThatTriesAgain) {
  Sender s(small_table(0));
  const std::uint16_t port = 30'000;
  for (std::uint32_t n = 0; n < 5 * kBudget; ++n) {
    if (n % (kBudget / 2) == 0) s.client(port, from_client(kSyn, 100, 0, port));
    s.flood();
  }
  s.finish();
  EXPECT_EQ(s.ledger.ids[port].size(), 1U);
  EXPECT_TRUE(s.ledger.volumes == s.truth);
  EXPECT_EQ(s.ledger.packets, s.sent);
}

// Three packets of each sender that nobody answers, against a stream that nobody answers either and
// a client that has an answer.
TEST(Overload, AFloodOfFewPacketsEachLeavesStreamsAndAnsweredFlows) {
  Sender s(small_table(0));
  const std::uint16_t stream = 30'000, asking = 30'001, first = 100;
  for (int i = 0; i < 4; ++i) s.client(stream, udp(kClient, stream, kServer, 514));
  s.client(asking, udp(kClient, asking, kServer, 7000));
  s.server(asking, udp(kServer, 7000, kClient, asking));
  for (std::uint32_t n = 0; n < 6 * kBudget; ++n) {
    const auto port = static_cast<std::uint16_t>(first + n % 20'000);
    const std::string other = "2.0." + std::to_string(n / 20'000) + ".1";
    for (int i = 0; i < 3; ++i) s.other(udp(other.c_str(), port, "172.16.0.1", 53000));
  }
  s.client(stream, udp(kClient, stream, kServer, 514));
  s.server(asking, udp(kServer, 7000, kClient, asking));
  s.finish();
  EXPECT_EQ(s.ledger.evicted_known, 0U);
  EXPECT_EQ(s.ledger.ids[stream].size(), 1U);
  EXPECT_EQ(s.ledger.ids[asking].size(), 1U);
  EXPECT_EQ(s.ledger.packets, s.sent);
  EXPECT_EQ(s.tracker.counters().evicted, 5 * kBudget + 2);
}

// At the end of an interval all flows are due at once. What nobody waits for waits.
TEST(Overload, ReportsOfQuietFlowsWaitForRoom) {
  Sender s(small_table(kSecond));
  constexpr std::uint16_t kFlows = 500;
  for (std::uint16_t i = 0; i < kFlows; ++i) {
    s.client(kQuiet + i, udp(kClient, kQuiet + i, kServer, 7000));
  }
  s.flush();
  s.ledger.full = true;
  s.now_ns += 3 * kSecond;
  s.tracker.tick(s.now_ns);
  EXPECT_EQ(s.ledger.packets, 0U);
  s.client(kQuiet, udp(kClient, kQuiet, kServer, 7000));
  s.flush();
  EXPECT_EQ(s.ledger.packets, 1U) << "a packet of a later interval reports its flow first";
  s.ledger.full = false;
  s.tracker.tick(s.now_ns);
  EXPECT_EQ(s.ledger.packets, kFlows);
  s.ledger.full = true;
  s.now_ns += 200 * kSecond;
  s.tracker.tick(s.now_ns);
  EXPECT_EQ(s.tracker.flows(), kFlows) << "idle flows wait as well";
  s.finish();
  EXPECT_TRUE(s.ledger.volumes == s.truth);
  for (const auto& [port, ids] : s.ledger.ids) EXPECT_EQ(ids.size(), 1U) << port;
}

// A link's packets wait while flows are looked at.
TEST(Overload, FlowsThatAreDueTakeTurnsWithPackets) {
  Sender s(small_table(kSecond));
  s.tracker.take_turns();
  constexpr std::uint32_t kFlows = 10'000;
  for (std::uint32_t n = 0; n < kFlows; ++n) s.flood();
  s.flush();
  s.now_ns += 3 * kSecond;
  for (std::uint32_t i = 0; i < FlowTracker::kBatch; ++i) s.flood();
  EXPECT_EQ(s.ledger.packets, FlowTracker::kBatch / 16);
  EXPECT_TRUE(s.tracker.has_due());
  int ticks = 0;
  for (; s.tracker.has_due(); ++ticks) {
    const std::uint64_t before = s.ledger.packets;
    s.now_ns += FlowTracker::kTurnNs;
    s.tracker.tick(s.now_ns);
    EXPECT_LE(s.ledger.packets - before, 1024U);
    const std::uint64_t after = s.ledger.packets;
    s.tracker.tick(s.now_ns + 1);
    EXPECT_EQ(s.ledger.packets, after) << "not again at once";
  }
  EXPECT_GE(ticks, 9);
  EXPECT_EQ(s.ledger.packets, kFlows);
}

TEST(Overload, TakesOneEstablishedFlowWhereThereIsNothingElse) {
  TrackerOptions o = small_table(0);
  o.max_flows = 500;
  Sender s(o);
  for (std::uint16_t i = 0; i < 500; ++i) s.connect(20'000 + i);
  for (std::uint32_t n = 0; n < 50'000; ++n) s.flood();
  s.finish();
  EXPECT_EQ(s.ledger.evicted_known, 1U) << "then there is the flood itself";
  EXPECT_TRUE(s.ledger.volumes == s.truth);
  EXPECT_EQ(s.ledger.packets, s.sent);
}

TEST(Overload, CountsAConnectionThatWentAndTalksOnAsANewFlow) {
  TrackerOptions o = small_table(0);
  o.max_flows = 16;
  Sender s(o);
  for (std::uint16_t i = 0; i < 32; ++i) s.connect(20'000 + i);
  for (std::uint16_t i = 0; i < 32; ++i) s.talk(20'000 + i, 0);
  s.finish();
  EXPECT_GT(s.ledger.evicted_known, 0U);
  EXPECT_EQ(s.tracker.counters().evicted, s.tracker.counters().flows_opened - 16);
  EXPECT_TRUE(s.ledger.volumes == s.truth) << "the sum over its records is exact nevertheless";
  EXPECT_EQ(s.ledger.packets, s.sent);
}

// Some of what few flows need, more often than there is room for it, at once.
TEST(Overload, CountsWhatFoundNoRoomAndLeavesEverythingElseRight) {
  TrackerOptions o = small_table(kSecond);
  o.tcp_holes = 1;
  o.max_extras = 2;
  Sender s(o);
  constexpr std::uint16_t kHoles = 20'000;
  constexpr std::uint16_t kTunnels = 21'000;
  constexpr std::uint16_t kPlain = 22'000;
  const auto in_tunnel = [](std::uint16_t port) {
    return frames::ethernet()
        .ipv4("192.0.2.1", "192.0.2.2")
        .ipv4(kClient, kServer)
        .udp(port, 53000);
  };
  for (std::uint16_t i = 0; i < 5; ++i) {
    s.connect(kHoles + i);
    s.connect(kPlain + i);
    s.client(kTunnels + i, in_tunnel(kTunnels + i));
  }
  // Three holes, of which one is remembered; then what fills the lowest.
  for (std::uint16_t i = 0; i < 5; ++i) {
    const std::uint16_t port = kHoles + i;
    for (const std::uint32_t at : {200U, 300U, 400U}) {
      s.client(port, from_client(kAck, 101 + at, 501, port).payload(50, 'x'));
    }
    s.client(port, from_client(kAck, 101, 501, port).payload(200, 'x'));
    s.talk(kPlain + i, 0);
  }
  s.finish();
  EXPECT_EQ(s.tracker.tcp_counters().hole_overflow, 5U * 2);
  EXPECT_EQ(s.tracker.counters().extra_skipped, 5U - 2);
  EXPECT_EQ(s.tracker.counters().evicted, 0U);
  EXPECT_EQ(s.ledger.volumes.size(), 15U);
  EXPECT_TRUE(s.ledger.volumes == s.truth);
  EXPECT_EQ(s.ledger.packets, s.sent);
}

}  // namespace
}  // namespace panoptes
