// Only the tail that is not yet a whole record is ever moved.
#include "capture/stream_buffer.h"

#include <algorithm>
#include <bit>
#include <cstring>

// In sanitizer builds a reader that looks beyond the bytes that were read is caught, although the
// memory there is the buffer's own.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PANOPTES_GUARD_BUFFER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define PANOPTES_GUARD_BUFFER
#endif
#ifdef PANOPTES_GUARD_BUFFER
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) (static_cast<void>(at), static_cast<void>(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) (static_cast<void>(at), static_cast<void>(size))
#endif

namespace panoptes {
namespace {

// Poisoned behind what was read: all that a header can reach. To poison the whole buffer each time
// would cost more than whatever the sanitizer build tests.
constexpr std::size_t kGuard = 4096;

}  // namespace

StreamBuffer::StreamBuffer() : bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(kChunk)) {}

InputState StreamBuffer::fill(ByteInput& input, std::size_t wanted) {
  ASAN_UNPOISON_MEMORY_REGION(bytes_.get() + end_, std::min(kGuard, capacity_ - end_));
  const std::size_t left = size();
  if (wanted > capacity_) {
    const std::size_t capacity = std::min(std::bit_ceil(wanted), kLimit);
    auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
    std::memcpy(larger.get(), data(), left);
    bytes_ = std::move(larger);
    capacity_ = capacity;
    begin_ = 0;
    end_ = left;
  } else if (left == 0 || begin_ > capacity_ / 2 || capacity_ - begin_ < wanted) {
    std::memmove(bytes_.get(), data(), left);
    begin_ = 0;
    end_ = left;
  }
  std::size_t got = 0;
  const InputState state = input.read(bytes_.get() + end_, capacity_ - end_, got);
  end_ += got;
  ASAN_POISON_MEMORY_REGION(bytes_.get() + end_, std::min(kGuard, capacity_ - end_));
  return state;
}

}  // namespace panoptes
