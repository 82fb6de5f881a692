// Recognises what people hand to a capture reader by mistake.
#include "capture/file_kind.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace panoptes {
namespace {

using namespace std::string_view_literals;

struct Kind {
  std::string_view magic;
  std::string_view what;
  std::string_view hint;
};

constexpr std::array kKinds = {
    Kind{"\x1f\x8b"sv, "gzip data", "unpack it: gunzip -c FILE | ... -r -"},
    Kind{"\xfd"
         "7zXZ\0"sv,
         "xz data", "unpack it: xz -dc FILE | ... -r -"},
    Kind{"\x28\xb5\x2f\xfd"sv, "zstd data", "unpack it: zstd -dc FILE | ... -r -"},
    Kind{"\x04\x22\x4d\x18"sv, "lz4 data", "unpack it: lz4 -dc FILE | ... -r -"},
    Kind{"BZh"sv, "bzip2 data", "unpack it: bzip2 -dc FILE | ... -r -"},
    Kind{"PK\x03\x04"sv, "a zip archive", "unpack it and name the capture inside"},
    Kind{"\x7f"
         "ELF"sv,
         "a program (ELF)", "name a pcap or pcapng file"},
    Kind{"PANOPTES"sv, "a record file of panoptes", "the clients read it: panoptes ra -r FILE"},
    Kind{"snoop\0\0\0"sv, "a snoop capture", "convert it: editcap -F pcapng FILE OUT"},
    Kind{"GMBU"sv, "a Network Monitor capture", "convert it: editcap -F pcapng FILE OUT"},
    Kind{"TRSNIFF data"sv, "a Sniffer capture", "convert it: editcap -F pcapng FILE OUT"},
};

constexpr std::string_view kArgusHint =
    "it holds flow records, not packets; measure the capture that it was made from";

// argus's first record carries one of its cookies at byte 8.
bool is_argus(std::string_view first) {
  return first.size() >= 12 && first[8] == '\xe5' &&
         (first.substr(9, 3) == "\x71\x2d\xcb"sv || first.substr(9, 3) == "\x71\x50\xcb"sv);
}

bool is_text(std::string_view first) {
  if (static_cast<unsigned char>(first[0]) >= 0x80 && !first.starts_with("\xef\xbb\xbf"sv))
    return false;
  return std::all_of(first.begin(), first.end(), [](char c) {
    return (c >= ' ' && c != 0x7f) || c == '\n' || c == '\r' || c == '\t' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

std::string in_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!text.empty()) text += ' ';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

SourceMessage not_a_capture(const std::string& name, std::span<const std::uint8_t> bytes) {
  const std::string_view first(reinterpret_cast<const char*>(bytes.data()),
                               std::min(bytes.size(), kKindBytes));
  const auto error = [&](std::string_view what, std::string_view hint) {
    return SourceMessage{"not-a-capture", name + " is not a capture: " + std::string(what),
                         std::string(hint)};
  };
  constexpr auto kHint = "name a pcap or pcapng file"sv;
  if (first.empty()) return error("it is empty (0 bytes)", kHint);
  for (const Kind& kind : kKinds) {
    if (first.starts_with(kind.magic)) return error("it is " + std::string(kind.what), kind.hint);
  }
  if (is_argus(first)) return error("it is a record file of argus", kArgusHint);
  if (is_text(first)) {
    std::string line(first.substr(0, std::min(first.find_first_of("\r\n"), std::size_t{24})));
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; }, '.');
    return error("it is text that begins with \"" + line + "\"", kHint);
  }
  return error("it begins with the bytes " + in_hex(first.substr(0, 8)), kHint);
}

}  // namespace panoptes
