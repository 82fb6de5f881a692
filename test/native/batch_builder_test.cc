// Records become columns: bounds, numbers, and a golden file that the TypeScript side reads as
// well.
#include "batch/batch_builder.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "batch/columns.h"
#include "batch/messages.h"
#include "batch_rare_traffic.h"
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

TrackerOptions golden_options() {
  TrackerOptions o;
  o.max_flows = 150;
  o.payload_bytes = 24;
  o.hash_seed = 1;
  return o;
}

// --- the record as JSON, straight from the account: the other half of the golden file

class Json {
 public:
  void number(const char* name, std::uint64_t v) { add(name, std::to_string(v)); }
  void signed_number(const char* name, std::int64_t v) { add(name, std::to_string(v)); }
  void real(const char* name, double v) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", v);
    add(name, text);
  }
  void text(const char* name, const std::string& v) { add(name, '"' + v + '"'); }
  std::string line() const { return '{' + body_ + '}'; }

 private:
  void add(const char* name, const std::string& value) {
    if (!body_.empty()) body_ += ',';
    body_ += std::string("\"") + name + "\":" + value;
  }
  std::string body_;
};

std::string hex(const std::uint8_t* bytes, std::size_t n, const char* between = "") {
  std::string out;
  char text[3];
  for (std::size_t i = 0; i < n; ++i) {
    std::snprintf(text, sizeof text, "%02x", bytes[i]);
    if (i != 0) out += between;
    out += text;
  }
  return out;
}

std::string ip_text(const std::uint8_t* address, bool ipv6) {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(ipv6 ? AF_INET6 : AF_INET, address, text, sizeof text);
  return text;
}

std::string address_text(const FlowKey& key, bool high) {
  const auto& address = high ? key.high_addr : key.low_addr;
  if (key.kind == FlowKind::ethernet || key.kind == FlowKind::rarp)
    return hex(address.data(), 6, ":");
  return ip_text(address.data(), key.kind == FlowKind::ipv6);
}

void extra_json(Json& json, const Record& r) {
  const FlowExtra& e = r.extra;
  const bool src = r.flow.src_is_high();
  if (e.tunnel_type != TunnelType::none) {
    const bool ipv6 = (e.seen & kExtraTunnelIpv6) != 0;
    const bool turned = ((e.seen & kExtraTunnelSrcIsHigh) != 0) != src;
    json.number("tunnelType", static_cast<std::uint64_t>(e.tunnel_type));
    json.text("tunnelSrc", ip_text(turned ? e.tunnel_dst : e.tunnel_src, ipv6));
    json.text("tunnelDst", ip_text(turned ? e.tunnel_src : e.tunnel_dst, ipv6));
    if ((e.seen & kExtraTunnelHasId) != 0) json.number("tunnelId", e.tunnel_id);
    if (e.tunnel_depth > 1) json.number("tunnelDepth", e.tunnel_depth);
  }
  if (e.icmp_errors != 0) {
    json.number("icmpErrors", e.icmp_errors);
    json.number("icmpErrorType", e.icmp_error_type);
    json.number("icmpErrorCode", e.icmp_error_code);
    json.text("inode", ip_text(e.reporter, (e.seen & kExtraReporterIpv6) != 0));
    json.signed_number("icmpErrorNs", e.icmp_error_ns - kEpoch);
  }
  if (e.quic_version != 0) json.number("quicVersion", e.quic_version);
  for (const bool high : {false, true}) {
    const bool is_src = high == src;
    if ((e.seen & (high ? kExtraHighMpls : kExtraLowMpls)) != 0) {
      const auto* label = e.mpls[high];
      json.number(is_src ? "srcMpls" : "dstMpls",
                  std::uint64_t{label[0]} << 16 | std::uint64_t{label[1]} << 8 | label[2]);
    }
    if (e.duplicates[high] != 0) {
      json.number(is_src ? "srcDuplicates" : "dstDuplicates", e.duplicates[high]);
    }
  }
}

