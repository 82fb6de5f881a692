// Values that repeat within a batch (addresses, MACs): each stands once, rows carry its index.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/hash.h"

namespace panoptes {

// Up to 5120 entries of `Size` bytes: the caller asks for at most five a row of at most 1024 rows.
template <std::size_t Size>
class Dictionary {
 public:
  // `secret`: as of the flow table, so that nobody can send values that stand behind one another
  // here. Where a value stands in the batch does not depend on it.
  explicit Dictionary(std::uint64_t secret = 0) : secret_(secret) {}

  std::uint16_t index_of(const std::uint8_t* value) {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    std::memcpy(&a, value, Size < 8 ? Size : 8);
    if constexpr (Size > 8) std::memcpy(&b, value + 8, Size - 8);
    const std::uint64_t h =
        mix64(a ^ 0x2d358dccaa6c78a5U ^ secret_, b ^ 0x8bb84b93962eacc9U ^ std::rotl(secret_, 29));
    for (std::size_t i = h % kSlots;; i = (i + 1) % kSlots) {
      const std::uint16_t entry = slots_[i];
      if (entry == 0) {
        slots_[i] = static_cast<std::uint16_t>(count_ + 1);
        slot_of_[count_] = static_cast<std::uint16_t>(i);
        std::memcpy(bytes_.data() + std::size_t{count_} * Size, value, Size);
        return static_cast<std::uint16_t>(count_++);
      }
      if (std::memcmp(bytes_.data() + std::size_t{entry - 1U} * Size, value, Size) == 0) {
        return static_cast<std::uint16_t>(entry - 1);
      }
    }
  }
  void clear() {
    for (std::uint32_t i = 0; i < count_; ++i) slots_[slot_of_[i]] = 0;
    count_ = 0;
  }
  std::uint32_t count() const { return count_; }
  const char* data() const { return reinterpret_cast<const char*>(bytes_.data()); }
  std::size_t size() const { return std::size_t{count_} * Size; }

 private:
  static constexpr std::size_t kEntries = 5120;
  static constexpr std::size_t kSlots = 8192;
  std::uint64_t secret_;
  std::array<std::uint16_t, kSlots> slots_{};
  std::array<std::uint16_t, kEntries> slot_of_;
  std::array<std::uint8_t, kEntries * Size> bytes_{};
  std::uint32_t count_ = 0;
};

}  // namespace panoptes
