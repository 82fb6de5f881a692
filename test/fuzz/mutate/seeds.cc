#include "seeds.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "capture/open.h"

namespace panoptes::mutate {
namespace {

bool read_bytes(const std::string& path, std::vector<std::uint8_t>& bytes) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             std::fclose);
  if (!file) return false;
  std::uint8_t chunk[1 << 16];
  for (std::size_t got = 0; (got = std::fread(chunk, 1, sizeof chunk, file.get())) > 0;) {
    bytes.insert(bytes.end(), chunk, chunk + got);
  }
  return std::ferror(file.get()) == 0;
}

}  // namespace

bool Seeds::add(const std::string& path, std::string& problem) {
  std::vector<std::uint8_t> bytes;
  if (!read_bytes(path, bytes)) {
    problem = path + ": " + std::strerror(errno);
    return false;
  }
  files_.push_back(std::move(bytes));

  SourceMessage error;
  const auto source = open_file({.path = path, .filter = ""}, error);
  if (!source) return true;
  const auto keep = [](void* context, const RawPacket& raw) {
    auto& self = *static_cast<Seeds*>(context);
    self.frames_.emplace_back(raw.data, raw.data + raw.captured);
    self.packets_.push_back({self.frames_.back(), raw.wire, raw.link_type});
  };
  while (source->read(1024, keep, this) == ReadState::more) {
  }
  return true;
}

}  // namespace panoptes::mutate
