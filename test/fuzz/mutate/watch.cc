#include "watch.h"

#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string_view>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PANOPTES_HAS_SANITIZER
#endif
#endif
#ifdef PANOPTES_HAS_SANITIZER
#include <sanitizer/common_interface_defs.h>

extern "C" const char* __asan_default_options() {
  // A capture's buffer is 1 MiB and lives as long as a file: few of them fill the default.
  return "quarantine_size_mb=16:handle_abort=1:detect_stack_use_after_return=1";
}
#endif

namespace panoptes::mutate {
namespace {

constexpr int kHangSeconds = 20;  // of processor time, on one case

// Processor time, not the clock's: a busy machine is no hang.
void watch_for_hangs() {
  struct sigaction action {};
  action.sa_handler = [](int) {
    static std::uint64_t seen = ~std::uint64_t{0};
    const std::uint64_t now = current_case.load();
    if (now == seen) {
      say_case();
      constexpr std::string_view kText = "mutate: this case does not end\n";
      [[maybe_unused]] const auto written = ::write(2, kText.data(), kText.size());
      ::_exit(1);
    }
    seen = now;
  };
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGPROF, &action, nullptr);
  const itimerval every{{kHangSeconds, 0}, {kHangSeconds, 0}};
  ::setitimer(ITIMER_PROF, &every, nullptr);
}

}  // namespace

void say_case() {
  const bool files = current_files;
  char text[200];
  const int n =
      std::snprintf(text, sizeof text,
                    "mutate: %s case %llu; --seed %llu%s --only %llu repeats it, --round %llu also "
                    "those before\n",
                    files ? "file" : "packet", static_cast<unsigned long long>(current_case.load()),
                    static_cast<unsigned long long>(run_seed.load()), files ? " --files 1" : "",
                    static_cast<unsigned long long>(current_case.load()),
                    static_cast<unsigned long long>(current_round.load()));
  [[maybe_unused]] const auto written = ::write(2, text, static_cast<std::size_t>(n));
}

void watch() {
#ifdef PANOPTES_HAS_SANITIZER
  __sanitizer_set_death_callback(say_case);
#endif
  watch_for_hangs();
}

}  // namespace panoptes::mutate
