// The pcapng format: sections of blocks, each section with its own byte order and interfaces.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "capture/capture_reader.h"

struct bpf_program;

namespace panoptes {

class PcapngReader final : public CaptureReader {
 public:
  static constexpr std::uint32_t kMagic = 0x0a0d0d0a;  // the same in both byte orders

  PcapngReader(std::string name, PacketFilter* filter) : CaptureReader(std::move(name), filter) {}

  ParseState parse(StreamBuffer& buffer, PacketOutlet& outlet) override;
  std::string unfinished(const StreamBuffer& buffer) const override;
  SourceCounters counters() const override;
  CaptureFacts facts() const override { return facts_; }

 private:
  // How an interface counts time: units of a power of ten or of two of a second.
  struct Clock {
    enum class Kind : std::uint8_t { multiply, divide, shift } kind = Kind::multiply;
    std::uint64_t factor = 1000;  // ns a unit, units a ns, or the power of two
    std::int64_t offset_ns = 0;
    std::uint8_t resolution = 6;  // as the file has it: if_tsresol
    std::int64_t to_ns(std::uint64_t units) const;
  };
  struct Interface {
    std::uint16_t link_type = 0;
    std::uint32_t snaplen = 0;  // 0: no limit
    std::uint32_t fcs = 0;
    Clock clock;
    const bpf_program* program = nullptr;
    std::uint64_t dropped = 0;  // the newest statistics block's
    std::uint64_t if_dropped = 0;
  };
  // A block that is whole in the buffer.
  struct Block {
    const std::uint8_t* data;
    std::uint32_t length;  // as it says itself, with its header and trailer
    std::uint64_t offset;
  };

  ParseState begin_section(StreamBuffer& buffer);
  template <bool kSwapped>
  ParseState parse_blocks(StreamBuffer& buffer, PacketOutlet& outlet);
  template <bool kSwapped>
  ParseState add_interface(const Block& block);
  template <bool kSwapped>
  static void read_interface_options(const Block& block, Interface& interface);
  template <bool kSwapped>
  void read_statistics(const Block& block);
  template <bool kSwapped>
  ParseState read_packet(const Block& block, bool obsolete, PacketOutlet& outlet);
  template <bool kSwapped>
  ParseState read_simple_packet(const Block& block, PacketOutlet& outlet);
  void deliver(RawPacket& packet, const Interface* interface, PacketOutlet& outlet);
  void note_interface(const Interface& interface);
  void note_other_block(std::uint32_t type);
  void warn_undescribed(std::uint32_t interface);
  void close_section();

  bool started_ = false;
  bool swapped_ = false;
  std::vector<Interface> interfaces_;
  std::uint64_t skip_ = 0;  // bytes of a block that nobody wants, still to come
  std::uint64_t packets_ = 0;
  std::int64_t last_time_ns_ = 0;
  bool warned_undescribed_ = false;
  SourceCounters counters_;  // dropped: those of earlier sections
  CaptureFacts facts_;
};

}  // namespace panoptes
