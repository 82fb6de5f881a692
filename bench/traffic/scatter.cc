// Traffic without bursts: sizes of the IMIX, 15 % IPv6, TCP with a handshake, options and FINs; no
// checksums in layer 4. After it: CaptureWriter.
#include "scatter.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "bytes.h"
#include "flow.h"
#include "random.h"

namespace panoptes::bench {

namespace {

constexpr std::uint32_t kLink = 14;
constexpr std::uint32_t kLargestFrame = 1514;

struct Talk {
  enum class Stage : std::uint8_t { fresh, syn_sent, syn_acked, open, fin_sent };

  std::uint8_t protocol = kTcp;
  bool v6 = false;
  Stage stage = Stage::fresh;
  std::uint32_t client = 0, server = 0;
  std::uint16_t client_port = 0, server_port = 0;
  std::uint32_t client_seq = 0, server_seq = 0;
  std::uint32_t packets = 0;
};

class Scatter {
 public:
  Scatter(const Options& options, CaptureWriter& writer, Truth& truth)
      : options_(options),
        writer_(writer),
        truth_(truth),
        random_(options.seed),
        syn_only_(options.mode == "scatter-syn"),
        whole_(options.mode == "scatter-full"),
        talks_(options.flows) {
    for (auto& talk : talks_) open(talk);
    if (options.mode != "scatter-zipf" && !whole_) {
      fill_frame();
      return;
    }
    cumulative_.resize(options.flows);
    double total = 0;
    for (std::size_t i = 0; i < cumulative_.size(); ++i) {
      total += 1.0 / static_cast<double>(i + 1);
      cumulative_[i] = total;
    }
    for (auto& share : cumulative_) share /= total;
    fill_frame();
  }

  void run() {
    const double step_us = options_.seconds * 1e6 / static_cast<double>(options_.packets);
    for (std::uint64_t i = 0; i < options_.packets; ++i) {
      Talk& talk = draw();
      write(talk, i, static_cast<std::uint64_t>(static_cast<double>(i) * step_us));
    }
    truth_.add_flows(seen_);
  }

 private:
  // What one packet is, before it is bytes.
  struct Shape {
    bool from_server = false;
    std::uint8_t flags = kAck;
    std::uint32_t option_bytes = 12;
    std::uint32_t frame_bytes = 0;  // at least; headers may need more
    bool last = false;
  };

  void open(Talk& talk) {
    static constexpr std::uint16_t kPorts[] = {443, 443, 443, 80, 53, 22, 8080, 25, 3306, 5222};
    talk = Talk();
    const std::uint64_t bits = random_.next();
    const std::uint64_t share = bits % 100;
    if (!syn_only_) {
      talk.protocol = share < 80 ? kTcp : share < 98 ? kUdp : kIcmp;
      talk.v6 = (bits >> 8) % 100 < 15;
    }
    talk.client = 0x0a000000 | low32(random_.next() & 0xffffff);
    talk.server = 0xac100000 | low32(random_.next() & 0xfffff);
    talk.client_port = low16(1024 + random_.next() % 64000);
    talk.server_port =
        talk.protocol == kUdp ? ((bits >> 20) % 3 != 0 ? 443 : 53) : kPorts[(bits >> 24) % 10];
    talk.client_seq = low32(random_.next());
    talk.server_seq = low32(random_.next());
  }

  void fill_frame() {
    std::memset(frame_, 0x41, sizeof frame_);
    for (std::size_t i = 200; i < sizeof frame_; ++i) frame_[i] = low8(random_.next());
  }

  Talk& draw() {
    if (syn_only_) {
      open(talks_[0]);
      return talks_[0];
    }
    std::size_t i = 0;
    if (cumulative_.empty()) {
      i = random_.next() % talks_.size();
    } else {
      const auto at = std::lower_bound(cumulative_.begin(), cumulative_.end(), random_.unit());
      i = static_cast<std::size_t>(at - cumulative_.begin());
    }
    return talks_[std::min(i, talks_.size() - 1)];
  }

  Shape choose_shape(Talk& talk, std::uint64_t bits) {
    using Stage = Talk::Stage;
    const std::uint64_t size = (bits >> 4) % 12;
    Shape shape{.from_server = (bits & 1) != 0,
                .frame_bytes = whole_ || size >= 11 ? kLargestFrame
                               : size < 7           ? 64U
                                                    : 576U};
    if (syn_only_) return {.flags = kSyn, .option_bytes = 0, .frame_bytes = 64};
    if (talk.protocol == kUdp && talk.packets == 0) shape.from_server = false;
    if (talk.protocol != kTcp) return shape;
    switch (talk.stage) {
      case Stage::fresh:
        talk.stage = Stage::syn_sent;
        return {.flags = kSyn, .option_bytes = 20};
      case Stage::syn_sent:
        talk.stage = Stage::syn_acked;
        return {.from_server = true, .flags = kSyn | kAck, .option_bytes = 20};
      case Stage::syn_acked:
        talk.stage = Stage::open;
        return {};
      case Stage::fin_sent:
        return {.from_server = true, .flags = kFin | kAck, .last = true};
      case Stage::open:
        break;
    }
    if ((bits >> 16) % 256 == 0) {
      talk.stage = Stage::fin_sent;
      return {.flags = kFin | kAck};
    }
    if (size >= 7) shape.flags = kPsh | kAck;
    return shape;
  }

