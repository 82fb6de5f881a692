// Case number -> mutated packet. The same seed, captures and number give the same packet.
#pragma once

#include "frame_bytes.h"
#include "random.h"
#include "seeds.h"

namespace panoptes::mutate {

class PacketMutator {
 public:
  // `seeds` has packets and outlives this.
  PacketMutator(const Seeds& seeds, std::uint64_t seed) : packets_(seeds.packets()), seed_(seed) {}

  // Always differs from the packet that it was made of.
  void make(std::uint64_t number, MutatedPacket& out) const;

 private:
  const Seed& other(Random& random) const { return packets_[random.below(packets_.size())]; }
  void mutate(MutatedPacket& packet, Random& random) const;
  void splice(MutatedPacket& packet, Random& random) const;

  const std::vector<Seed>& packets_;
  std::uint64_t seed_;
};

}  // namespace panoptes::mutate
