// Which CPUs this process may run on, keeping a thread on one of them, and before others. For
// probe/ and binding/.
#pragma once

#include <vector>

namespace panoptes {

// In ascending order; empty where the system does not tell.
std::vector<int> allowed_cpus();
// Keeps the calling thread on `cpu`. False: it may not, or the system cannot.
bool pin_thread(int cpu);
// Lets the calling thread go before the others of its process: its nice value, whatever that is,
// goes down by ten. False: it may not (root, CAP_SYS_NICE or RLIMIT_NICE), or the system cannot.
bool favour_thread();

}  // namespace panoptes
