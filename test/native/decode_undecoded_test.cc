// Every reason why a frame belongs to no flow can be reached, and has a name. The frames are those
// of docs/schema.md.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "decode/decoder.h"
#include "frames.h"

namespace panoptes {
namespace {

struct Example {
  std::uint16_t link_type;
  frames::Bytes bytes;
};

frames::Bytes bytes_of(const std::string& hex) {
  frames::Bytes bytes;
  std::istringstream in(hex);
  for (std::string byte; in >> byte;) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(byte, nullptr, 16)));
  }
  return bytes;
}

// What stands between the next two `marks` behind `at`, which moves behind them; empty at the end.
std::string between(const std::string& line, char mark, std::size_t& at) {
  const std::size_t begin = line.find(mark, at);
  const std::size_t end = begin == std::string::npos ? begin : line.find(mark, begin + 1);
  if (end == std::string::npos) return {};
  at = end + 1;
  return line.substr(begin + 1, end - begin - 1);
}

// Rows of the table: | `reason` | ... | link type (...): `bytes` ... |
std::map<std::string, Example> examples() {
  std::ifstream page(std::string(PANOPTES_TEST_DIR) + "/../docs/schema.md");
  std::map<std::string, Example> found;
  for (std::string line; std::getline(page, line);) {
    if (line.rfind("| `", 0) != 0) continue;
    std::size_t at = 0;
    const std::string reason = between(line, '`', at);
    const std::string meaning = between(line, '|', at);
    if (reason.empty() || meaning.empty()) continue;
    const std::size_t type = at;
    const std::string bytes = between(line, '`', at);
    const bool is_hex = !bytes.empty() &&
                        bytes.find_first_not_of("0123456789abcdef ") == std::string::npos &&
                        line.find_first_of("0123456789", type) == type + 1;
    if (!is_hex) continue;
    found[reason] = {static_cast<std::uint16_t>(std::stoul(line.substr(type))), bytes_of(bytes)};
  }
  return found;
}

TEST(Undecoded, EveryReasonHasAnExampleThatIsRefusedForIt) {
  const auto table = examples();
  EXPECT_EQ(table.size(), kUndecodedReasons - 1) << "rows of docs/schema.md";
  for (std::size_t i = 1; i < kUndecodedReasons; ++i) {
    const auto reason = static_cast<Undecoded>(i);
    const auto at = table.find(std::string(name(reason)));
    ASSERT_NE(at, table.end()) << name(reason) << " has no example";
    const Example& e = at->second;
    const auto size = static_cast<std::uint32_t>(e.bytes.size());
    Packet packet;
    const Undecoded said = decode({e.bytes.data(), size, size, 0, e.link_type}, packet);
    EXPECT_EQ(name(said), name(reason));
  }
}

TEST(Undecoded, ReasonsHaveDifferentNames) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kUndecodedReasons; ++i) names.insert(name(static_cast<Undecoded>(i)));
  EXPECT_EQ(names.size(), kUndecodedReasons);
  EXPECT_EQ(names.count("unknown"), 0U) << "a reason without a name";
  EXPECT_EQ(name(static_cast<Undecoded>(kUndecodedReasons)), "unknown")
      << "kUndecodedReasons counts all of them";
}

}  // namespace
}  // namespace panoptes
