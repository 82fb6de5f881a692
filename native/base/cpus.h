// Which CPUs this process may run on, and keeping a thread on one of them. For probe/ and binding/.
#pragma once

#include <vector>

namespace panoptes {

// In ascending order; empty where the system does not tell.
std::vector<int> allowed_cpus();
// Keeps the calling thread on `cpu`. False: it may not, or the system cannot.
bool pin_thread(int cpu);

}  // namespace panoptes
