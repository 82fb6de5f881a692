// The class that JavaScript makes to look at a capture file (src/probe/native-module.ts:
// NativeInspection).
#pragma once

#include <napi.h>

namespace panoptes {

Napi::Function define_inspection(Napi::Env env);

}  // namespace panoptes
