// MPLS label stacks (RFC 3032), from Ethernet, PPP or a tunnel. Before it: link.h; after it: ip.h.
#pragma once

#include "decode/link.h"

namespace panoptes {

// `link` begins with a label stack. What it carries is not named there: IP where the bottom label
// or the packet's own header says so, an Ethernet pseudowire (RFC 4448) where the inner frame
// proves itself; otherwise the protocol stays that of MPLS. Adds kHasMpls with the bottom label.
LinkEnd decode_mpls(LinkEnd link, Packet& out);

}  // namespace panoptes
