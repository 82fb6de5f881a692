// Records become columns: bounds, numbers, and a golden file that the TypeScript side reads as
// well.
#include "batch/batch_builder.h"

#include <gtest/gtest.h>

#include <protozero/pbf_reader.hpp>

#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "base/wide_vectors.h"
#include "batch/columns.h"
#include "batch/messages.h"
#include "batch_gap_traffic.h"
#include "batch_rare_traffic.h"
#include "batch_record_json.h"
#include "batch_rtp_traffic.h"
#include "batch_tcp_records.h"
#include "flow_support.h"

namespace panoptes {
namespace {

class Frames final : public BatchOutlet {
 public:
  void batch(std::unique_ptr<EncodedBatch> batch) override {
    batch->set_numbers(frames.size() + 1, records + 1);
    records += batch->records;
    packets += batch->packets;
    frames.emplace_back(batch->data(), batch->size());
  }
  std::vector<std::string> frames;
  std::uint64_t records = 0;
  std::uint64_t packets = 0;
};

// One record to two sinks: the builder under test, and copies to compare with.
class Tee final : public RecordSink {
 public:
  Tee(RecordSink& a, RecordSink& b) : a_(a), b_(b) {}
  void record(const Flow& flow, const RecordInfo& info) override {
    a_.record(flow, info);
    b_.record(flow, info);
  }

