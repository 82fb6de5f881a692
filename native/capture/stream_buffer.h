// The window of a capture file's bytes that is in memory. Before it: ByteInput; after it: the
// readers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "capture/byte_input.h"

namespace panoptes {

// Bytes between consume() and the end of what was read. Pointers into it are good until fill().
class StreamBuffer {
 public:
  static constexpr std::size_t kChunk = std::size_t{1} << 20;   // read at once
  static constexpr std::size_t kLimit = std::size_t{64} << 20;  // grows no further

  StreamBuffer();

  const std::uint8_t* data() const { return bytes_.get() + begin_; }
  std::size_t size() const { return end_ - begin_; }
  std::uint64_t offset() const { return offset_; }  // of data() in the file
  void consume(std::size_t n) {                     // n <= size()
    begin_ += n;
    offset_ += n;
  }

  // Reads once, after making room for `wanted` bytes (<= kLimit) from data() on; moves what is
  // left.
  InputState fill(ByteInput& input, std::size_t wanted);

 private:
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t capacity_ = kChunk;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
};

}  // namespace panoptes
