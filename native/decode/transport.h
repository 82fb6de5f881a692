// TCP and UDP, inline: the common path. Before it: ip.h. Rare protocols and odd headers:
// transport.cc, icmp.cc.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "base/endian.h"
#include "decode/key_builder.h"
#include "decode/layer.h"
#include "decode/quic.h"

namespace panoptes {

inline constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kDccp = 33, kEsp = 50, kAh = 51,
                              kIcmpv6 = 58, kSctp = 132, kUdpLite = 136;
inline constexpr std::uint16_t kDnsPort = 53;

// What a transport decoder has to know of the IP header.
struct IpFacts {
  std::uint8_t protocol;
  bool ipv6;
  bool fragmented;                  // this is the first fragment of several
  const std::uint8_t* destination;  // address
};

// Options of TCP beyond the commonest form; fills tcp_options, mss and window_shift.
[[gnu::cold]] void read_tcp_options(const std::uint8_t* options, std::uint32_t size, Packet& out);

// The rare cases below take a Layer's three values one by one: with a Layer, GCC packs two of them
// into one register all along the common path. Nor are they [[gnu::cold]]: so near to the common
// path, that moves half of it out of the way.

// A TCP header of which less than 20 bytes were captured, or whose data offset cannot be.
[[gnu::noinline]] KeyPart decode_odd_tcp(const std::uint8_t* at, std::uint32_t captured,
                                         std::uint32_t length, bool fragmented, Packet& out);
// Every other protocol, and a UDP header that is cut.
[[gnu::noinline]] KeyPart decode_other_transport(const std::uint8_t* at, std::uint32_t captured,
                                                 std::uint32_t length, IpFacts facts, Packet& out);

// The fields of TCP in front of the flags, from at least 12 bytes.
inline void read_tcp(const std::uint8_t* tcp, Packet& out) {
  out.layers |= kHasTcp | kHasPorts;
  PacketHeader::put_numbers(out, std::rotl(load_be64(tcp + 4), 32));
  out.mss = 0;
  out.window_shift = 0xff;
  out.options_captured = 0;
}

// kHasTcp says that everything up to the window was captured (16 bytes) and that the data offset
// fits into the datagram. Options that were not captured are not reported, and change nothing else.
[[gnu::always_inline]] inline KeyPart decode_tcp(Layer in, bool fragmented, Packet& out) {
  const std::uint8_t* tcp = in.peek(20);
  if (tcp == nullptr) [[unlikely]]
    return decode_odd_tcp(in.position(), in.captured(), in.length(), fragmented, out);
  const std::uint32_t header = (tcp[12] >> 4) * 4U;
  if (header < 20 || header > in.length()) [[unlikely]]
    return decode_odd_tcp(in.position(), in.captured(), in.length(), fragmented, out);
  read_tcp(tcp, out);
  PacketHeader::put(out, PacketHeader::of(out) | PacketHeader::tcp(load_be64(tcp + 10)));
  if (header != 20) {
    out.options = tcp + 20;
    out.options_captured = static_cast<std::uint8_t>(std::min(header, in.captured()) - 20);
    constexpr std::uint32_t kNopNopTimestamp = 0x0101080a;
    if (header == 32 && in.captured() >= 32 && load_be32(tcp + 20) == kNopNopTimestamp) [[likely]] {
      out.tcp_options = kOptTimestamp;
    } else {
      read_tcp_options(tcp + 20, std::min(header, in.captured()) - 20, out);
    }
  }
  set_payload(out, in, header);
  return {.src_port = load_be16(tcp), .dst_port = load_be16(tcp + 2)};
}

// UDP ports whose payload is looked at: DNS and tunnels, which are L2TP, GTP-U and the version
// before it, Teredo, GRE-in-UDP, VXLAN and its Linux default, VXLAN-GPE, AYIYA, GENEVE,
// MPLS-in-UDP. Each has the slot of its remainder, which no two share; an empty slot holds a port
// of another.
inline constexpr std::uint16_t kPortSlots = 256;
inline constexpr auto kKnownPorts = [] {
  std::array<std::uint16_t, kPortSlots> slots{};
  slots[0] = 1;
  for (const unsigned port :
       {53U, 1701U, 2152U, 3386U, 3544U, 4754U, 4789U, 4790U, 5072U, 6081U, 6635U, 8472U}) {
    slots[port % kPortSlots] = static_cast<std::uint16_t>(port);
  }
  return slots;
}();
inline bool is_known_port(std::uint16_t port) { return kKnownPorts[port % kPortSlots] == port; }

// A header that no DNS message has (RFC 1035 4.1.1, RFC 9619): an opcode that was never given, the
// reserved bit, an error code in a question, more than one question, or more records than there is
// room for. What was not captured is believed.
inline bool may_be_dns(const std::uint8_t* dns, std::uint32_t captured, std::uint32_t length,
                       bool fragmented) {
  constexpr std::uint32_t kHeader = 12, kLeastQuestion = 5, kLeastRecord = 11;
  constexpr std::uint32_t kOpcodes = 0b0111'0111;  // query, inverse, status, notify, update, DSO
  if ((kOpcodes >> (dns[2] >> 3 & 15) & 1) == 0 || (dns[3] & 0x40) != 0) return false;
  if ((dns[2] & 0x80) == 0 && (dns[3] & 0x0f) != 0) return false;
  if (captured < kHeader) return true;
  const std::uint32_t questions = load_be16(dns + 4);
  const std::uint32_t records =
      std::uint32_t{load_be16(dns + 6)} + load_be16(dns + 8) + load_be16(dns + 10);
  if (questions > 1) return false;
  return fragmented || kHeader + kLeastQuestion * questions + kLeastRecord * records <= length;
}

// DNS is told by its port and its header; the transaction id is part of the key. Anything else on
// the port (a tunnel, a flood of noise) is one flow, not one a packet.
inline std::uint16_t read_dns(bool fragmented, Packet& out) {
  if (out.payload_bytes < 12 || out.payload_captured < 4) return 0;
  if (!may_be_dns(out.payload, out.payload_captured, out.payload_bytes, fragmented)) return 0;
  out.layers |= kIsDns;
  out.request_sense = (out.payload[2] & 0x80) != 0 ? 2 : 1;
  return load_be16(out.payload);
}

// What a known port may mean; tunnel_udp.cc looks whether it does. `KeyPart::aux` is returned.
inline std::uint16_t read_known_port(KeyPart part, bool fragmented, Packet& out) {
  const bool src_is_dns = part.src_port == kDnsPort, dst_is_dns = part.dst_port == kDnsPort;
  if (!src_is_dns && !dst_is_dns) {
    out.layers |= kMayTunnel;
    return 0;
  }
  if (is_known_port(src_is_dns ? part.dst_port : part.src_port)) out.layers |= kMayTunnel;
  return read_dns(fragmented, out);
}

[[gnu::always_inline]] inline KeyPart decode_udp(Layer in, IpFacts facts, Packet& out) {
  const std::uint8_t* udp = in.peek(9);  // the header and the first byte behind it
  if (udp == nullptr) [[unlikely]]
    return decode_other_transport(in.position(), in.captured(), in.length(), facts, out);
  KeyPart part{.src_port = load_be16(udp), .dst_port = load_be16(udp + 2)};
  out.layers |= kHasPorts;
  PacketHeader::put(out, PacketHeader::of(out) | PacketHeader::checksum(load_be16(udp + 6)));
  in.advance(8);
  set_payload(out, in);
  if (is_known_port(part.dst_port) || is_known_port(part.src_port))
    part.aux = read_known_port(part, facts.fragmented, out);
  if (may_be_quic(udp[8])) [[unlikely]]
    note_quic(out);
  return part;
}

[[gnu::always_inline]] inline KeyPart decode_transport(Layer in, IpFacts facts, Packet& out) {
  if (facts.protocol == kTcp) return decode_tcp(in, facts.fragmented, out);
  if (facts.protocol == kUdp) return decode_udp(in, facts, out);
  return decode_other_transport(in.position(), in.captured(), in.length(), facts, out);
}

}  // namespace panoptes
