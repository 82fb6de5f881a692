// The least decoder that is still safe: Ethernet, VLAN tags, IPv4 with options, IPv6 with extension
// headers, TCP with options, UDP, ICMP. Before it: main.cc; after it: flow_table.h.
#pragma once

#include <cstdint>
#include <cstring>

#include "packet.h"

namespace panoptes::bench {

template <typename T>
T load(const std::uint8_t* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}
inline std::uint16_t load_be16(const std::uint8_t* p) {
  return __builtin_bswap16(load<std::uint16_t>(p));
}
inline std::uint32_t load_be32(const std::uint8_t* p) {
  return __builtin_bswap32(load<std::uint32_t>(p));
}

// Walks the TCP options for the window scale.
inline std::uint8_t window_shift(const std::uint8_t* at, const std::uint8_t* end) {
  std::uint8_t shift = 0;
  while (at < end && *at != 0) {
    if (*at == 1) {
      ++at;
      continue;
    }
    if (at + 1 >= end || at[1] < 2) break;
    if (*at == 3 && at + 2 < end) shift = at[2];
    at += at[1];
  }
  return shift;
}

// Layer 4 at `offset`; `ip_payload` is what the IP header says is behind it. Ports: source << 16.
inline std::uint32_t decode_l4(const std::uint8_t* frame, std::uint32_t captured,
                               std::uint32_t offset, std::uint32_t ip_payload, Packet& out) {
  const std::uint8_t* l4 = frame + offset;
  const auto payload_behind = [&](std::uint32_t header) {
    out.payload_bytes = static_cast<std::uint16_t>(ip_payload > header ? ip_payload - header : 0);
  };
  out.tcp_flags = 0;
  out.seq = out.ack = 0;
  out.window = 0;
  payload_behind(0);
  switch (out.key.protocol) {
    case 6: {
      if (captured < offset + 20) return 0;
      const std::uint32_t header = (l4[12] >> 4) * 4U;
      out.seq = load_be32(l4 + 4);
      out.ack = load_be32(l4 + 8);
      out.tcp_flags = l4[13];
      out.window = load_be16(l4 + 14);
      payload_behind(header);
      if (header > 20 && captured >= offset + header) {
        out.window_shift = window_shift(l4 + 20, l4 + header);
      }
      return load_be32(l4);
    }
    case 17:
      if (captured < offset + 8) return 0;
      payload_behind(8);
      return load_be32(l4);
    case 1:
    case 58: {
      if (captured < offset + 8) return 0;
      const std::uint32_t id = load_be16(l4 + 4);
      return id << 16 | id;
    }
    default:
      return 0;
  }
}

inline std::uint32_t skip_extension_headers(const std::uint8_t* frame, std::uint32_t captured,
                                            std::uint32_t offset, std::uint8_t& protocol) {
  while (__builtin_expect(protocol == 0 || protocol == 43 || protocol == 44 || protocol == 60, 0)) {
    if (captured < offset + 8) break;
    const std::uint32_t length = protocol == 44 ? 8U : (frame[offset + 1] + 1U) * 8;
    protocol = frame[offset];
    offset += length;
  }
  return offset;
}

// False: not an IP packet, or cut.
inline bool decode(const std::uint8_t* frame, std::uint32_t captured, Packet& out) {
  if (captured < 14) return false;
  Key& key = out.key;
  key.vlan = 0;
  std::uint32_t offset = 14;
  std::uint16_t type = load_be16(frame + 12);
  while (__builtin_expect(type == 0x8100 || type == 0x88a8, 0)) {
    if (captured < offset + 4) return false;
    key.vlan = load_be16(frame + offset) & 0xfff;
    type = load_be16(frame + offset + 2);
    offset += 4;
  }
  const std::uint8_t* ip = frame + offset;
  std::uint64_t source[2] = {}, destination[2] = {};
  std::uint32_t ip_payload = 0;
  if (type == 0x0800) {
    if (captured < offset + 20) return false;
    const std::uint32_t header = (ip[0] & 15U) * 4;
    if (header < 20 || (ip[0] >> 4) != 4) return false;
    const std::uint32_t total = load_be16(ip + 2);
    ip_payload = total > header ? total - header : 0;
    out.tos = ip[1];
    out.ttl = ip[8];
    key.protocol = ip[9];
    key.v6 = 0;
    source[0] = load<std::uint32_t>(ip + 12);
    destination[0] = load<std::uint32_t>(ip + 16);
    const bool later_fragment = load_be16(ip + 6) & 0x1fff;
    offset = __builtin_expect(later_fragment, 0) ? captured : offset + header;
  } else if (type == 0x86dd) {
    if (captured < offset + 40) return false;
    ip_payload = load_be16(ip + 4);
    out.tos = static_cast<std::uint8_t>(ip[0] << 4 | ip[1] >> 4);
    out.ttl = ip[7];
    key.protocol = ip[6];
    key.v6 = 1;
    for (int i = 0; i < 2; ++i) {
      source[i] = load<std::uint64_t>(ip + 8 + 8 * i);
      destination[i] = load<std::uint64_t>(ip + 24 + 8 * i);
    }
    offset = skip_extension_headers(frame, captured, offset + 40, key.protocol);
  } else {
    return false;
  }
  const std::uint32_t ports = decode_l4(frame, captured, offset, ip_payload, out);
  const std::uint32_t source_port = ports >> 16, destination_port = ports & 0xffff;
  const bool swap = source[0] != destination[0]   ? source[0] > destination[0]
                    : source[1] != destination[1] ? source[1] > destination[1]
                                                  : source_port > destination_port;
  out.from_high = swap;
  // word by word: a wider load from what was just stored in halves would stall
  for (int i = 0; i < 2; ++i) {
    key.low_address[i] = swap ? destination[i] : source[i];
    key.high_address[i] = swap ? source[i] : destination[i];
  }
  key.ports = swap ? destination_port << 16 | source_port : ports;
  return true;
}

}  // namespace panoptes::bench
