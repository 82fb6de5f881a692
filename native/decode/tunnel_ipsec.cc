#include "decode/tunnel.h"

namespace panoptes {

Inner open_ipsec(Packet&) { return no_tunnel(); }

}  // namespace panoptes
