#include "flow/flow_table.h"

#include <algorithm>
#include <cstring>

namespace panoptes {
namespace {

constexpr std::uint64_t kFirstIndex = 1024;  // entries

}  // namespace

FlowTable::FlowTable(std::uint32_t max_flows)
    : max_flows_(std::max<std::uint32_t>(max_flows, 1)),
      mask_(kFirstIndex - 1),
      index_memory_(index_bytes(max_flows_)),
      slab_memory_(std::size_t{max_flows_} * sizeof(Flow)),
      link_memory_(std::size_t{max_flows_} * sizeof(Link)),
      tag_memory_(std::size_t{max_flows_} * sizeof(std::uint32_t)),
      deadlines_(max_flows_),
      index_(reinterpret_cast<Entry*>(index_memory_.data())),
      slab_(reinterpret_cast<Flow*>(slab_memory_.data())),
      links_(reinterpret_cast<Link*>(link_memory_.data())),
      tags_(reinterpret_cast<std::uint32_t*>(tag_memory_.data())),
      given_back_(slab_memory_.size() / Arena::kStep) {}

std::uint32_t FlowTable::allocate() {
  if (free_ == kNone && holes_ != 0) [[unlikely]]
    fill_hole();
  std::uint32_t slot = free_;
  if (slot != kNone) {
    free_ = links_[slot].next;
  } else {
    if (fresh_ == max_flows_) return kNone;
    slot = fresh_++;
    slab_memory_.populate((std::size_t{slot} + 1) * sizeof(Flow));
  }
  ++size_;
  return slot;
}

void FlowTable::insert(std::uint64_t hash, std::uint32_t slot) {
  if (size_ * std::uint64_t{2} > mask_ + 1)
      [[unlikely]]  // the largest is never more than half full
    grow();
  tags_[slot] = static_cast<std::uint32_t>(hash);
  place(tags_[slot], slot);
}

void FlowTable::place(std::uint32_t tag, std::uint32_t slot) {
  std::uint64_t i = home(tag);
  while (index_[i].slot_plus_one != 0) i = (i + 1) & mask_;
  index_[i] = {tag, slot + 1};
}

// Builds an index of twice the size from the slots that are in it.
void FlowTable::grow() {
  std::memset(index_, 0, (mask_ + 1) * sizeof(Entry));  // what is above was never used
  mask_ = 2 * mask_ + 1;
  index_memory_.populate((mask_ + 1) * sizeof(Entry));
  for (std::uint32_t slot = 0; slot < fresh_; ++slot) {
    if (due(slot) != kNeverDue) place(tags_[slot], slot);
  }
}

void FlowTable::erase(std::uint32_t slot) {
  deadlines_.clear(slot);
  std::uint64_t hole = home(tags_[slot]);
  while (index_[hole].slot_plus_one != slot + 1) hole = (hole + 1) & mask_;
  // Closes the hole by moving back whatever may stand there, so that no tombstones pile up.
  for (std::uint64_t i = (hole + 1) & mask_; index_[i].slot_plus_one != 0; i = (i + 1) & mask_) {
    const std::uint64_t from_home = (i - (index_[i].tag & mask_)) & mask_;
    if (from_home >= ((i - hole) & mask_)) {
      index_[hole] = index_[i];
      hole = i;
    }
  }
  index_[hole] = {0, 0};
}

void FlowTable::release(std::uint32_t slot) {
  slab_[slot].key.reserved = 1;  // no packet's: find() with a hint must not take it for a flow
  push_free(slot);
  --size_;
}

void FlowTable::weak_push(std::uint32_t slot) {
  links_[slot] = {weak_back_, kNone};
  (weak_back_ == kNone ? weak_front_ : links_[weak_back_].next) = slot;
  weak_back_ = slot;
}

void FlowTable::weak_remove(std::uint32_t slot) {
  const Link link = links_[slot];
  if (slot == weak_ahead_) weak_ahead_ = link.next;
  (link.previous == kNone ? weak_front_ : links_[link.previous].next) = link.next;
  (link.next == kNone ? weak_back_ : links_[link.next].previous) = link.previous;
}

void FlowTable::start_ahead(std::uint32_t distance) {
  weak_ahead_ = weak_front_;
  while (distance-- > 0 && weak_ahead_ != kNone) weak_ahead_ = links_[weak_ahead_].next;
}

}  // namespace panoptes
