// IP headers off the common path: IPv4 options, IPv6 extension headers.
#include "decode/ip.h"

namespace panoptes {
namespace {

constexpr std::uint8_t kHopByHop = 0, kRouting = 43, kFragment = 44, kNoNextHeader = 59,
                       kDestination = 60, kMobility = 135, kHip = 139, kShim6 = 140;
constexpr int kMaxExtensions = 16;  // real packets have at most 4
constexpr int kMaxHopOptions = 32;

// AH is none of them: tunnel_ipsec.cc opens it, for IPv4 and IPv6 alike.
bool is_extension(std::uint8_t next) {
  switch (next) {
    case kHopByHop:
    case kRouting:
    case kFragment:
    case kDestination:
    case kMobility:
    case kHip:
    case kShim6:
      return true;
    default:
      return false;
  }
}

// These are protocols of their own when nothing follows them.
bool may_be_last(std::uint8_t header) {
  return header == kMobility || header == kHip || header == kShim6;
}

struct HopOptions {
  std::uint16_t ip_flags = 0;
  std::uint32_t jumbo_length = 0;  // 0: no such option
};

HopOptions read_hop_options(const std::uint8_t* options, std::uint32_t size) {
  constexpr std::uint8_t kPad1 = 0, kPadN = 1, kRouterAlert = 5, kJumbo = 0xc2;
  HopOptions result;
  std::uint32_t at = 0;
  for (int count = 0; at < size && count < kMaxHopOptions; ++count) {
    const std::uint8_t type = options[at];
    if (type == kPad1) {
      ++at;
      continue;
    }
    if (at + 2 > size) break;
    const std::uint32_t length = options[at + 1];
    if (at + 2 + length > size) break;
    if (type == kRouterAlert) {
      result.ip_flags |= kIpRouterAlert;
    } else if (type == kJumbo && length == 4) {
      result.jumbo_length = load_be32(options + at + 2);
    } else if (type != kPadN) {
      result.ip_flags |= kIpOtherOption;
    }
    at += 2 + length;
  }
  return result;
}

std::uint32_t extension_length(std::uint8_t header, std::uint8_t length_byte) {
  if (header == kFragment) return 8;
  return (length_byte + 1U) * 8;
}

}  // namespace

std::uint16_t read_ipv4_options(const std::uint8_t* options, std::uint32_t size) {
  std::uint16_t flags = 0;
  std::uint32_t at = 0;
  while (at < size && options[at] != 0) {
    const std::uint8_t type = options[at];
    if (type == 1) {
      ++at;
      continue;
    }
    switch (type) {
      case 7:
        flags |= kIpRecordRoute;
        break;
      case 68:
        flags |= kIpTimestamp;
        break;
      case 130:  // RFC 1108, basic and extended
      case 133:
      case 134:  // CIPSO
        flags |= kIpSecurity;
        break;
      case 131:  // loose, strict
      case 137:
        flags |= kIpSourceRoute;
        break;
      case 148:
        flags |= kIpRouterAlert;
        break;
      default:
        flags |= kIpOtherOption;
    }
    if (at + 2 > size || options[at + 1] < 2) break;
    at += options[at + 1];
  }
  return flags;
}

void note_fragment(Packet& out, std::uint32_t id, std::uint32_t offset, bool more,
                   std::uint32_t bytes) {
  out.layers |= kIsFragment;
  Fragment& f = out.fragment;
  f.id = id;
  f.bytes = bytes;
  f.offset = static_cast<std::uint16_t>(offset);
  f.more = more;
  f.tcp_bytes = out.payload_bytes;
  f.tcp_last = true;
  // The same key with port 0: the ports may have decided which endpoint is the low one.
  const bool high = out.from_high;
  const auto words = [](const std::array<std::uint8_t, 16>& address) {
    return AddressWords{load_le64(address.data()), load_le64(address.data() + 8)};
  };
  Packet bare;
  put_wide_key(bare, words(high ? out.key.high_addr : out.key.low_addr),
               words(high ? out.key.low_addr : out.key.high_addr), out.key.link_context, {},
               out.key.protocol, out.key.kind);
  f.datagram = bare.key;
  f.from_high = bare.from_high;
}

Ipv6End decode_ipv6_extensions(const std::uint8_t* at, std::uint32_t captured, std::uint32_t length,
                               std::uint8_t next, bool jumbo) {
  const Layer in(at, captured, length);
  Ipv6End end{.transport = in, .protocol = next};
  Layer& rest = end.transport;
  for (int count = 0; count < kMaxExtensions && is_extension(end.protocol); ++count) {
    const std::uint8_t* header = rest.peek(8);
    if (header == nullptr) break;
    const std::uint32_t size = extension_length(end.protocol, header[1]);
    if (may_be_last(end.protocol) && header[0] == kNoNextHeader) break;
    if (end.protocol == kHopByHop && count == 0) {  // RFC 8200 4.1: nowhere else
      const HopOptions options = read_hop_options(header + 2, std::min(size, rest.captured()) - 2);
      end.ip_flags |= options.ip_flags;
      if (jumbo && options.jumbo_length != 0) rest.limit(options.jumbo_length);
    } else if (end.protocol == kRouting) {
      end.ip_flags |= kIpSourceRoute;
    } else if (end.protocol == kFragment) {
      const std::uint32_t fragment = load_be16(header + 2);
      end.later_fragment = fragment >> 3 != 0;
      end.more_fragments = (fragment & 1) != 0;
      end.fragment_offset = static_cast<std::uint16_t>(fragment >> 3);
      end.fragment_id = load_be32(header + 4);
      end.fragment_bytes = rest.length() - std::min<std::uint32_t>(rest.length(), size);
      // Offset 0 and nothing to follow is a whole packet (RFC 6946).
      if (end.later_fragment || (fragment & 1) != 0) end.ip_flags |= kIpFragment;
    }
    end.protocol = header[0];
    rest.skip(size);
    if (end.later_fragment) break;
  }
  return end;
}

}  // namespace panoptes
