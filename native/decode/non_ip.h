// Flows of frames that carry no IP: ARP, RARP, MAC pairs. Before it: link.h.
#pragma once

#include "decode/link.h"

namespace panoptes {

// The frame belongs to a flow of kind arp, rarp or ethernet; unknown_network where the link has no
// addresses to make a flow of.
[[gnu::cold]] Undecoded decode_non_ip(const LinkEnd& link, Packet& out);

}  // namespace panoptes
