#include "base/arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace panoptes {
namespace {

std::size_t round_up(std::size_t n, std::size_t to) { return (n + to - 1) / to * to; }

#ifndef MADV_POPULATE_WRITE
constexpr int kPopulateWrite = 23;  // Linux 5.14; older kernels answer EINVAL
#else
constexpr int kPopulateWrite = MADV_POPULATE_WRITE;
#endif

}  // namespace

Arena::Arena(std::size_t bytes) : size_(round_up(std::max<std::size_t>(bytes, 1), kStep)) {
  // One step more than asked, so that the part in use begins on a huge page.
  void* raw = mmap(nullptr, size_ + kStep, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (raw == MAP_FAILED) throw std::bad_alloc();
  auto* begin = static_cast<std::uint8_t*>(raw);
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  const std::size_t lead = round_up(address, kStep) - address;
  if (lead > 0) munmap(begin, lead);
  data_ = begin + lead;
  if (const std::size_t tail = kStep - lead; tail > 0) munmap(data_ + size_, tail);
#ifdef MADV_HUGEPAGE
  madvise(data_, size_, MADV_HUGEPAGE);
#endif
}

Arena::~Arena() { munmap(data_, size_); }

void Arena::populate_more(std::size_t bytes) {
  const std::size_t want = std::min(round_up(bytes, kStep), size_);
  if (want <= populated_) return;
  make_real(populated_, want);
  populated_ = want;
}

void Arena::make_real(std::size_t from, std::size_t to) {
  if (madvise(data_ + from, to - from, kPopulateWrite) == 0) return;
  for (std::size_t at = from; at < to; at += 4096) {
    *reinterpret_cast<volatile std::uint8_t*>(data_ + at) = 0;
  }
}

void Arena::release(std::size_t first_step, std::size_t steps) {
  madvise(data_ + first_step * kStep, steps * kStep, MADV_DONTNEED);
}

void Arena::release_behind(std::size_t bytes) {
  const std::size_t from = round_up(bytes, kStep);
  if (from >= size_) return;
  release(from / kStep, (size_ - from) / kStep);
  populated_ = std::min(populated_, from);
}

}  // namespace panoptes
