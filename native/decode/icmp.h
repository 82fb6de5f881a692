// ICMP and ICMPv6: folds request and answer into one flow, and finds the flow that an error is
// about. Called by transport.cc and decoder.cc.
#pragma once

#include "decode/decoder.h"
#include "decode/transport.h"

namespace panoptes {

// Both set kMayQuote in `out` where the message is an error.
KeyPart decode_icmp(Layer in, IpFacts facts, Packet& out);
KeyPart decode_icmpv6(Layer in, IpFacts facts, Packet& out);

// An error, told by kMayQuote, once its own key is known: replaces the mark by Packet::quote with
// kHasQuote, or by nothing where no packet can be made out. The quoted packet is decoded like one
// on the same link, tunnels included; the quote of an error is not looked into. It is cut, at worst
// to 8 bytes behind the IP header (RFC 792): then a tunnel is not followed and of DNS only the
// ports are known. A quoted later fragment has no ports either.
void decode_quote(Packet& out, const DecodeOptions& options);

}  // namespace panoptes
