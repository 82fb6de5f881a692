// What is counted of each packet. All meters are always on. Called by flow_tracker for every
// packet, after the flow is known and before its life is looked at.
#pragma once

#include <cstdint>

#include "flow/flow.h"
#include "flow/gap_classes.h"
#include "flow/size_meter.h"
#include "flow/tcp_meters.h"

namespace panoptes {

// Starts the account of a flow with its first packet: everything but the packet itself.
void start_account(Flow& flow, const Packet& first);

// Counts the packet in its sender's side. True: a count is full, the record has to go out.
bool meter(Flow& flow, const Packet& packet, TcpMeters& tcp, GapMeter& gaps, SizeMeter& sizes);

}  // namespace panoptes
