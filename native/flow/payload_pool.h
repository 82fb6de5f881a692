// Buffers for the first payload bytes of flows: few flows need one at a time, so they live apart.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/arena.h"

namespace panoptes {

// Handles count from 1; 0 is none. Fixed count and size, no growth; allocate() fails when all are
// taken. Each buffer holds two streams, of the low [0] and the high [1] endpoint, and how much of
// each has gone out in records already.
class PayloadPool {
 public:
  PayloadPool(std::uint32_t buffers, std::uint32_t bytes_per_side)
      : bytes_(std::min<std::uint32_t>(bytes_per_side, 0xffff)),
        stride_(buffer_bytes(bytes_)),
        buffers_(bytes_ == 0 ? 0 : buffers),
        arena_(std::size_t{buffers_} * stride_) {}

  // Of one buffer, which holds both sides.
  static std::uint32_t buffer_bytes(std::uint32_t bytes_per_side) {
    return static_cast<std::uint32_t>((sizeof(Head) + 2 * std::size_t{bytes_per_side} + 7) / 8 * 8);
  }

  std::uint32_t allocate() {
    std::uint32_t handle = free_;
    if (handle != 0) {
      free_ = head(handle).next_free;
    } else {
      if (fresh_ == buffers_) return 0;
      handle = ++fresh_;
      arena_.populate(std::size_t{handle} * stride_);
    }
    head(handle) = {};
    return handle;
  }
  void release(std::uint32_t handle) {
    head(handle).next_free = free_;
    free_ = handle;
  }

  std::uint32_t limit() const { return bytes_; }
  std::uint32_t length(std::uint32_t handle, bool high) const { return head(handle).length[high]; }
  // Appends as much as fits; the new length.
  std::uint32_t append(std::uint32_t handle, bool high, const std::uint8_t* data, std::uint32_t n) {
    Head& h = head(handle);
    n = std::min(n, bytes_ - h.length[high]);
    std::memcpy(bytes(handle, high) + h.length[high], data, n);
    h.length[high] = static_cast<std::uint16_t>(h.length[high] + n);
    return h.length[high];
  }
  // What did not go out yet; from now on it has.
  std::span<const std::uint8_t> take(std::uint32_t handle, bool high) {
    Head& h = head(handle);
    const std::uint32_t from = h.taken[high];
    h.taken[high] = h.length[high];
    return {bytes(handle, high) + from, h.length[high] - from};
  }

 private:
  struct Head {
    std::uint16_t length[2];
    std::uint16_t taken[2];
    std::uint32_t next_free;
  };
  Head& head(std::uint32_t handle) const {
    return *reinterpret_cast<Head*>(arena_.data() + std::size_t{handle - 1} * stride_);
  }
  std::uint8_t* bytes(std::uint32_t handle, bool high) const {
    return reinterpret_cast<std::uint8_t*>(&head(handle)) + sizeof(Head) + (high ? bytes_ : 0);
  }

  std::uint32_t bytes_;
  std::uint32_t stride_;
  std::uint32_t buffers_;
  Arena arena_;
  std::uint32_t free_ = 0;
  std::uint32_t fresh_ = 0;
};

}  // namespace panoptes