 private:
  RecordSink& a_;
  RecordSink& b_;
};

// Deterministic traffic of every kind that is decoded, over twelve seconds.
template <typename Send>
void varied_traffic(const Send& send) {
  std::mt19937 engine(11);
  const auto draw = [&](unsigned below) { return static_cast<unsigned>(engine() % below); };
  const frames::Bytes offer = {2, 4, 5, 0xb4, 1, 1, 4, 2, 3, 3, 7};
  double now = 1;
  for (int i = 0; i < 2600; ++i) {
    now += 1e-6 * (1 + draw(9000));
    // One draw a statement: the order within an expression is the compiler's.
    const std::string network = std::to_string(draw(2));
    const std::string host = std::to_string(1 + draw(3));
    const std::string client = "10.1." + network + "." + host;
    const std::string server = "192.0.2." + std::to_string(1 + draw(2));
    const auto port = static_cast<std::uint16_t>(1024 + draw(4));
    const auto ttl = static_cast<std::uint8_t>(60 + draw(3));
    const bool back = draw(2) != 0;
    const std::string& src = back ? server : client;
    const std::string& dst = back ? client : server;
    const auto ip = [&] {
      return frames::ethernet().ipv4(src, dst,
                                     {.ttl = ttl, .id = static_cast<std::uint16_t>(draw(0xffff))});
    };
    switch (draw(12)) {
      case 0:
      case 1:
      case 2:
      case 3: {
        const bool syn = draw(3) == 0;
        const auto flags = static_cast<std::uint8_t>(syn ? (back ? kSyn | kAck : kSyn)
                                                         : kAck | (draw(20) == 0 ? kFin : 0));
        send(now, ip().tcp(back ? 443 : port, back ? port : 443, flags,
                           {.seq = draw(0x7fffffff),
                            .ack = draw(0x7fffffff),
                            .window = static_cast<std::uint16_t>(draw(3) * 20000),
                            .options = syn ? offer : frames::Bytes{}})
                      .payload(syn ? 0 : draw(1400)));
        break;
      }
      case 4:
      case 5:
        send(now, ip().udp(back ? 7000 : port, back ? port : 7000).payload("data"));
        break;
      case 6:
        send(now, ip().udp(back ? 53 : port, back ? port : 53)
                      .dns(static_cast<std::uint16_t>(draw(50)), back));
        break;
      case 7:
        send(now, ip().icmp(back ? 0 : 8, 0, static_cast<std::uint16_t>(draw(9)), 1).payload(56));
        break;
      case 8:
        send(now, frames::ethernet()
                      .vlan(static_cast<std::uint16_t>(10 + draw(3)), 2)
                      .ipv6("2001:db8::" + std::to_string(1 + draw(20)), "2001:db8::ff")
                      .udp(port, 4000)
                      .payload(draw(30)));
        break;
      case 9:
        send(now, frames::ethernet().arp(1, client, server));
        break;
      case 10:
        send(now, frames::ethernet({2, 0, 0, 0, 1, static_cast<std::uint8_t>(draw(9))})
                      .ethertype(0x88cc)
                      .payload(draw(80)));
        break;
      default:
        send(now, frames::ethernet()
                      .vlan(7)
                      .vlan(9)
                      .ipv4(src, dst, {.tos = 3, .fragment = 0x2000})
                      .udp(port, 9)
                      .payload(64));
        break;
    }
  }
}

void give(FlowTracker& tracker, double at, const frames::Frame& frame) {
  const frames::Bytes data = frame.bytes(60);
  Packet p;
  const auto size = static_cast<std::uint32_t>(data.size());
  ASSERT_EQ(decode({data.data(), size, size, Trace::at(at), 1}, p), Undecoded::none);
  tracker.prepare(p);
  tracker.process(std::span(&p, 1));
}

TrackerOptions golden_options() {
  TrackerOptions o;
  o.max_flows = 150;
  o.payload_bytes = 24;
  o.hash_seed = 1;
  return o;
}

std::string golden_path(const char* name) {
  return std::string(PANOPTES_TEST_DIR) + "/golden/batch/" + name;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

// The files are compared byte by byte; PANOPTES_UPDATE_GOLDEN=1 writes them anew after a meant
// change.
void expect_golden(const char* name, const std::string& made) {
  if (std::getenv("PANOPTES_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(golden_path(name), std::ios::binary)
        .write(made.data(), static_cast<std::streamsize>(made.size()));
  }
  EXPECT_TRUE(read_file(golden_path(name)) == made) << golden_path(name) << " differs";
}

struct Golden {
  std::string batches;
  std::string records;
};

Golden golden() {
  Frames frames;
  BatchBuilder builder(frames);
  Records records;
  Tee tee(builder, records);
  FlowTracker tracker(golden_options(), tee);
  std::uint64_t sent = 0;
  const auto send = [&](double at, const frames::Frame& frame) {
    give(tracker, at, frame);
    ++sent;
  };
  varied_traffic(send);
  rare_traffic(20, send);
  tcp_trouble(35, send);
  gap_traffic(300, send);
  rtp_traffic(400, send);
  tracker.finish();
  tcp_records(tee, 80, Trace::at(40));
  sent += 2 * 80;
  untold_gaps(tee, 4, Trace::at(41));
  sent += 4;
  builder.flush();
  EXPECT_EQ(frames.packets, sent);
  EXPECT_EQ(frames.records, records.all.size());
  EXPECT_GE(frames.frames.size(), 2U);

  std::string bytes = "PANOPTES";
  for (const std::string& frame : frames.frames) {
    for (std::size_t n = frame.size();; n >>= 7) {
      bytes += static_cast<char>(n > 0x7f ? (n & 0x7f) | 0x80 : n);
      if (n <= 0x7f) break;
    }
    bytes += frame;
  }
  std::string lines;
  for (const Record& r : records.all) lines += record_json(r) + '\n';
  return {bytes, lines};
}

TEST(BatchBuilder, WritesTheGoldenBatches) {
  const Golden made = golden();
  expect_golden("batches.pan", made.batches);
  expect_golden("records.jsonl", made.records);
}

TEST(BatchBuilder, WritesTheSameOnEveryProcessor) {
  const bool wide = wide_vectors;
  if (!wide) GTEST_SKIP() << "this one has no wide vectors";
  const Golden made = golden();
  wide_vectors = false;
  EXPECT_TRUE(golden().batches == made.batches);
  wide_vectors = wide;
}

// So that a reader of the columns does not walk over their values.
TEST(BatchBuilder, PutsTheValuesOfAllColumnsBehindTheColumns) {
  Frames frames;
  BatchBuilder builder(frames);
  FlowTracker tracker(golden_options(), builder);
  varied_traffic([&](double at, const frames::Frame& frame) { give(tracker, at, frame); });
  tracker.finish();
  builder.flush();
  ASSERT_GE(frames.frames.size(), 2U);
  for (const std::string& frame : frames.frames) {
    protozero::pbf_reader reader(frame);
    ASSERT_TRUE(reader.next(2));
    protozero::pbf_reader batch = reader.get_message();
    std::size_t told = 0;
    std::size_t columns = 0;
    std::size_t values = 0;
    while (batch.next()) {
      if (batch.tag() == 5) {
        EXPECT_EQ(values, 0U) << "a column behind the values";
        protozero::pbf_reader column = batch.get_message();
        ++columns;
        if (column.next(13)) told += column.get_uint32();
      } else if (batch.tag() == 12) {
        values = batch.get_view().size();
      } else {
        batch.skip();
      }
    }
    EXPECT_GT(columns, 40U);
    EXPECT_GT(values, 1000U);
    EXPECT_EQ(told, values);
  }
}

TEST(BatchBuilder, SendsABatchWhenItIsFull) {
  Frames frames;
  BatchBuilder builder(frames);
  FlowTracker tracker({}, builder);
  Flow flow{};
  flow.key.kind = FlowKind::ipv4;
  flow.life = kLifeLowSent;
  flow.side[0].packets = 1;
  for (std::uint32_t i = 0; i < kMaxRows; ++i) {
    EXPECT_TRUE(frames.frames.empty());
    builder.record(flow, {Cause::end, EndReason::idle, {}, {}});
  }
  EXPECT_EQ(frames.frames.size(), 1U);
  EXPECT_EQ(builder.rows(), 0U);
  builder.flush();
  EXPECT_EQ(frames.frames.size(), 1U) << "an empty batch is not sent";
}

TEST(BatchBuilder, LeavesOutRecordsWithoutPackets) {
  Frames frames;
  BatchBuilder builder(frames);
  Flow flow{};
  builder.record(flow, {Cause::end, EndReason::idle, {}, {}});
  EXPECT_EQ(builder.rows(), 0U);
}

TEST(BatchBuilder, KeepsARecordThatTellsOfIcmpErrorsAlone) {
  Frames frames;
  BatchBuilder builder(frames);
  Flow flow{};
  flow.key.kind = FlowKind::ipv4;
  FlowExtra extra{};
  builder.record(flow, {Cause::status, EndReason::none, {}, {}, &extra});
  EXPECT_EQ(builder.rows(), 0U) << "an extra without errors has nothing to tell";
  extra.icmp_errors = 1;
  builder.record(flow, {Cause::status, EndReason::none, {}, {}, &extra});
  EXPECT_EQ(builder.rows(), 1U);
  builder.flush();
  EXPECT_EQ(frames.records, 1U);
  EXPECT_EQ(frames.packets, 0U);
}

TEST(BatchBuilder, KeepsARecordThatTellsOfAGapAloneAtTheTimeOfTheLastPacket) {
  Frames frames;
  BatchBuilder builder(frames);
  Flow flow{};
  flow.key.kind = FlowKind::ipv4;
  flow.key.protocol = 6;
  flow.last_ns = 7'000'000'000;
  TcpRecord tcp{};
  tcp.side[1].gap_bytes = 300;
  builder.record(flow, {Cause::end, EndReason::idle, {}, {}, nullptr, &tcp});
  EXPECT_EQ(builder.rows(), 1U);
  builder.flush();
  EXPECT_EQ(frames.records, 1U);
  EXPECT_EQ(frames.packets, 0U);
}

// Every address of every row another one, and all that a row can name.
TEST(BatchBuilder, HasRoomForEveryAddressOfAFullBatch) {
  Frames frames;
  BatchBuilder builder(frames);
  std::uint32_t next = 1;
  const auto put = [&next](std::uint8_t* address) {
    const std::uint32_t value = next++;
    std::memcpy(address, &value, sizeof value);
  };
  for (std::uint32_t i = 0; i < kMaxRows; ++i) {
    Flow flow{};
    flow.key.kind = FlowKind::ipv6;
    flow.life = kLifeLowSent;
    flow.side[0].packets = 1;
    flow.side[0].seen = kSeenMac;
    put(flow.key.low_addr.data());
    put(flow.key.high_addr.data());
    put(flow.mac[0]);
    put(flow.mac[1]);
    FlowExtra extra{};
    extra.tunnel_type = TunnelType::sixin6;
    extra.icmp_errors = 1;
    extra.seen = kExtraTunnelIpv6 | kExtraReporterIpv6;
    put(extra.tunnel_src);
    put(extra.tunnel_dst);
    put(extra.reporter);
    builder.record(flow, {Cause::end, EndReason::idle, {}, {}, &extra});
  }
  EXPECT_EQ(frames.records, kMaxRows);
  ASSERT_EQ(frames.frames.size(), 1U);
  EXPECT_GT(frames.frames[0].size(), kMaxRows * (5U * 16 + 2 * 6));
}

TEST(Messages, NameEveryUndecodedReasonOnceAndCountItsPackets) {
  StatusReport status;
  for (std::size_t i = 1; i < kUndecodedReasons; ++i) status.undecoded[i] = i;
  const std::string bytes = encode_status(status);
  for (std::size_t i = 1; i < kUndecodedReasons; ++i) {
    const std::string reason(name(static_cast<Undecoded>(i)));
    ASSERT_FALSE(reason.empty());
    const std::size_t at = bytes.find(reason);
    ASSERT_NE(at, std::string::npos) << reason;
    EXPECT_EQ(bytes.find(reason, at + 1), std::string::npos);
    EXPECT_EQ(static_cast<std::size_t>(bytes[at + reason.size() + 1]), i)
        << "packets behind the name";
  }
}

}  // namespace
}  // namespace panoptes
