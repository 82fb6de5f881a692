// How many frames of each size a side sent in a record: eight counters, one for each power of two.
// Between meters.cc, which counts a packet, and batch/, which reads the counters of a record.
//
// A side has six bits for each counter in its SideDetail. When one is full, all of them move to a
// block of their own until the record ends, and the block's number stands in their place.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "base/prefetch.h"
#include "flow/block_pool.h"
#include "flow/flow.h"

namespace panoptes {

inline constexpr std::uint32_t kSizeBins = 8;
// Frames of less than 64 bytes, 64 to 127, 128 to 255 ... 2048 to 4095, and of 4096 and more.
using SizeHistogram = std::array<std::uint32_t, kSizeBins>;

inline std::uint32_t size_bin(std::uint32_t bytes) {
  const auto bin = static_cast<std::uint32_t>(std::bit_width(bytes | 32U) - 6);
  return bin < kSizeBins ? bin : kSizeBins - 1;
}

class SizeMeter {
 public:
  // Sides that have a block, of which there are two for each 16 flows.
  static std::uint32_t blocks(std::uint32_t max_flows) {
    return max_flows / 8 < 1024 ? 1024 : max_flows / 8;
  }
  static constexpr std::size_t kBlockBytes = sizeof(SizeHistogram);

  explicit SizeMeter(std::uint32_t blocks) : pool_(blocks) {}

  // True: the counter is full and there is no block. The record has to go out before the next one
  // is counted.
  [[gnu::always_inline]] bool count(Side& side, std::uint32_t bytes) {
    const std::uint32_t bin = size_bin(bytes);
    std::uint64_t& word = side.detail.sizes_word();
    if (word >= kInBlock) {
      ++pool_[handle(word)][bin];
      return false;
    }
    const std::uint32_t shift = SideDetail::kSizesShift + kBits * bin;
    word += std::uint64_t{1} << shift;
    return (word >> shift & kMask) == kFull && !move(word);
  }

  SizeHistogram of(const Side& side) const {
    const std::uint64_t sizes = side.detail.sizes();
    if (sizes >= kInBlock >> SideDetail::kSizesShift) {
      return pool_[static_cast<std::uint32_t>(sizes)];
    }
    SizeHistogram out;
    for (std::uint32_t bin = 0; bin < kSizeBins; ++bin) out[bin] = inline_count(sizes, bin);
    return out;
  }
  // f(bin, count) of each bin that has frames, but for that of the largest one.
  template <typename Function>
  [[gnu::always_inline]] void for_each_smaller(const Side& side, const Function& f) const {
    const std::uint64_t sizes = side.detail.sizes();
    const std::uint32_t end = size_bin(side.max_size);
    if (sizes >= kInBlock >> SideDetail::kSizesShift) [[unlikely]] {
      const SizeHistogram& counts = pool_[static_cast<std::uint32_t>(sizes)];
      for (std::uint32_t bin = size_bin(side.min_size); bin < end; ++bin) {
        if (counts[bin] != 0) f(bin, counts[bin]);
      }
      return;
    }
    // The highest bit of each counter that is not 0.
    constexpr std::uint64_t kLower = kMask >> 1;
    const std::uint64_t below = sizes & ((std::uint64_t{1} << kBits * end) - 1);
    std::uint64_t any = (((below & kLower * kOnes) + kLower * kOnes) | below) & ~(kLower * kOnes);
    for (; any != 0; any &= any - 1) {
      const std::uint32_t bin = static_cast<std::uint32_t>(std::countr_zero(any)) / kBits;
      f(bin, inline_count(below, bin));
    }
  }

  [[gnu::always_inline]] void prefetch_block(const Side& side) const {
    const std::uint64_t word = side.detail.sizes_word();
    if (word >= kInBlock) prefetch(&pool_[handle(word)]);
  }

  // After the record, whose counters are lost with it.
  void release(Side& side) {
    std::uint64_t& word = side.detail.sizes_word();
    if (word < kInBlock) return;
    pool_.release(handle(word));
    word &= kNotSizes;
  }
  void prefault() { pool_.prefault(); }
  void give_back() { pool_.give_back(); }

 private:
  static constexpr std::uint32_t kBits = 6, kMask = (1U << kBits) - 1;
  // The highest value of the last counter says that there is a block; no counter ever has it.
  static constexpr std::uint32_t kFull = kMask - 1;
  static constexpr std::uint64_t kInBlock = std::uint64_t{kMask} << (64 - kBits);
  static constexpr std::uint64_t kNotSizes = (std::uint64_t{1} << SideDetail::kSizesShift) - 1;
  static_assert(SideDetail::kSizesShift + kBits * kSizeBins == 64);
  static constexpr std::uint64_t kOnes = 0x041041041041;  // 1 in each counter

  static std::uint32_t inline_count(std::uint64_t sizes, std::uint32_t bin) {
    return static_cast<std::uint32_t>(sizes >> (kBits * bin)) & kMask;
  }
  static std::uint32_t handle(std::uint64_t word) {
    return static_cast<std::uint32_t>(word >> SideDetail::kSizesShift);
  }
  [[gnu::noinline]] bool move(std::uint64_t& word) {
    const std::uint32_t block = pool_.allocate();
    if (block == 0) return false;
    const std::uint64_t sizes = word >> SideDetail::kSizesShift;
    for (std::uint32_t bin = 0; bin < kSizeBins; ++bin) {
      pool_[block][bin] = inline_count(sizes, bin);
    }
    word = kInBlock | std::uint64_t{block} << SideDetail::kSizesShift | (word & kNotSizes);
    return true;
  }

  BlockPool<SizeHistogram> pool_;
};

}  // namespace panoptes
