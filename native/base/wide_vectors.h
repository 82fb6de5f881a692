// Loops that a compiler turns into vector code, compiled twice: for every processor of the kind,
// and for those with AVX2, which is asked for when they run. One build then serves both, and
// results are the same.
#pragma once

namespace panoptes {

#if defined(__x86_64__) && !defined(PANOPTES_ONE_VECTOR_WIDTH)

// Tests turn it off.
inline bool wide_vectors = [] {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") != 0;
}();

// `loop` must be marked always_inline: as a function of its own it is compiled for every processor.
template <typename Loop, typename... Args>
[[gnu::target("avx2"), gnu::noinline]] auto with_avx2(const Loop& loop, Args... args) {
  return loop(args...);
}
template <typename Loop, typename... Args>
auto in_vectors(const Loop& loop, Args... args) {
  return wide_vectors ? with_avx2(loop, args...) : loop(args...);
}

#else

inline bool wide_vectors = false;

template <typename Loop, typename... Args>
auto in_vectors(const Loop& loop, Args... args) {
  return loop(args...);
}

#endif

}  // namespace panoptes
