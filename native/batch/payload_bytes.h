// Payload bytes of the open batch, one run of them. std::string does this too, in twice the
// instructions for each of two pieces a record.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace panoptes {

class PayloadBytes {
 public:
  void append(std::span<const std::uint8_t> piece) {
    if (piece.size() > capacity_ - size_) grow(piece.size());
    std::memcpy(bytes_.get() + size_, piece.data(), piece.size());
    size_ += piece.size();
  }
  void clear() { size_ = 0; }
  std::size_t size() const { return size_; }
  const char* data() const { return bytes_.get(); }

 private:
  [[gnu::noinline]] void grow(std::size_t by) {
    const std::size_t capacity = std::max(size_ + by, capacity_ * 2);
    std::unique_ptr<char[]> larger(new char[capacity]);
    std::copy_n(bytes_.get(), size_, larger.get());
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace panoptes
