// Gives later fragments the flow of their first one, whichever of them comes first. The only state
// of this folder. Before it: decoder.h; after it: flow/.
//
// A datagram is known by addresses, protocol, identification and link context (RFC 791 3.2, RFC
// 8200 4.5). Later fragments that come before the first are held back; when it does not come in
// time, or when there is no room, they go on as they are: a flow with port 0. Every fragment handed
// in comes out again exactly once.
#pragma once

#include <cstdint>

#include "base/arena.h"
#include "decode/packet.h"

namespace panoptes {

struct FragmentOptions {
  std::uint32_t max_datagrams = 4096;        // known at a time; the oldest goes first
  std::uint32_t max_held = 4096;             // fragments held back at a time
  std::int64_t timeout_ns = 15'000'000'000;  // after a datagram's earliest fragment (RFC 791 3.2)
};

struct FragmentCounters {
  std::uint64_t held = 0;      // waiting now
  std::uint64_t joined = 0;    // later fragments that found the flow of their first
  std::uint64_t orphaned = 0;  // later fragments whose first did not come: a flow with port 0
  std::uint64_t overflow = 0;  // of these: for want of room
};

class FragmentOutlet {
 public:
  virtual ~FragmentOutlet() = default;
  // The fragment is ready to be accounted.
  virtual void fragment(Packet& packet) = 0;
};

class FragmentJoiner {
 public:
  FragmentJoiner(const FragmentOptions& options, std::uint64_t hash_seed, FragmentOutlet& outlet);

  // A packet with kIsFragment. Bytes of the frame are not kept: a fragment that is held has no
  // captured payload.
  void take(Packet& packet);
  // Lets go of what has waited for too long.
  void expire(std::int64_t now_ns);
  // The source has ended: nothing waits any longer.
  void finish();

  const FragmentCounters& counters() const { return counters_; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  static constexpr std::uint32_t kMaxParts = 64;  // of one datagram whose places are remembered
  static constexpr std::uint32_t kNoPart = kMaxParts;

  // Where a fragment stands in its datagram, in bytes of IP payload.
  struct Part {
    std::uint32_t begin;
    std::uint32_t end;
  };
  struct Datagram {
    FlowKey key;  // Fragment::datagram
    std::uint32_t id;
    bool from_high;
    bool live;             // in the index
    bool first_seen;       // `flow` is known
    std::int64_t time_ns;  // of the earliest fragment
    std::uint32_t next;    // in the same bucket
    std::uint32_t held_front;
    std::uint32_t held_back;
    std::uint32_t highest_end;
    std::uint32_t total;   // bytes of IP payload, 0: the last fragment was not seen
    std::uint32_t seen;    // bytes that were new when they came
    std::uint32_t parts;   // in part[]
    std::uint64_t told;    // parts that the TCP stream was told of, as bits;
    std::uint64_t as_tcp;  // of these: by a packet of their own
    Packet flow;           // the first fragment: its key and what else makes a flow
    Part part[kMaxParts];
  };
  struct Held {
    Packet packet;
    std::uint32_t next;
  };

  std::uint64_t hash_of(const Packet& packet) const;
  Datagram& find_or_start(const Packet& packet);
  void hold(Datagram& datagram, const Packet& packet);
  void release(Datagram& datagram, bool overflow);
  void forget(std::uint32_t index);
  void drop_oldest(bool overflow);
  void pass(Packet& packet, const Datagram& datagram);
  void orphan(Packet& packet, bool overflow);
  static std::uint32_t note_place(Datagram& datagram, Packet& packet);
  static void follow_tcp(Datagram& datagram, Packet& packet, std::uint32_t part);
  bool complete(const Datagram& datagram) const {
    return datagram.total != 0 && datagram.seen >= datagram.total;
  }
  std::uint32_t place(std::uint64_t number) const {
    return static_cast<std::uint32_t>(number % options_.max_datagrams);
  }

  FragmentOptions options_;
  std::uint64_t seed_;
  FragmentOutlet& outlet_;
  FragmentCounters counters_;
  std::uint32_t bucket_mask_;
  Arena bucket_memory_;
  Arena datagram_memory_;
  Arena held_memory_;
  std::uint32_t* buckets_;  // index + 1 of the first datagram, 0: none
  Datagram* datagrams_;     // a ring, oldest at `oldest_`
  Held* held_;
  std::uint64_t oldest_ = 0;  // datagrams are numbered as they come
  std::uint64_t newest_ = 0;  // one beyond
  std::uint32_t held_free_ = kNone;
  std::uint32_t held_fresh_ = 0;
};

}  // namespace panoptes
