// Feeds the meters of RTP and RTCP any sequence of datagrams between two ends, and checks that what
// records say can be. Input: 4 bytes a datagram (length of the payload; flags: 1 from the other
// end, 2 other ports, 4 cut by the capture, 8 a first fragment, 16 a copy; time step of 16 bits in
// units of 64 us, with a sign), then the payload.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "base/endian.h"
#include "decode/ip.h"
#include "decode/key_builder.h"
#include "flow/flow_tracker.h"

namespace {

using panoptes::Packet;

void require(bool promise) {
  if (!promise) std::abort();
}

class Sink final : public panoptes::RecordSink {
 public:
  void record(const panoptes::Flow& flow, const panoptes::RecordInfo& info) override {
    for (const bool high : {false, true}) {
      const panoptes::Side* side = flow.sent(high);
      if (side != nullptr) packets += side->packets;
      if (info.rtp == nullptr) continue;
      const panoptes::RtpSideRecord& rtp = info.rtp->rtp[high];
      require(rtp.known || (rtp.streams | rtp.received) == 0);
      require(rtp.streams <= panoptes::RtpDirection::kStreams);
      require(rtp.out_of_order <= rtp.received && rtp.silences <= rtp.received);
      require(rtp.samples == 0 ||
              (rtp.clock_rate != 0 && rtp.jitter_max_ns <= 10'000'000'000 &&
               rtp.jitter_ns <= rtp.jitter_max_ns && rtp.jitter_max_ns <= rtp.jitter_sum_ns + 1));
      known += rtp.received;
      const panoptes::RtcpSideRecord& rtcp = info.rtp->rtcp[high];
      require(!rtcp.has_jitter || rtcp.has_report);
      require(rtcp.rtt_max_ns <= rtcp.rtt_sum_ns && rtcp.rtt_max_ns <= 60'000'000'000);
      known += rtcp.packets;
    }
  }
  std::uint64_t packets = 0;
  std::uint64_t known = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Sink sink;
  panoptes::TrackerOptions options;
  options.max_flows = 4;
  options.payload_bytes = 0;
  panoptes::FlowTracker tracker(options, sink);
  std::uint64_t fed = 0;
  std::int64_t now = 1'000'000'000'000;
  while (size >= 4) {
    const std::size_t length = data[0] < size - 4 ? data[0] : size - 4;
    const std::uint8_t flags = data[1];
    now += static_cast<std::int16_t>(panoptes::load_be16(data + 2)) * std::int64_t{64'000};
    // Of its own, so that a byte read beyond it is found.
    const std::size_t captured = (flags & 4) != 0 ? length / 2 : length;
    const std::vector<std::uint8_t> payload(data + 4, data + 4 + captured);
    Packet p;
    panoptes::begin_packet(p, now, static_cast<std::uint32_t>(length + 42));
    p.layers = panoptes::kHasIp | panoptes::kHasPorts;
    p.tos = 0;
    p.payload = payload.data();
    p.payload_bytes = static_cast<std::uint32_t>(length);
    p.payload_captured = static_cast<std::uint32_t>(captured);
    const bool back = (flags & 1) != 0;
    const auto port = static_cast<std::uint16_t>((flags & 2) != 0 ? 5005 : 5004);
    panoptes::put_ipv4_key(p, back ? 2 : 1, back ? 1 : 2, 0, {.src_port = port, .dst_port = port},
                           17, panoptes::FlowKind::ipv4);
    if ((flags & 8) != 0)
      panoptes::note_fragment(p, 7, 0, true, static_cast<std::uint32_t>(length));
    // An IP id of its own, or the one that every copy has.
    p.ip_id = (flags & 16) != 0 ? 1 : static_cast<std::uint16_t>(fed + 2);
    tracker.prepare(p);
    tracker.process(std::span(&p, 1));
    ++fed;
    data += 4 + length;
    size -= 4 + length;
  }
  tracker.finish();
  require(sink.packets == fed && sink.known <= fed);
  return 0;
}
