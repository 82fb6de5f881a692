// The captures that are mutated, whole in memory: their packets, and their bytes as files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace panoptes::mutate {

struct Seed {
  std::span<const std::uint8_t> bytes;
  std::uint32_t wire;
  std::uint16_t link_type;
};

class Seeds {
 public:
  // Adds a capture. What the reader refuses stays a file to mutate, without packets. False: it
  // cannot be read at all, `problem` says why.
  bool add(const std::string& path, std::string& problem);

  // In the order of the captures, so that those of one connection stand together.
  const std::vector<Seed>& packets() const { return packets_; }
  const std::vector<std::vector<std::uint8_t>>& files() const { return files_; }

 private:
  std::vector<std::vector<std::uint8_t>> files_;
  std::vector<std::vector<std::uint8_t>> frames_;
  std::vector<Seed> packets_;
};

}  // namespace panoptes::mutate
