#include "binding/options.h"

#include <cstdint>
#include <string>
#include <vector>

namespace panoptes {
namespace {

double number(const Napi::Object& object, const char* key, double otherwise) {
  const Napi::Value value = object.Get(key);
  return value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : otherwise;
}
bool truth(const Napi::Object& object, const char* key, bool otherwise) {
  const Napi::Value value = object.Get(key);
  return value.IsBoolean() ? value.As<Napi::Boolean>().Value() : otherwise;
}
std::string text(const Napi::Object& object, const char* key) {
  const Napi::Value value = object.Get(key);
  return value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
}
std::int64_t nanos(double seconds) { return static_cast<std::int64_t>(seconds * 1e9 + 0.5); }

CaptureMethod read_method(const std::string& name) {
  if (name == "ring") return CaptureMethod::ring;
  return name == "pcap" ? CaptureMethod::pcap : CaptureMethod::automatic;
}

SourceOptions read_source(const Napi::Object& object) {
  SourceOptions source;
  const std::string kind = text(object, "kind");
  if (kind == "live") {
    source.kind = SourceOptions::Kind::live;
    source.name = text(object, "interface");
    source.snaplen = static_cast<int>(number(object, "snaplen", source.snaplen));
    source.promiscuous = truth(object, "promiscuous", source.promiscuous);
    source.buffer_bytes = static_cast<int>(number(object, "bufferBytes", source.buffer_bytes));
    source.method = read_method(text(object, "captureMethod"));
  } else if (kind == "feed") {
    source.kind = SourceOptions::Kind::feed;
    source.name = text(object, "name");
    source.live_feed = truth(object, "live", false);
  } else {
    source.kind = SourceOptions::Kind::file;
    source.name = text(object, "path");
  }
  return source;
}

std::uint16_t item(const Napi::Array& list, std::uint32_t index) {
  const Napi::Value value = list.Get(index);
  return value.IsNumber() ? static_cast<std::uint16_t>(value.As<Napi::Number>().Uint32Value()) : 0;
}

// A rule for each of its protocols.
void read_payload_rule(const Napi::Object& object, std::vector<PayloadRule>& rules) {
  PayloadRule rule;
  rule.bytes = static_cast<std::uint16_t>(number(object, "bytes", 0));
  rule.masked = truth(object, "mask", false);
  if (const Napi::Value ports = object.Get("ports"); ports.IsArray()) {
    rule.port_low = item(ports.As<Napi::Array>(), 0);
    rule.port_high = item(ports.As<Napi::Array>(), 1);
  }
  const Napi::Value protocols = object.Get("protocols");
  if (!protocols.IsArray()) {
    rules.push_back(rule);
    return;
  }
  const auto list = protocols.As<Napi::Array>();
  for (std::uint32_t i = 0; i < list.Length(); ++i) {
    rule.protocol = static_cast<std::int16_t>(item(list, i));
    rules.push_back(rule);
  }
}

}  // namespace

void read_payload(const Napi::Object& object, TrackerOptions& options) {
  options.payload_bytes =
      static_cast<std::uint32_t>(number(object, "payloadBytes", options.payload_bytes));
  options.mask_payload = truth(object, "maskPayload", false);
  if (const Napi::Value list = object.Get("payloadRules"); list.IsArray()) {
    const auto rules = list.As<Napi::Array>();
    for (std::uint32_t i = 0; i < rules.Length(); ++i) {
      if (const Napi::Value one = rules.Get(i); one.IsObject()) {
        read_payload_rule(one.As<Napi::Object>(), options.payload_rules);
      }
    }
  }
}

ProbeOptions read_options(const Napi::Object& object) {
  ProbeOptions options;
  if (const Napi::Value list = object.Get("sources"); list.IsArray()) {
    const auto sources = list.As<Napi::Array>();
    for (std::uint32_t i = 0; i < sources.Length(); ++i) {
      if (const Napi::Value one = sources.Get(i); one.IsObject()) {
        options.sources.push_back(read_source(one.As<Napi::Object>()));
      }
    }
  }
  options.filter = text(object, "filter");
  options.pace = number(object, "pace", 0);
  options.loop = truth(object, "loop", false);
  options.threads = static_cast<std::uint32_t>(number(object, "threads", options.threads));
  if (const Napi::Value cpus = object.Get("cpus"); cpus.IsArray()) {
    const auto list = cpus.As<Napi::Array>();
    for (std::uint32_t i = 0; i < list.Length(); ++i) options.cpus.push_back(item(list, i));
  }
  QueueLimits& q = options.queue;
  q.batches = static_cast<std::size_t>(number(object, "queueBatches", 64));
  q.bytes = static_cast<std::size_t>(number(object, "queueBytes", 32 << 20));
  options.decode.max_tunnels =
      static_cast<std::uint8_t>(number(object, "maxTunnels", options.decode.max_tunnels));
  FragmentOptions& f = options.fragments;
  const double fragments = number(object, "maxFragments", f.max_datagrams);
  f.max_datagrams = f.max_held = static_cast<std::uint32_t>(fragments);
  f.timeout_ns = nanos(number(object, "fragmentTimeout", 15));
  TrackerOptions& t = options.tracker;
  t.max_flows = static_cast<std::uint32_t>(number(object, "maxFlows", t.max_flows));
  read_payload(object, t);
  t.tcp_holes = static_cast<std::uint32_t>(number(object, "tcpHoles", t.tcp_holes));
  t.status_interval_ns = nanos(number(object, "statusInterval", 5));
  t.close_linger_ns = nanos(number(object, "closeLinger", 2));
  if (const Napi::Value idle = object.Get("idle"); idle.IsObject()) {
    const auto seconds = idle.As<Napi::Object>();
    t.idle_tcp_ns = nanos(number(seconds, "tcp", 300));
    t.idle_udp_ns = nanos(number(seconds, "udp", 60));
    t.idle_icmp_ns = nanos(number(seconds, "icmp", 10));
    t.idle_other_ns = nanos(number(seconds, "other", 60));
  }
  return options;
}

}  // namespace panoptes
