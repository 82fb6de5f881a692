// A capture in memory, ready to be sent. Before it: a pcap file; after it: main.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace panoptes::bench {

// The frames keep the captured bytes only; what the capture cut off is sent as zeros, so that every
// frame has its whole length on the wire and a large capture fits into memory.
class Frames {
 public:
  // Reads a classic little endian pcap file, the only kind that the generators write. Returns why
  // not, or an empty text.
  std::string load(const std::string& path);

  std::size_t count() const { return frames_.size(); }
  std::span<std::uint8_t> captured(std::size_t index) {
    const Frame& frame = frames_[index];
    return {bytes_.data() + frame.at, frame.captured};
  }
  std::uint32_t wire_bytes(std::size_t index) const { return frames_[index].wire; }

 private:
  struct Frame {
    std::size_t at;
    std::uint32_t captured;
    std::uint32_t wire;
  };
  std::vector<std::uint8_t> bytes_;
  std::vector<Frame> frames_;
};

}  // namespace panoptes::bench
