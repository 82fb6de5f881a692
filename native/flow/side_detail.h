// What a side keeps of its gaps and frame sizes in 24 bytes. Part of flow/flow.h; written by
// flow/meters, flow/size_meter and flow/gap_classes.
//
// Four numbers of 48 bits: three at the top of a word each, so that they are read with one shift,
// the fourth in pieces below them. All are 0 in memory that is 0.
#pragma once

#include <algorithm>
#include <cstdint>

namespace panoptes {

class SideDetail {
 public:
  // ns, 78 hours. Times that exceed it count as that.
  static constexpr std::int64_t kMost = (std::int64_t{1} << 48) - 1;
  // Below the size counters of flow/size_meter.h in sizes().
  static constexpr int kSizesShift = 16;

  // A record begins; `lead` is the gap before its first packet, 0 where there is none.
  void start(std::int64_t lead) {
    const auto bits = static_cast<std::uint64_t>(std::clamp<std::int64_t>(lead, 0, kMost));
    word_[kMin] = static_cast<std::uint64_t>(kMost) << 16 | (bits & 0xffff);
    word_[kMax] = bits >> 16 & 0xffff;
    word_[kSizes] = bits >> 32;
  }
  std::int64_t lead() const {
    return static_cast<std::int64_t>((word_[kMin] & 0xffff) | (word_[kMax] & 0xffff) << 16 |
                                     (word_[kSizes] & 0xffff) << 32);
  }

  // Extremes of the gaps in this record, ns; min > max: none.
  std::int64_t gap_min() const { return static_cast<std::int64_t>(word_[kMin] >> 16); }
  std::int64_t gap_max() const { return static_cast<std::int64_t>(word_[kMax] >> 16); }
  void set_gap_min(std::int64_t ns) { set_top(word_[kMin], ns); }
  void set_gap_max(std::int64_t ns) { set_top(word_[kMax], ns); }
  void widen(std::int64_t gap) {
    if (gap < gap_min()) set_gap_min(gap);
    if (gap > gap_max()) set_gap_max(gap);
  }

  // The counters from bit kSizesShift on; what is below is not theirs.
  std::uint64_t sizes() const { return word_[kSizes] >> kSizesShift; }
  std::uint64_t& sizes_word() { return word_[kSizes]; }
  std::uint64_t sizes_word() const { return word_[kSizes]; }

 private:
  enum : std::uint8_t { kMin, kMax, kSizes };

  static void set_top(std::uint64_t& word, std::int64_t ns) {
    word = static_cast<std::uint64_t>(std::min(ns, kMost)) << 16 | (word & 0xffff);
  }

  std::uint64_t word_[3];
};
static_assert(sizeof(SideDetail) == 24);

}  // namespace panoptes
