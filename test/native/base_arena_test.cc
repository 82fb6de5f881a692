// Memory that becomes real in steps, and goes again.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/arena.h"

namespace panoptes {
namespace {

constexpr std::size_t kStep = Arena::kStep;

// Whether all pages of a step are in memory, none, or some of them.
enum class Real { all, none, some };
Real real(const Arena &arena, std::size_t step) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> pages(kStep / page);
  EXPECT_EQ(mincore(arena.data() + step * kStep, kStep, pages.data()), 0);
  const auto in =
      std::count_if(pages.begin(), pages.end(), [](auto one) { return (one & 1) != 0; });
  if (in == 0) return Real::none;
  return static_cast<std::size_t>(in) == pages.size() ? Real::all : Real::some;
}

TEST(Arena, BecomesRealInSteps) {
  Arena arena(4 * kStep - 100);
  EXPECT_EQ(arena.size(), 4 * kStep);
  EXPECT_EQ(real(arena, 0), Real::none);
  arena.populate(1);
  EXPECT_EQ(arena.populated(), kStep);
  EXPECT_EQ(real(arena, 0), Real::all);
  EXPECT_EQ(real(arena, 1), Real::none);
  arena.populate(100 * kStep);
  EXPECT_EQ(arena.populated(), 4 * kStep) << "there is no more";
}

TEST(Arena, GivesStepsBackAndHasThemAgain) {
  Arena arena(5 * kStep);
  arena.populate(arena.size());
  std::memset(arena.data(), 7, arena.size());
  arena.release(1, 2);
  EXPECT_EQ(real(arena, 0), Real::all);
  EXPECT_EQ(real(arena, 1), Real::none);
  EXPECT_EQ(real(arena, 2), Real::none);
  EXPECT_EQ(real(arena, 3), Real::all);
  EXPECT_EQ(arena.data()[kStep - 1], 7);
  EXPECT_EQ(arena.data()[3 * kStep], 7);
  arena.populate_step(2);
  EXPECT_EQ(real(arena, 1), Real::none);
  EXPECT_EQ(real(arena, 2), Real::all);
  EXPECT_EQ(arena.data()[2 * kStep], 0);
}

TEST(Arena, GivesBackAllThatLiesBehind) {
  Arena arena(4 * kStep);
  arena.populate(arena.size());
  std::memset(arena.data(), 7, arena.size());
  arena.release_behind(kStep + 1);
  EXPECT_EQ(arena.populated(), 2 * kStep);
  EXPECT_EQ(arena.data()[2 * kStep - 1], 7);
  EXPECT_EQ(real(arena, 2), Real::none);
  EXPECT_EQ(real(arena, 3), Real::none);
  arena.populate(3 * kStep);
  EXPECT_EQ(real(arena, 2), Real::all);
  EXPECT_EQ(arena.data()[2 * kStep], 0);
  arena.release_behind(4 * kStep);
  EXPECT_EQ(arena.populated(), 3 * kStep);
}

}  // namespace
}  // namespace panoptes
