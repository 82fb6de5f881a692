// Of a thread, as the system sees it.
#include "base/cpus.h"

#include <gtest/gtest.h>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <ios>
#include <string>
#include <thread>

namespace panoptes {
namespace {

int nice_of_this_thread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }

// CAP_SYS_NICE, which root has but in some containers.
bool has_sys_nice() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "CapEff:") continue;
    std::uint64_t capabilities = 0;
    status >> std::hex >> capabilities;
    return (capabilities >> 23 & 1) != 0;
  }
  return false;
}

TEST(Cpus, FavourOneThreadAndNoOther) {
  const int usual = nice_of_this_thread();
  bool may = false;
  int favoured = usual;
  std::thread([&] {
    may = favour_thread();
    favoured = nice_of_this_thread();
  }).join();
  EXPECT_EQ(favoured, may ? usual - 10 : usual);
  EXPECT_EQ(nice_of_this_thread(), usual);
  EXPECT_TRUE(may || !has_sys_nice());
}

TEST(Cpus, AThreadThatGoesFirstStaysFirst) {
  if (!has_sys_nice()) GTEST_SKIP() << "no CAP_SYS_NICE";
  std::thread([] {
    ASSERT_EQ(setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), -15), 0);
    EXPECT_TRUE(favour_thread());
    EXPECT_EQ(nice_of_this_thread(), -20);
    EXPECT_TRUE(favour_thread());
    EXPECT_EQ(nice_of_this_thread(), -20);
  }).join();
}

}  // namespace
}  // namespace panoptes
#endif
