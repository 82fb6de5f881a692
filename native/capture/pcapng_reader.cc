// Walks pcapng blocks. Packets, interfaces and statistics are used, all other blocks are stepped
// over without being held in memory. Lengths are checked before anything behind them is read.
#include "capture/pcapng_reader.h"

#include <algorithm>
#include <limits>

#include "base/endian.h"
#include "capture/link_types.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kInterfaceBlock = 1;
constexpr std::uint32_t kObsoletePacketBlock = 2;
constexpr std::uint32_t kSimplePacketBlock = 3;
constexpr std::uint32_t kStatisticsBlock = 5;
constexpr std::uint32_t kPacketBlock = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;

constexpr std::uint32_t kSmallestBlock = 12;
constexpr std::uint32_t kTrailer = 4;
constexpr std::size_t kMaxBlock = std::size_t{32} << 20;  // of a block that must be held whole
constexpr std::size_t kMaxInterfaces = 65536;

template <bool kSwapped>
std::uint16_t load16(const std::uint8_t* p) {
  return kSwapped ? load_be16(p) : load_le16(p);
}
template <bool kSwapped>
std::uint32_t load32(const std::uint8_t* p) {
  return kSwapped ? load_be32(p) : load_le32(p);
}
template <bool kSwapped>
std::uint64_t load64(const std::uint8_t* p) {
  return kSwapped ? load_be64(p) : load_le64(p);
}

constexpr std::uint64_t padded(std::uint64_t n) { return (n + 3) & ~std::uint64_t{3}; }

bool is_packet(std::uint32_t type) {
  return type == kPacketBlock || type == kObsoletePacketBlock || type == kSimplePacketBlock;
}

// Calls `use(code, value, length)` for each option in [at, end).
template <bool kSwapped, typename Use>
void for_each_option(const std::uint8_t* at, const std::uint8_t* end, Use use) {
  while (end - at >= 4) {
    const std::uint16_t code = load16<kSwapped>(at);
    const std::uint16_t length = load16<kSwapped>(at + 2);
    at += 4;
    if (code == 0 || end - at < length) return;
    use(code, at, length);
    at += std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(padded(length)), end - at);
  }
}

std::int64_t seconds_to_ns(std::int64_t seconds) {
  constexpr std::int64_t kLimit = kLatestNs / 1'000'000'000;
  return std::clamp(seconds, -kLimit, kLimit) * 1'000'000'000;
}

}  // namespace

