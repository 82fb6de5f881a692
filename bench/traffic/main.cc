// traffic: big, realistic captures for benchmarks, the same bytes for the same seed on every
// machine with the same C library (rates come from pow, log and cos).
#include "capture_writer.h"
#include "mix.h"
#include "options.h"
#include "scatter.h"
#include "syn_flood.h"
#include "truth.h"

int main(int argc, char** argv) {
  using namespace panoptes::bench;
  const Options options = parse_options(argc, argv);
  Truth truth(options);
  {
    CaptureWriter writer({.path = options.out,
                          .snaplen = options.snaplen,
                          .nanoseconds = options.nanoseconds,
                          .epoch_seconds = options.epoch_seconds});
    if (options.mode == "synflood") {
      write_syn_flood(options, writer, truth);
    } else if (options.mode.starts_with("scatter-")) {
      write_scatter(options, writer, truth);
    } else {
      Mix(options, writer, truth).run();
    }
  }
  truth.write_summary();
  return 0;
}
