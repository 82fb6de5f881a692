// Builds frames for tests: ethernet().vlan(5).ipv4("10.0.0.1", "10.0.0.2").tcp(1234, 80,
// kSyn).payload("x"). Each layer names itself in the one before it; lengths and checksums are
// filled in by bytes().
#pragma once

#include <arpa/inet.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace panoptes::frames {

using Bytes = std::vector<std::uint8_t>;
using Mac = std::array<std::uint8_t, 6>;

inline constexpr Mac kClientMac{0x02, 0, 0, 0, 0, 0x01}, kServerMac{0x02, 0, 0, 0, 0, 0x02};

struct Ipv4Fields {
  std::uint8_t ttl = 64;
  std::uint8_t tos = 0;
  std::uint16_t id = 1;
  std::uint16_t fragment = 0x4000;  // flags and offset as on the wire: 0x4000 DF, 0x2000 MF
  Bytes options = {};               // padded to 4 bytes
};
struct Ipv6Fields {
  std::uint8_t hop_limit = 64;
  std::uint8_t traffic_class = 0;
};
struct TcpFields {
  std::uint32_t seq = 1000;
  std::uint32_t ack = 0;
  std::uint16_t window = 0xffff;
  Bytes options = {};  // padded to 4 bytes with zeros
};

class Frame {
 public:
  // --- links; start with one of these (the free functions below)
  Frame& bytes_as_they_are(const Bytes& more) {
    data_.insert(data_.end(), more.begin(), more.end());
    return *this;
  }
  Frame& next_field(int width) {  // what follows is named in the next `width` bytes
    next_ = {data_.size(), width};
    data_.insert(data_.end(), static_cast<std::size_t>(width), 0);
    return *this;
  }

  Frame& vlan(std::uint16_t id, std::uint8_t priority = 0, std::uint16_t tpid = 0x8100) {
    name_next(tpid, 0);
    put16(static_cast<std::uint16_t>(priority << 13 | id));
    return next_field(2);
  }
  // 802.3: the type field is a length, 802.2 and SNAP headers follow.
  Frame& snap() {
    fixes_.push_back({Fix::kLength802, next_.at, 0});
    bytes_as_they_are({0xaa, 0xaa, 0x03, 0, 0, 0});
    return next_field(2);
  }
  Frame& llc(std::uint8_t dsap, std::uint8_t ssap) {
    fixes_.push_back({Fix::kLength802, next_.at, 0});
    next_.width = 0;
    return bytes_as_they_are({dsap, ssap, 0x03});
  }
  // Names the next layer where it is none of the below.
  Frame& ethertype(std::uint16_t type) {
    name_next(type, 0);
    return *this;
  }
  Frame& protocol(std::uint8_t number) {
    name_next(0, number);
    return *this;
  }

  // --- network
  Frame& ipv4(std::string_view src, std::string_view dst, const Ipv4Fields& f = {}) {
    name_next(0x0800, 4);
    Bytes options = f.options;
    while (options.size() % 4 != 0) options.push_back(0);
    ip_at_ = data_.size();
    ip_size_ = 20 + options.size();
    fixes_.push_back({Fix::kIpv4, ip_at_, ip_size_});
    put8(static_cast<std::uint8_t>(0x40 | ip_size_ / 4));
    put8(f.tos);
    put16(0);
    put16(f.id);
    put16(f.fragment);
    put8(f.ttl);
    next_field(1);
    put16(0);
    put_address(AF_INET, src, 4);
    put_address(AF_INET, dst, 4);
    return bytes_as_they_are(options);
  }
  Frame& ipv6(std::string_view src, std::string_view dst, const Ipv6Fields& f = {}) {
    name_next(0x86dd, 41);
    ip_at_ = data_.size();
    ip_size_ = 40;
    fixes_.push_back({Fix::kIpv6, ip_at_, ip_size_});
    put32(0x60000000U | static_cast<std::uint32_t>(f.traffic_class) << 20);
    put16(0);
    next_field(1);
    put8(f.hop_limit);
    put_address(AF_INET6, src, 16);
    return put_address(AF_INET6, dst, 16);
  }
  // An IPv6 extension header whose length byte is in units of 8; `body` is padded with zeros.
  Frame& extension(std::uint8_t type, Bytes body = {}) {
    name_next(0, type);
    while ((body.size() + 2) % 8 != 0) body.push_back(0);
    next_field(1);
    put8(static_cast<std::uint8_t>((body.size() + 2) / 8 - 1));
    return bytes_as_they_are(body);
  }
  Frame& ipv6_fragment(std::uint16_t offset, bool more, std::uint32_t id = 7) {
    name_next(0, 44);
    next_field(1);
    put8(0);
    put16(static_cast<std::uint16_t>(offset << 3 | (more ? 1 : 0)));
    return put32(id);
  }
  Frame& arp(std::uint16_t operation, std::string_view sender, std::string_view target,
             const Mac& sender_mac = kClientMac, const Mac& target_mac = {}) {
    name_next(0x0806, 0);
    bytes_as_they_are({0, 1, 8, 0, 6, 4});
    put16(operation);
    put_mac(sender_mac);
    put_address(AF_INET, sender, 4);
    put_mac(target_mac);
    return put_address(AF_INET, target, 4);
  }

