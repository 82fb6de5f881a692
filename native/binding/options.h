// JavaScript options -> ProbeOptions. Ranges and defaults were dealt with in src/probe/options.ts.
#pragma once

#include <napi.h>

#include "probe/probe.h"

namespace panoptes {

ProbeOptions read_options(const Napi::Object& object);
// How much payload is kept: payloadBytes, payloadRules, maskPayload.
void read_payload(const Napi::Object& object, TrackerOptions& options);

}  // namespace panoptes
