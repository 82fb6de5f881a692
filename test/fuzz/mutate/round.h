// One life of a worker: sources -> decode -> flows -> records -> batches, all counted.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "probe/worker.h"

namespace panoptes::mutate {

struct Tally {
  std::uint64_t fed = 0;  // packets that the sources gave out
  std::uint64_t in_records = 0;
  std::uint64_t records = 0;
  std::uint64_t evicted = 0;
  std::uint64_t payload_skipped = 0;
  std::uint64_t source_errors = 0;
  std::array<std::uint64_t, kUndecodedReasons> undecoded{};

  void add(const Tally& other);
};

// Runs the sources to their end. Returns what does not add up, in words; empty: every packet is in
// one record or in one counter, and nothing is left in the tables.
std::string run_round(std::vector<NamedSource> sources, const WorkerOptions& options, Tally& tally);

// The tables of round `number`: from far too small to hardly full.
WorkerOptions odd_options(std::uint64_t seed, std::uint64_t number);

}  // namespace panoptes::mutate
