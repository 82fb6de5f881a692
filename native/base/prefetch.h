// Asks for memory ahead of its use.
#pragma once

namespace panoptes {

// Always inlined, and so must be every function that only prefetches: GCC takes such a function for
// one without effect and drops calls of it.
[[gnu::always_inline]] inline void prefetch(const void* line) { __builtin_prefetch(line, 1); }

}  // namespace panoptes
