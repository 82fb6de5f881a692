// Command line of the traffic generator.
#pragma once

#include <cstdint>
#include <string>

namespace panoptes::bench {

struct Options {
  std::string out, truth, summary;  // paths; summary: stderr if empty
  std::string mode = "mix";
  std::uint64_t packets = 1'000'000;
  std::uint32_t flows = 100'000;  // at once
  double packets_per_second = 1e6;
  std::uint32_t snaplen = 65535;
  std::uint64_t seed = 1;  // scatter: 12345 unless said
  std::uint64_t epoch_seconds = 1'700'000'000;
  bool nanoseconds = false;
  double zipf = 0.9;             // exponent of the law that the rates follow
  double size = 14;              // mean packets a flow, about
  double rtt_ms = 20;            // median
  double seconds = 20;           // scatter: duration
  std::uint32_t syn_bytes = 60;  // synflood: frame size
  // per cent of flows
  double udp = 15, dns = 12, icmp = 2, v6 = 20, vlan = 10;
  // per cent of data segments
  double retx = 0.5, loss = 0.3, reorder = 0.3, capdrop = 0.05, spurious = 0.05;
  // per cent of bursts
  double zerowin = 0.5, keepalive = 0.5;
  // per cent of connections
  double noans = 2, refused = 1;
};

// Ends the program with usage and 2 when it cannot understand.
Options parse_options(int argc, char** argv);

}  // namespace panoptes::bench
