// Open addressing over 8-byte index entries (tag, slot) and a slab of flows, both on huge pages.
// No deletion, no growth. Before it: decode.h; after it: account.h.
#pragma once

#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "account.h"
#include "packet.h"

namespace panoptes::bench {

class FlowTable {
 public:
  // Room for 2^log2_slots flows; memory becomes real where it is touched.
  explicit FlowTable(unsigned log2_slots)
      : slots_(std::uint64_t{1} << log2_slots),
        mask_(slots_ - 1),
        index_(static_cast<Entry*>(reserve(slots_ * sizeof(Entry)))),
        flows_(static_cast<Flow*>(reserve(slots_ * sizeof(Flow)))) {}
  ~FlowTable() {
    munmap(index_, slots_ * sizeof(Entry));
    munmap(flows_, slots_ * sizeof(Flow));
  }
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  void prefetch_index(std::uint64_t hash) const { __builtin_prefetch(&index_[hash & mask_], 1); }

  // Asks for the lines of the flow that the index names, without looking whether it is the one.
  void prefetch_flow(std::uint64_t hash) const {
    for (std::uint64_t i = hash & mask_;; i = (i + 1) & mask_) {
      const Entry entry = index_[i];
      if (entry.slot == 0) return;
      if (entry.tag != tag(hash)) continue;
      const char* flow = reinterpret_cast<const char*>(&flows_[entry.slot]);
      for (std::size_t at = 0; at < sizeof(Flow); at += 64) __builtin_prefetch(flow + at, 1);
      return;
    }
  }

  Flow& find_or_open(const Packet& packet) {
    for (std::uint64_t i = packet.hash & mask_;; i = (i + 1) & mask_) {
      Entry& entry = index_[i];
      if (entry.slot == 0) {
        entry = {tag(packet.hash), take_slot()};
        open(flows_[entry.slot], packet);
        return flows_[entry.slot];
      }
      if (entry.tag == tag(packet.hash) && flows_[entry.slot].key == packet.key) {
        return flows_[entry.slot];
      }
    }
  }

  std::uint64_t size() const { return next_slot_ - 1; }

 private:
  struct Entry {
    std::uint32_t tag, slot;  // slot 0: free
  };

  static std::uint32_t tag(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  std::uint32_t take_slot() {
    if (next_slot_ == slots_) {
      std::fprintf(stderr, "floor: more than %llu flows\n",
                   static_cast<unsigned long long>(slots_ - 1));
      std::exit(1);
    }
    return static_cast<std::uint32_t>(next_slot_++);
  }

  static void* reserve(std::uint64_t bytes) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
      std::perror("mmap");
      std::exit(1);
    }
#ifdef MADV_HUGEPAGE
    madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memory;
  }

  std::uint64_t slots_, mask_;
  Entry* index_;
  Flow* flows_;
  std::uint64_t next_slot_ = 1;
};

}  // namespace panoptes::bench
