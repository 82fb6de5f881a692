#include "decode/inner_proof.h"

#include "base/endian.h"
#include "decode/transport.h"

namespace panoptes {
namespace {

// Sum of the bytes as 16-bit words in network byte order, an odd one padded (RFC 1071); not folded.
std::uint64_t word_sum(const std::uint8_t* at, std::uint32_t size) {
  std::uint64_t sum = 0;
  std::uint32_t i = 0;
  for (; i + 8 <= size; i += 8) {
    const std::uint64_t eight = load_be64(at + i);
    sum += (eight >> 32) + (eight & 0xffffffff);
  }
  for (; i + 2 <= size; i += 2) sum += load_be16(at + i);
  if (i < size) sum += std::uint64_t{at[i]} << 8;
  return sum;
}

bool is_right(std::uint64_t sum) {
  while (sum > 0xffff) sum = (sum >> 16) + (sum & 0xffff);
  return sum == 0xffff;
}

}  // namespace

std::uint32_t proven_ip_length(Layer in) {
  const std::uint8_t* ip = in.peek(20);
  if (ip == nullptr) return 0;
  if (ip[0] >> 4 == 4) {
    const std::uint32_t header = (ip[0] & 0x0fU) * 4;
    const std::uint32_t total = load_be16(ip + 2);
    if (header < 20 || total < header || in.peek(header) == nullptr) return 0;
    return is_right(word_sum(ip, header)) ? total : 0;
  }
  if (ip[0] >> 4 == 6 && in.peek(40) != nullptr) return 40U + load_be16(ip + 4);
  return 0;
}

bool proven_transport(Layer in, std::uint8_t protocol, const std::uint8_t* addresses, bool ipv6) {
  const std::uint32_t size = in.length();
  const std::uint8_t* at = in.peek(size);
  if (at == nullptr) return false;
  std::uint64_t sum = 0;
  switch (protocol) {
    case kTcp: {
      if (size < 20) return false;
      const std::uint32_t header = (at[12] >> 4) * 4U;
      if (header < 20 || header > size || (at[12] & 0x0e) != 0) return false;
      break;
    }
    case kUdp:
      if (size < 8 || load_be16(at + 4) != size || load_be16(at + 6) == 0) return false;
      break;
    case kIcmp:
      if (ipv6 || size < 8) return false;
      return is_right(word_sum(at, size));  // without addresses
    case kIcmpv6:
      if (!ipv6 || size < 8) return false;
      break;
    default:
      return false;
  }
  sum = word_sum(addresses, ipv6 ? 32 : 8) + size + protocol;
  return is_right(sum + word_sum(at, size));
}

}  // namespace panoptes
