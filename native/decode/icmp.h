// ICMP and ICMPv6: folds request and answer into one flow. Called by transport.cc.
#pragma once

#include "decode/transport.h"

namespace panoptes {

KeyPart decode_icmp(Layer in, IpFacts facts, Packet& out);
KeyPart decode_icmpv6(Layer in, IpFacts facts, Packet& out);

}  // namespace panoptes
