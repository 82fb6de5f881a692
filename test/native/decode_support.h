// What the tests of decode/ share: decoding a built frame, and reading a key.
#pragma once

#include <arpa/inet.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "decode/decoder.h"
#include "frames.h"

namespace panoptes {

// A frame and what was made of it. `packet` was full of rubbish before, so that a byte which
// decode() forgot shows.
struct Decoded {
  frames::Bytes bytes;
  Packet packet;
  Undecoded reason;

  Decoded(frames::Bytes frame, std::uint16_t link_type = 1, std::uint32_t wire = 0,
          const DecodeOptions& options = {}, std::int32_t tag = RawPacket::kNoTag)
      : bytes(std::move(frame)) {
    std::memset(static_cast<void*>(&packet), 0xaa, sizeof packet);
    const RawPacket raw{.data = bytes.data(),
                        .captured = static_cast<std::uint32_t>(bytes.size()),
                        .wire = wire,
                        .time_ns = 42,
                        .link_type = link_type,
                        .tag = tag};
    reason = decode(raw, packet, options);
  }
  Decoded(const Decoded&) = delete;  // packet.payload points into bytes

  const FlowKey& key() const { return packet.key; }
  bool has(std::uint16_t layers) const { return (packet.layers & layers) == layers; }
  std::string payload() const {
    return {reinterpret_cast<const char*>(packet.payload), packet.payload_captured};
  }
  // Outer source and destination of the innermost tunnel, "a > b"; empty: there is none.
  std::string tunnel_ends() const {
    if (!has(kHasTunnel)) return "";
    char src[INET6_ADDRSTRLEN] = "", dst[INET6_ADDRSTRLEN] = "";
    const int family = packet.tunnel.ipv6 ? AF_INET6 : AF_INET;
    inet_ntop(family, packet.tunnel.src, src, sizeof src);
    inet_ntop(family, packet.tunnel.dst, dst, sizeof dst);
    return src + (" > " + std::string(dst));
  }
  // Sender and receiver as "address:port", whichever of them is the low one.
  std::string sender() const { return endpoint(packet.from_high); }
  std::string receiver() const { return endpoint(!packet.from_high); }

 private:
  std::string endpoint(bool high) const {
    const auto& address = high ? key().high_addr : key().low_addr;
    const std::uint16_t port = high ? key().high_port : key().low_port;
    char text[INET6_ADDRSTRLEN] = "";
    if (key().kind == FlowKind::ethernet || key().kind == FlowKind::rarp) {
      std::snprintf(text, sizeof text, "%02x%02x%02x%02x%02x%02x", address[0], address[1],
                    address[2], address[3], address[4], address[5]);
      return text;
    }
    inet_ntop(key().kind == FlowKind::ipv6 ? AF_INET6 : AF_INET, address.data(), text, sizeof text);
    return text + (":" + std::to_string(port));
  }
};

// The first `size` bytes of a frame, as a snaplen leaves them.
inline frames::Bytes cut(frames::Bytes frame, std::size_t size) {
  frame.resize(size);
  return frame;
}

}  // namespace panoptes