  // The frame buffer is reused: the payload is whatever earlier, longer headers left there.
  void write(Talk& talk, std::uint64_t number, std::uint64_t time_us) {
    const std::uint64_t bits = random_.next();
    const Shape shape = choose_shape(talk, bits);
    seen_ += talk.packets == 0;
    ++talk.packets;
    const std::uint32_t l3 = talk.v6 ? 40 : 20;
    const std::uint32_t l4 = talk.protocol == kTcp ? 20 + shape.option_bytes : 8;
    const std::uint32_t header = kLink + l3 + l4;
    const std::uint32_t payload = std::max(shape.frame_bytes, header) - header;
    const std::uint32_t wire = std::max(header + payload, 60U);

    static constexpr std::uint8_t kMacs[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
    std::memcpy(frame_, kMacs, sizeof kMacs);
    if (shape.from_server) std::swap(frame_[5], frame_[11]);
    store_be16(frame_ + 12, talk.v6 ? 0x86dd : 0x0800);
    write_ip(talk, shape.from_server, l4 + payload, frame_ + kLink);
    write_l4(talk, shape, bits, number, payload, frame_ + kLink + l3);
    const std::uint8_t protocol = talk.protocol;
    const bool v6 = talk.v6;
    if (shape.last) open(talk);
    writer_.write(time_us * 1000, {frame_, wire}, nullptr, 0, 0);
    truth_.count_bare(protocol, wire, time_us * 1000, v6);
  }

  static void write_ip(const Talk& talk, bool from_server, std::uint32_t l4_bytes,
                       std::uint8_t* ip) {
    const std::uint32_t source = from_server ? talk.server : talk.client;
    const std::uint32_t destination = from_server ? talk.client : talk.server;
    if (talk.v6) {
      std::memset(ip, 0, 40);
      ip[0] = 0x60;
      store_be16(ip + 4, l4_bytes);
      ip[6] = talk.protocol == kIcmp ? kIcmp6 : talk.protocol;
      ip[7] = 64;
      store_be32(ip + 8, 0x20010db8);
      store_be32(ip + 20, source);
      store_be32(ip + 24, 0x20010db8);
      store_be32(ip + 36, destination);
      return;
    }
    std::memset(ip, 0, 20);
    ip[0] = 0x45;
    store_be16(ip + 2, 20 + l4_bytes);
    store_be16(ip + 4, talk.packets);
    ip[8] = from_server ? 58 : 64;
    ip[9] = talk.protocol;
    store_be32(ip + 12, source);
    store_be32(ip + 16, destination);
    store_be16(ip + 10, checksum(word_sum(ip, 20)));
  }

  static void write_l4(Talk& talk, const Shape& shape, std::uint64_t bits, std::uint64_t number,
                       std::uint32_t payload, std::uint8_t* l4) {
    const bool from_server = shape.from_server;
    if (talk.protocol == kIcmp) {
      const std::uint8_t request = talk.v6 ? 128 : 8;
      const std::uint8_t reply = talk.v6 ? 129 : 0;
      store_be32(l4, std::uint32_t{from_server ? reply : request} << 24);
      store_be16(l4 + 4, talk.client_port);
      store_be16(l4 + 6, talk.packets);
      return;
    }
    store_be16(l4, from_server ? talk.server_port : talk.client_port);
    store_be16(l4 + 2, from_server ? talk.client_port : talk.server_port);
    if (talk.protocol == kUdp) {
      store_be16(l4 + 4, 8 + payload);
      store_be16(l4 + 6, 0);
      return;
    }
    std::uint32_t& mine = from_server ? talk.server_seq : talk.client_seq;
    const std::uint32_t theirs = from_server ? talk.client_seq : talk.server_seq;
    store_be32(l4 + 4, mine);
    store_be32(l4 + 8, shape.flags == kSyn ? 0 : theirs);
    l4[12] = low8((20 + shape.option_bytes) / 4 << 4);
    l4[13] = shape.flags;
    store_be16(l4 + 14, 20000 + (bits >> 40) % 20000);
    store_be32(l4 + 16, 0);
    if (shape.option_bytes == 20) {
      static constexpr std::uint8_t kSynOptions[20] = {2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0,
                                                       0, 1, 0, 0,    0, 0, 1, 3,  3, 7};
      std::memcpy(l4 + 20, kSynOptions, sizeof kSynOptions);
    } else if (shape.option_bytes == 12) {
      store_be32(l4 + 20, 0x0101080a);
      store_be32(l4 + 24, number / 1000);
      store_be32(l4 + 28, number / 1000);
    }
    mine += payload + (shape.flags & (kFin | kSyn) ? 1 : 0);
  }

  const Options& options_;
  CaptureWriter& writer_;
  Truth& truth_;
  SplitMix random_;
  bool syn_only_, whole_;
  std::vector<Talk> talks_;
  std::vector<double> cumulative_;  // Zipf; empty: uniform
  std::uint64_t seen_ = 0;          // flows of which a packet was written
  std::uint8_t frame_[2048];
};

}  // namespace

void write_scatter(const Options& options, CaptureWriter& writer, Truth& truth) {
  Scatter(options, writer, truth).run();
}

}  // namespace panoptes::bench
