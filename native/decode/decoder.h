// Frame bytes -> Packet. Stateless, bounded, never throws. Before it: capture/; after it: flow/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/raw_packet.h"
#include "decode/packet.h"

namespace panoptes {

// Why a frame belongs to no flow. A closed list: each has a name in the status message.
enum class Undecoded : std::uint8_t {
  none,               // it does belong to a flow
  truncated_link,     // the link header is cut, by the capture or by the sender
  unknown_link_type,  // no decoder for the LINKTYPE_ of the capture
  unknown_network,    // a link without addresses carries something that is neither IPv4 nor IPv6
  truncated_ip,       // the IPv4 or IPv6 header is cut
  bad_ip_header,      // its version or header length cannot be
  bad_link_header,    // a link header contradicts itself
};
inline constexpr std::size_t kUndecodedReasons = 7;
std::string_view name(Undecoded reason);

struct DecodeOptions {
  // What lies deeper belongs to the flow of the last header reached.
  std::uint8_t max_tunnels = 8;
};

// Fills `out` (all but `hash`) and returns none, or says why there is no flow; `out` is then
// undefined. Pointers in `out` point into `raw.data`.
Undecoded decode(const RawPacket& raw, Packet& out, const DecodeOptions& options = {});
// The same, for who is not on the packet path: that has decode() for itself, so that link-time
// optimisation makes one function of it and its only caller.
Undecoded decode_apart(const RawPacket& raw, Packet& out, const DecodeOptions& options = {});

}  // namespace panoptes
