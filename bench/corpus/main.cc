// corpus OUT.pcap PACKETS CAPTURE...: one capture out of many, as if they came one behind the
// other, in rounds with other addresses each, until there are so many packets. Captures that are
// not Ethernet, or that libpcap does not read, are left out. Prints one line of JSON: what was
// written and what was left out, and why.
#include <pcap/pcap.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "../frames/readdress.h"
#include "../traffic/capture_writer.h"

namespace panoptes::bench {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
// Strange clocks must not carry the whole capture away: between two packets of a capture time moves
// by so much at most.
constexpr std::int64_t kLongestStep = 60 * kSecond, kLongestStepBack = kSecond;
constexpr std::int64_t kBetweenCaptures = kSecond;
constexpr std::uint64_t kEpochSeconds = 1'700'000'000;
constexpr std::uint64_t kLastSecond = 0xffff'ffff;  // what a pcap file can say

struct Frame {
  std::int64_t step_ns;  // after the packet before it
  std::uint32_t wire_bytes;
  std::vector<std::uint8_t> bytes;
};

struct LeftOut {
  std::string path;
  std::string reason;
};

struct Corpus {
  std::vector<Frame> frames;
  std::size_t captures = 0;
  std::vector<LeftOut> left_out;
  std::vector<LeftOut> cut;  // read up to where they break off
};

struct PcapCloser {
  void operator()(pcap_t* handle) const { pcap_close(handle); }
};

void read_capture(const std::string& path, Corpus& corpus) {
  char error[PCAP_ERRBUF_SIZE] = "";
  const std::unique_ptr<pcap_t, PcapCloser> handle(
      pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error));
  if (!handle) {
    corpus.left_out.push_back({path, error});
    return;
  }
  if (pcap_datalink(handle.get()) != DLT_EN10MB) {
    const char* name = pcap_datalink_val_to_name(pcap_datalink(handle.get()));
    corpus.left_out.push_back({path, std::string("link type ") + (name ? name : "unknown")});
    return;
  }
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  std::int64_t before = 0;
  std::size_t packets = 0;
  int got = 0;
  while ((got = pcap_next_ex(handle.get(), &header, &bytes)) == 1) {
    const std::int64_t time = std::int64_t{header->ts.tv_sec} * kSecond + header->ts.tv_usec;
    const std::int64_t step = packets == 0
                                  ? kBetweenCaptures
                                  : std::clamp(time - before, -kLongestStepBack, kLongestStep);
    before = time;
    ++packets;
    corpus.frames.push_back({step, header->len, {bytes, bytes + header->caplen}});
  }
  if (packets == 0) {
    corpus.left_out.push_back({path, got == PCAP_ERROR ? pcap_geterr(handle.get()) : "no packet"});
    return;
  }
  ++corpus.captures;
  if (got == PCAP_ERROR) corpus.cut.push_back({path, pcap_geterr(handle.get())});
}

// Returns the number of rounds that were begun.
std::uint64_t write_rounds(const Corpus& corpus, const std::string& out, std::uint64_t packets) {
  CaptureWriter writer({.path = out, .epoch_seconds = kEpochSeconds});
  std::uint64_t written = 0, round = 0;
  std::int64_t time = 0;
  std::vector<std::uint8_t> bytes;
  for (; written < packets; ++round) {
    const AddressMask mask = AddressMask::of_round(round);
    for (const Frame& frame : corpus.frames) {
      if (written == packets) break;
      time = std::max<std::int64_t>(time + frame.step_ns, 0);
      if (kEpochSeconds + static_cast<std::uint64_t>(time / kSecond) > kLastSecond) time = 0;
      bytes = frame.bytes;
      readdress(bytes, mask);
      writer.write_cut(static_cast<std::uint64_t>(time), bytes, frame.wire_bytes);
      ++written;
    }
  }
  return round;
}

void print_text(const std::string& text) {
  std::putchar('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') std::putchar('\\');
    std::putchar(static_cast<unsigned char>(c) < ' ' ? ' ' : c);
  }
  std::putchar('"');
}

void print_list(const char* name, const std::vector<LeftOut>& list) {
  std::printf(",\"%s\":[", name);
  for (std::size_t i = 0; i < list.size(); ++i) {
    std::fputs(i == 0 ? "{\"path\":" : ",{\"path\":", stdout);
    print_text(list[i].path);
    std::fputs(",\"reason\":", stdout);
    print_text(list[i].reason);
    std::putchar('}');
  }
  std::putchar(']');
}

int run(const std::string& out, std::uint64_t packets, const std::vector<std::string>& paths) {
  Corpus corpus;
  for (const std::string& path : paths) read_capture(path, corpus);
  if (corpus.frames.empty()) {
    std::fputs("corpus: there is no packet in these captures\n", stderr);
    return 1;
  }
  const std::uint64_t rounds = write_rounds(corpus, out, packets);
  std::printf("{\"captures\":%zu,\"packetsPerRound\":%zu,\"rounds\":%llu,\"packets\":%llu",
              corpus.captures, corpus.frames.size(), static_cast<unsigned long long>(rounds),
              static_cast<unsigned long long>(packets));
  print_list("leftOut", corpus.left_out);
  print_list("cut", corpus.cut);
  std::puts("}");
  return 0;
}

}  // namespace
}  // namespace panoptes::bench

int main(int argc, char** argv) {
  const std::uint64_t packets = argc > 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  if (packets == 0) {
    std::fputs("usage: corpus OUT.pcap PACKETS CAPTURE...\n", stderr);
    return 2;
  }
  return panoptes::bench::run(argv[1], packets, {argv + 3, argv + argc});
}
