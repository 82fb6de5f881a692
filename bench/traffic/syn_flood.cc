// A SYN flood. After it: CaptureWriter.
#include "syn_flood.h"

#include <algorithm>

#include "bytes.h"
#include "frame.h"

namespace panoptes::bench {

void write_syn_flood(const Options& options, CaptureWriter& writer, Truth& truth) {
  const Flow flow;
  const std::uint64_t seed = options.seed;
  const double gap_ns = 1e9 / options.packets_per_second;
  std::uint8_t frame[96] = {};
  const std::uint32_t link = write_link(flow, kClient, frame);
  std::uint8_t* ip = frame + link;
  std::uint8_t* tcp = ip + 20;
  const std::uint32_t header = link + 40;
  const std::uint32_t padding = options.syn_bytes > header ? options.syn_bytes - header : 0;

  for (std::uint64_t i = 0; i < options.packets; ++i) {
    // an odd multiplier permutes the 2^24 source hosts
    const std::uint32_t host = low32((i * 2654435761U + seed) & 0xffffff);
    const std::uint32_t source = 0x0B000000U | host;
    write_network(flow, kClient, kTcp, 20, low16(i * 40503U >> 4), ip);
    store_be16(ip + 6, 0);
    store_be16(ip + 10, 0);
    store_be32(ip + 12, source);
    store_be32(ip + 16, 0xC6120001U);
    store_be16(ip + 10, checksum(word_sum(ip, 20)));
    store_be16(tcp, 1024 + (host * 7919U + low32(i >> 24)) % 64000U);
    store_be16(tcp + 2, 80);
    store_be32(tcp + 4, source * 2246822519U);
    store_be32(tcp + 8, 0);
    tcp[12] = 5 << 4;
    tcp[13] = kSyn;
    store_be16(tcp + 14, 64240);
    store_be32(tcp + 16, 0);
    store_be16(tcp + 16, checksum(word_sum(ip + 12, 8) + kTcp + 20 + word_sum(tcp, 20)));
    const auto time_ns = static_cast<std::uint64_t>(static_cast<double>(i) * gap_ns);
    writer.write(time_ns, {frame, header}, nullptr, 0, padding);
    truth.count_bare(kTcp, std::max(options.syn_bytes, header), time_ns, false);
  }
  truth.add_flows(options.packets);
}

}  // namespace panoptes::bench
