// What a file that is no capture is instead, for the error that says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "capture/packet_source.h"

namespace panoptes {

inline constexpr std::size_t kKindBytes = 64;  // so many first bytes are enough to tell

// The error 'not-a-capture' for a file that begins so (or is as short as that).
SourceMessage not_a_capture(const std::string& name, std::span<const std::uint8_t> first);

}  // namespace panoptes
