#include "mutation_source.h"

#include <cstring>
#include <limits>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PANOPTES_GUARD_FRAMES
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define PANOPTES_GUARD_FRAMES
#endif
#ifdef PANOPTES_GUARD_FRAMES
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) (static_cast<void>(at), static_cast<void>(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) (static_cast<void>(at), static_cast<void>(size))
#endif

namespace panoptes::mutate {

GuardedFrames::GuardedFrames()
    : memory_(std::make_unique_for_overwrite<std::uint8_t[]>(kPlaces * kStride)) {
  ASAN_POISON_MEMORY_REGION(memory_.get(), kPlaces * kStride);
}

GuardedFrames::~GuardedFrames() { ASAN_UNPOISON_MEMORY_REGION(memory_.get(), kPlaces * kStride); }

const std::uint8_t* GuardedFrames::put(const std::vector<std::uint8_t>& bytes,
                                       std::uint32_t shift) {
  // Poison knows 8 bytes at a time, of which the first ones may be good: the end of a frame is
  // guarded to the byte, its beginning only where `shift` is 0.
  std::uint8_t* at = place(count_) + 64 + shift;
  used_[count_++] = static_cast<std::uint32_t>(bytes.size());
  ASAN_UNPOISON_MEMORY_REGION(at, bytes.size());
  if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
  return at;
}

void GuardedFrames::forget() {
  for (std::size_t i = 0; i < count_; ++i) {
    ASAN_POISON_MEMORY_REGION(place(i) + 64, used_[i] + 15U);
  }
  count_ = 0;
}

ReadState MutationSource::read(std::size_t most, PacketSink sink, void* context) {
  frames_.forget();
  most = std::min(most, GuardedFrames::kPlaces);
  for (std::size_t i = 0; i < most && number_ < cases_.end; ++i) {
    cases_.current->store(number_, std::memory_order_relaxed);
    mutator_.make(number_, packet_);
    Random random(cases_.seed + 1, number_);
    const RawPacket raw{.data = frames_.put(packet_.bytes, random.below(8)),
                        .captured = packet_.size(),
                        .wire = packet_.wire,
                        .time_ns = next_time(random),
                        .link_type = packet_.link_type};
    ++number_;
    sink(context, raw);
    if (!cases_.stable) frames_.forget();
  }
  return number_ < cases_.end ? ReadState::more : ReadState::end;
}

std::int64_t MutationSource::next_time(Random& random) {
  constexpr std::int64_t kMs = 1'000'000;
  if (random.one_in(64)) return now_ns_ - random.below(3'000) * kMs;
  if (cases_.wild_clock && random.one_in(64)) {
    const std::array<std::int64_t, 8> odd{0,
                                          -1,
                                          1,
                                          std::numeric_limits<std::int64_t>::min(),
                                          std::numeric_limits<std::int64_t>::max(),
                                          9'000'000'000'000'000'000,
                                          now_ns_ + (std::int64_t{1} << random.below(62)),
                                          now_ns_ - (std::int64_t{1} << random.below(62))};
    return random.of(odd);
  }
  now_ns_ += random.one_in(2'000) ? random.below(100'000) * kMs : random.below(100'000);
  return now_ns_;
}

}  // namespace panoptes::mutate
