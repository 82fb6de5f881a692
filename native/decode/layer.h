// The rest of a frame as one decoder hands it to the next: where it is, how much of it was
// captured, how much of it was sent. Used by every decoder of this folder.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "decode/packet.h"

namespace panoptes {

// Bytes are read through peek() only, so that no decoder can overrun. captured() <= length()
// always: the captured part may be cut short by the snaplen, the length is by the wire or the IP
// header.
class Layer {
 public:
  Layer(const std::uint8_t* at, std::uint32_t captured, std::uint32_t length)
      : at_(at), captured_(std::min(captured, length)), length_(length) {}

  // The next `n` bytes, or nullptr where fewer were captured.
  const std::uint8_t* peek(std::uint32_t n) const { return n > captured_ ? nullptr : at_; }

  // Moves past `n` bytes that peek() has shown to be captured.
  void advance(std::uint32_t n) {
    assert(n <= captured_);
    at_ += n;
    captured_ -= n;
    length_ -= n;
  }

  // Moves past `n` bytes, also past bytes that were not captured or not even sent.
  void skip(std::uint32_t n) {
    const std::uint32_t there = std::min(n, captured_);
    at_ += there;
    captured_ -= there;
    length_ -= std::min(n, length_);
  }

  // Forgets all but the next `n` bytes (a length field says where the inner part ends).
  void limit(std::uint32_t n) {
    length_ = std::min(length_, n);
    captured_ = std::min(captured_, n);
  }

  std::uint32_t captured() const { return captured_; }
  std::uint32_t length() const { return length_; }
  const std::uint8_t* position() const { return at_; }

 private:
  const std::uint8_t* at_;
  std::uint32_t captured_;
  std::uint32_t length_;
};

// All of `rest` is the packet's payload.
inline void set_payload(Packet& out, Layer rest) {
  out.payload = rest.position();
  out.payload_bytes = rest.length();
  out.payload_captured = rest.captured();
}

// What follows the first `header` bytes of `rest` is the packet's payload.
inline void set_payload(Packet& out, Layer rest, std::uint32_t header) {
  rest.skip(header);
  set_payload(out, rest);
}

}  // namespace panoptes
