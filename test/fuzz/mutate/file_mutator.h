// Case number -> bytes of a capture file whose structure was mutated: headers, lengths of blocks
// and records, cuts. The same seed, captures and number give the same bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "random.h"
#include "seeds.h"

namespace panoptes::mutate {

class FileMutator {
 public:
  // `seeds` outlives this and has files.
  FileMutator(const Seeds& seeds, std::uint64_t seed) : files_(seeds.files()), seed_(seed) {}

  std::vector<std::uint8_t> make(std::uint64_t number) const;

 private:
  std::vector<std::uint8_t> piece(Random& random) const;

  const std::vector<std::vector<std::uint8_t>>& files_;
  std::uint64_t seed_;
};

}  // namespace panoptes::mutate
