#include "probe/peer_notes.h"

#include <algorithm>
#include <utility>

namespace panoptes {
namespace {

constexpr std::size_t kMostServers = 8192;
constexpr std::size_t kMostErrors = 256;
constexpr std::size_t kMostWaiting = 1024;
// The packet that drew an error may wait so long in the kernel's buffer of the other worker, which
// hands over a block that is not full after half of it.
constexpr std::int64_t kDelayNs = 200'000'000;

template <typename T>
std::size_t append(std::vector<T>& to, const std::vector<T>& from, std::size_t most) {
  const std::size_t n = std::min(from.size(), most - std::min(most, to.size()));
  to.insert(to.end(), from.begin(), from.begin() + static_cast<std::ptrdiff_t>(n));
  return from.size() - n;
}

}  // namespace

PeerNotes::PeerNotes(std::size_t workers) {
  for (std::size_t i = 0; i < workers; ++i) peers_.push_back(std::make_unique<Peer>());
}

void PeerNotes::keep(Peer& peer, const Packet& packet) {
  if (LearnedServers::teaches(packet)) {
    if (peer.out.servers.size() < kMostServers) {
      peer.out.servers.push_back(LearnedServers::server_of(packet));
    } else {
      drop(peers_.size() - 1);
    }
  }
  if ((packet.layers & kHasQuote) != 0) {
    if (peer.out.errors.size() < kMostErrors) {
      peer.out.errors.push_back(packet);
    } else {
      drop(peers_.size() - 1);
    }
  }
}

void PeerNotes::post(Peer& to, const Notes& notes) {
  const std::lock_guard lock(to.mutex);
  if (to.ended) {
    drop(notes.servers.size() + notes.errors.size());
    return;
  }
  drop(append(to.box.servers, notes.servers, kMostServers) +
       append(to.box.errors, notes.errors, kMostErrors));
  to.filled.store(true, std::memory_order_release);
}

void PeerNotes::tell(FlowTracker& tracker, const Notes& notes) {
  std::vector<TrackerNote> told;
  told.reserve(notes.servers.size() + notes.errors.size());
  for (const std::uint64_t server : notes.servers) {
    told.push_back({.kind = TrackerNote::Kind::server, .before = 0, .server = server});
  }
  for (const Packet& error : notes.errors) {
    told.push_back({.kind = TrackerNote::Kind::error, .before = 0, .error = &error});
  }
  if (!told.empty()) tracker.process({}, told);
}

void PeerNotes::exchange(std::size_t place, FlowTracker& tracker, bool last) {
  Peer& me = *peers_[place];
  if (!me.out.empty()) {
    for (auto& peer : peers_) {
      if (peer.get() != &me) post(*peer, me.out);
    }
    me.out.clear();
  }
  if (last || me.filled.load(std::memory_order_acquire)) {
    const std::lock_guard lock(me.mutex);
    std::swap(me.in, me.box);
    me.filled.store(false, std::memory_order_relaxed);
    me.ended = last;
  }
  if (me.in.empty() && me.waiting.empty()) return;
  // Servers at once; errors once this worker has seen what drew them.
  drop(append(me.waiting, me.in.errors, kMostWaiting));
  me.in.errors.clear();
  const auto due = std::find_if(me.waiting.begin(), me.waiting.end(), [&](const Packet& error) {
    return !last && error.time_ns + kDelayNs > tracker.now_ns();
  });
  me.in.errors.assign(me.waiting.begin(), due);
  me.waiting.erase(me.waiting.begin(), due);
  tell(tracker, me.in);
  me.in.clear();
}

}  // namespace panoptes
