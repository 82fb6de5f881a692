// Traffic without bursts: every packet belongs to a flow drawn anew, so that hardly a cache helps.
#pragma once

#include "capture_writer.h"
#include "options.h"
#include "truth.h"

namespace panoptes::bench {

// options.mode: scatter-zipf, scatter-uniform, scatter-syn (each packet a new flow), scatter-full
// (Zipf, whole 1514-byte frames).
void write_scatter(const Options& options, CaptureWriter& writer, Truth& truth);

}  // namespace panoptes::bench
