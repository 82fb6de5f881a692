#include "flow/tcp_holes.h"

#include <algorithm>

namespace panoptes {

// `at` is above 0 where the list is full: it never goes below all others.
void TcpHoles::insert(std::uint32_t at, const TcpHole& hole) {
  if (count_ == pool_.most_holes()) {
    pool_.count_overflow();
    erase(0, 1);
    --at;
  }
  std::copy_backward(list_ + at, list_ + count_, list_ + count_ + 1);
  list_[at] = hole;
  ++count_;
}

void TcpHoles::erase(std::uint32_t from, std::uint32_t to) {
  std::copy(list_ + to, list_ + count_, list_ + from);
  count_ = static_cast<std::uint8_t>(count_ - (to - from));
}

std::uint64_t TcpHoles::fill(std::uint64_t start, std::uint64_t end, TcpHole& first) {
  std::uint64_t filled = 0;
  for (std::uint32_t i = 0; i < count_;) {
    TcpHole& hole = list_[i];
    const std::uint64_t from = std::max(start, hole.start), to = std::min(end, hole.end);
    if (from >= to) {
      ++i;
      continue;
    }
    if (filled == 0) first = hole;
    filled += to - from;
    if (from == hole.start && to == hole.end) {
      erase(i, i + 1);
    } else if (from == hole.start) {
      hole.start = to;
      ++i;
    } else if (to == hole.end) {
      hole.end = from;
      ++i;
    } else {  // out of the middle: two remain, and nothing else is touched
      TcpHole upper = hole;
      upper.start = to;
      hole.end = from;
      insert(i + 1, upper);
      break;
    }
  }
  return filled;
}

std::uint64_t TcpHoles::drop_below(std::uint64_t end) {
  std::uint64_t dropped = 0;
  std::uint32_t whole = 0;
  while (whole < count_ && list_[whole].end <= end) {
    dropped += list_[whole].end - list_[whole].start;
    ++whole;
  }
  erase(0, whole);
  if (count_ != 0 && list_[0].start < end) {
    dropped += end - list_[0].start;
    list_[0].start = end;
  }
  return dropped;
}

}  // namespace panoptes
