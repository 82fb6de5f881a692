// A packet in tunnels: headers are put in front of what they hold, with the lengths and names that
// belong to it.
#pragma once

#include "frame_bytes.h"
#include "random.h"

namespace panoptes::mutate {

// Ethertypes.
inline constexpr std::uint32_t kIpv4 = 0x0800, kIpv6 = 0x86dd, kEthernet = 0x6558, kMpls = 0x8847,
                               kVlan = 0x8100, kPppoe = 0x8864;

class Onion {
 public:
  // `core` is what the ethertype `type` says.
  Onion(std::span<const std::uint8_t> core, std::uint32_t type, Random& random)
      : begin_(kMostBytes - static_cast<std::uint32_t>(core.size())), type_(type), random_(random) {
    bytes_.resize(kMostBytes);
    std::copy(core.begin(), core.end(), bytes_.begin() + begin_);
  }

  std::span<const std::uint8_t> bytes() const {
    return std::span(bytes_).subspan(begin_, kMostBytes - begin_);
  }
  std::uint32_t type() const { return type_; }  // ethertype of the outermost header
  bool has_room() const { return begin_ > 4096; }

  // A tunnel header and the IP header of its outside, sometimes shims between it and what it holds.
  void add_tunnel() {
    if (random_.one_in(4)) add_shims();
    add_ip(add_tunnel_header());
  }
  // VLAN tags, MPLS labels or PPPoE.
  void add_shims();

 private:
  std::uint32_t size() const { return kMostBytes - begin_; }
  // Zeros, `n` of them, now the first bytes.
  std::uint8_t* front(std::uint32_t n) {
    begin_ -= n;
    std::uint8_t* at = bytes_.data() + begin_;
    std::memset(at, 0, n);
    return at;
  }
  void need_ip();
  void need_ethernet();
  // These return the IP protocol of what now stands in front.
  std::uint8_t add_gre();
  std::uint8_t add_udp(std::uint32_t port);
  std::uint8_t add_tunnel_header();
  std::uint8_t* tunnel_id(std::uint32_t bytes);
  void add_ip(std::uint8_t protocol);

  std::vector<std::uint8_t> bytes_;
  std::uint32_t begin_;
  std::uint32_t type_;
  Random& random_;
};

}  // namespace panoptes::mutate
