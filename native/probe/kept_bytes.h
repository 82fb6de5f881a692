// Copies of what flow/ looks at in packets that wait for their account: TCP options and the
// beginning of the payload. Where the frame goes before its turn comes, or to another thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "decode/packet.h"
#include "flow/payload_rules.h"

namespace panoptes {

// Room for the copies of one batch, one behind the other; clear() when the batch is accounted.
// Memory that no packet needed is never touched.
class KeptBytes {
 public:
  KeptBytes() : bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(kRoom)) {}

  void clear() { used_ = 0; }

  // False: there is no room. A cleared one has room for any packet.
  bool keep(Packet& packet, const PayloadRules& rules) {
    const std::uint32_t payload = payload_bytes(packet, rules);
    const std::uint32_t options =
        (packet.layers & kHasTcp) != 0 ? std::uint32_t{packet.options_captured} : 0;
    if (used_ + options + payload > kRoom) return false;
    std::uint8_t* const at = bytes_.get() + used_;
    if (options != 0) {
      std::memcpy(at, packet.options, options);
      packet.options = at;
    }
    if (payload != 0) std::memcpy(at + options, packet.payload, payload);
    packet.payload = at + options;
    packet.payload_captured = payload;
    used_ += options + payload;
    return true;
  }

 private:
  static constexpr std::size_t kRoom = 256 << 10;
  static constexpr std::uint32_t kMost = 64 << 10;  // of one packet; no rule has more
  static constexpr std::uint8_t kUdp = 17;
  static_assert(kMost + 0xff <= kRoom);

  static std::uint32_t payload_bytes(const Packet& p, const PayloadRules& rules) {
    if (p.payload_captured <= kMeteredBytes) return p.payload_captured;
    if (p.key.protocol == kUdp && p.payload[0] >> 6 == 2) {
      return std::min(p.payload_captured, kMost);
    }
    return std::min({p.payload_captured, std::max(rules.most(p.key), kMeteredBytes), kMost});
  }

  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t used_ = 0;
};

}  // namespace panoptes
