// Replays a capture file as it happened. Between a file source and the worker.
#pragma once

#include <functional>
#include <memory>

#include "capture/packet_source.h"

namespace panoptes {

using SourceOpener = std::function<std::unique_ptr<PacketSource>(SourceMessage& error)>;

// A packet comes when it is due: `pace` 1 as in the file, 10 ten times as fast, 0 without waiting.
// Until then read() is idle, but nothing is ever lost, and live() is false. `loop`: at its end the
// file is opened again and its times are shifted to follow on, so that time never jumps back
// between rounds. Packets keep their (shifted) timestamps. nullptr: the first opening failed, see
// `error`.
std::unique_ptr<PacketSource> make_paced(SourceOpener open, double pace, bool loop,
                                         SourceMessage& error);

}  // namespace panoptes
