// What malloc keeps of memory that was freed.
#pragma once

#include <cstdlib>  // says whether this is glibc

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace panoptes {

// Gives it back to the system: milliseconds, so for rare moments.
inline void trim_heap() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace panoptes