  // --- transport
  Frame& tcp(std::uint16_t src, std::uint16_t dst, std::uint8_t flags, const TcpFields& f = {}) {
    name_next(0, 6);
    Bytes options = f.options;
    while (options.size() % 4 != 0) options.push_back(0);
    fixes_.push_back({Fix::kChecksum, data_.size(), 16, ip_at_, 6});
    put16(src);
    put16(dst);
    put32(f.seq);
    put32(f.ack);
    put8(static_cast<std::uint8_t>((20 + options.size()) / 4 << 4));
    put8(flags);
    put16(f.window);
    put32(0);
    return bytes_as_they_are(options);
  }
  Frame& udp(std::uint16_t src, std::uint16_t dst, std::uint8_t number = 17) {
    name_next(0, number);
    fixes_.push_back({Fix::kUdp, data_.size(), 0});
    fixes_.push_back({Fix::kChecksum, data_.size(), 6, ip_at_, number});
    put16(src);
    put16(dst);
    return put32(0);
  }
  Frame& icmp(std::uint8_t type, std::uint8_t code = 0, std::uint16_t id = 0,
              std::uint16_t sequence = 0) {
    return icmp_as(1, type, code, id, sequence);
  }
  Frame& icmpv6(std::uint8_t type, std::uint8_t code = 0, std::uint16_t id = 0,
                std::uint16_t sequence = 0) {
    return icmp_as(58, type, code, id, sequence);
  }
  // A DNS header without questions.
  Frame& dns(std::uint16_t id, bool answer) {
    put16(id);
    put16(answer ? 0x8180 : 0x0100);
    return payload(8);
  }

  // --- payload
  Frame& payload(std::string_view text) {
    data_.insert(data_.end(), text.begin(), text.end());
    return *this;
  }
  Frame& payload(std::size_t size, std::uint8_t fill = 0) {
    data_.insert(data_.end(), size, fill);
    return *this;
  }

  // The frame. `minimum`: padded with zeros behind all lengths, as Ethernet does to 60 bytes.
  Bytes bytes(std::size_t minimum = 0) const {
    Bytes out = data_;
    for (auto fix = fixes_.rbegin(); fix != fixes_.rend(); ++fix) {
      if (fix->kind != Fix::kChecksum) apply(*fix, out);
    }
    for (auto fix = fixes_.rbegin(); fix != fixes_.rend(); ++fix) {
      if (fix->kind == Fix::kChecksum) checksum(*fix, out);
    }
    if (out.size() < minimum) out.resize(minimum);
    return out;
  }

 private:
  struct Next {
    std::size_t at = 0;
    int width = 0;  // 1: IP protocol, 2: ethertype, 4: address family, big endian; 0: none
  };
  struct Fix {
    enum Kind { kLength802, kIpv4, kIpv6, kUdp, kChecksum } kind;
    std::size_t at;
    std::size_t size;       // of the header; kChecksum: offset of the checksum
    std::size_t ip_at = 0;  // kChecksum: of the header that gives the pseudo header
    std::uint8_t protocol = 0;
  };

  Frame& put8(std::uint8_t v) {
    data_.push_back(v);
    return *this;
  }
  Frame& put16(std::uint16_t v) {
    put8(static_cast<std::uint8_t>(v >> 8));
    return put8(static_cast<std::uint8_t>(v));
  }
  Frame& put32(std::uint32_t v) {
    put16(static_cast<std::uint16_t>(v >> 16));
    return put16(static_cast<std::uint16_t>(v));
  }
  Frame& put_mac(const Mac& mac) {
    data_.insert(data_.end(), mac.begin(), mac.end());
    return *this;
  }
  Frame& put_address(int family, std::string_view text, std::size_t size) {
    std::uint8_t raw[16];
    if (inet_pton(family, std::string(text).c_str(), raw) != 1) {
      throw std::invalid_argument("no address: " + std::string(text));
    }
    data_.insert(data_.end(), raw, raw + size);
    return *this;
  }
  static void store16(Bytes& out, std::size_t at, std::size_t v) {
    out[at] = static_cast<std::uint8_t>(v >> 8);
    out[at + 1] = static_cast<std::uint8_t>(v);
  }

