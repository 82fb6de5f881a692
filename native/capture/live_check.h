// May this process capture on live links? For doctor, and for the hint of the error that says no.
#pragma once

#include <string>

namespace panoptes {

// Tries to open what a capture needs. False: `why` says which right is missing.
bool may_capture(std::string& why);

// How to give this process that right.
std::string capture_right_hint();

}  // namespace panoptes
