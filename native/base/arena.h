// A fixed range of memory, on huge pages where the kernel gives them, prefaulted step by step.
#pragma once

#include <cstddef>
#include <cstdint>

namespace panoptes {

// Reserves address space once and never moves. Memory becomes real in steps by populate(), so that
// no page fault happens where the memory is used, and may be given back. Throws std::bad_alloc
// where the address space is refused.
class Arena {
 public:
  explicit Arena(std::size_t bytes);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  std::uint8_t* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::size_t populated() const { return populated_; }

  // Makes at least the first `bytes` real, rounded up to kStep. Once done it is free.
  void populate(std::size_t bytes) {
    if (bytes > populated_) [[unlikely]]
      populate_more(bytes);
  }

  // Gives whole steps back to the system: they are zeros, and real again once they are touched.
  void release(std::size_t first_step, std::size_t steps);
  // All of them from the one that begins at or behind `bytes`; populate() makes them real again.
  void release_behind(std::size_t bytes);
  // One that was given back, below what is populated.
  void populate_step(std::size_t step) { make_real(step * kStep, (step + 1) * kStep); }

  static constexpr std::size_t kStep = std::size_t{2} << 20;  // one huge page

 private:
  void populate_more(std::size_t bytes);
  void make_real(std::size_t from, std::size_t to);

  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t populated_ = 0;
};

}  // namespace panoptes