  void name_next(std::uint16_t ethertype, std::uint8_t protocol) {
    if (next_.width == 1) data_[next_.at] = protocol;
    if (next_.width == 2) store16(data_, next_.at, ethertype);
    if (next_.width == 4) data_[next_.at + 3] = ethertype == 0x86dd ? 30 : 2;
    next_.width = 0;
  }
  Frame& icmp_as(std::uint8_t protocol, std::uint8_t type, std::uint8_t code, std::uint16_t id,
                 std::uint16_t sequence) {
    name_next(0, protocol);
    fixes_.push_back({Fix::kChecksum, data_.size(), 2, ip_at_, protocol});
    put8(type);
    put8(code);
    put16(0);
    put16(id);
    return put16(sequence);
  }

  static std::uint32_t sum(const Bytes& out, std::size_t from, std::size_t to) {
    std::uint32_t total = 0;
    for (std::size_t i = from; i < to; ++i) total += (i - from) % 2 == 0 ? out[i] * 256U : out[i];
    return total;
  }
  static std::uint16_t fold(std::uint32_t total) {
    while (total >> 16 != 0) total = (total & 0xffff) + (total >> 16);
    return static_cast<std::uint16_t>(~total);
  }
  static void apply(const Fix& fix, Bytes& out) {
    const std::size_t rest = out.size() - fix.at;
    switch (fix.kind) {
      case Fix::kLength802:
        store16(out, fix.at, rest - 2);
        break;
      case Fix::kIpv4:
        store16(out, fix.at + 2, rest);
        store16(out, fix.at + 10, fold(sum(out, fix.at, fix.at + fix.size)));
        break;
      case Fix::kIpv6:
        store16(out, fix.at + 4, rest - 40);
        break;
      case Fix::kUdp:
        store16(out, fix.at + 4, rest);
        break;
      case Fix::kChecksum:
        break;
    }
  }
  static void checksum(const Fix& fix, Bytes& out) {
    std::uint32_t total = sum(out, fix.at, out.size());
    if (fix.protocol != 1) {  // ICMP of IPv4 has no pseudo header
      const bool v6 = out[fix.ip_at] >> 4 == 6;
      const std::size_t from = fix.ip_at + (v6 ? 8 : 12);
      total += sum(out, from, from + (v6 ? 32 : 8)) + fix.protocol +
               static_cast<std::uint32_t>(out.size() - fix.at);
    }
    store16(out, fix.at + fix.size, fold(total));
  }

  Bytes data_;
  Next next_;
  std::vector<Fix> fixes_;
  std::size_t ip_at_ = 0;
  std::size_t ip_size_ = 0;
};

inline Frame ethernet(const Mac& src = kClientMac, const Mac& dst = kServerMac) {
  Frame frame;
  frame.bytes_as_they_are({dst.begin(), dst.end()});
  frame.bytes_as_they_are({src.begin(), src.end()});
  return frame.next_field(2);
}
inline Frame raw_ip() { return Frame(); }
// BSD loopback with the address family in network byte order.
inline Frame loop() { return Frame().next_field(4); }
// Linux cooked capture, version 1 and 2.
inline Frame cooked(const Mac& src = kClientMac, std::uint16_t hardware = 1) {
  Frame frame;
  frame.bytes_as_they_are(
      {0, 0, static_cast<std::uint8_t>(hardware >> 8), static_cast<std::uint8_t>(hardware), 0, 6});
  frame.bytes_as_they_are({src.begin(), src.end()}).bytes_as_they_are({0, 0});
  return frame.next_field(2);
}
inline Frame cooked2(const Mac& src = kClientMac) {
  Frame frame;
  frame.next_field(2).bytes_as_they_are({0, 0, 0, 0, 0, 1, 0, 1, 0, 6});
  return frame.bytes_as_they_are({src.begin(), src.end()}).bytes_as_they_are({0, 0});
}
// Any other link: its header as it is, without what follows being named.
inline Frame link(const Bytes& header) { return Frame().bytes_as_they_are(header); }

}  // namespace panoptes::frames
