// FlowKey::link_context: what stands around the flow's IP header and tells apart networks that use
// the same addresses. Used by link.cc and tunnel.cc.
//
// Up to two VLAN ids stand for themselves (outer | inner << 12). A deeper stack, and everything
// inside a tunnel, is a hash of 31 bits, marked by the highest one. MPLS labels are not part of it:
// they differ by direction, and would tear each flow in two.
#pragma once

#include <cstdint>

namespace panoptes {

inline constexpr std::uint32_t kHashedContext = 0x80000000;

inline std::uint32_t mix_context(std::uint32_t context, std::uint32_t part) {
  const std::uint64_t h = (std::uint64_t{context} << 32 | part) * 0x9e3779b97f4a7c15U;
  return static_cast<std::uint32_t>((h ^ h >> 29) >> 16) | kHashedContext;
}

// A stack of tags, outermost first, around or inside `context`. Id 0 is a priority tag, not a VLAN:
// it is left out.
inline std::uint32_t add_vlan(std::uint32_t context, std::uint32_t id) {
  if (id == 0) return context;
  if (context == 0) return id;
  if (context < 0x1000) return context | id << 12;
  return mix_context(context, id);
}

// Tunnels whose id is the same in both directions have it in the key; of the others only the type.
inline std::uint32_t add_tunnel(std::uint32_t context, std::uint8_t type, std::uint32_t id) {
  return mix_context(mix_context(context, type), id);
}

}  // namespace panoptes
