#include "batch/row_set_encoder.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/wide_vectors.h"

namespace panoptes {
namespace {

// Field numbers of FlowBatch and RowSet.
constexpr std::uint32_t kRowSets = 6;
enum RowSetField : std::uint32_t { kSteps = 1, kBitmap, kLike };

constexpr std::uint32_t kLikeAll = 1;
constexpr std::uint32_t kLikeFirst = 2;  // the first set of the batch
constexpr std::uint32_t kLikeBytes = 2;  // to say it
// A step of so many rows is the longest, and names none.
constexpr std::uint32_t kLongStep = 255;

constexpr std::size_t kHalf = kMaxRows / 64 / 2;

// Rows that differ, of half a batch. Counts two bits, four, then eight at a time, without a table,
// so that compilers make vector code of it.
std::uint32_t differing_rows(const std::uint64_t* one, const std::uint64_t* other) {
  const auto loop =
      [](const std::uint64_t* a, const std::uint64_t* b) __attribute__((always_inline)) {
    constexpr std::uint64_t kPairs = 0x5555555555555555;
    constexpr std::uint64_t kFours = 0x3333333333333333;
    constexpr std::uint64_t kBytes = 0x0f0f0f0f0f0f0f0f;
    std::uint64_t bytes = 0;  // eight sums of at most 8 times 8
    for (std::size_t i = 0; i < kHalf; ++i) {
      std::uint64_t x = a[i] ^ b[i];
      x -= x >> 1 & kPairs;
      x = (x & kFours) + (x >> 2 & kFours);
      bytes += (x + (x >> 4)) & kBytes;
    }
    constexpr std::uint64_t kEven = 0x00ff00ff00ff00ff;
    const std::uint64_t sums = (bytes & kEven) + (bytes >> 8 & kEven);
    return static_cast<std::uint32_t>(sums * 0x0001000100010001 >> 48);
  };
  return in_vectors(loop, one, other);
}

}  // namespace

RowSetEncoder::RowSetEncoder(protozero::pbf_writer& batch, std::uint32_t rows)
    : batch_(batch), rows_(rows), bitmap_bytes_((rows + 7) / 8) {
  all_.count = rows;
  for (std::uint32_t row = 0; row < rows; row += 64) {
    all_.bits[row / 64] = ~std::uint64_t{0} >> (rows - row < 64 ? 64 - (rows - row) : 0);
  }
}

void RowSetEncoder::encode(RowSet& set) {
  set.number = 0;
  if (set.count == 0 || set.count == rows_) return;
  const Likeness near = nearest(set);
  if (near.differ == 0) {
    set.number = near.set->number;
    return;
  }
  write(set, near);
  written_.push_back({set.count, &set});
  set.number = static_cast<std::uint32_t>(written_.size());
}

// One row is about one byte, a bitmap never more than it has. Sets differ in no fewer rows than one
// of them has more than the other, and mostly in more; the second half of them about as the first.
RowSetEncoder::Likeness RowSetEncoder::nearest(const RowSet& set) const {
  Likeness best{.like = 0, .differ = set.count, .set = &none_};
  if (rows_ - set.count < best.differ) best = {kLikeAll, rows_ - set.count, &all_};
  std::uint32_t bytes = std::min(best.differ, bitmap_bytes_);
  for (std::size_t i = written_.size(); i-- > 0;) {
    const std::uint32_t count = written_[i].count;
    const std::uint32_t more = std::max(set.count, count) - std::min(set.count, count);
    if (more + more / 2 + kLikeBytes >= bytes && more != 0) continue;
    const RowSet& other = *written_[i].set;
    if (more == 0 && set == other) return {0, 0, &other};
    std::uint32_t differ = differing_rows(set.bits.data(), other.bits.data());
    if (differ + differ / 2 + kLikeBytes >= bytes) continue;
    differ += differing_rows(set.bits.data() + kHalf, other.bits.data() + kHalf);
    if (differ + kLikeBytes >= bytes) continue;
    best = {static_cast<std::uint32_t>(i) + kLikeFirst, differ, &other};
    bytes = differ;
  }
  return best;
}

void RowSetEncoder::write(const RowSet& set, const Likeness& near) {
  protozero::pbf_writer message(batch_, kRowSets);
  if (near.like != 0) message.add_uint32(kLike, near.like);
  RowSet differ;
  for (std::size_t i = 0; i < differ.bits.size(); ++i) {
    differ.bits[i] = set.bits[i] ^ near.set->bits[i];
  }
  // One byte for each row, and one for each long step.
  if (near.differ + rows_ / kLongStep >= bitmap_bytes_) {
    message.add_bytes(kBitmap, reinterpret_cast<const char*>(differ.bits.data()), bitmap_bytes_);
    return;
  }
  std::array<char, kMaxRows / 8> steps;
  std::size_t count = 0;
  std::uint32_t next = 0;
  for (std::uint32_t word = 0; word < differ.bits.size(); ++word) {
    for (std::uint64_t rest = differ.bits[word]; rest != 0; rest &= rest - 1) {
      const std::uint32_t row = word * 64 + static_cast<std::uint32_t>(std::countr_zero(rest));
      for (; row - next >= kLongStep; next += kLongStep)
        steps[count++] = static_cast<char>(kLongStep);
      steps[count++] = static_cast<char>(row - next);
      next = row + 1;
    }
  }
  message.add_bytes(kSteps, steps.data(), count);
}

}  // namespace panoptes
