// A record as JSON, straight from the account: the other half of the golden batches, which the
// TypeScript side compares with what it reads from the columns.
#pragma once

#include <arpa/inet.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>

#include "flow_support.h"

namespace panoptes {

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

inline std::string hex(const std::uint8_t* bytes, std::size_t n, const char* between = "") {
  std::string out;
  char text[3];
  for (std::size_t i = 0; i < n; ++i) {
    std::snprintf(text, sizeof text, "%02x", bytes[i]);
    if (i != 0) out += between;
    out += text;
  }
  return out;
}

inline std::string ip_text(const std::uint8_t* address, bool ipv6) {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(ipv6 ? AF_INET6 : AF_INET, address, text, sizeof text);
  return text;
}

inline std::string address_text(const FlowKey& key, bool high) {
  const auto& address = high ? key.high_addr : key.low_addr;
  if (key.kind == FlowKind::ethernet || key.kind == FlowKind::rarp)
    return hex(address.data(), 6, ":");
  return ip_text(address.data(), key.kind == FlowKind::ipv6);
}

inline void extra_json(Json& json, const Record& r) {
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
  } else if (r.packets() == 0) {
    json.signed_number("lastNs", r.flow.last_ns - kEpoch);  // of a gap alone
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

// Of TCP, both classes with all of their statistics.
inline void gap_classes_json(Json& json, const Record& r, const Side& side, bool high,
                             const std::string& prefix) {
  if ((side.seen & kSeenTcp) == 0 || !r.gap_classes_known) return;
  const auto all = [&](const char* of, std::uint32_t count, std::int64_t sum, double m2,
                       std::int64_t min, std::int64_t max) {
    json.number((prefix + of + "Count").c_str(), count);
    if (count == 0) return;
    json.signed_number((prefix + of + "Sum").c_str(), sum);
    json.signed_number((prefix + of + "Min").c_str(), min);
    json.signed_number((prefix + of + "Max").c_str(), max);
    json.real((prefix + of + "M2").c_str(), m2);
  };
  const auto of_class = [&](const char* of, const GapClasses::Class& c) {
    all(of, c.count, c.sum, c.m2, c.min(), c.max());
  };
  of_class("Active", r.gap_classes.side[high].active);
  if (r.flow.gap_classes == 0) {
    all("Idle", gap_count(side), gap_sum(side), side.gap_m2, side.detail.gap_min(),
        side.detail.gap_max());
  } else {
    of_class("Idle", r.gap_classes.side[high].idle);
  }
}

inline void side_json(Json& json, const Record& r, bool is_src) {
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
  json.signed_number(name("FirstNs").c_str(), s->first_ns() - kEpoch);
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
  if ((s->seen & kSeenLead) != 0) {
    json.signed_number(name("GapLead").c_str(), s->detail.lead());
  }
  json.number(name("GapCount").c_str(), gap_count(*s));
  if (gap_count(*s) > 0) {
    json.signed_number(name("GapMin").c_str(), s->detail.gap_min());
    json.signed_number(name("GapMax").c_str(), s->detail.gap_max());
    json.real(name("GapMean").c_str(), static_cast<double>(gap_sum(*s)) / gap_count(*s));
    json.real(name("GapM2").c_str(), s->gap_m2);
    gap_classes_json(json, r, *s, high, name("Gap"));
  }
  const SizeHistogram& sizes = r.sizes[high];
  if (std::any_of(sizes.begin(), sizes.end(), [](std::uint32_t n) { return n != 0; })) {
    std::string text;
    for (const std::uint32_t n : sizes) {
      if (!text.empty()) text += ':';
      text += std::to_string(n);
    }
    json.text(name("Sizes").c_str(), text);
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

inline void tcp_json(Json& json, const Record& r, bool is_src) {
  const bool high = r.flow.src_is_high() == is_src;
  const TcpCounters& c = r.tcp.side[high];
  const Rtt& rtt = r.rtt.side[high];
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
  number("TcpJumps", c.jumps);
  number("RttByTimestamp", c.rtt_by_timestamp);
  number("RttCount", rtt.samples);
  if (rtt.samples == 0) return;
  real("RttMean", rtt.mean());
  real("RttM2", rtt.m2);
  real("RttMin", static_cast<double>(rtt.min_ns));
  real("RttMax", static_cast<double>(rtt.max_ns));
}

inline void rtp_json(Json& json, const Record& r, bool is_src) {
  const bool high = r.flow.src_is_high() == is_src;
  const RtpSideRecord& rtp = r.rtp.rtp[high];
  const RtcpSideRecord& rtcp = r.rtp.rtcp[high];
  const auto number = [&](const char* suffix, std::uint64_t value) {
    json.number(((is_src ? "src" : "dst") + std::string(suffix)).c_str(), value);
  };
  if (rtp.known) {
    number("RtpPackets", rtp.received);
    number("RtpExpected", rtp.expected);
    number("RtpOutOfOrder", rtp.out_of_order);
    number("RtpDuplicates", rtp.duplicates);
    number("RtpSilences", rtp.silences);
    number("RtpStreams", rtp.streams);
  }
  if (rtp.streams != 0) {
    number("RtpSsrc", rtp.ssrc);
    number("RtpPayloadType", rtp.payload_type);
    if (rtp.clock_rate != 0) number("RtpClock", rtp.clock_rate + (rtp.estimated ? 1ULL << 31 : 0));
  }
  if (rtp.samples != 0) {
    number("RtpJitter", rtp.jitter_ns);
    number("RtpJitterCount", rtp.samples);
    number("RtpJitterSum", rtp.jitter_sum_ns);
    number("RtpJitterMax", rtp.jitter_max_ns);
  }
  if (r.rtp.is_rtcp || rtcp.packets != 0) number("RtcpPackets", rtcp.packets);
  if (rtcp.has_report) {
    number("RtcpLost", static_cast<std::uint32_t>(rtcp.lost));
    number("RtcpFraction", rtcp.fraction);
    if (rtcp.has_jitter) number("RtcpJitter", rtcp.jitter_ns);
  }
  if (rtcp.rtts == 0) return;
  number("RtcpRttCount", rtcp.rtts);
  number("RtcpRttSum", rtcp.rtt_sum_ns);
  number("RtcpRttMax", rtcp.rtt_max_ns);
}

inline std::string record_json(const Record& r) {
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
  if (f.synack.known()) json.signed_number("synack", f.synack.ns());
  if (f.ackdat.known()) json.signed_number("ackdat", f.ackdat.ns());
  side_json(json, r, true);
  side_json(json, r, false);
  tcp_json(json, r, true);
  tcp_json(json, r, false);
  rtp_json(json, r, true);
  rtp_json(json, r, false);
  if (r.rtt.kind != RttKind::by_protocol) {
    json.number("rttKind", static_cast<std::uint64_t>(r.rtt.kind));
  }
  extra_json(json, r);
  return json.line();
}

}  // namespace panoptes
