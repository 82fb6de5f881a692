// Bounds are checked here and nowhere else: a decoder that reads through a ByteReader cannot
// overrun.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace panoptes {

class ByteReader {
 public:
  ByteReader(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  explicit ByteReader(std::span<const std::uint8_t> bytes)
      : ByteReader(bytes.data(), bytes.size()) {}

  // The next `n` bytes, moving past them, or nullptr (and no move) where fewer are left.
  const std::uint8_t* take(std::size_t n) {
    if (n > left()) return nullptr;
    const std::uint8_t* p = at_;
    at_ += n;
    return p;
  }
  // The next `n` bytes without moving, or nullptr.
  const std::uint8_t* peek(std::size_t n) const { return n > left() ? nullptr : at_; }

  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  const std::uint8_t* position() const { return at_; }

  // Forgets all but the next `n` bytes (a length field says where the inner part ends).
  void limit(std::size_t n) {
    if (n < left()) end_ = at_ + n;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace panoptes
