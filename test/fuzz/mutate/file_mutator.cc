#include "file_mutator.h"

#include <algorithm>

#include "base/endian.h"

namespace panoptes::mutate {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMostOfFile = 16'384;  // of a capture: what follows is more of the same
constexpr std::size_t kMostBytes = 200'000;

bool is_pcapng(const Bytes& file) {
  return file.size() >= 12 && load_be32(file.data()) == 0x0a0d0d0a;
}
bool is_swapped(const Bytes& file) {
  if (is_pcapng(file)) return load_be32(file.data() + 8) == 0x1a2b3c4d;
  return file.size() >= 4 && file[0] == 0xa1;
}
std::uint32_t load(const Bytes& file, std::size_t at, bool swapped) {
  return swapped ? load_be32(file.data() + at) : load_le32(file.data() + at);
}
void store(Bytes& file, std::size_t at, std::uint32_t value, bool swapped) {
  for (std::size_t i = 0; i < 4; ++i) {
    file[at + (swapped ? 3 - i : i)] = static_cast<std::uint8_t>(value >> (8 * i));
  }
}

// Where the records of a pcap file or the blocks of a pcapng file begin, as far as lengths are
// right.
std::vector<std::size_t> boundaries(const Bytes& file) {
  std::vector<std::size_t> found{0};
  const bool blocks = is_pcapng(file);
  const bool swapped = is_swapped(file);
  std::size_t at = blocks ? 0 : 24;
  while (at + 16 <= file.size()) {
    found.push_back(at);
    const std::size_t length =
        blocks ? load(file, at + 4, swapped) : 16 + std::size_t{load(file, at + 8, swapped)};
    if (length < 12) break;
    at += length;
  }
  return found;
}

// One of the 4-byte fields at the beginning of a record or block.
void change_field(Bytes& file, Random& random) {
  const auto starts = boundaries(file);
  const std::size_t at = starts[random.below(starts.size())] + 4 * random.below(8);
  if (at + 4 > file.size()) return;
  const bool swapped = is_swapped(file) != random.one_in(16);
  const std::uint32_t old = load(file, at, swapped);
  const auto size = static_cast<std::uint32_t>(file.size());
  const std::array<std::uint32_t, 20> values{
      old + 1, old - 1,   old + 4,   old - 4,    old * 2,    old ^ 0x80, 0,
      1,       3,         12,        28,         32,         size,       size + 1,
      0xffff,  16U << 20, 64U << 20, 0x7fffffff, 0x80000000, 0xffffffff};
  store(file, at, random.one_in(8) ? static_cast<std::uint32_t>(random.next()) : random.of(values),
        swapped);
}

void move_records(Bytes& file, Random& random) {
  const auto starts = boundaries(file);
  const std::size_t first = starts[random.below(starts.size())];
  const std::size_t second = starts[random.below(starts.size())];
  const auto [from, to] = std::minmax(first, second);
  const auto begin = file.begin() + static_cast<std::ptrdiff_t>(from);
  const auto end = file.begin() + static_cast<std::ptrdiff_t>(to);
  if (random.one_in(2)) {
    file.erase(begin, end);
  } else {
    const Bytes copy(begin, end);
    const std::size_t at = starts[random.below(starts.size())];
    file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), copy.begin(), copy.end());
  }
}

}  // namespace

std::vector<std::uint8_t> FileMutator::piece(Random& random) const {
  const Bytes& file = files_[random.below(files_.size())];
  return {file.begin(),
          file.begin() + static_cast<std::ptrdiff_t>(std::min(file.size(), kMostOfFile))};
}

std::vector<std::uint8_t> FileMutator::make(std::uint64_t number) const {
  Random random(seed_, number);
  Bytes file = piece(random);
  for (std::uint32_t more = 1 + random.below(4); more > 0; --more) {
    const auto size = static_cast<std::uint32_t>(file.size());
    switch (random.below(12)) {
      case 0:
        file.resize(random.below(size + 1));
        break;
      case 1:
        file.resize(random.below(std::min(size, 200U) + 1));
        break;
      case 2: {  // another file behind: a second header among the records
        const Bytes other = piece(random);
        file.resize(random.one_in(2) ? size : random.below(size + 1));
        file.insert(file.end(), other.begin(), other.end());
        break;
      }
      case 3:
        move_records(file, random);
        break;
      case 4:
      case 5:
        if (size > 0) file[random.below(size)] ^= static_cast<std::uint8_t>(1U << random.below(8));
        break;
      case 6:
        if (size > 0) file[random.below(std::min(size, 300U))] = random.byte();
        break;
      default:
        change_field(file, random);
    }
    if (file.size() > kMostBytes) file.resize(kMostBytes);
  }
  return file;
}

}  // namespace panoptes::mutate
