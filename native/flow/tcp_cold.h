// What is rare about a TCP flow: counters that a clean flow never moves, and what is remembered of
// losses until they are settled. Blocks come from a fixed pool when a flow's first anomaly happens.
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "base/arena.h"
#include "flow/free_list.h"

namespace panoptes {

// What one endpoint sent, in this record. Segments, unless said; each is in at most one of the
// first group.
struct TcpCounters {
  std::uint64_t retrans_bytes = 0;  // payload bytes seen before, of `retrans`
  std::uint64_t gap_bytes = 0;      // acknowledged by the other side, never seen here
  std::int64_t stalled_ns = 0;      // its window was closed

  std::uint32_t retrans = 0;      // carries sequence space already seen; SYN and FIN too
  std::uint32_t lost_before = 0;  // sent again after it was lost before it came here
  std::uint32_t out_of_order = 0;
  std::uint32_t keep_alives = 0;
  std::uint32_t duplicates = 0;  // copies made by the capture

  std::uint32_t spurious = 0;     // of retrans: all of it had arrived at the other side already
  std::uint32_t syn_repeats = 0;  // of retrans
  std::uint32_t fast = 0;         // of retrans + lost_before: after duplicate ACKs or SACK
  std::uint32_t timeout = 0;      // of retrans + lost_before: after silence
  std::uint32_t jumps = 0;        // begins beyond the next sequence number
  std::uint32_t dup_acks = 0;
  std::uint32_t zero_windows = 0;
  std::uint32_t strays = 0;   // of an older connection with the same ports
  std::uint32_t resyncs = 0;  // the numbers went elsewhere: followed, nothing judged
  // Round trips to this endpoint for which its timestamps tell what it acknowledged.
  std::uint32_t rtt_by_timestamp = 0;

  std::uint32_t loss() const { return retrans - spurious + lost_before; }
  friend bool operator==(const TcpCounters&, const TcpCounters&) = default;
};

// Sequence numbers that were jumped over, and the segment that did it: what arrives later for the
// hole was sent either before that segment or after it.
struct TcpHole {
  std::uint64_t start;  // unwrapped
  std::uint64_t end;
  std::int64_t time_ns;
  std::uint32_t tsval;  // with has_tsval
  std::uint16_t ip_id;  // with has_ip_id
  bool has_tsval;
  bool has_ip_id;  // and the sender's count its packets
};

enum class TcpRecovery : std::uint8_t { none, fast, timeout };

struct TcpColdSide {
  static constexpr std::uint32_t kResent = 4, kSacks = 4, kAnswers = 4;
  struct Range {
    std::uint64_t start;
    std::uint64_t end;
  };

  TcpCounters counters;
  std::int64_t stalled_since;      // with kTcpStalled
  std::int64_t resent_ns;          // the latest resend, with kTcpResent
  std::uint64_t recover;           // resends until this is acknowledged are of `recovery`
  Range resent[kResent];           // latest retransmissions in this record
  std::uint32_t sack[kSacks][2];   // blocks of the latest ACK of the other side that had any
  std::uint32_t sack_ack;          // the acknowledgement number they came with
  std::uint32_t dup_ack;           // duplicate ACKs of the other side repeat this number,
  std::uint32_t dup_acks;          // so many times
  std::uint32_t echo;              // with kTcpTimingEcho: the TSval of the timed segment
  std::uint32_t answer[kAnswers];  // first numbers of the resends since the other side's latest ACK
  std::uint8_t resent_at;          // next entry of `resent`
  std::uint8_t resent_spurious;    // bits: which of `resent` are counted as spurious
  std::uint8_t sacks;
  std::uint8_t answers;
  bool
      syn_again;  // the other side sent its SYN again after the SYN-ACK, which was not yet repeated
  TcpRecovery recovery;
  std::uint8_t holes;
};

struct TcpPoolCounters {
  std::uint64_t exhausted = 0;      // anomalies that found no block: they are in no counter
  std::uint64_t hole_overflow = 0;  // holes given up for want of room: treated as seen
};

// Handles count from 1; 0 is none. Fixed count and size, no growth. A block holds both sides, low
// [0] and high [1], each with up to `holes` holes in ascending order.
class TcpColdPool {
 public:
  static constexpr std::uint32_t kDefaultHoles = 8, kMostHoles = 64;

  explicit TcpColdPool(std::uint32_t blocks, std::uint32_t holes = kDefaultHoles)
      : holes_(holes < 1            ? 1
               : holes > kMostHoles ? kMostHoles
                                    : holes),
        blocks_(blocks),
        arena_(std::size_t{blocks} * block_bytes(holes_)) {}

  static std::uint32_t block_bytes(std::uint32_t holes) {
    return static_cast<std::uint32_t>(sizeof(Head) + 2 * std::size_t{holes} * sizeof(TcpHole));
  }

  std::uint32_t allocate() {
    std::uint32_t handle = free_;
    if (handle != 0) {
      free_ = head(handle).next_free;
    } else {
      if (fresh_ == blocks_) return 0;
      handle = ++fresh_;
      arena_.populate(std::size_t{handle} * block_bytes(holes_));
    }
    head(handle) = {};
    ++in_use_;
    return handle;
  }
  void release(std::uint32_t handle) {
    add_free(handle);
    --in_use_;
  }

  // As BlockPool::give_back().
  void give_back() {
    fresh_ = sort_free(
        std::exchange(free_, 0), fresh_,
        [this](std::uint32_t handle) { return head(handle).next_free; },
        [this](std::uint32_t handle) { add_free(handle); });
    arena_.release_behind(std::size_t{fresh_} * block_bytes(holes_));
  }
  // Makes the first blocks real, as many as are in so many bytes.
  void prefault(std::size_t bytes) { arena_.populate(bytes); }

  TcpColdSide& side(std::uint32_t handle, bool high) const { return head(handle).side[high]; }
  TcpHole* holes(std::uint32_t handle, bool high) const {
    auto* first = reinterpret_cast<TcpHole*>(&head(handle) + 1);
    return first + (high ? holes_ : 0);
  }
  std::uint32_t most_holes() const { return holes_; }
  std::uint32_t in_use() const { return in_use_; }
  std::size_t real_bytes() const { return arena_.populated(); }
  void count_exhausted() { ++counters_.exhausted; }
  void count_overflow() { ++counters_.hole_overflow; }
  const TcpPoolCounters& counters() const { return counters_; }

 private:
  struct Head {
    TcpColdSide side[2];
    std::uint32_t next_free;
    std::uint32_t reserved;
  };
  void add_free(std::uint32_t handle) {
    head(handle).next_free = free_;
    free_ = handle;
  }
  Head& head(std::uint32_t handle) const {
    return *reinterpret_cast<Head*>(arena_.data() + std::size_t{handle - 1} * block_bytes(holes_));
  }

  std::uint32_t holes_;
  std::uint32_t blocks_;
  Arena arena_;
  std::uint32_t free_ = 0;
  std::uint32_t fresh_ = 0;
  std::uint32_t in_use_ = 0;
  TcpPoolCounters counters_;
};

}  // namespace panoptes
