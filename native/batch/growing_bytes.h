// Bytes of the open batch that come piece by piece, one run of them. std::string does this too, but
// cannot be written to without being filled before, and takes twice the instructions for each of
// two pieces of payload a record.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace panoptes {

class GrowingBytes {
 public:
  void append(std::span<const std::uint8_t> piece) {
    std::memcpy(room(piece.size()), piece.data(), piece.size());
    size_ += piece.size();
  }
  // Where at least so many bytes may be written behind the last. They stay as far as keep() says.
  char* room(std::size_t bytes) {
    if (bytes > capacity_ - size_) grow(bytes);
    return bytes_.get() + size_;
  }
  void keep(std::size_t bytes) { size_ += bytes; }
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
