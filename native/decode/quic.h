// QUIC, told by the structure of its long header and not by a port. Called by transport.h for the
// few datagrams that may begin with one.
#pragma once

#include <cstdint>

#include "decode/layer.h"
#include "decode/packet.h"

namespace panoptes {

// Whether a byte may be the first of a long header (RFC 8999 5.1), or the public flags of Google's
// QUIC before it had one, with a version and a connection id. Written so that it is one branch.
inline bool may_be_quic(std::uint8_t first) {
  constexpr std::uint8_t kGoogleMask = 0xcb, kGoogleFlags = 0x09;
  return static_cast<std::int8_t>((first & kGoogleMask) ^ kGoogleFlags) <= 0;
}

// The short header (RFC 9000 17.3), as far as it is not encrypted; only what follows long headers
// in a flow is one. The least is a packet number of any length and the sample (RFC 9001 5.4.2).
inline constexpr std::uint8_t kQuicSpin = 0x20;
inline constexpr std::uint32_t kLeastQuicShort = 1 + 4 + 16;
inline bool is_quic_short(std::uint8_t first) { return (first & 0xc0) == 0x40; }
// Whether the short header of the version has a spin bit (RFC 9000 17.4).
bool has_spin_bit(std::uint32_t version);

// Whether `payload`, a whole UDP datagram, begins with a long header; `version` is then what it
// says, 0 of a version negotiation.
bool read_quic(Layer payload, std::uint32_t& version);

// Adds kIsQuic and the version if it does.
[[gnu::cold, gnu::noinline]] void note_quic(Packet& out);

}  // namespace panoptes
