// Feeds decode() any bytes on any link type, as whole and as cut frames, and checks what it
// promises. Input: link type (2 bytes, little endian), bytes that the wire had beyond the capture
// (2), the frame.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/endian.h"
#include "decode/decoder.h"

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

// The payload of a packet lies within its frame, and never claims more than was captured or sent.
void check(const panoptes::RawPacket& raw, const panoptes::Packet& packet) {
  require(packet.wire_bytes >= raw.captured && packet.wire_bytes >= raw.wire);
  require(packet.payload_captured <= packet.payload_bytes);
  require(packet.payload_bytes <= packet.wire_bytes);
  require(packet.payload >= raw.data && packet.payload <= raw.data + raw.captured);
  require(packet.payload_captured <= raw.data + raw.captured - packet.payload);
  require(packet.key.kind != panoptes::FlowKind::none && packet.key.reserved == 0);
  require(packet.request_sense <= 2);
  require((packet.layers & panoptes::kHasTcp) != 0 ||
          (packet.tcp_flags == 0 && packet.tcp_options == 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const std::size_t captured = size - 4;
  // An exact copy, so that a read past the end is seen.
  const std::unique_ptr<std::uint8_t[]> frame(new std::uint8_t[captured]);
  std::memcpy(frame.get(), data + 4, captured);
  const panoptes::RawPacket raw{
      .data = frame.get(),
      .captured = static_cast<std::uint32_t>(captured),
      .wire = static_cast<std::uint32_t>(captured) + panoptes::load_le16(data + 2),
      .time_ns = 0,
      .link_type = panoptes::load_le16(data)};

  // What was in the packet before must not show in the key: decoded twice over different rubbish.
  panoptes::Packet packet;
  panoptes::Packet again;
  std::memset(static_cast<void*>(&packet), 0x00, sizeof packet);
  std::memset(static_cast<void*>(&again), 0xff, sizeof again);
  const panoptes::Undecoded reason = panoptes::decode(raw, packet);
  require(panoptes::decode(raw, again) == reason);
  if (reason != panoptes::Undecoded::none) return 0;
  check(raw, packet);
  require(packet.key == again.key && packet.layers == again.layers);
  return 0;
}
