// Where flows live: an open-addressed index over a fixed slab. Finds, gives and takes back slots;
// what a flow means and when it ends is decided in flow_tracker.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "base/arena.h"
#include "base/prefetch.h"
#include "flow/deadlines.h"
#include "flow/flow.h"

namespace panoptes {

// Memory a flow: 448 bytes slab, 16 to 32 bytes index (8 bytes an entry, at most half full), 16
// bytes of due times, links and tags. Nothing is allocated after construction; memory becomes real
// 2 MiB at a time, and goes again by give_back().
//
// The index doubles when it is half full: few flows take few pages of it, so that the walks through
// the page tables that random lines cost stay short. Doubling costs 10 to 50 ns a flow, a dozen
// times in the life of a table.
class FlowTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;
  static constexpr std::uint32_t kNeverDue = Deadlines::kNever;

  explicit FlowTable(std::uint32_t max_flows);

  // Bytes that a table of this size uses whatever is in it, and bytes of each flow.
  static std::size_t index_bytes(std::uint32_t max_flows) {
    return index_entries(max_flows) * sizeof(Entry);
  }
  static constexpr std::size_t kBytesPerFlow = sizeof(Flow) + 2 * sizeof(std::uint32_t) + 8;

  [[gnu::always_inline]] void prefetch_index(std::uint64_t hash) const {
    prefetch(&index_[home(hash)]);
  }
  // A flow that has this hash, most likely the one: to prefetch it. kNone: there is none.
  std::uint32_t candidate(std::uint64_t hash) const {
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::uint64_t i = home(hash);; i = (i + 1) & mask_) {
      const Entry e = index_[i];
      if (e.slot_plus_one == 0) return kNone;
      if (e.tag == tag) return e.slot_plus_one - 1;
    }
  }
  Flow* find(std::uint64_t hash, const FlowKey& key) {
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::uint64_t i = home(hash);; i = (i + 1) & mask_) {
      const Entry e = index_[i];
      if (e.slot_plus_one == 0) return nullptr;
      if (e.tag == tag) {
        Flow& flow = slab_[e.slot_plus_one - 1];
        if (flow.key == key) return &flow;
      }
    }
  }

  // The same, of which candidate() said `hint` a little earlier.
  Flow* find(std::uint64_t hash, const FlowKey& key, std::uint32_t hint) {
    if (hint != kNone && slab_[hint].key == key) [[likely]]
      return &slab_[hint];
    return find(hash, key);
  }

  // A free slot, not yet in the index; kNone when the table is full.
  std::uint32_t allocate();
  // Puts the slot in the index, and wants set_due() of it before anything else.
  void insert(std::uint64_t hash, std::uint32_t slot);
  // Takes the flow out of the index. Its slot may be used by insert() again, or given back by
  // release().
  void erase(std::uint32_t slot);
  // Asks for the index line that erase() will need.
  [[gnu::always_inline]] void prefetch_erase(std::uint32_t slot) const {
    prefetch(&index_[home(tags_[slot])]);
  }
  void release(std::uint32_t slot);
  // Slots that the next allocations will use, to prefetch them. kNone: not known.
  std::uint32_t next_free() const {
    return free_ != kNone ? free_ : (fresh_ < max_flows_ ? fresh_ : kNone);
  }
  std::uint32_t free_after(std::uint32_t slot) const {
    return slot >= fresh_ ? (slot + 1 < max_flows_ ? slot + 1 : kNone) : links_[slot].next;
  }

  // Flows that go first when room is needed, least recently seen in front.
  void weak_push(std::uint32_t slot);
  void weak_remove(std::uint32_t slot);
  std::uint32_t weak_front() const { return weak_front_; }
  // Walks ahead of the front, one slot a call, to prefetch what is evicted some calls later. kNone:
  // at the end, or the front has caught up; start_ahead() puts the walk `distance` slots before the
  // front again.
  std::uint32_t weak_ahead() {
    const std::uint32_t slot = weak_ahead_ == weak_front_ ? kNone : weak_ahead_;
    if (slot != kNone) weak_ahead_ = links_[slot].next;
    return slot;
  }
  void start_ahead(std::uint32_t distance);

  Flow& flow(std::uint32_t slot) { return slab_[slot]; }
  std::uint32_t slot_of(const Flow& flow) const {
    return static_cast<std::uint32_t>(&flow - slab_);
  }
  // kNeverDue: the slot is not in the index.
  std::uint32_t due(std::uint32_t slot) const { return deadlines_.of(slot); }
  void set_due(std::uint32_t slot, std::uint32_t tick) { deadlines_.set(slot, tick); }
  // Due at `tick`, if it was not before.
  void bring_due(std::uint32_t slot, std::uint32_t tick) {
    if (tick < due(slot)) set_due(slot, tick);
  }
  Deadlines& deadlines() { return deadlines_; }

  std::uint32_t size() const { return size_; }
  // Slots at or above were never used, or not since memory was given back.
  std::uint32_t used_slots() const { return fresh_; }
  std::uint32_t max_flows() const { return max_flows_; }
  bool full() const { return size_ == max_flows_; }
  // Makes all of it real, for good.
  void prefault() {
    index_memory_.populate(index_memory_.size());
    slab_memory_.populate(slab_memory_.size());
    link_memory_.populate(link_memory_.size());
    tag_memory_.populate(tag_memory_.size());
    deadlines_.prefault();
    prefaulted_ = true;
  }
  // Gives back what is far more than `flows` flows need, as far as no flow is in it. It looks at
  // all slots, so it is for a quiet moment; where there is nothing to win it costs nothing, and
  // says false.
  bool give_back(std::uint32_t flows);
  // What is real of the slab and the index.
  std::size_t real_bytes() const { return index_memory_.populated() + real_steps() * Arena::kStep; }

 private:
  struct Entry {
    std::uint32_t tag;
    std::uint32_t slot_plus_one;  // 0: empty
  };
  struct Link {
    std::uint32_t previous;
    std::uint32_t next;
  };
  static std::uint64_t index_entries(std::uint32_t max_flows) {
    return std::bit_ceil(std::max<std::uint64_t>(std::uint64_t{max_flows} * 2, 1024));
  }
  void grow();
  void shrink(std::uint32_t flows);
  std::size_t real_steps() const { return slab_memory_.populated() / Arena::kStep - holes_; }
  bool is_real(std::uint32_t slot) const;
  void push_free(std::uint32_t slot) {
    links_[slot].next = free_;
    free_ = slot;
  }
  [[gnu::noinline]] void fill_hole();
  void place(std::uint32_t tag, std::uint32_t slot);
  std::uint64_t home(std::uint64_t hash) const { return static_cast<std::uint32_t>(hash) & mask_; }

  std::uint32_t max_flows_;
  std::uint64_t mask_;  // entries in use - 1
  Arena index_memory_;
  Arena slab_memory_;
  Arena link_memory_;
  Arena tag_memory_;
  Deadlines deadlines_;
  Entry* index_;
  Flow* slab_;
  Link* links_;
  std::uint32_t* tags_;  // of the flow in each slot, so that erase() need not read the flow
  std::uint32_t size_ = 0;
  std::uint32_t fresh_ = 0;
  std::uint32_t free_ = kNone;  // list through Link::next
  std::uint32_t weak_front_ = kNone;
  std::uint32_t weak_back_ = kNone;
  std::uint32_t weak_ahead_ = kNone;
  std::vector<bool> given_back_;  // steps of the slab, of those that are populated
  std::size_t holes_ = 0;         // how many of these
  std::size_t kept_steps_ = 0;    // that were real when memory was last given back,
  std::uint32_t kept_flows_ = 0;  // and the flows then
  bool prefaulted_ = false;
};

}  // namespace panoptes