void side_json(Json& json, const Record& r, bool is_src) {
  const Flow& f = r.flow;
  const bool high = f.src_is_high() == is_src;
  const Side* s = is_src ? r.src() : r.dst();
  const auto name = [&](const char* suffix) {
    return (is_src ? std::string("src") : std::string("dst")) + suffix;
  };
  json.number(name("Packets").c_str(), s != nullptr ? s->packets : 0);
  json.number(name("Bytes").c_str(), s != nullptr ? s->bytes : 0);
  json.number(name("AppBytes").c_str(), s != nullptr ? s->app_bytes : 0);
  const std::string& payload = is_src ? r.src_payload : r.dst_payload;
  if (!payload.empty()) {
    json.text(name("Payload").c_str(),
              hex(reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()));
  }
  if (s == nullptr) return;
  json.signed_number(name("FirstNs").c_str(), s->first_ns - kEpoch);
  json.signed_number(name("LastNs").c_str(), s->last_ns - kEpoch);
  json.number(name("MinSize").c_str(), s->min_size);
  json.number(name("MaxSize").c_str(), s->max_size);
  json.number(name("Fragments").c_str(), r.extra.fragments[high]);
  json.number(name("CePackets").c_str(), r.extra.ce_packets[high]);
  if ((s->seen & kSeenMac) != 0) json.text(name("Mac").c_str(), hex(f.mac[high], 6, ":"));
  if ((s->seen & kSeenVlan) != 0) json.number(name("Vlan").c_str(), f.vlan[high]);
  if (s->ip_flags != 0) json.number(name("IpFlags").c_str(), s->ip_flags);
  if (f.key.kind == FlowKind::ipv4 || f.key.kind == FlowKind::ipv6) {
    json.number(name("Ttl").c_str(), s->ttl);
    json.number(name("TtlMin").c_str(), s->ttl_min);
    json.number(name("TtlMax").c_str(), s->ttl_max);
    json.number(name("Tos").c_str(), s->tos);
  }
  if (f.key.kind == FlowKind::ipv4) json.number(name("IpId").c_str(), s->ip_id);
  if (s->gap_lead >= 0) json.signed_number(name("GapLead").c_str(), s->gap_lead);
  json.number(name("GapCount").c_str(), gap_count(*s));
  if (gap_count(*s) > 0) {
    json.signed_number(name("GapMin").c_str(), s->gap_min);
    json.signed_number(name("GapMax").c_str(), s->gap_max);
    json.real(name("GapMean").c_str(), static_cast<double>(gap_sum(*s)) / gap_count(*s));
    json.real(name("GapM2").c_str(), s->gap_m2);
  }
  if ((s->seen & kSeenTcp) == 0) return;
  json.number(name("TcpFlags").c_str(), s->tcp_flags);
  json.number(name("TcpOptions").c_str(), s->tcp_options);
  json.number(name("TcpBase").c_str(), s->tcp.base);
  if (s->mss != 0) json.number(name("Mss").c_str(), s->mss);
  if (s->window_shift != 0xff) json.number(name("WindowShift").c_str(), s->window_shift);
  const unsigned shift = (s->seen & kSeenScaledWindow) != 0 ? s->window_shift : 0;
  if ((s->seen & kSeenWindow) != 0) {
    json.number(name("ScaledWindow").c_str(), std::uint64_t{s->tcp.window} << shift);
  }
}

void tcp_json(Json& json, const Record& r, bool is_src) {
  const bool high = r.flow.src_is_high() == is_src;
  const TcpCounters& c = r.tcp.side[high];
  const TcpRtt& rtt = r.tcp.rtt[high];
  const auto number = [&](const char* suffix, std::uint64_t value) {
    if (value != 0) json.number(((is_src ? "src" : "dst") + std::string(suffix)).c_str(), value);
  };
  const auto real = [&](const char* suffix, double value) {
    json.real(((is_src ? "src" : "dst") + std::string(suffix)).c_str(), value);
  };
  number("Retrans", c.retrans);
  number("RetransBytes", c.retrans_bytes);
  number("Spurious", c.spurious);
  number("LostBefore", c.lost_before);
  number("OutOfOrder", c.out_of_order);
  number("KeepAlives", c.keep_alives);
  number("DupAcks", c.dup_acks);
  number("ZeroWindows", c.zero_windows);
  number("GapBytes", c.gap_bytes);
  number("Stalled", static_cast<std::uint64_t>(c.stalled_ns));
  number("SynRepeats", c.syn_repeats);
  number("FastRetrans", c.fast);
  number("TimeoutRetrans", c.timeout);
  number("TcpStrays", c.strays);
  number("TcpResyncs", c.resyncs);
  number("RttCount", rtt.samples);
  if (rtt.samples == 0) return;
  real("RttMean", rtt.mean);
  real("RttM2", rtt.m2);
  real("RttMin", static_cast<double>(rtt.min_ns));
  real("RttMax", static_cast<double>(rtt.max_ns));
}

