// Ground truth of the generated traffic. Before it: mix.cc; after it: a CSV and a JSON file.
#include "truth.h"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>

#include "bytes.h"

namespace panoptes::bench {

namespace {

constexpr const char* kCsvHeader =
    "flow_id,vlan,ipver,proto,caddr,cport,saddr,sport,pkts_c,pkts_s,bytes_c,bytes_s,ipbytes_c,"
    "ipbytes_s,payload_c,payload_s,first_rel,last_rel,syn_c,syn_s,fin_c,fin_s,rst_c,rst_s,retx_c,"
    "retx_s,gapfill_c,gapfill_s,ooo_c,ooo_s,spurious_c,spurious_s,gaps_c,gaps_s,dupack_c,dupack_s,"
    "zerowin_c,zerowin_s,keepalive_c,keepalive_s,retxbytes_c,retxbytes_s,syn_retx,synack_us,"
    "ackdat_us\n";

std::string address_text(const Flow& flow, Side side) {
  char text[64];
  if (!flow.v6) {
    const std::uint32_t a = address4(flow, side);
    std::snprintf(text, sizeof text, "%u.%u.%u.%u", a >> 24, (a >> 16) & 255, (a >> 8) & 255,
                  a & 255);
    return text;
  }
  std::string out;
  const auto bytes = address6(flow, side);
  for (std::size_t i = 0; i < 16; i += 2) {
    std::snprintf(text, sizeof text, "%s%x", i == 0 ? "" : ":", (bytes[i] << 8) | bytes[i + 1]);
    out += text;
  }
  return out;
}

template <typename T>
void print_pair(std::FILE* out, const PerSide<T>& pair) {
  std::fprintf(out, ",%" PRIu64 ",%" PRIu64, std::uint64_t{pair[kClient]},
               std::uint64_t{pair[kServer]});
}

double microseconds(std::int64_t ns) { return ns < 0 ? -1.0 : static_cast<double>(ns) / 1e3; }
double seconds(std::uint64_t ns) { return static_cast<double>(ns) / 1e9; }

template <typename T>
std::uint64_t sum(const PerSide<T>& pair) {
  return std::uint64_t{pair[kClient]} + pair[kServer];
}

}  // namespace

Truth::Truth(const Options& options) : options_(options) {
  if (options.truth.empty()) return;
  csv_ = open_or_exit(options.truth, "w");
  std::setvbuf(csv_.get(), nullptr, _IOFBF, std::size_t{1} << 20);
  std::fputs(kCsvHeader, csv_.get());
}

void Truth::count_bare(std::uint8_t protocol, std::uint32_t wire_bytes, std::uint64_t time_ns,
                       bool v6) {
  if (packets_ == 0) first_ns_ = time_ns;
  last_ns_ = time_ns;
  ++packets_;
  bytes_ += wire_bytes;
  ++by_protocol_[protocol];
  v6_ += v6;
}

void Truth::count(Flow& flow, const Event& event, const FrameBuilder::Frame& frame) {
  const std::uint32_t wire = frame.wire_bytes();
  count_bare(flow.protocol, wire, event.time_ns, flow.v6);
  tagged_ += flow.vlan != 0;

  Tally& tally = flow.tally;
  if (sum(tally.packets) == 0) tally.first_ns = event.time_ns;
  tally.last_ns = event.time_ns;
  ++tally.packets[event.from];
  tally.bytes[event.from] += wire;
  tally.ip_bytes[event.from] += wire - frame.padding - frame.link_bytes;
  tally.payload[event.from] += frame.app_bytes;
  if (flow.protocol == kTcp) count_tcp(flow, event, frame.payload_bytes);
}

void Truth::count_tcp(Flow& flow, const Event& event, std::uint32_t payload) {
  Tally& tally = flow.tally;
  const Side from = event.from;
  const auto since_first = static_cast<std::int64_t>(event.time_ns - tally.first_ns);
  if (event.flags & kSyn) {
    ++tally.syn[from];
    if (from == kServer && tally.synack_ns < 0) tally.synack_ns = since_first;
  }
  if (event.flags & kFin) ++tally.fin[from];
  if (event.flags & kRst) ++tally.rst[from];
  const bool plain_ack = (event.flags & kAck) && !(event.flags & kSyn);
  if (from == kClient && tally.ackdat_ns < 0 && tally.synack_ns >= 0 && plain_ack) {
    tally.ackdat_ns = since_first - tally.synack_ns;
  }
  count_mark(tally, event, payload);
  count_mark(total_, event, payload);
  if (event.window == 0 && !(event.flags & (kSyn | kFin | kRst))) {
    ++tally.zero_windows[from];
    ++total_.zero_windows[from];
  }
}

void Truth::count_mark(Tally& tally, const Event& event, std::uint32_t payload) {
  const Side from = event.from;
  switch (event.mark) {
    case Mark::none:
      break;
    case Mark::retransmitted:
      ++tally.retransmitted[from];
      tally.resent_bytes[from] += payload;
      break;
    case Mark::gap_fill:
      ++tally.gap_fills[from];
      break;
    case Mark::out_of_order:
      ++tally.out_of_order[from];
      break;
    case Mark::spurious:
      ++tally.spurious[from];
      tally.resent_bytes[from] += payload;
      break;
    case Mark::keep_alive:
      ++tally.keep_alives[from];
      break;
    case Mark::syn_again:
      ++tally.syn_again;
      break;
  }
  if (event.starts_gap) ++tally.gaps[from];
  if (event.duplicate_ack) ++tally.duplicate_acks[from];
}

void Truth::end_flow(const Flow& flow) {
  ++flows_;
  std::FILE* out = csv_.get();
  if (out == nullptr) return;
  const Tally& t = flow.tally;
  const bool icmp = flow.protocol == kIcmp || flow.protocol == kIcmp6;
  std::fprintf(out, "%u,%u,%d,%u,%s,%u,%s,%u", flow.id, flow.vlan, flow.v6 ? 6 : 4, flow.protocol,
               address_text(flow, kClient).c_str(), icmp ? flow.echo_id : flow.client_port,
               address_text(flow, kServer).c_str(), icmp ? 0 : flow.server_port);
  print_pair(out, t.packets);
  print_pair(out, t.bytes);
  print_pair(out, t.ip_bytes);
  print_pair(out, t.payload);
  std::fprintf(out, ",%.9f,%.9f", seconds(t.first_ns), seconds(t.last_ns));
  for (const auto& pair : {t.syn, t.fin, t.rst, t.retransmitted, t.gap_fills, t.out_of_order,
                           t.spurious, t.gaps, t.duplicate_acks, t.zero_windows, t.keep_alives}) {
    print_pair(out, pair);
  }
  print_pair(out, t.resent_bytes);
  std::fprintf(out, ",%u,%.3f,%.3f\n", t.syn_again, microseconds(t.synack_ns),
               microseconds(t.ackdat_ns));
}

void Truth::write_summary() const {
  File file = options_.summary.empty() ? nullptr : open_or_exit(options_.summary, "w");
  std::FILE* out = file ? file.get() : stderr;
  const double duration = seconds(last_ns_ - first_ns_);
  const auto packets = static_cast<double>(packets_);
  const auto number = [out](const char* name, std::uint64_t value) {
    std::fprintf(out, ",\"%s\":%" PRIu64, name, value);
  };
  std::fprintf(out, "{\"mode\":\"%s\",\"seed\":%" PRIu64, options_.mode.c_str(), options_.seed);
  number("packets", packets_);
  number("wire_bytes", bytes_);
  number("flows", flows_);
  number("concurrent_slots", options_.flows);
  std::fprintf(out, ",\"duration_s\":%.6f,\"pps\":%.0f,\"mean_frame\":%.1f", duration,
               duration > 0 ? packets / duration : 0,
               packets_ > 0 ? static_cast<double>(bytes_) / packets : 0);
  number("tcp", by_protocol_[kTcp]);
  number("udp", by_protocol_[kUdp]);
  number("icmp", by_protocol_[kIcmp] + by_protocol_[kIcmp6]);
  number("ipv6_packets", v6_);
  number("vlan_packets", tagged_);
  number("retx", sum(total_.retransmitted));
  number("gapfill", sum(total_.gap_fills));
  number("ooo", sum(total_.out_of_order));
  number("spurious", sum(total_.spurious));
  number("gaps", sum(total_.gaps));
  number("dupack", sum(total_.duplicate_acks));
  number("zerowin", sum(total_.zero_windows));
  number("keepalive", sum(total_.keep_alives));
  number("syn_retx", total_.syn_again);
  std::fputs("}\n", out);
}

}  // namespace panoptes::bench
