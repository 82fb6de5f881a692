// Buffers for the first payload bytes of flows: few flows need one at a time, so they live apart.
// Used by flow/payload_keeper.h.
//
// There are a few sizes of buffers. A flow begins with the smallest one and moves into one that
// holds its whole limit when it has more to keep: flows that may keep much and have little take
// little. Of every size there is a fixed number; nothing is allocated on the way of a packet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "base/arena.h"
#include "base/prefetch.h"
#include "flow/payload_rules.h"

namespace panoptes {

// Buffers of one size.
struct PayloadClass {
  std::uint32_t bytes;  // of each direction
  std::uint32_t buffers;
};
// What the rules need, smallest first; none where nothing is kept. Most flows have sent what is
// kept of them, or send nothing: three of 32 flows have a small buffer at a time. Larger
// sizes have one for each 256 flows, and are as many as there are powers of two among the rules'
// limits.
std::vector<PayloadClass> payload_classes(const PayloadRules& rules, std::uint32_t max_flows);

// Handles are never 0, which is none. Each buffer holds two streams, of the low [0] and the high
// [1] endpoint, and how much of each has gone out in records already.
class PayloadPool {
 public:
  explicit PayloadPool(const std::vector<PayloadClass>& classes);

  // Of one buffer, which holds both sides.
  static std::size_t buffer_bytes(std::uint32_t bytes_per_side) {
    return (sizeof(Head) + 2 * std::size_t{bytes_per_side} + 7) / 8 * 8;
  }

  // A buffer of the smallest size; 0: all are taken.
  std::uint32_t allocate(PayloadLimit limit);
  void release(std::uint32_t handle);
  // Of each size, what lies behind the last buffer in use, as BlockPool::give_back().
  void give_back();
  // Makes the small buffers real, which flows share evenly.
  void prefault();

  [[gnu::always_inline]] void prefetch_head(std::uint32_t handle) const { prefetch(&head(handle)); }
  std::size_t real_bytes() const {
    std::size_t bytes = 0;
    for (const Area& area : areas_) bytes += area.arena.populated();
    return bytes;
  }
  std::uint32_t length(std::uint32_t handle, bool high) const { return head(handle).length[high]; }

  enum class Placed : std::uint8_t {
    grown,    // the stream got longer, and more is wanted
    nothing,  // all of it was there already, or it stands beyond a hole
    full,     // that is all that is kept of this side
    no_room,  // there was no buffer of the size that it takes: that is all, and less than wanted
  };
  // Keeps `n` bytes that stand at `at` in the stream of one side. What was there first stays. Of
  // what stands beyond a hole one run is held for when the hole is filled. The buffer may move.
  Placed place(std::uint32_t& handle, bool high, std::uint32_t at, const std::uint8_t* data,
               std::uint32_t n);
  // The later fragments of one datagram continue it: what the next one has to be.
  struct Continuation {
    std::uint32_t datagram;  // identification
    std::uint16_t offset;    // in units of 8 bytes; 0: none is awaited
    bool high;               // who sends it

    friend bool operator==(const Continuation&, const Continuation&) = default;
  };
  void await(std::uint32_t handle, const Continuation& next) { head(handle).awaited = next; }
  bool is_awaited(std::uint32_t handle, const Continuation& next) const {
    return head(handle).awaited == next;
  }
  // What did not go out yet, without what stands beyond a hole; from now on it has.
  std::span<const std::uint8_t> take(std::uint32_t handle, bool high);

 private:
  struct Head {
    std::uint16_t length[2];      // of the stream, without holes
    std::uint16_t taken[2];       // of it, by records
    std::uint16_t ahead_from[2];  // the run beyond a hole,
    std::uint16_t ahead_to[2];    // 0: none
    Continuation awaited;
    std::uint16_t limit;
    bool masked;
    std::uint32_t next_free;
  };
  struct Area {
    explicit Area(PayloadClass of);
    PayloadClass size;
    std::size_t stride;
    Arena arena;
    std::uint32_t free = 0;  // handles
    std::uint32_t fresh = 0;
  };
  // Of an area, what is needed to find a buffer.
  struct Place {
    std::uint8_t* first;
    std::size_t stride;
    std::uint32_t bytes;  // of each side
  };
  // A handle is the number of its area and, from 1, its own in it.
  static constexpr int kAreaShift = 28;
  static constexpr std::uint32_t kNumberMask = (1U << kAreaShift) - 1;

  Head& head(std::uint32_t handle) const {
    const Place& place = places_[handle >> kAreaShift];
    return *reinterpret_cast<Head*>(place.first +
                                    std::size_t{(handle & kNumberMask) - 1} * place.stride);
  }
  std::uint32_t capacity(std::uint32_t handle) const { return places_[handle >> kAreaShift].bytes; }
  std::uint8_t* bytes(Head& head, std::uint32_t handle, bool high) const {
    return reinterpret_cast<std::uint8_t*>(&head + 1) + (high ? capacity(handle) : 0);
  }
  Placed place_oddly(std::uint32_t& handle, bool high, std::uint32_t at, const std::uint8_t* data,
                     std::uint32_t end);
  std::uint32_t allocate_in(std::uint32_t number);
  bool move_to_limit(std::uint32_t& handle);
  void hold_ahead(Head& head, std::uint8_t* to, bool high, std::uint32_t at, std::uint32_t end,
                  const std::uint8_t* data);

  std::deque<Area> areas_;  // an Arena does not move
  std::array<Place, 16> places_{};
};

}  // namespace panoptes
