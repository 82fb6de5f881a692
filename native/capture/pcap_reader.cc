// The loop over classic pcap records: the packet path of every offline measurement, so it keeps its
// state in locals and touches a record header and nothing else.
#include "capture/pcap_reader.h"

#include <utility>

#include "base/endian.h"
#include "capture/link_types.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kModified =
    0xa1b2cd34;  // 24-byte record headers: interface, protocol, type
constexpr std::size_t kFileHeader = 24;
constexpr std::uint32_t kFcsPresent =
    0x04000000;  // in the link type's word; length in 16-bit words

template <bool kSwapped>
std::uint32_t load32(const std::uint8_t* p) {
  return kSwapped ? load_be32(p) : load_le32(p);
}

bool is_magic(std::uint32_t magic) {
  return magic == kMicroseconds || magic == kNanoseconds || magic == kModified;
}

}  // namespace

bool PcapReader::recognises(std::uint32_t magic_le) {
  return is_magic(magic_le) || is_magic(__builtin_bswap32(magic_le));
}

ParseState PcapReader::parse(StreamBuffer& buffer, PacketOutlet& outlet) {
  if (!started_) {
    if (buffer.size() < kFileHeader) return starve(kFileHeader);
    if (const ParseState state = parse_header(buffer); state != ParseState::enough) return state;
  }
  return swapped_ ? parse_records<true>(buffer, outlet) : parse_records<false>(buffer, outlet);
}

ParseState PcapReader::parse_header(StreamBuffer& buffer) {
  const std::uint8_t* p = buffer.data();
  swapped_ = !is_magic(load_le32(p));
  const auto load = swapped_ ? load32<true> : load32<false>;
  const std::uint32_t magic = load(p);
  if (magic == kNanoseconds) fraction_ns_ = 1;
  if (magic == kModified) header_bytes_ = 24;

  const std::uint16_t minor = swapped_ ? load_be16(p + 6) : load_le16(p + 6);
  const std::uint16_t major = swapped_ ? load_be16(p + 4) : load_le16(p + 4);
  major_ = major;
  minor_ = minor;
  snaplen_ = load(p + 16);
  lengths_swapped_ = major == 2 && minor < 3;
  lengths_doubtful_ = major == 2 && minor == 3;

  const std::uint32_t link = load(p + 20);
  link_type_ = link_type_of_file(static_cast<std::uint16_t>(link & 0xffff));
  if ((link & kFcsPresent) != 0) fcs_ = (link >> 28) * 2;
  if (filter_ != nullptr) {
    program_ = filter_->compile(link_type_, error_);
    if (program_ == nullptr) return ParseState::failed;
  }
  buffer.consume(kFileHeader);
  started_ = true;
  return ParseState::enough;
}

template <bool kSwapped>
ParseState PcapReader::parse_records(StreamBuffer& buffer, PacketOutlet& outlet) {
  const std::uint8_t* const begin = buffer.data();
  const std::uint8_t* const end = begin + buffer.size();
  const std::uint8_t* at = begin;
  const std::size_t header = header_bytes_;
  const std::int64_t fraction_ns = fraction_ns_;
  const std::uint16_t link_type = link_type_;
  const bpf_program* const program = program_;
  const bool plain = !lengths_swapped_ && !lengths_doubtful_ && fcs_ == 0;
  std::size_t room = outlet.room;
  std::uint64_t records = 0;
  ParseState state = ParseState::enough;

  while (room > 0) {
    const auto left = static_cast<std::size_t>(end - at);
    if (left < header) {
      state = starve(header);
      break;
    }
    std::uint32_t captured = load32<kSwapped>(at + 8);
    std::uint32_t wire = load32<kSwapped>(at + 12);
    if (!plain && (lengths_swapped_ || (lengths_doubtful_ && captured > wire))) {
      std::swap(captured, wire);
    }
    if (captured > kMaxCaptured) {
      state = fail(buffer.offset() + static_cast<std::uint64_t>(at - begin),
                   "packet " + std::to_string(records_ + records + 1) + " cannot have " +
                       std::to_string(captured) + " bytes");
      break;
    }
    if (left < header + captured) {
      state = starve(header + captured);
      break;
    }
    const std::int64_t seconds = load32<kSwapped>(at);
    const std::int64_t fraction = load32<kSwapped>(at + 4);
    RawPacket packet{at + header, captured, wire, seconds * 1'000'000'000 + fraction * fraction_ns,
                     link_type};
    at += header + captured;
    ++records;
    if (!plain && fcs_ != 0) trim_fcs(packet, fcs_);
    if (program != nullptr && !PacketFilter::passes(*program, packet)) continue;
    --room;
    outlet.sink(outlet.context, packet);
  }
  records_ += records;
  delivered_ += outlet.room - room;
  outlet.room = room;
  buffer.consume(static_cast<std::size_t>(at - begin));
  return state;
}

CaptureFacts PcapReader::facts() const {
  if (!started_) return {};
  CaptureFacts facts;
  facts.format = header_bytes_ == 24 ? "modified pcap" : "pcap";
  facts.version = std::to_string(major_) + '.' + std::to_string(minor_);
  facts.big_endian = swapped_;
  facts.sections = 1;
  facts.interfaces.push_back({link_type_, snaplen_, decimal_unit(fraction_ns_ == 1 ? 9 : 6)});
  return facts;
}

std::string PcapReader::unfinished(const StreamBuffer& buffer) const {
  if (!started_) return "the file header";
  if (buffer.size() == 0) return "";
  return "packet " + std::to_string(records_ + 1);
}

}  // namespace panoptes