std::string record_json(const Record& r) {
  const Flow& f = r.flow;
  Json json;
  json.number("flowId", f.id);
  json.number("cause", static_cast<std::uint64_t>(r.cause));
  json.number("reason", static_cast<std::uint64_t>(r.reason));
  json.number("kind", static_cast<std::uint64_t>(f.key.kind));
  json.number("evidence", static_cast<std::uint64_t>(f.evidence));
  json.number("linkContext", f.key.link_context);
  const bool high = f.src_is_high();
  json.text("srcAddress", address_text(f.key, high));
  json.text("dstAddress", address_text(f.key, !high));
  const std::uint8_t protocol = f.key.protocol;
  if (f.key.kind == FlowKind::ipv4 || f.key.kind == FlowKind::ipv6) {
    json.number("protocol", protocol);
    if (protocol == 6 || protocol == 17) {
      json.number("srcPort", high ? f.key.high_port : f.key.low_port);
      json.number("dstPort", high ? f.key.low_port : f.key.high_port);
    }
    if (f.dns != 0) json.number("dnsId", f.key.aux);
    if (protocol == 1 || protocol == 58) {
      json.number("icmpType", f.detail >> 8);
      json.number("icmpCode", f.detail & 0xff);
      if (f.icmp_has_id != 0) json.number("icmpId", f.key.aux);
    }
    if (protocol == 50) {
      json.number("spi", std::uint64_t{f.key.icmp_type} << 24 |
                             std::uint64_t{f.key.icmp_code} << 16 | f.key.aux);
    }
  }
  if (f.key.kind == FlowKind::ethernet) json.number("ethertype", f.key.aux);
  if (f.key.kind == FlowKind::arp) json.number("arpOperation", f.detail);
  if (f.key.link_context >> 12 != 0 && f.key.link_context < 0x80000000) {
    json.number("innerVlan", f.key.link_context >> 12 & 0xfff);
  }
  if (f.syn_ns != 0 && f.syn_ack_ns >= f.syn_ns)
    json.signed_number("synack", f.syn_ack_ns - f.syn_ns);
  if (f.ack_ns != 0) json.signed_number("ackdat", f.ack_ns - f.syn_ack_ns);
  side_json(json, r, true);
  side_json(json, r, false);
  tcp_json(json, r, true);
  tcp_json(json, r, false);
  extra_json(json, r);
  return json.line();
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

TEST(BatchBuilder, WritesTheGoldenBatches) {
  Frames frames;
  BatchBuilder builder(frames);
  Records records;
  Tee tee(builder, records);
  FlowTracker tracker(golden_options(), tee);
  std::uint64_t sent = 0;
  const auto send = [&](double at, const frames::Frame& frame) {
    const frames::Bytes data = frame.bytes(60);
    Packet p;
    const auto size = static_cast<std::uint32_t>(data.size());
    ASSERT_EQ(decode({data.data(), size, size, Trace::at(at), 1}, p), Undecoded::none);
    tracker.prepare(p);
    tracker.process(std::span(&p, 1));
    ++sent;
  };
  varied_traffic(send);
  rare_traffic(20, send);
  tcp_trouble(35, send);
  tracker.finish();
  tcp_records(tee, 80, Trace::at(40));
  sent += 2 * 80;
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
  expect_golden("batches.pan", bytes);
  expect_golden("records.jsonl", lines);
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
