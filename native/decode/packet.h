// One decoded frame: what decode/ found out, all that flow/ needs. Plain data, reused 64 at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/hash.h"
#include "decode/flow_key.h"

namespace panoptes {

// TCP flag bits (RFC 9293 3.1).
inline constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10,
                              kUrg = 0x20, kEce = 0x40, kCwr = 0x80;

// Packet::seq of an ICMP query whose kind has no numbers, or whose number was not captured.
inline constexpr std::uint32_t kNoIcmpNumber = 0x10000;

// Bits of Packet::tcp_options (proto: TcpOption).
inline constexpr std::uint8_t kOptMss = 1, kOptWindowScale = 2, kOptSackPermitted = 4, kOptSack = 8,
                              kOptTimestamp = 16, kOptFastOpen = 32, kOptMptcp = 64,
                              kOptOther = 128;

// Bits of Packet::ip_flags (proto: IpFlag).
inline constexpr std::uint16_t kIpDontFragment = 1, kIpFragment = 2, kIpRecordRoute = 4,
                               kIpTimestamp = 8, kIpSecurity = 16, kIpSourceRoute = 32,
                               kIpRouterAlert = 64, kIpOtherOption = 128, kIpMacChanged = 256,
                               kIpTinyFragment = 512, kIpOverlap = 1024,
                               kIpDuplicateFragment = 2048;

// Which layers are there; the fields of a layer that is not there are undefined, not 0, unless
// said.
inline constexpr std::uint16_t kHasMac = 1, kHasVlan = 2, kHasIp = 4, kHasTcp = 8, kHasPorts = 16,
                               kHasIcmp = 32, kHasIcmpId = 64, kIsDns = 128, kHasTunnel = 256,
                               kHasMpls = 512, kIsFragment = 1024, kHasQuote = 2048, kHasSpi = 4096,
                               kIsQuic = 8192, kIsDuplicate = 16384;
// While decoding: the payload may be a tunnel's (decode/tunnel.h).
inline constexpr std::uint16_t kMayTunnel = 32768;
// While decoding: look for both, a tunnel and the quote of an ICMP error (decode/icmp.h).
inline constexpr std::uint16_t kMayQuote = kMayTunnel | kHasQuote;

enum class TunnelType : std::uint8_t {  // proto: TunnelType
  none,
  ipip,
  sixin4,
  fourin6,
  sixin6,
  gre,
  pptp,
  nvgre,
  erspan,
  vxlan,
  vxlan_gpe,
  geneve,
  gtp,
  l2tp,
  teredo,
  ayiya,
  mpls_udp,
  mpls_ip,
  etherip,
  ah,
  esp_null
};

// The innermost tunnel of a packet: what its outer IP header and its own header say.
struct Tunnel {
  std::uint8_t src[16];  // outer addresses; IPv4 in the first 4 bytes, the rest 0
  std::uint8_t dst[16];
  std::uint32_t id;  // VNI, key, TEID, session; with has_id
  TunnelType type;
  bool ipv6;  // what the outer addresses are
  bool has_id;
  std::uint8_t depth;  // tunnels around the flow, this one included
};

// One fragment of an IP datagram (RFC 791 3.2, RFC 8200 4.5).
struct Fragment {
  FlowKey datagram;      // the flow that it belongs to for want of its first: port 0
  std::uint32_t id;      // identification
  std::uint32_t bytes;   // of IP payload in this fragment
  std::uint16_t offset;  // in units of 8 bytes; 0: the first one
  bool more;             // others follow
  bool from_high;        // of `datagram`
  // With kHasTcp. A later fragment is followed like a segment: `seq` is that of its first byte.
  bool tcp_last;               // it ends the segment, so that a FIN counts
  std::uint8_t header_beyond;  // bytes of the TCP header that only later fragments have
  std::uint32_t tcp_bytes;     // of the stream that it stands for; more than it carries where it
                               // fills the place in front of fragments that came before it
};

// What an ICMP error says of another flow.
struct Quote {
  FlowKey key;                // of the flow whose packet drew the error
  std::uint8_t reporter[16];  // who sent the error; IPv4 in the first 4 bytes, the rest 0
  bool ipv6;                  // what the reporter is
  bool lacks_dns_id;          // DNS of which only the ports were quoted: `key` is without the id
};

struct Packet {
  FlowKey key;
  std::uint64_t hash;  // of key; set by FlowTracker::prepare(), as the next one
  std::uint64_t mark;  // fingerprint of the packet (flow/duplicates.h)
  std::int64_t time_ns;
  std::uint32_t wire_bytes;     // the whole frame
  std::uint32_t payload_bytes;  // L4 payload by the IP length; 0 for non-IP
  const std::uint8_t* payload;  // captured part of it, valid until the batch is accounted
  std::uint32_t payload_captured;
  std::uint16_t layers;        // kHas... bits
  std::uint8_t tcp_options;    // kOpt... bits, 0 without TCP
  std::uint8_t request_sense;  // 1: a request (its sender is src), 2: an answer (its sender is
                               // dst), 0: neither. ICMP queries, ARP/RARP, DNS, SCTP, DCCP
  // Eight bytes that are written and compared as one (PacketHeader); 0 where a layer is not there.
  std::uint16_t ip_id;     // IPv4 only (key.kind)
  std::uint16_t checksum;  // of TCP, UDP, ICMP; 0: not captured, or the sender left it out
  std::uint16_t window;    // as in the header, unscaled
  std::uint8_t tcp_flags;
  std::uint8_t ttl;
  std::uint32_t seq;  // TCP; with kHasIcmpId: the number of the query, or kNoIcmpNumber
  std::uint32_t ack;
  // Eight bytes that are 0 where a layer is not there.
  std::uint16_t ip_flags;     // kIp... bits
  std::uint16_t vlan_outer;   // TCI, with kHasVlan
  std::uint16_t mss;          // 0: no such option
  std::uint8_t window_shift;  // 0xff: no such option
  std::uint8_t tos;           // TOS or traffic class byte
  std::uint8_t icmp_type;     // as sent
  std::uint8_t icmp_code;
  std::uint16_t arp_operation;  // kinds arp and rarp
  std::uint8_t mac_dst[6];      // with kHasMac; both in the order of an Ethernet header
  std::uint8_t mac_src[6];
  bool from_high;                 // the sender is the key's high endpoint
  std::uint8_t options_captured;  // TCP
  const std::uint8_t* options;    // valid as long as `payload`
  // Rare, each with its bit of `layers`.
  std::uint16_t vlan_inner;    // VLAN id of the second tag, 0: none; with kHasVlan
  std::uint32_t mpls_label;    // bottom of the stack
  std::uint32_t quic_version;  // RFC 9000 15
  Tunnel tunnel;
  Fragment fragment;
  Quote quote;
};

// What IP and TCP headers say in one word, so that it is stored and loaded in one piece: a load of
// what several stores wrote a moment ago waits until they are in the cache.
struct PacketHeader {
  static constexpr int kFlagsShift = 48, kTtlShift = 56;
  static std::uint64_t of(const Packet& p) { return load_u64(at(p, offsetof(Packet, ip_id))); }
  static void put(Packet& p, std::uint64_t word) { store(p, offsetof(Packet, ip_id), word); }
  // Of TCP: `seq`, and `ack` above it.
  static std::uint64_t numbers(const Packet& p) { return load_u64(at(p, offsetof(Packet, seq))); }
  static void put_numbers(Packet& p, std::uint64_t word) { store(p, offsetof(Packet, seq), word); }
  static std::uint64_t ip(std::uint16_t id, std::uint8_t ttl) {
    return id | std::uint64_t{ttl} << kTtlShift;
  }
  static std::uint64_t checksum(std::uint16_t sum) { return std::uint64_t{sum} << 16; }
  // `ack_on`: the eight bytes of a TCP header from the middle of the acknowledgement on, as one
  // big-endian number: 16 bits of it, the data offset, the flags, the window, the checksum.
  static std::uint64_t tcp(std::uint64_t ack_on) { return ack_on << 16 & 0x00ffffffffff0000U; }

