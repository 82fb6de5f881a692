#include "decode/tunnel.h"

namespace panoptes {

Inner open_udp_tunnel(const Packet&) { return no_tunnel(); }

}  // namespace panoptes
