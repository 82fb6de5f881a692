// Feeds the fragment joiner any sequence of fragments, and checks that each comes out once, at the
// latest at the end. Input: 2 bytes of options, then 8 bytes a fragment: source, identification,
// protocol, offset, size, flags, time step, first byte of the payload.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "decode/fragments.h"
#include "decode/ip.h"
#include "decode/key_builder.h"

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

class Counter : public panoptes::FragmentOutlet {
 public:
  void fragment(panoptes::Packet& packet) override {
    require((packet.layers & panoptes::kIsFragment) != 0 && packet.time_ns >= 0);
    // A later fragment never claims bytes of a frame that is gone.
    require(packet.fragment.offset == 0 || packet.payload_captured == 0 ||
            (frame != nullptr && packet.payload >= frame &&
             packet.payload + packet.payload_captured <= frame + kFrame));
    ++count;
  }
  static constexpr std::size_t kFrame = 8;
  const std::uint8_t* frame = nullptr;  // the one that is there
  std::uint64_t count = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  Counter out;
  panoptes::FragmentJoiner joiner(
      {.max_datagrams = data[0] % 8U, .max_held = data[1] % 8U, .timeout_ns = 100}, 1, out);
  std::uint64_t fed = 0;
  std::int64_t now = 0;
  for (std::size_t at = 2; at + Counter::kFrame <= size; at += Counter::kFrame) {
    const std::uint8_t* in = data + at;
    now += static_cast<std::int8_t>(in[6]);
    panoptes::Packet packet;
    panoptes::begin_packet(packet, now, 100);
    const bool first = in[3] == 0;
    panoptes::KeyPart part;
    if (first) part = {.src_port = in[7], .dst_port = 53};
    packet.layers = panoptes::kHasIp;
    packet.payload = in;
    packet.payload_bytes = in[4];
    packet.payload_captured = in[4] % 8U;
    panoptes::put_ipv4_key(packet, in[0] % 4U, 2, 0, part, in[2] % 2 != 0 ? 6 : 17,
                           panoptes::FlowKind::ipv4);
    panoptes::note_fragment(packet, in[1] % 4U, in[3], (in[5] & 1) != 0, in[4]);
    out.frame = in;
    joiner.take(packet);
    ++fed;
    require(out.count + joiner.counters().held == fed);
  }
  out.frame = nullptr;
  joiner.finish();
  require(out.count == fed && joiner.counters().held == 0);
  return 0;
}
