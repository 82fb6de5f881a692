// The free blocks of a pool, as a list through the blocks themselves, put in order in a quiet
// moment.
#pragma once

#include <cstdint>
#include <vector>

namespace panoptes {

// Of `fresh` blocks, counted from 1, those of the list that begins with `first` (0: none) are free;
// `next_of(block)` is the next of them. Hands the free ones that lie below the last in use to
// `release`, the lowest at the end, so that it is used first. Returns the last in use.
template <typename NextOf, typename Release>
std::uint32_t sort_free(std::uint32_t first, std::uint32_t fresh, const NextOf& next_of,
                        const Release& release) {
  std::vector<bool> free(std::size_t{fresh} + 1);
  for (std::uint32_t block = first; block != 0; block = next_of(block)) free[block] = true;
  while (fresh > 0 && free[fresh]) --fresh;
  for (std::uint32_t block = fresh; block > 0; --block) {
    if (free[block]) release(block);
  }
  return fresh;
}

}  // namespace panoptes
