// hostile --list: the kinds, as JSON.
// hostile KIND FILE: writes the capture of one of them (pcap, nanoseconds, Ethernet).
#include <cstdio>
#include <cstring>
#include <memory>

#include "kinds.h"

namespace {

using namespace panoptes;
using namespace panoptes::hostile;

std::vector<Kind> all_kinds() {
  std::vector<Kind> all;
  for (const auto& room : {nesting_kinds(), chain_kinds(), state_kinds(), noise_kinds()}) {
    all.insert(all.end(), room.begin(), room.end());
  }
  return all;
}

void list() {
  const char* separator = "[";
  for (const Kind& kind : all_kinds()) {
    std::printf("%s{\"name\":\"%s\",\"about\":\"%s\",\"packets\":%u,\"maxFlows\":%u}", separator,
                std::string(kind.name).c_str(), std::string(kind.about).c_str(), kind.packets,
                kind.max_flows);
    separator = ",\n";
  }
  std::puts("]");
}

bool write(const Kind& kind, const char* path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path, "wb"), std::fclose);
  if (!file) return false;
  const std::uint32_t header[6] = {0xa1b23c4d, 0x00040002, 0, 0, 262'144, 1};
  std::fwrite(header, sizeof header, 1, file.get());
  std::mt19937 random(7);
  std::vector<frames::Bytes> kept;
  std::uint64_t time_ns = 1'700'000'000'000'000'000;
  for (std::uint32_t i = 0; i < kind.packets; ++i, time_ns += kind.step_ns) {
    frames::Bytes fresh;
    const bool reuse = kind.distinct != 0 && kept.size() == kind.distinct;
    if (!reuse) fresh = kind.frame(i, random);
    if (kind.distinct != 0 && !reuse) kept.push_back(fresh);
    const frames::Bytes& frame = reuse ? kept[i % kind.distinct] : fresh;
    const auto size = static_cast<std::uint32_t>(frame.size());
    const std::uint32_t record[4] = {static_cast<std::uint32_t>(time_ns / 1'000'000'000),
                                     static_cast<std::uint32_t>(time_ns % 1'000'000'000), size,
                                     size};
    std::fwrite(record, sizeof record, 1, file.get());
    std::fwrite(frame.data(), 1, frame.size(), file.get());
  }
  return std::fflush(file.get()) == 0 && std::ferror(file.get()) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
    list();
    return 0;
  }
  if (argc != 3) {
    std::fputs("usage: hostile --list | hostile KIND FILE\n", stderr);
    return 2;
  }
  for (const Kind& kind : all_kinds()) {
    if (kind.name != argv[1]) continue;
    if (write(kind, argv[2])) return 0;
    std::perror(argv[2]);
    return 1;
  }
  std::fprintf(stderr, "hostile: no kind '%s'\n", argv[1]);
  return 2;
}
