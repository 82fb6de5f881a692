// Headers of tunnels in UDP, as the tests of tunnels need them. Used with tunnel_support.h.
#pragma once

#include "tunnel_support.h"

namespace panoptes {

inline constexpr std::uint8_t kInner4 = 20 + 20 + 5;  // bytes that inner_tcp() adds

inline frames::Bytes operator+(frames::Bytes a, const frames::Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// The client's port is 40000; answers come from the tunnel's. An inner packet is put behind it.
inline frames::Frame udp_tunnel(frames::Frame outer, bool back, std::uint16_t port,
                                const frames::Bytes& header) {
  outer.udp(back ? port : 40000, back ? 40000 : port);
  return outer.bytes_as_they_are(header);
}
inline frames::Frame udp4(bool back, std::uint16_t port, const frames::Bytes& header) {
  return udp_tunnel(outer4(back, 17), back, port, header);
}
inline frames::Frame udp6(bool back, std::uint16_t port, const frames::Bytes& header) {
  return udp_tunnel(outer6(back, 17), back, port, header);
}

// More bytes at the end of the datagram.
inline frames::Bytes grow_udp(frames::Bytes frame, const frames::Bytes& more) {
  const std::size_t total = frame.size() - 14 + more.size();
  for (const auto& [at, size] :
       {std::pair{std::size_t{16}, total}, {std::size_t{38}, total - 20}}) {
    frame[at] = static_cast<std::uint8_t>(size >> 8);
    frame[at + 1] = static_cast<std::uint8_t>(size);
  }
  return frame + more;
}

inline frames::Bytes label(std::uint32_t value, bool bottom) {
  return {static_cast<std::uint8_t>(value >> 12), static_cast<std::uint8_t>(value >> 4),
          static_cast<std::uint8_t>(value << 4 | (bottom ? 1 : 0)), 64};
}

// A network service header of `words` times 4 bytes.
inline frames::Bytes nsh(std::uint8_t type, std::uint8_t words, std::uint8_t next) {
  frames::Bytes header{0x0f, static_cast<std::uint8_t>(0xc0 | words), type, next, 0, 0, 1, 255};
  header.resize(words * 4U, 9);
  return header;
}

// The virtual network differs by direction, as some control planes have it.
inline frames::Bytes geneve(bool back, std::uint8_t option_words, std::uint16_t protocol) {
  return {option_words,
          0,
          static_cast<std::uint8_t>(protocol >> 8),
          static_cast<std::uint8_t>(protocol),
          0,
          0,
          static_cast<std::uint8_t>(back ? 8 : 7),
          0};
}

// Around inner_tcp(); `optional`: what the flags promise.
inline frames::Bytes gtp(bool back, std::uint8_t flags, const frames::Bytes& optional) {
  const auto size = static_cast<std::uint8_t>(optional.size() + kInner4);
  return frames::Bytes{flags, 255, 0, size, 1, 2, 3, static_cast<std::uint8_t>(back ? 5 : 4)} +
         optional;
}

// Tunnel 7, session 9; `optional`: sequence numbers and offset, `ppp`: the protocol's number.
inline frames::Bytes l2tp(bool back, std::uint8_t flags, const frames::Bytes& optional,
                          const frames::Bytes& ppp) {
  frames::Bytes header{flags, 2};
  const auto rest = static_cast<std::uint8_t>(8 + optional.size() + ppp.size() + kInner4);
  if ((flags & 0x40) != 0) header = header + frames::Bytes{0, rest};
  const std::uint8_t tunnel = back ? 8 : 7;
  return header + frames::Bytes{0, tunnel, 0, 9} + optional + ppp;
}

// A frame whose flow is that of the datagram, in spite of its port.
inline void expect_datagram(const frames::Bytes& frame, const char* what, std::uint16_t port) {
  const Decoded d(frame);
  ASSERT_EQ(d.reason, Undecoded::none) << what;
  EXPECT_FALSE(d.has(kHasTunnel)) << what;
  EXPECT_FALSE(d.has(kMayTunnel)) << what;
  EXPECT_EQ(d.key().protocol, 17) << what;
  EXPECT_EQ(d.key().link_context, 0U) << what;
  EXPECT_EQ(d.receiver(), "192.0.2.2:" + std::to_string(port)) << what;
}

}  // namespace panoptes
