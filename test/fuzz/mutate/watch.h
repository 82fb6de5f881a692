// What is under way, for whoever reports a finding: a sanitizer, the check of a round, or a case
// that does not end.
#pragma once

#include <atomic>
#include <cstdint>

namespace panoptes::mutate {

inline std::atomic<std::uint64_t> current_case{0};
inline std::atomic<std::uint64_t> current_round{0};
inline std::atomic<std::uint64_t> run_seed{0};
inline std::atomic<bool> current_files{false};  // else packets

// Writes which case it is and how to repeat it; safe in a signal handler.
void say_case();
// From now on a finding of a sanitizer says its case, and a case that does not end is one.
void watch();

}  // namespace panoptes::mutate
