// Command line of the traffic generator: one table, one loop.
#include "options.h"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

namespace panoptes::bench {

namespace {

constexpr const char* kUsage =
    "traffic --out F.pcap [--truth F.csv] [--summary F.json] [--mode MODE] [--packets N]\n"
    "  MODE mix: bursts as real traffic has, with exact truth\n"
    "       synflood: one SYN a packet, each another flow\n"
    "       scatter-zipf, scatter-uniform, scatter-syn, scatter-full: successive packets belong "
    "to\n"
    "       unrelated flows, the worst case for caches\n"
    "  --flows at-once --pps RATE --snap BYTES --seed N --zipf A --size PACKETS-A-FLOW --nano\n"
    "  --epoch SECONDS --rtt MEDIAN-MS --seconds DURATION (scatter) --synbytes BYTES (synflood)\n"
    "  per cent of flows: --udp --dns --icmp --v6 --vlan\n"
    "  per cent of data segments: --retx --loss --reorder --capdrop --spurious\n"
    "  per cent of bursts: --zerowin --keepalive; of connections: --noans --refused\n";

[[noreturn]] void usage() {
  std::fputs(kUsage, stderr);
  std::exit(2);
}

double number(const char* text) {
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  if (end == text || *end != '\0') usage();
  return value;
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options o;
  std::optional<std::uint64_t> seed;
  const auto to_double = [](double& into) {
    return [&into](const char* text) { into = number(text); };
  };
  const auto to_u32 = [](std::uint32_t& into) {
    return [&into](const char* text) { into = static_cast<std::uint32_t>(number(text)); };
  };
  const auto to_u64 = [](std::uint64_t& into) {
    return [&into](const char* text) { into = static_cast<std::uint64_t>(number(text)); };
  };
  const auto to_text = [](std::string& into) { return [&into](const char* text) { into = text; }; };
  const std::map<std::string_view, std::function<void(const char*)>> table = {
      {"--out", to_text(o.out)},
      {"--truth", to_text(o.truth)},
      {"--summary", to_text(o.summary)},
      {"--mode", to_text(o.mode)},
      {"--packets", to_u64(o.packets)},
      {"--flows", to_u32(o.flows)},
      {"--pps", to_double(o.packets_per_second)},
      {"--snap", to_u32(o.snaplen)},
      {"--seed", [&seed](const char* text) { seed = std::strtoull(text, nullptr, 10); }},
      {"--epoch", to_u64(o.epoch_seconds)},
      {"--zipf", to_double(o.zipf)},
      {"--size", to_double(o.size)},
      {"--rtt", to_double(o.rtt_ms)},
      {"--seconds", to_double(o.seconds)},
      {"--synbytes", to_u32(o.syn_bytes)},
      {"--udp", to_double(o.udp)},
      {"--dns", to_double(o.dns)},
      {"--icmp", to_double(o.icmp)},
      {"--v6", to_double(o.v6)},
      {"--vlan", to_double(o.vlan)},
      {"--retx", to_double(o.retx)},
      {"--loss", to_double(o.loss)},
      {"--reorder", to_double(o.reorder)},
      {"--capdrop", to_double(o.capdrop)},
      {"--spurious", to_double(o.spurious)},
      {"--zerowin", to_double(o.zerowin)},
      {"--keepalive", to_double(o.keepalive)},
      {"--noans", to_double(o.noans)},
      {"--refused", to_double(o.refused)},
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--nano") {
      o.nanoseconds = true;
      continue;
    }
    const auto entry = table.find(word);
    if (entry == table.end() || i + 1 == argc) usage();
    entry->second(argv[++i]);
  }
  if (o.out.empty() || o.packets == 0 || o.flows == 0) usage();
  o.seed = seed.value_or(o.mode.starts_with("scatter-") ? 12345 : 1);
  return o;
}

}  // namespace panoptes::bench