 private:
  static const std::uint8_t* at(const Packet& p, std::size_t offset) {
    return reinterpret_cast<const std::uint8_t*>(&p) + offset;
  }
  static void store(Packet& p, std::size_t offset, std::uint64_t word) {
    std::memcpy(reinterpret_cast<std::uint8_t*>(&p) + offset, &word, sizeof word);
  }
};
static_assert(offsetof(Packet, checksum) == offsetof(Packet, ip_id) + 2 &&
              offsetof(Packet, window) == offsetof(Packet, ip_id) + 4 &&
              offsetof(Packet, tcp_flags) == offsetof(Packet, ip_id) + 6 &&
              offsetof(Packet, ttl) == offsetof(Packet, ip_id) + 7 &&
              offsetof(Packet, ack) == offsetof(Packet, seq) + 4);

// What every decoder may rely on.
inline void begin_packet(Packet& out, std::int64_t time_ns, std::uint32_t wire_bytes) {
  out.time_ns = time_ns;
  out.wire_bytes = wire_bytes;
  out.layers = 0;
  out.tcp_options = 0;
  out.request_sense = 0;
  out.ip_flags = 0;
  out.vlan_outer = 0;
  out.mss = 0;
  out.window_shift = 0;
  out.tos = 0;
  PacketHeader::put(out, 0);
}

}  // namespace panoptes
