// IPsec: AH (RFC 4302), which hides nothing, and ESP (RFC 4303), which is opened only where it can
// be proven that it is not encrypted (RFC 5879).
#include <cstring>

#include "base/endian.h"
#include "decode/inner_proof.h"
#include "decode/transport.h"
#include "decode/tunnel.h"

namespace panoptes {
namespace {

constexpr std::uint8_t kIpv4 = 4, kIpv6 = 41, kNoNextHeader = 59;

// A header with the packet of tunnel mode or the transport layer of transport mode behind it.
Inner carry(TunnelType type, std::uint32_t spi, std::uint8_t next, Layer rest) {
  Inner inner{.type = type, .has_id = true, .id = spi, .packet = rest};
  inner.protocol = next == kIpv4 ? kEtherIpv4 : next == kIpv6 ? kEtherIpv6 : kInnerTransport | next;
  return inner;
}

Inner open_ah(const Packet& out) {
  Layer in = payload_of(out);
  const std::uint8_t* header = in.peek(12);
  if (header == nullptr) return no_tunnel();
  const std::uint32_t size = (header[1] + 2U) * 4;
  if (size < 12 || size > in.length() || header[0] == kNoNextHeader) return no_tunnel();
  in.skip(size);
  return carry(TunnelType::ah, load_be32(header + 4), header[0], in);
}

// Whether `body`, of which ESP says that it is `next`, is a packet or a message to the byte.
bool is_whole(Layer body, std::uint8_t next, const Packet& outer) {
  if (next == kIpv4 || next == kIpv6) {
    const std::uint8_t* ip = body.peek(20);
    if (ip == nullptr || *ip >> 4 != (next == kIpv4 ? 4 : 6)) return false;
    if (proven_ip_length(body) != body.length()) return false;
    if (next == kIpv4) return true;
    body.advance(40);
    return proven_transport(body, ip[6], ip + 8, true);
  }
  const bool ipv6 = outer.key.kind == FlowKind::ipv6;
  const std::uint32_t width = ipv6 ? 16 : 4;
  std::uint8_t addresses[32];  // their order does not change the sum
  std::memcpy(addresses, outer.key.low_addr.data(), width);
  std::memcpy(addresses + width, outer.key.high_addr.data(), width);
  return proven_transport(body, next, addresses, ipv6);
}

// Whether the bytes before the trailer count 1, 2, 3 ... (RFC 4303 2.4).
bool is_padding(const std::uint8_t* at, std::uint32_t size) {
  for (std::uint32_t i = 0; i < size; ++i) {
    if (at[i] != i + 1) return false;
  }
  return true;
}

// Behind the payload stand padding, its length, the next header and an integrity check value. How
// long that is only the two ends know; GMAC (RFC 4543) has a nonce of 8 bytes in front too.
Inner open_esp(const Packet& out) {
  constexpr std::uint32_t kHeader = 8, kTrailer = 2;
  // Checksums cost time, and who sends may make all the trailers look right; by chance one in 256
  // does.
  constexpr int kMaxTries = 3;
  struct Algorithm {
    std::uint8_t nonce;
    std::uint8_t check_value;
  };
  constexpr Algorithm kAlgorithms[] = {{0, 12}, {0, 16}, {8, 16}, {0, 32}, {0, 24}, {0, 20}};
  const Layer in = payload_of(out);
  const std::uint8_t* esp = in.peek(in.length());
  if (esp == nullptr || (out.layers & kIsFragment) != 0) return no_tunnel();
  int tries = 0;
  for (const Algorithm& a : kAlgorithms) {
    const std::uint32_t front = kHeader + a.nonce;
    if (in.length() < front + kTrailer + a.check_value) continue;
    const std::uint32_t end = in.length() - a.check_value;  // of the trailer
    const std::uint32_t padding = esp[end - 2];
    const std::uint8_t next = esp[end - 1];
    if (end % 4 != 0 || front + padding + kTrailer > end) continue;
    if (!is_padding(esp + end - kTrailer - padding, padding)) continue;
    if (++tries > kMaxTries) break;
    const std::uint32_t size = end - kTrailer - padding - front;
    const Layer body(esp + front, size, size);
    if (is_whole(body, next, out)) return carry(TunnelType::esp_null, load_be32(esp), next, body);
  }
  return no_tunnel();
}

}  // namespace

Inner open_ipsec(const Packet& out) {
  return out.key.protocol == kAh ? open_ah(out) : open_esp(out);
}

}  // namespace panoptes
