#include "flow/payload_keeper.h"

#include <algorithm>

namespace panoptes {
namespace {

double bytes_of(const PayloadClass& one) {
  return static_cast<double>(one.buffers) *
         static_cast<double>(PayloadPool::buffer_bytes(one.bytes));
}

// Segments beyond a hole or sent again, after which nobody waits for the rest of the first payload.
// More than follow a lost one before it is sent again, while the sender begins with a window of ten
// (RFC 6928).
constexpr int kMostPayloadMisses = 15;

}  // namespace

double PayloadKeeper::most_bytes(const PayloadRules& rules, std::uint32_t max_flows) {
  double bytes = 0;
  for (const PayloadClass& one : payload_classes(rules, max_flows)) bytes += bytes_of(one);
  return bytes;
}

double PayloadKeeper::small_bytes(const PayloadRules& rules, std::uint32_t max_flows) {
  const auto classes = payload_classes(rules, max_flows);
  return classes.empty() ? 0 : bytes_of(classes.front());
}

// The first fragment of a datagram, or the next one of the datagram that is being kept.
bool PayloadKeeper::continues(const Flow& flow, const Packet& p) const {
  const Fragment& f = p.fragment;
  if ((p.ip_flags & kIpDuplicateFragment) != 0) return false;
  if (f.offset == 0) return true;
  return flow.payload != 0 && pool_.is_awaited(flow.payload, {f.id, f.offset, p.from_high});
}

// `whole`: all that was captured of the fragment is kept now.
void PayloadKeeper::await_next(std::uint32_t buffer, const Packet& p, bool whole) {
  const Fragment& f = p.fragment;
  const bool goes_on = whole && f.more && f.bytes % 8 == 0 && p.payload_captured == p.payload_bytes;
  const auto next = static_cast<std::uint16_t>(goes_on ? f.offset + f.bytes / 8 : 0);
  pool_.await(buffer, {f.id, next, p.from_high});
}

void PayloadKeeper::keep(Flow& flow, const Packet& p) {
  const bool me = p.from_high;
  Side& side = flow.side[me];
  // A later fragment of TCP has a sequence number of its own.
  const bool fragment = (p.layers & (kIsFragment | kHasTcp)) == kIsFragment;
  if (fragment && !continues(flow, p)) return;
  if (flow.payload == 0) {
    const PayloadLimit limit = rules_.of(flow.key);
    if (limit.bytes != 0) {
      flow.payload = pool_.allocate(limit);
      if (flow.payload == 0) ++skipped_;
    }
    if (flow.payload == 0) {
      side.seen |= kSeenPayload;
      return;
    }
  }
  const std::uint8_t* data = p.payload;
  std::uint32_t n = p.payload_captured;
  std::uint32_t at;
  if ((p.layers & kHasTcp) != 0) {
    const std::uint32_t start =
        side.tcp.base + ((side.seen & kSeenSyn) != 0 && (p.tcp_flags & kSyn) == 0 ? 1 : 0);
    at = p.seq - start;
    if (static_cast<std::int32_t>(at) < 0) {  // begins before the stream does
      const std::uint32_t skip = std::min(0 - at, n);
      data += skip;
      n -= skip;
      at = 0;
    }
  } else {
    at = pool_.length(flow.payload, me);
  }
  switch (pool_.place(flow.payload, me, at, data, n)) {
    case PayloadPool::Placed::grown:
      if (fragment) await_next(flow.payload, p, pool_.length(flow.payload, me) == at + n);
      // What was not captured is a hole that nothing fills.
      if ((p.layers & kHasTcp) != 0 && p.payload_captured < p.payload_bytes) {
        side.seen |= kSeenPayload;
      }
      break;
    case PayloadPool::Placed::nothing: {
      const int shift = me ? 4 : 0;
      flow.payload_misses = static_cast<std::uint8_t>(flow.payload_misses + (1 << shift));
      if ((flow.payload_misses >> shift & 15) == kMostPayloadMisses) side.seen |= kSeenPayload;
      break;
    }
    case PayloadPool::Placed::no_room:
      ++skipped_;
      [[fallthrough]];
    case PayloadPool::Placed::full:
      side.seen |= kSeenPayload;
      break;
  }
}

}  // namespace panoptes
