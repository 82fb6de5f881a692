// Opens the sources of packets. The only door of capture/ beside feed_source.h and paced_source.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "capture/frame_trim.h"
#include "capture/interfaces.h"
#include "capture/packet_source.h"

namespace panoptes {

// How packets of a live link come out of the kernel.
enum class CaptureMethod : std::uint8_t {
  automatic,  // the ring where the link and the kernel allow it, else libpcap
  ring,
  pcap,
};

struct LiveOptions {
  std::string interface;  // a name, or "any"
  int snaplen = 262144;
  bool promiscuous = true;
  int buffer_bytes = 64 << 20;
  std::string filter;   // BPF; empty: none
  FrameTrim trim = {};  // where the kernel can
  CaptureMethod method = CaptureMethod::automatic;
  // Sources of one group share the packets of a link (fanout.h); -1: this one has them all.
  int fanout_group = -1;
};

struct FileOptions {
  std::string path;    // "-": stdin
  std::string filter;  // BPF; empty: none
};

// nullptr: it cannot be opened, `error` says why. What is no capture is found at once in a file on
// disk, and by the first read() in a pipe.
std::unique_ptr<PacketSource> open_live(const LiveOptions& options, SourceMessage& error);
std::unique_ptr<PacketSource> open_file(const FileOptions& options, SourceMessage& error);

}  // namespace panoptes
