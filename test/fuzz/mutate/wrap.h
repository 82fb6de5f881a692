// Puts a frame's network layer into tunnels that may hold tunnels, with right lengths and names:
// what no chance of flipped bits would ever build.
#pragma once

#include "frame_bytes.h"
#include "random.h"

namespace panoptes::mutate {

// At most `depth` tunnels around the packet.
void wrap(MutatedPacket& packet, Random& random, std::uint32_t depth);
// The packet's own IP header `copies` times more around it.
void nest(MutatedPacket& packet, std::uint32_t copies);

}  // namespace panoptes::mutate
