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
    const Words words = words_of(value);
    const std::uint64_t h = mix64(words.a ^ 0x2d358dccaa6c78a5U ^ secret_,
                                  words.b ^ 0x8bb84b93962eacc9U ^ std::rotl(secret_, 29));
    for (std::size_t i = h % kSlots;; i = (i + 1) % kSlots) {
      const std::uint16_t entry = slots_[i];
      if (entry == 0) {
        slots_[i] = static_cast<std::uint16_t>(count_ + 1);
        slot_of_[count_] = static_cast<std::uint16_t>(i);
        std::memcpy(bytes_.data() + std::size_t{count_} * Size, value, Size);
        return static_cast<std::uint16_t>(count_++);
      }
      if (words_of(at(entry - 1U)) == words) return static_cast<std::uint16_t>(entry - 1);
    }
  }
  // `index`: what index_of() said since the last clear().
  bool holds(std::uint16_t index, const std::uint8_t* value) const {
    return words_of(at(index)) == words_of(value);
  }
  void clear() {
    for (std::uint32_t i = 0; i < count_; ++i) slots_[slot_of_[i]] = 0;
    count_ = 0;
  }
  std::uint32_t count() const { return count_; }
  const char* data() const { return reinterpret_cast<const char*>(bytes_.data()); }
  std::size_t size() const { return std::size_t{count_} * Size; }

 private:
  struct Words {
    std::uint64_t a = 0, b = 0;
    friend bool operator==(const Words&, const Words&) = default;
  };
  static Words words_of(const std::uint8_t* value) {
    static_assert(Size == 4 || Size == 6 || Size == 16);
    if constexpr (Size == 16) return {load_u64(value), load_u64(value + 8)};
    // Six bytes piece by piece: a copy of them to a word is not yet there when the word is read.
    std::uint32_t first;
    std::uint16_t rest = 0;
    std::memcpy(&first, value, sizeof first);
    if constexpr (Size == 6) std::memcpy(&rest, value + 4, sizeof rest);
    return {first | std::uint64_t{rest} << 32, 0};
  }
  const std::uint8_t* at(std::size_t index) const { return bytes_.data() + index * Size; }

  static constexpr std::size_t kEntries = 5120;
  static constexpr std::size_t kSlots = 8192;
  std::uint64_t secret_;
  std::array<std::uint16_t, kSlots> slots_{};
  std::array<std::uint16_t, kEntries> slot_of_;
  std::array<std::uint8_t, kEntries * Size> bytes_{};
  std::uint32_t count_ = 0;
};

}  // namespace panoptes
