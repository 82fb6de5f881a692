// IPv4 and IPv6 headers, inline: the common path. Before it: link.h; after it: transport.h.
#pragma once

#include <cstdint>

#include "base/endian.h"
#include "decode/decoder.h"
#include "decode/key_builder.h"
#include "decode/layer.h"
#include "decode/transport.h"

namespace panoptes {

// kIp... bits of IPv4 options.
[[gnu::cold]] std::uint16_t read_ipv4_options(const std::uint8_t* options, std::uint32_t size);

// Where the extension headers of IPv6 ended.
struct Ipv6End {
  Layer transport;
  std::uint8_t protocol;        // of the last header reached
  bool later_fragment = false;  // `transport` does not begin with a transport header
  bool more_fragments = false;
  std::uint16_t ip_flags = 0;         // kIp... bits
  std::uint16_t fragment_offset = 0;  // in units of 8 bytes
  std::uint32_t fragment_id = 0;      // with kIpFragment
  std::uint32_t fragment_bytes = 0;   // behind the fragment header
};

// `out` is an IP packet that is one fragment of several, with its key: adds kIsFragment.
[[gnu::cold, gnu::noinline]] void note_fragment(Packet& out, std::uint32_t id, std::uint32_t offset,
                                                bool more, std::uint32_t bytes);

// Walks extension headers from `in` (what follows the fixed header), of which the first is `next`.
// `jumbo`: the payload length was 0, so that a jumbo payload option is believed.
[[gnu::cold]] Ipv6End decode_ipv6_extensions(const std::uint8_t* at, std::uint32_t captured,
                                             std::uint32_t length, std::uint8_t next, bool jumbo);

[[gnu::always_inline]] inline Undecoded decode_ipv4(Layer in, std::uint32_t link_context,
                                                    Packet& out) {
  const std::uint8_t* ip = in.peek(20);
  if (ip == nullptr) [[unlikely]]
    return Undecoded::truncated_ip;
  std::uint32_t header = 20;
  if (ip[0] != 0x45) [[unlikely]] {
    header = (ip[0] & 0x0fU) * 4;
    if (ip[0] >> 4 != 4 || header < 20) return Undecoded::bad_ip_header;
  }
  std::uint32_t total = load_be16(ip + 2);
  if (total < header || total > in.length()) [[unlikely]] {
    // 0: the sender left segmentation to its card, or the packet is over 64 KiB (BIG TCP).
    if (total != 0 && total < header) return Undecoded::bad_ip_header;
    total = in.length();
    if (total < header) return Undecoded::truncated_ip;
  }
  in.limit(total);

  const std::uint8_t protocol = ip[9];
  const std::uint32_t fragment = load_be16(ip + 6);
  out.layers |= kHasIp;
  out.tos = ip[1];
  PacketHeader::put(out, PacketHeader::ip(load_be16(ip + 4), ip[8]));
  std::uint16_t flags = (fragment & 0x4000) != 0 ? kIpDontFragment : 0;
  if (header != 20) [[unlikely]] {
    flags |= read_ipv4_options(ip + 20, std::min(header, in.captured()) - 20);
  }
  const bool fragmented = (fragment & 0x3fff) != 0;
  if (fragmented) [[unlikely]] {
    flags |= kIpFragment;
    out.fragment.header_beyond = 0;
  }
  out.ip_flags = flags;
  in.skip(header);
  // Most of all packets, whose key has nothing but addresses and ports.
  if (protocol == kTcp && !fragmented) [[likely]] {
    const KeyPart ports = decode_tcp(in, false, out);
    put_ipv4_key(out, load_le32(ip + 12), load_le32(ip + 16), link_context, ports, kTcp,
                 FlowKind::ipv4);
    return Undecoded::none;
  }

  KeyPart part;
  if ((fragment & 0x1fff) != 0) [[unlikely]] {
    set_payload(out, in);
  } else {
    part = decode_transport(in, {protocol, false, fragmented, ip + 16}, out);
  }
  put_ipv4_key(out, load_le32(ip + 12), load_le32(ip + 16), link_context, part, protocol,
               FlowKind::ipv4);
  if (fragmented) [[unlikely]] {
    note_fragment(out, out.ip_id, fragment & 0x1fff, (fragment & 0x2000) != 0, total - header);
  }
  return Undecoded::none;
}

[[gnu::always_inline]] inline Undecoded decode_ipv6(Layer in, std::uint32_t link_context,
                                                    Packet& out) {
  const std::uint8_t* ip = in.peek(40);
  if (ip == nullptr) [[unlikely]]
    return Undecoded::truncated_ip;
  if (ip[0] >> 4 != 6) [[unlikely]]
    return Undecoded::bad_ip_header;
  const std::uint32_t length = load_be16(ip + 4);
  std::uint8_t protocol = ip[6];
  out.layers |= kHasIp;
  out.tos = static_cast<std::uint8_t>(load_be16(ip) >> 4);
  PacketHeader::put(out, PacketHeader::ip(0, ip[7]));
  in.advance(40);
  // Length 0 of a frame that no padding explains: over 64 KiB, with or without a jumbo option.
  const bool jumbo = length == 0 && in.length() > 0xffff;
  if (!jumbo) [[likely]]
    in.limit(length);

  KeyPart part;
  bool later_fragment = false;
  bool fragmented = false;
  if (protocol == kTcp) [[likely]] {
    const KeyPart ports = decode_tcp(in, false, out);
    put_wide_key(out, {load_le64(ip + 8), load_le64(ip + 16)},
                 {load_le64(ip + 24), load_le64(ip + 32)}, link_context, ports, kTcp,
                 FlowKind::ipv6);
    return Undecoded::none;
  }
  Ipv6End end{.transport = in, .protocol = protocol};
  if (protocol != kUdp) [[unlikely]] {
    end = decode_ipv6_extensions(in.position(), in.captured(), in.length(), protocol, jumbo);
    in = end.transport;
    protocol = end.protocol;
    later_fragment = end.later_fragment;
    out.ip_flags = end.ip_flags;
    fragmented = (end.ip_flags & kIpFragment) != 0;
    out.fragment.header_beyond = 0;
  }
  if (later_fragment) [[unlikely]] {
    set_payload(out, in);
  } else {
    part = decode_transport(in, {protocol, true, fragmented, ip + 24}, out);
  }
  put_wide_key(out, {load_le64(ip + 8), load_le64(ip + 16)},
               {load_le64(ip + 24), load_le64(ip + 32)}, link_context, part, protocol,
               FlowKind::ipv6);
  if (fragmented) [[unlikely]] {
    note_fragment(out, end.fragment_id, end.fragment_offset, end.more_fragments,
                  end.fragment_bytes);
  }
  return Undecoded::none;
}

}  // namespace panoptes
