// Frames of the mix: Ethernet, 802.1Q, IPv4, IPv6, TCP, UDP, DNS, ICMP echo.
#include "frame.h"

#include <cstdio>
#include <cstring>

#include "bytes.h"
#include "random.h"

namespace panoptes::bench {

namespace {

constexpr std::uint32_t kPatternBytes = 65536;
constexpr std::uint32_t kSmallestFrame = 60;

std::uint16_t port(const Flow& flow, Side side) {
  return side == kServer ? flow.server_port : flow.client_port;
}
Side other(Side side) { return side == kServer ? kClient : kServer; }
std::uint32_t ip_header_bytes(const Flow& flow) { return flow.v6 ? 40 : 20; }

// A UDP checksum of 0 would mean "none" (RFC 768).
std::uint16_t udp_checksum(std::uint64_t sum) {
  const std::uint16_t value = checksum(sum);
  return value == 0 ? 0xffff : value;
}

void write_ports(const Flow& flow, Side from, std::uint8_t* l4) {
  store_be16(l4, port(flow, from));
  store_be16(l4 + 2, port(flow, other(from)));
}

std::uint32_t write_syn_options(const Flow& flow, const Event& event, std::uint8_t* out) {
  out[0] = 2;  // MSS
  out[1] = 4;
  store_be16(out + 2, flow.v6 ? 1440 : 1460);
  out[4] = 4;  // SACK permitted
  out[5] = 2;
  if (!flow.tcp_timestamps) {
    const std::uint8_t rest[] = {1, 1, 1, 3, 3, 9};  // padding, window scale 9
    std::memcpy(out + 6, rest, sizeof rest);
    return 12;
  }
  out[6] = 8;
  out[7] = 10;
  store_be32(out + 8, event.timestamp);
  store_be32(out + 12, event.timestamp_echo);
  const std::uint8_t scale[] = {1, 3, 3, 9};
  std::memcpy(out + 16, scale, sizeof scale);
  return 20;
}

std::uint32_t write_tcp_options(const Flow& flow, const Event& event, std::uint8_t* out) {
  if (event.flags & kSyn) return write_syn_options(flow, event, out);
  if (!flow.tcp_timestamps || (event.flags & kRst)) return 0;
  out[0] = 1;
  out[1] = 1;
  out[2] = 8;
  out[3] = 10;
  store_be32(out + 4, event.timestamp);
  store_be32(out + 8, event.timestamp_echo);
  return 12;
}

}  // namespace

std::uint32_t address4(const Flow& flow, Side side) {
  return side == kServer ? 0xC6120000U + (flow.server_host & 0x1ffff)
                         : 0x0A000000U + flow.client_host;
}

std::array<std::uint8_t, 16> address6(const Flow& flow, Side side) {
  std::array<std::uint8_t, 16> out{0x20, 0x01, 0x0d, 0xb8};
  out[5] = side == kServer ? 0x5e : 0xc1;
  out[8] = 2;
  store_be32(out.data() + 12, side == kServer ? flow.server_host : flow.client_host);
  return out;
}

std::uint32_t write_link(const Flow& flow, Side from, std::uint8_t* out) {
  static constexpr std::uint8_t kMacs[2][6] = {{2, 0, 0, 0, 0xc1, 1}, {2, 0, 0, 0, 0x5e, 2}};
  std::memcpy(out, kMacs[other(from)], 6);
  std::memcpy(out + 6, kMacs[from], 6);
  std::uint32_t n = 12;
  if (flow.vlan != 0) {
    store_be16(out + 12, 0x8100);
    store_be16(out + 14, flow.vlan);
    n = 16;
  }
  store_be16(out + n, flow.v6 ? 0x86dd : 0x0800);
  return n + 2;
}

NetworkHeader write_network(const Flow& flow, Side from, std::uint8_t protocol,
                            std::uint32_t l4_bytes, std::uint16_t ip_id, std::uint8_t* out) {
  const std::uint8_t ttl = from == kServer ? 57 : 64;
  if (flow.v6) {
    store_be32(out, 0x60000000U | (flow.id & 0xfffff));
    store_be16(out + 4, l4_bytes);
    out[6] = protocol;
    out[7] = ttl;
    std::memcpy(out + 8, address6(flow, from).data(), 16);
    std::memcpy(out + 24, address6(flow, other(from)).data(), 16);
    return {40, std::uint64_t{word_sum(out + 8, 32)} + protocol + l4_bytes};
  }
  out[0] = 0x45;
  out[1] = 0;
  store_be16(out + 2, 20 + l4_bytes);
  store_be16(out + 4, ip_id);
  store_be16(out + 6, 0x4000);  // don't fragment
  out[8] = ttl;
  out[9] = protocol;
  store_be16(out + 10, 0);
  store_be32(out + 12, address4(flow, from));
  store_be32(out + 16, address4(flow, other(from)));
  store_be16(out + 10, checksum(word_sum(out, 20)));
  return {20, std::uint64_t{word_sum(out + 12, 8)} + protocol + l4_bytes};
}

FrameBuilder::FrameBuilder() : pattern_(kPatternBytes), pattern_sum_(kPatternBytes + 1) {
  Random random(12345);
  for (auto& byte : pattern_) byte = low8(random.next() >> 40);
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < kPatternBytes; ++i) {
    sum += (i & 1) ? std::uint64_t{pattern_[i]} : std::uint64_t{pattern_[i]} << 8;
    while (sum >> 31) sum = (sum & 0xffff) + (sum >> 16);
    pattern_sum_[i + 1] = low32(sum);
  }
}

