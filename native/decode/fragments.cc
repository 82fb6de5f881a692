#include "decode/fragments.h"

#include <algorithm>
#include <bit>

#include "base/clock.h"
#include "decode/transport.h"

namespace panoptes {
namespace {

// What of a first fragment makes its flow, and its tunnel; the rest is of the fragment itself.
constexpr std::uint16_t kOfFlow = kHasPorts | kHasIcmp | kHasIcmpId | kIsDns | kHasTunnel | kHasSpi;

std::uint32_t bucket_count(std::uint32_t datagrams) {
  return std::bit_ceil(std::max<std::uint32_t>(datagrams, 1)) * 2;
}

// The least that a first fragment carries unless somebody wants to hide its header (RFC 1858 2).
std::uint32_t least_first(std::uint8_t protocol) { return protocol == kTcp ? 20 : 8; }

}  // namespace

FragmentJoiner::FragmentJoiner(const FragmentOptions& options, std::uint64_t hash_seed,
                               FragmentOutlet& outlet)
    : options_(options),
      seed_(hash_seed),
      outlet_(outlet),
      bucket_mask_(bucket_count(options.max_datagrams) - 1),
      bucket_memory_((std::size_t{bucket_mask_} + 1) * sizeof(std::uint32_t)),
      datagram_memory_(std::size_t{options.max_datagrams} * sizeof(Datagram)),
      held_memory_(std::size_t{options.max_held} * sizeof(Held)),
      buckets_(reinterpret_cast<std::uint32_t*>(bucket_memory_.data())),
      datagrams_(reinterpret_cast<Datagram*>(datagram_memory_.data())),
      held_(reinterpret_cast<Held*>(held_memory_.data())) {}

void FragmentJoiner::take(Packet& packet) {
  packet.time_ns = clamp_time(packet.time_ns);
  expire(packet.time_ns);
  if (options_.max_datagrams == 0) {
    if (packet.fragment.offset != 0) {
      orphan(packet, false);
    } else {
      outlet_.fragment(packet);
    }
    return;
  }
  Datagram& datagram = find_or_start(packet);
  const std::uint32_t part = note_place(datagram, packet);
  if (packet.fragment.offset != 0) {
    if (datagram.first_seen) {
      follow_tcp(datagram, packet, part);
      pass(packet, datagram);
    } else {
      hold(datagram, packet);
    }
    return;
  }
  if (!datagram.first_seen) {
    datagram.first_seen = true;
    datagram.flow = packet;
    release(datagram, false);
  }
  follow_tcp(datagram, packet, part);
  outlet_.fragment(packet);
}

void FragmentJoiner::expire(std::int64_t now_ns) {
  while (oldest_ != newest_) {
    const Datagram& datagram = datagrams_[place(oldest_)];
    if (datagram.live && now_ns - datagram.time_ns <= options_.timeout_ns) return;
    drop_oldest(false);
  }
}

void FragmentJoiner::finish() {
  while (oldest_ != newest_) drop_oldest(false);
}

std::uint64_t FragmentJoiner::hash_of(const Packet& packet) const {
  const Fragment& f = packet.fragment;
  return mix64(hash(f.datagram, seed_) ^ f.id, 0x9e3779b97f4a7c15U + f.from_high);
}

FragmentJoiner::Datagram& FragmentJoiner::find_or_start(const Packet& packet) {
  const Fragment& f = packet.fragment;
  std::uint32_t& bucket = buckets_[hash_of(packet) & bucket_mask_];
  for (std::uint32_t i = bucket; i != 0; i = datagrams_[i - 1].next) {
    Datagram& d = datagrams_[i - 1];
    if (d.id != f.id || d.from_high != f.from_high || !(d.key == f.datagram)) continue;
    // A first fragment after the last byte has come is a new datagram with the same number.
    if (f.offset != 0 || !d.first_seen || !complete(d)) return d;
    forget(i - 1);
    break;
  }
  if (newest_ - oldest_ == options_.max_datagrams) drop_oldest(true);
  const std::uint32_t index = place(newest_++);
  Datagram& d = datagrams_[index];
  d.key = f.datagram;
  d.id = f.id;
  d.from_high = f.from_high;
  d.live = true;
  d.first_seen = false;
  d.time_ns = packet.time_ns;
  d.held_front = d.held_back = kNone;
  d.highest_end = d.total = d.seen = d.parts = 0;
  d.told = d.as_tcp = 0;
  d.next = bucket;
  bucket = index + 1;
  return d;
}

void FragmentJoiner::hold(Datagram& datagram, const Packet& packet) {
  std::uint32_t slot = held_free_;
  if (slot != kNone) {
    held_free_ = held_[slot].next;
  } else if (held_fresh_ < options_.max_held) {
    slot = held_fresh_++;
  } else {
    Packet lost = packet;
    orphan(lost, true);
    return;
  }
  held_[slot].packet = packet;
  held_[slot].packet.payload_captured = 0;
  held_[slot].next = kNone;
  (datagram.held_front == kNone ? datagram.held_front : held_[datagram.held_back].next) = slot;
  datagram.held_back = slot;
  ++counters_.held;
}

// Everything that was held goes on: to its flow where that is known.
void FragmentJoiner::release(Datagram& datagram, bool overflow) {
  std::uint32_t slot = datagram.held_front;
  datagram.held_front = datagram.held_back = kNone;
  while (slot != kNone) {
    Held& held = held_[slot];
    --counters_.held;
    if (datagram.first_seen) {
      pass(held.packet, datagram);
    } else {
      orphan(held.packet, overflow);
    }
    const std::uint32_t next = held.next;
    held.next = held_free_;
    held_free_ = slot;
    slot = next;
  }
}

// Takes the datagram out of the index; its place in the ring is free when it is the oldest.
void FragmentJoiner::forget(std::uint32_t index) {
  Datagram& d = datagrams_[index];
  Packet packet;
  packet.fragment.datagram = d.key;
  packet.fragment.id = d.id;
  packet.fragment.from_high = d.from_high;
  std::uint32_t* link = &buckets_[hash_of(packet) & bucket_mask_];
  while (*link != index + 1) link = &datagrams_[*link - 1].next;
  *link = d.next;
  d.live = false;
}

void FragmentJoiner::drop_oldest(bool overflow) {
  const std::uint32_t index = place(oldest_++);
  Datagram& d = datagrams_[index];
  if (!d.live) return;
  forget(index);
  release(d, overflow);
}

// A later fragment takes over what the first said of the flow.
void FragmentJoiner::pass(Packet& packet, const Datagram& datagram) {
  const Packet& first = datagram.flow;
  packet.key = first.key;
  packet.from_high = first.from_high;
  packet.layers |= first.layers & kOfFlow;
  packet.request_sense = first.request_sense;
  packet.icmp_type = first.icmp_type;
  packet.icmp_code = first.icmp_code;
  packet.tunnel = first.tunnel;
  ++counters_.joined;
  outlet_.fragment(packet);
}

void FragmentJoiner::orphan(Packet& packet, bool overflow) {
  packet.payload_captured = 0;
  ++counters_.orphaned;
  if (overflow) ++counters_.overflow;
  outlet_.fragment(packet);
}

// A TCP segment in fragments: each goes on as a segment of its own, so that none of its bytes are
// missed in the stream, nor those of a fragment that never comes believed. What came before the
// first fragment went on without a number; the fragment that fills the place in front of it stands
// for it too.
void FragmentJoiner::follow_tcp(Datagram& d, Packet& packet, std::uint32_t part) {
  const Packet& first = d.flow;
  if ((first.layers & kHasTcp) == 0 || (first.tcp_flags & kRst) != 0) return;
  Fragment& f = packet.fragment;
  const auto bit = [](std::uint32_t i) { return std::uint64_t{1} << i; };
  const bool known = (packet.ip_flags & kIpDuplicateFragment) != 0;
  if (known && part != kNoPart && (d.told & ~d.as_tcp & bit(part)) != 0) return;
  // Up to the payload, with the headers of a tunnel in front of it.
  const std::uint32_t header =
      first.fragment.bytes - first.payload_bytes + first.fragment.header_beyond;
  const std::uint32_t begin = std::max(f.offset * 8U, header);
  std::uint32_t end = f.offset * 8U + f.bytes;
  if (f.offset != 0) {
    if (end <= header) return;
    const std::uint32_t rest = begin - f.offset * 8U;  // of the header
    packet.payload += std::min(rest, packet.payload_captured);
    packet.payload_captured -= std::min(rest, packet.payload_captured);
    packet.payload_bytes -= std::min(rest, packet.payload_bytes);
    packet.layers |= kHasTcp;
    packet.seq = first.seq + ((first.tcp_flags & kSyn) != 0 ? 1 : 0) + (begin - header);
    packet.ack = first.ack;
    packet.tcp_flags = first.tcp_flags & (kAck | kFin);
    packet.window = first.window;
    packet.mss = 0;
    packet.window_shift = 0xff;
    packet.options_captured = 0;
  }
  if (part != kNoPart) {
    d.told |= bit(part);
    d.as_tcp |= bit(part);
  }
  std::uint32_t next = known ? d.parts : 0;
  while (next < d.parts) {
    const Part& other = d.part[next];
    if (other.begin != end || other.end == end || (d.told & bit(next)) != 0) {
      ++next;
      continue;
    }
    d.told |= bit(next);
    end = other.end;
    next = 0;
  }
  f.tcp_bytes = end > begin ? end - begin : 0;
  f.tcp_last = d.total != 0 && end >= d.total;
}

// Flags what no honest sender does, and counts the bytes that are new. The part that the fragment
// is, kNoPart: there was no room for it.
std::uint32_t FragmentJoiner::note_place(Datagram& d, Packet& packet) {
  const Fragment& f = packet.fragment;
  const Part part{f.offset * 8U, f.offset * 8U + f.bytes};
  const std::uint32_t least = least_first(d.key.protocol);
  if (f.offset == 0 ? f.more && f.bytes < least : part.begin < least) {
    packet.ip_flags |= kIpTinyFragment;
  }
  std::uint32_t known = kNoPart;
  bool overlaps = false;
  if (part.begin < d.highest_end) {
    for (std::uint32_t i = 0; i < d.parts; ++i) {
      const Part& other = d.part[i];
      if (other.begin == part.begin && other.end == part.end) known = i;
      overlaps |= other.begin < part.end && part.begin < other.end;
    }
  }
  if (known != kNoPart) {
    packet.ip_flags |= kIpDuplicateFragment;
    return known;
  }
  if (overlaps) packet.ip_flags |= kIpOverlap;
  d.highest_end = std::max(d.highest_end, part.end);
  d.seen += f.bytes;
  if (!f.more) d.total = part.end;
  if (d.parts == kMaxParts) return kNoPart;
  d.part[d.parts] = part;
  return d.parts++;
}

}  // namespace panoptes
