// Blocks of one kind that few flows need at a time, so that they live apart from the flows.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "base/arena.h"
#include "flow/free_list.h"

namespace panoptes {

// Handles count from 1; 0 is none. Fixed count, no growth; memory becomes real as blocks are used.
// allocate() gives a block of zeros, or fails when all are taken.
template <typename Block>
class BlockPool {
  static_assert(std::is_trivially_copyable_v<Block> && sizeof(Block) >= sizeof(std::uint32_t));

 public:
  explicit BlockPool(std::uint32_t count)
      : count_(count), arena_(std::size_t{count} * sizeof(Block)) {}

  std::uint32_t allocate() {
    std::uint32_t handle = free_;
    if (handle != 0) {
      std::memcpy(&free_, &(*this)[handle], sizeof free_);
    } else {
      if (fresh_ == count_) return 0;
      handle = ++fresh_;
      arena_.populate(std::size_t{handle} * sizeof(Block));
    }
    (*this)[handle] = {};
    return handle;
  }
  void release(std::uint32_t handle) {
    std::memcpy(static_cast<void*>(&(*this)[handle]), &free_, sizeof free_);
    free_ = handle;
  }
  Block& operator[](std::uint32_t handle) const {
    return reinterpret_cast<Block*>(arena_.data())[handle - 1];
  }

  // Gives back what lies behind the last block in use, and has the lowest used first from now on.
  // Walks over all that are free: for a quiet moment.
  void give_back() {
    const auto next_of = [this](std::uint32_t handle) {
      std::uint32_t next;
      std::memcpy(&next, &(*this)[handle], sizeof next);
      return next;
    };
    fresh_ = sort_free(std::exchange(free_, 0), fresh_, next_of,
                       [this](std::uint32_t handle) { release(handle); });
    arena_.release_behind(std::size_t{fresh_} * sizeof(Block));
  }
  void prefault() { arena_.populate(arena_.size()); }
  std::size_t real_bytes() const { return arena_.populated(); }

 private:
  std::uint32_t count_;
  Arena arena_;
  std::uint32_t free_ = 0;
  std::uint32_t fresh_ = 0;
};

}  // namespace panoptes
