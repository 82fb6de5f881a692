// A SYN flood: one packet a flow, every five-tuple another one.
#pragma once

#include "capture_writer.h"
#include "options.h"
#include "truth.h"

namespace panoptes::bench {

void write_syn_flood(const Options& options, CaptureWriter& writer, Truth& truth);

}  // namespace panoptes::bench
