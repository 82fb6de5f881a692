// What is counted of each packet. All meters are always on. Called by flow_tracker for every
// packet, after the flow is known and before its life is looked at.
#pragma once

#include <cstdint>

#include "flow/flow.h"
#include "flow/payload_pool.h"
#include "flow/tcp_meters.h"

namespace panoptes {

// Starts the account of a flow with its first packet: everything but the packet itself.
void start_account(Flow& flow, const Packet& first);

// Counts the packet in its sender's side.
void meter(Flow& flow, const Packet& packet, TcpMeters& tcp);

// Keeps the first payload bytes in stream order, once. Returns false where no buffer was free.
bool keep_payload(Flow& flow, const Packet& packet, PayloadPool& pool);

}  // namespace panoptes
