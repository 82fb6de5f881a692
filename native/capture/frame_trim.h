// How much of a frame the kernel has to copy into the ring: headers, and as much payload as the
// probe looks at. Asked for by ring_source.cc for Ethernet; what to keep is told by probe/.
#pragma once

#include <cstdint>
#include <vector>

namespace panoptes {

struct FilterStep;

// Whether there is something to cut, and where not.
struct FrameTrim {
  struct Ports {
    std::uint16_t low;
    std::uint16_t high;
  };

  std::uint32_t payload = kWhole;  // bytes of it that are looked at, at most;
  std::vector<Ports> whole;        // but all where either port is one of these

  static constexpr std::uint32_t kWhole = 0xffffffff;
};

// Adds to a capture filter for Ethernet (empty: it passes all) that of the frames that it passes
// only so much is copied. Cut are TCP, and the packets of QUIC that are encrypted from the second
// byte on (RFC 9000 17.3), where nothing but a VLAN tag is in front of an IP header and they are no
// fragments. Of everything else, which may be a tunnel or RTP, `snaplen` bytes are copied.
void trim_frames(std::vector<FilterStep>& filter, const FrameTrim& trim, std::uint32_t snaplen);

}  // namespace panoptes
