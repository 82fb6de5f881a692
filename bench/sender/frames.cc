// Reads the capture into one block of memory.
#include "frames.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>

namespace panoptes::bench {

namespace {

constexpr std::size_t kFileHeader = 24, kRecordHeader = 16;
constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4, kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kEthernet = 1;
constexpr std::uint32_t kMostBytes = 65535;

std::uint32_t load_le32(const std::uint8_t* p) {
  std::uint32_t value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::string Frames::load(const std::string& path) {
  const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "rb"));
  if (!file) return "cannot open " + path;
  std::uint8_t header[kFileHeader];
  if (std::fread(header, 1, sizeof header, file.get()) != sizeof header)
    return path + " is too short";
  const std::uint32_t magic = load_le32(header);
  if ((magic != kMicroseconds && magic != kNanoseconds) || load_le32(header + 20) != kEthernet) {
    return path + " is not a classic little endian pcap file of Ethernet frames";
  }
  std::uint8_t record[kRecordHeader];
  while (std::fread(record, 1, sizeof record, file.get()) == sizeof record) {
    const std::uint32_t captured = load_le32(record + 8);
    if (captured > kMostBytes) return path + " is damaged";
    const std::size_t at = bytes_.size();
    bytes_.resize(at + captured);
    if (std::fread(bytes_.data() + at, 1, captured, file.get()) != captured) break;
    const std::uint32_t wire = std::clamp(load_le32(record + 12), captured, kMostBytes);
    frames_.push_back({at, captured, wire});
  }
  return frames_.empty() ? path + " has no packet" : "";
}

}  // namespace panoptes::bench
