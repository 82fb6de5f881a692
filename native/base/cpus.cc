#include "base/cpus.h"

#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#endif

namespace panoptes {

#ifdef __linux__

// Sets larger than that of the system's headers, for machines with more than 1024 CPUs, are not
// asked for: there the ones beyond cannot be named.
std::vector<int> allowed_cpus() {
  std::vector<int> cpus;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(static_cast<unsigned>(cpu), &set)) cpus.push_back(cpu);
  }
  return cpus;
}

bool pin_thread(int cpu) {
  if (cpu < 0 || cpu >= CPU_SETSIZE) return false;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpu), &set);
  return pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0;
}

// Linux has a priority for each thread, not as POSIX says for the process.
bool favour_thread() {
  constexpr int kFirst = -20;
  constexpr int kSteps = 10;
  const auto thread = static_cast<id_t>(gettid());
  const int nice = std::max(getpriority(PRIO_PROCESS, thread) - kSteps, kFirst);
  return setpriority(PRIO_PROCESS, thread, nice) == 0;
}

#else

std::vector<int> allowed_cpus() { return {}; }
bool pin_thread(int) { return false; }
bool favour_thread() { return false; }

#endif

}  // namespace panoptes