FrameBuilder::Frame FrameBuilder::build(const Flow& flow, const Event& event) {
  const std::uint32_t link = write_link(flow, event.from, bytes_);
  std::uint8_t* ip = bytes_ + link;
  const bool dns = flow.protocol == kUdp && flow.app == App::dns;
  const std::uint32_t l4_header = flow.protocol == kTcp   ? write_tcp(flow, event, ip)
                                  : dns                   ? write_dns(flow, event, ip)
                                  : flow.protocol == kUdp ? write_udp(flow, event, ip)
                                                          : write_icmp(flow, event, ip);
  const std::uint32_t header = link + ip_header_bytes(flow) + l4_header;
  const std::uint32_t payload = dns ? 0 : event.payload;  // DNS messages are part of the header
  const std::uint32_t wire = header + payload;
  return {.header = {bytes_, header},
          .link_bytes = link,
          .payload_bytes = payload,
          .app_bytes = dns ? l4_header - 8 : payload,
          .padding = wire < kSmallestFrame ? kSmallestFrame - wire : 0};
}

std::uint32_t FrameBuilder::write_tcp(const Flow& flow, const Event& event, std::uint8_t* ip) {
  std::uint8_t* tcp = ip + ip_header_bytes(flow);
  const std::uint32_t length = 20 + write_tcp_options(flow, event, tcp + 20);
  const auto network =
      write_network(flow, event.from, kTcp, length + event.payload, event.detail, ip);
  write_ports(flow, event.from, tcp);
  store_be32(tcp + 4, event.seq);
  store_be32(tcp + 8, event.flags & kAck ? event.ack : 0);
  tcp[12] = low8((length / 4) << 4);
  tcp[13] = event.flags;
  store_be16(tcp + 14, event.window);
  store_be32(tcp + 16, 0);
  store_be16(tcp + 16,
             checksum(network.pseudo_sum + word_sum(tcp, length) + pattern_sum_[event.payload]));
  return length;
}

std::uint32_t FrameBuilder::write_dns(const Flow& flow, const Event& event, std::uint8_t* ip) {
  std::uint8_t* udp = ip + ip_header_bytes(flow);
  std::uint8_t* dns = udp + 8;
  const bool response = event.from == kServer;
  const std::uint16_t code = event.detail & 15;
  const std::uint16_t type = event.detail & kDnsAaaa ? 28 : 1;
  const bool answered = response && code == 0;
  store_be16(dns, (flow.id * 2654435761U) >> 16);
  store_be16(dns + 2, response ? 0x8180U | code : 0x0100U);
  store_be16(dns + 4, 1);
  store_be16(dns + 6, answered ? 1 : 0);
  store_be32(dns + 8, 0);

  char host[32];
  const int host_bytes =
      std::snprintf(host, sizeof host, "h%u", flow.server_host * 7919U % 1000000U);
  std::uint8_t* at = dns + 12;
  *at++ = static_cast<std::uint8_t>(host_bytes);
  std::memcpy(at, host, static_cast<std::size_t>(host_bytes));
  at += host_bytes;
  std::memcpy(at, "\7example\3com", 13);  // with the zero that ends the name
  at += 13;
  store_be16(at, type);
  store_be16(at + 2, 1);
  at += 4;
  if (answered) {
    store_be16(at, 0xc00c);  // the name of the question
    store_be16(at + 2, type);
    store_be16(at + 4, 1);
    store_be32(at + 6, 300);
    at += 10;
    if (type == 28) {
      store_be16(at, 16);
      std::memcpy(at + 2, address6(flow, kServer).data(), 16);
      at += 18;
    } else {
      store_be16(at, 4);
      store_be32(at + 2, address4(flow, kServer));
      at += 6;
    }
  }
  const auto length = static_cast<std::uint32_t>(at - udp);
  const auto network = write_network(flow, event.from, kUdp, length, ++ip_id_, ip);
  write_ports(flow, event.from, udp);
  store_be16(udp + 4, length);
  store_be16(udp + 6, 0);
  store_be16(udp + 6, udp_checksum(network.pseudo_sum + word_sum(udp, length)));
  return length;
}

std::uint32_t FrameBuilder::write_udp(const Flow& flow, const Event& event, std::uint8_t* ip) {
  std::uint8_t* udp = ip + ip_header_bytes(flow);
  const std::uint32_t length = 8U + event.payload;
  const auto network = write_network(flow, event.from, kUdp, length, ++ip_id_, ip);
  write_ports(flow, event.from, udp);
  store_be16(udp + 4, length);
  store_be16(udp + 6, 0);
  store_be16(udp + 6,
             udp_checksum(network.pseudo_sum + word_sum(udp, 8) + pattern_sum_[event.payload]));
  return 8;
}

std::uint32_t FrameBuilder::write_icmp(const Flow& flow, const Event& event, std::uint8_t* ip) {
  std::uint8_t* icmp = ip + ip_header_bytes(flow);
  const bool reply = event.from == kServer;
  const auto network =
      write_network(flow, event.from, flow.v6 ? kIcmp6 : kIcmp, 8U + event.payload, ++ip_id_, ip);
  icmp[0] = flow.v6 ? (reply ? 129 : 128) : (reply ? 0 : 8);
  icmp[1] = 0;
  store_be16(icmp + 2, 0);
  store_be16(icmp + 4, flow.echo_id);
  store_be16(icmp + 6, event.detail);
  store_be16(icmp + 2, checksum((flow.v6 ? network.pseudo_sum : 0) + word_sum(icmp, 8) +
                                pattern_sum_[event.payload]));
  return 8;
}

}  // namespace panoptes::bench