std::int64_t PcapngReader::Clock::to_ns(std::uint64_t units) const {
  __extension__ using Wide = unsigned __int128;
  constexpr auto kLatest = static_cast<std::uint64_t>(kLatestNs);
  std::uint64_t ns = 0;
  switch (kind) {
    case Kind::multiply:
      ns = units <= kLatest / factor ? units * factor : kLatest;
      break;
    case Kind::divide:
      ns = std::min(units / factor, kLatest);
      break;
    case Kind::shift: {
      const Wide wide = (static_cast<Wide>(units) * 1'000'000'000) >> factor;
      ns = wide <= kLatest ? static_cast<std::uint64_t>(wide) : kLatest;
      break;
    }
  }
  if (offset_ns == 0) return static_cast<std::int64_t>(ns);
  // Both are within +-9.0e18, so the sum as unsigned and signed parts cannot be wrong by wrapping.
  if (offset_ns > 0) {
    return static_cast<std::int64_t>(std::min(ns + static_cast<std::uint64_t>(offset_ns), kLatest));
  }
  return std::max<std::int64_t>(static_cast<std::int64_t>(ns) + offset_ns, 0);
}

ParseState PcapngReader::parse(StreamBuffer& buffer, PacketOutlet& outlet) {
  for (;;) {
    if (skip_ > 0) {
      const std::size_t here = std::min<std::uint64_t>(skip_, buffer.size());
      buffer.consume(here);
      skip_ -= here;
      if (skip_ > 0) return starve(1);
    }
    if (buffer.size() >= 4 && load_le32(buffer.data()) == kMagic) {
      if (const ParseState state = begin_section(buffer); state != ParseState::enough) return state;
      continue;
    }
    const ParseState state =
        swapped_ ? parse_blocks<true>(buffer, outlet) : parse_blocks<false>(buffer, outlet);
    if (state != ParseState::enough || outlet.room == 0) return state;
  }
}

// Takes the byte order; the rest of the block (options) is skipped.
ParseState PcapngReader::begin_section(StreamBuffer& buffer) {
  constexpr std::size_t kUsed = 16;  // type, length, byte order, version
  if (buffer.size() < kUsed) return starve(kUsed);
  const std::uint8_t* p = buffer.data();
  if (load_le32(p + 8) != kByteOrderMagic && load_be32(p + 8) != kByteOrderMagic) {
    return fail(buffer.offset(), "a section without its byte order mark");
  }
  swapped_ = load_le32(p + 8) != kByteOrderMagic;
  const std::uint32_t length = swapped_ ? load_be32(p + 4) : load_le32(p + 4);
  const std::uint16_t major = swapped_ ? load_be16(p + 12) : load_le16(p + 12);
  if (length < 28) {
    return fail(buffer.offset(),
                "a section header cannot have " + std::to_string(length) + " bytes");
  }
  if (major != 1) {
    return fail(buffer.offset(), "a section of pcapng version " + std::to_string(major));
  }
  close_section();
  facts_.format = "pcapng";
  const std::uint16_t minor = swapped_ ? load_be16(p + 14) : load_le16(p + 14);
  facts_.version = std::to_string(major) + '.' + std::to_string(minor);
  facts_.big_endian = swapped_;
  ++facts_.sections;
  started_ = true;
  skip_ = padded(length);
  return ParseState::enough;
}

// Until the packets suffice, the bytes do not, or a block is to be skipped or begins a section.
template <bool kSwapped>
ParseState PcapngReader::parse_blocks(StreamBuffer& buffer, PacketOutlet& outlet) {
  while (outlet.room > 0) {
    if (buffer.size() < kSmallestBlock) return starve(kSmallestBlock);
    const std::uint8_t* const p = buffer.data();
    const std::uint32_t type = load32<kSwapped>(p);
    if (type == kMagic) return ParseState::enough;
    const Block block{p, load32<kSwapped>(p + 4), buffer.offset()};
    if (block.length < kSmallestBlock) {
      return fail(block.offset, "a block cannot have " + std::to_string(block.length) + " bytes");
    }
    const std::uint64_t whole = padded(block.length);
    if (!is_packet(type) && type != kInterfaceBlock && type != kStatisticsBlock) {
      skip_ = whole;
      note_other_block(type);
      return ParseState::enough;
    }
    if (whole > kMaxBlock) {
      return fail(block.offset, (is_packet(type) ? "packet " + std::to_string(packets_ + 1)
                                                 : std::string("a block")) +
                                    " cannot have " + std::to_string(block.length) + " bytes");
    }
    if (buffer.size() < whole) return starve(whole);
    if (load32<kSwapped>(p + whole - kTrailer) != block.length) {
      return fail(block.offset, "a block whose two lengths differ");
    }
    ParseState state = ParseState::enough;
    switch (type) {
      case kPacketBlock:
        state = read_packet<kSwapped>(block, false, outlet);
        break;
      case kObsoletePacketBlock:
        state = read_packet<kSwapped>(block, true, outlet);
        break;
      case kSimplePacketBlock:
        state = read_simple_packet<kSwapped>(block, outlet);
        break;
      case kInterfaceBlock:
        state = add_interface<kSwapped>(block);
        break;
      default:
        read_statistics<kSwapped>(block);
        break;
    }
    if (state != ParseState::enough) return state;
    buffer.consume(whole);
  }
  return ParseState::enough;
}

template <bool kSwapped>
ParseState PcapngReader::add_interface(const Block& block) {
  if (block.length < 20) return fail(block.offset, "an interface block that is too short");
  if (interfaces_.size() == kMaxInterfaces) return fail(block.offset, "too many interfaces");
  Interface interface;
  interface.link_type = link_type_of_file(load16<kSwapped>(block.data + 8));
  interface.snaplen = load32<kSwapped>(block.data + 12);
  read_interface_options<kSwapped>(block, interface);
  if (filter_ != nullptr) {
    interface.program = filter_->compile(interface.link_type, error_);
    if (interface.program == nullptr) return ParseState::failed;
  }
  interfaces_.push_back(interface);
  note_interface(interface);
  return ParseState::enough;
}

template <bool kSwapped>
void PcapngReader::read_interface_options(const Block& block, Interface& interface) {
  constexpr std::uint16_t kResolution = 9;
  constexpr std::uint16_t kFcsLength = 13;
  constexpr std::uint16_t kOffset = 14;
  Clock& clock = interface.clock;
  for_each_option<kSwapped>(
      block.data + 16, block.data + block.length - kTrailer,
      [&](std::uint16_t code, const std::uint8_t* value, std::uint16_t length) {
        if (code == kResolution && length >= 1) {
          std::uint64_t exponent = value[0] & 0x7f;
          clock.resolution = value[0];
          if ((value[0] & 0x80) != 0) {
            clock.kind = Clock::Kind::shift;
            clock.factor = std::min<std::uint64_t>(exponent, 127);
            return;
          }
          // Beyond 10^-28 a 64-bit count of units is less than a nanosecond.
          clock.kind = exponent <= 9 ? Clock::Kind::multiply : Clock::Kind::divide;
          exponent = exponent <= 9 ? 9 - exponent : std::min<std::uint64_t>(exponent - 9, 19);
          clock.factor = 1;
          for (; exponent > 0; --exponent) clock.factor *= 10;
        } else if (code == kOffset && length >= 8) {
          clock.offset_ns = seconds_to_ns(static_cast<std::int64_t>(load64<kSwapped>(value)));
        } else if (code == kFcsLength && length >= 1) {
          // In bits by the specification, in bytes by most who write it.
          interface.fcs = value[0] > 8 ? value[0] / 8u : value[0];
        }
      });
}

template <bool kSwapped>
void PcapngReader::read_statistics(const Block& block) {
  constexpr std::uint16_t kIfDrop = 5;
  constexpr std::uint16_t kOsDrop = 7;
  if (block.length < 24) return;
  const std::uint32_t index = load32<kSwapped>(block.data + 8);
  if (index >= interfaces_.size()) return;
  Interface& interface = interfaces_[index];
  for_each_option<kSwapped>(
      block.data + 20, block.data + block.length - kTrailer,
      [&](std::uint16_t code, const std::uint8_t* value, std::uint16_t length) {
        if (length < 8) return;
        if (code == kIfDrop) interface.if_dropped = load64<kSwapped>(value);
        if (code == kOsDrop) interface.dropped = load64<kSwapped>(value);
      });
}

// The enhanced packet block, and its forerunner, which has a 16-bit interface and a drop count.
template <bool kSwapped>
ParseState PcapngReader::read_packet(const Block& block, bool obsolete, PacketOutlet& outlet) {
  constexpr std::uint32_t kHeader = 28;
  const std::uint32_t captured =
      block.length >= kHeader + kTrailer ? load32<kSwapped>(block.data + 20) : 0;
  if (block.length < kHeader + kTrailer || captured > block.length - kHeader - kTrailer) {
    return fail(block.offset,
                "packet " + std::to_string(packets_ + 1) + " is longer than its block");
  }
  const std::uint32_t index =
      obsolete ? load16<kSwapped>(block.data + 8) : load32<kSwapped>(block.data + 8);
  const std::uint64_t units =
      std::uint64_t{load32<kSwapped>(block.data + 12)} << 32 | load32<kSwapped>(block.data + 16);
  ++packets_;
  RawPacket packet{block.data + kHeader, captured, load32<kSwapped>(block.data + 24), 0,
                   kLinkTypeUndescribed};
  const Interface* interface = nullptr;
  if (index < interfaces_.size()) [[likely]] {
    interface = &interfaces_[index];
    packet.link_type = interface->link_type;
    packet.time_ns = interface->clock.to_ns(units);
  } else {
    packet.time_ns = Clock{}.to_ns(units);
    warn_undescribed(index);
  }
  last_time_ns_ = packet.time_ns;
  if (obsolete) {
    const std::uint16_t drops = load16<kSwapped>(block.data + 10);
    if (drops != 0xffff) counters_.if_dropped += drops;
  }
  deliver(packet, interface, outlet);
  return ParseState::enough;
}

// Has neither time nor captured length: the former is that of the packet before, the latter follows
// from the interface's snaplen.
template <bool kSwapped>
ParseState PcapngReader::read_simple_packet(const Block& block, PacketOutlet& outlet) {
  constexpr std::uint32_t kHeader = 12;
  if (block.length < kHeader + kTrailer) {
    return fail(block.offset,
                "packet " + std::to_string(packets_ + 1) + " is longer than its block");
  }
  const std::uint32_t wire = load32<kSwapped>(block.data + 8);
  ++packets_;
  RawPacket packet{block.data + kHeader, std::min(wire, block.length - kHeader - kTrailer), wire,
                   last_time_ns_, kLinkTypeUndescribed};
  const Interface* interface = nullptr;
  if (interfaces_.empty()) {
    warn_undescribed(0);
  } else {
    interface = &interfaces_[0];
    packet.link_type = interface->link_type;
    if (interface->snaplen != 0) packet.captured = std::min(packet.captured, interface->snaplen);
  }
  deliver(packet, interface, outlet);
  return ParseState::enough;
}

inline void PcapngReader::deliver(RawPacket& packet, const Interface* interface,
                                  PacketOutlet& outlet) {
  if (interface != nullptr && interface->fcs != 0) trim_fcs(packet, interface->fcs);
  if (filter_ != nullptr &&
      (interface == nullptr || !PacketFilter::passes(*interface->program, packet))) {
    return;
  }
  --outlet.room;
  ++counters_.received;
  outlet.sink(outlet.context, packet);
}

// Such a packet is handed on with a link type that nobody decodes, so that it is counted.
void PcapngReader::warn_undescribed(std::uint32_t interface) {
  if (std::exchange(warned_undescribed_, true)) return;
  warning_ = {"bad-file",
              name_ + ": packet " + std::to_string(packets_) + " is of interface " +
                  std::to_string(interface) + ", which the file does not describe",
              "such packets are counted as undecoded"};
}

void PcapngReader::note_interface(const Interface& interface) {
  if (facts_.interfaces.size() == kMaxInterfaces) return;
  const unsigned exponent = interface.clock.resolution & 0x7fU;
  const bool binary = (interface.clock.resolution & 0x80) != 0;
  facts_.interfaces.push_back(
      {interface.link_type, interface.snaplen,
       binary ? "2^-" + std::to_string(exponent) + " s" : decimal_unit(exponent)});
}

// A file can name more types than anybody wants to read of: 0 stands for those beyond the first
// ones.
void PcapngReader::note_other_block(std::uint32_t type) {
  constexpr std::size_t kMostTypes = 64;
  const bool known = facts_.other_blocks.contains(type);
  ++facts_.other_blocks[known || facts_.other_blocks.size() < kMostTypes ? type : 0];
}

void PcapngReader::close_section() {
  for (const Interface& interface : interfaces_) {
    counters_.dropped += interface.dropped;
    counters_.if_dropped += interface.if_dropped;
  }
  interfaces_.clear();
}

std::string PcapngReader::unfinished(const StreamBuffer& buffer) const {
  if (!started_) return "the section header";
  if (skip_ > 0) return "a block";
  if (buffer.size() == 0) return "";
  if (buffer.size() < 4) return "a block header";
  const std::uint32_t type = swapped_ ? load_be32(buffer.data()) : load_le32(buffer.data());
  return is_packet(type) ? "packet " + std::to_string(packets_ + 1) : "a block";
}

SourceCounters PcapngReader::counters() const {
  SourceCounters sum = counters_;
  for (const Interface& interface : interfaces_) {
    sum.dropped += interface.dropped;
    sum.if_dropped += interface.if_dropped;
  }
  return sum;
}

}  // namespace panoptes
