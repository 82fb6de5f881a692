// Decoded packets on their way from the thread that reads a source to one that accounts them, and
// what that one has to know of the packets of others. Filled by shards.cc, passed by batch_ring.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "flow/flow_tracker.h"
#include "probe/flow_account.h"
#include "probe/kept_bytes.h"

namespace panoptes {

class PacketBatch {
 public:
  void clear() {
    packets_n_ = notes_n_ = clocks_n_ = errors_n_ = 0;
    bytes_.clear();
    tick = flush = last = false;
  }
  bool empty() const { return packets_n_ == 0 && notes_n_ == 0; }
  bool full() const { return packets_n_ == packets_.size(); }

  // Each copies what it is given; false: there is no room.
  bool add(const Packet& packet, const PayloadRules& rules) {
    if (full()) return false;
    Packet& to = packets_[packets_n_];
    copy(to, packet);
    if (!bytes_.keep(to, rules)) return false;
    ++packets_n_;
    return true;
  }
  bool note_server(std::uint64_t server) {
    if (notes_n_ >= kMostNotes) return false;
    TrackerNote& note = next_note(TrackerNote::Kind::server);
    note.server = server;
    return true;
  }
  bool note_error(const Packet& error) {
    if (notes_n_ >= kMostNotes || errors_n_ == errors_.size()) return false;
    TrackerNote& note = next_note(TrackerNote::Kind::error);
    note.error = &(errors_[errors_n_++] = error);
    return true;
  }
  // There is always room for one in front of each packet and error, and one behind the last.
  void note_clock(const PacketClock& clock) {
    TrackerNote& note = next_note(TrackerNote::Kind::clock);
    note.clock = &(clocks_[clocks_n_++] = clock);
  }

  std::span<Packet> packets() { return {packets_.data(), packets_n_}; }
  std::span<const TrackerNote> notes() const { return {notes_.data(), notes_n_}; }

  AccountMode mode;
  bool tick = false;   // time passes without packets
  bool flush = false;  // records shall go out
  bool last = false;   // the source has ended

 private:
  static constexpr std::uint32_t kMostNotes = 192;  // of servers and errors
  static constexpr std::uint32_t kMostErrors = 16;
  static constexpr std::uint32_t kMostClocks = FlowTracker::kBatch + kMostErrors + 2;
  static constexpr std::size_t kCommonBytes = offsetof(Packet, tunnel);
  static constexpr std::uint16_t kRare = kHasTunnel | kIsFragment | kHasQuote;

  // Without what only rare packets have.
  static void copy(Packet& to, const Packet& from) {
    if ((from.layers & kRare) != 0) [[unlikely]] {
      to = from;
    } else {
      std::memcpy(static_cast<void*>(&to), &from, kCommonBytes);
    }
  }
  TrackerNote& next_note(TrackerNote::Kind kind) {
    TrackerNote& note = notes_[notes_n_++];
    note.kind = kind;
    note.before = packets_n_;
    return note;
  }

  std::uint32_t packets_n_ = 0, notes_n_ = 0, clocks_n_ = 0, errors_n_ = 0;
  std::array<Packet, FlowTracker::kBatch> packets_;
  std::array<TrackerNote, kMostNotes + kMostClocks> notes_;
  std::array<PacketClock, kMostClocks> clocks_;
  std::array<Packet, kMostErrors> errors_;
  KeptBytes bytes_;
};

}  // namespace panoptes
