#include "decode/tunnel.h"

namespace panoptes {

Inner open_gre(const Packet&) { return no_tunnel(); }

}  // namespace panoptes
