// What the workers that share a link tell each other: the servers that a SYN-ACK told of, and ICMP
// errors about flows that another one may have. Beside worker.h.
//
// Bounded: a worker that does not get around to what it is told loses some of it, which is counted
// and costs it evidence of a flow's direction, or an error of a flow, never a packet.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "decode/packet.h"
#include "flow/direction.h"
#include "flow/flow_tracker.h"

namespace panoptes {

class PeerNotes {
 public:
  explicit PeerNotes(std::size_t workers);

  // Both are for the thread of the worker `place`. First: what the others have to know of a packet.
  void note(std::size_t place, const Packet& packet) {
    if (!LearnedServers::teaches(packet) && (packet.layers & kHasQuote) == 0) [[likely]]
      return;
    keep(*peers_[place], packet);
  }
  // Tells the others, and the tracker of this one what they said; called between batches. `last`:
  // this worker ends.
  void exchange(std::size_t place, FlowTracker& tracker, bool last);

  // Whether nobody said before that the link has failed.
  bool fails_first() { return !failed_.exchange(true); }
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  struct Notes {
    std::vector<std::uint64_t> servers;
    std::vector<Packet> errors;
    bool empty() const { return servers.empty() && errors.empty(); }
    void clear() {
      servers.clear();
      errors.clear();
    }
  };
  struct alignas(64) Peer {
    // Of its own thread.
    Notes out;
    Notes in;
    std::vector<Packet> waiting;  // errors that are not due yet
    // Of everybody.
    std::atomic<bool> filled{false};
    std::mutex mutex;
    Notes box;
    bool ended = false;
  };

  void keep(Peer& peer, const Packet& packet);
  void post(Peer& to, const Notes& notes);
  static void tell(FlowTracker& tracker, const Notes& notes);
  void drop(std::size_t notes) { dropped_.fetch_add(notes, std::memory_order_relaxed); }

  std::vector<std::unique_ptr<Peer>> peers_;
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<bool> failed_{false};
};

}  // namespace panoptes
