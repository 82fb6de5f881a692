// Builds the headers of a frame, every checksum right, also beyond the snaplen.
// Before it: mix.cc and syn_flood.cc; after it: CaptureWriter.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "flow.h"

namespace panoptes::bench {

// The address of one end: 10/8 and 198.18/15, or the like in 2001:db8::/32.
std::uint32_t address4(const Flow& flow, Side side);
std::array<std::uint8_t, 16> address6(const Flow& flow, Side side);

// Ethernet header with the flow's VLAN tag; returns its length.
std::uint32_t write_link(const Flow& flow, Side from, std::uint8_t* out);

struct NetworkHeader {
  std::uint32_t length;
  std::uint64_t pseudo_sum;  // of the pseudo header, for the checksum of layer 4
};
NetworkHeader write_network(const Flow& flow, Side from, std::uint8_t protocol,
                            std::uint32_t l4_bytes, std::uint16_t ip_id, std::uint8_t* out);

class FrameBuilder {
 public:
  FrameBuilder();

  struct Frame {
    std::span<const std::uint8_t> header;  // valid until the next build()
    std::uint32_t link_bytes;              // of the header
    std::uint32_t payload_bytes;           // behind the header, from payload()
    std::uint32_t app_bytes;               // L4 payload, wherever it stands
    std::uint32_t padding;                 // up to 60 bytes

    std::uint32_t wire_bytes() const {
      return static_cast<std::uint32_t>(header.size()) + payload_bytes + padding;
    }
  };
  Frame build(const Flow& flow, const Event& event);

  // 64 KiB of noise that every payload is a prefix of.
  const std::uint8_t* payload() const { return pattern_.data(); }

 private:
  std::uint32_t write_tcp(const Flow& flow, const Event& event, std::uint8_t* ip);
  std::uint32_t write_dns(const Flow& flow, const Event& event, std::uint8_t* ip);
  std::uint32_t write_udp(const Flow& flow, const Event& event, std::uint8_t* ip);
  std::uint32_t write_icmp(const Flow& flow, const Event& event, std::uint8_t* ip);

  std::vector<std::uint8_t> pattern_;
  std::vector<std::uint32_t> pattern_sum_;  // word_sum of every prefix: checksums cost no pass
  std::uint16_t ip_id_ = 0;                 // of all that is not TCP
  std::uint8_t bytes_[256];
};

}  // namespace panoptes::bench
