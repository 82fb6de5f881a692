#include "decode/tunnel.h"

namespace panoptes {

Inner open_other_ip(const Packet&) { return no_tunnel(); }

}  // namespace panoptes
