// The classic pcap format: a file header, then records of one link type.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "capture/capture_reader.h"

struct bpf_program;

namespace panoptes {

// Byte order, resolution, the modified format of old Linux kernels (longer record headers) and the
// swapped lengths of versions before 2.4 are told by the header.
class PcapReader final : public CaptureReader {
 public:
  static bool recognises(std::uint32_t magic_le);  // the first four bytes, read as little endian

  PcapReader(std::string name, PacketFilter* filter) : CaptureReader(std::move(name), filter) {}

  ParseState parse(StreamBuffer& buffer, PacketOutlet& outlet) override;
  std::string unfinished(const StreamBuffer& buffer) const override;
  SourceCounters counters() const override { return {.received = delivered_}; }
  CaptureFacts facts() const override;

 private:
  ParseState parse_header(StreamBuffer& buffer);
  template <bool kSwapped>
  ParseState parse_records(StreamBuffer& buffer, PacketOutlet& outlet);

  bool started_ = false;  // the file header was read
  bool swapped_ = false;
  bool lengths_swapped_ = false;
  bool lengths_doubtful_ = false;
  std::uint16_t link_type_ = 0;
  std::uint16_t major_ = 0;
  std::uint16_t minor_ = 0;
  std::uint32_t snaplen_ = 0;
  std::uint32_t fraction_ns_ = 1000;  // one unit of the fraction of a second
  std::uint32_t header_bytes_ = 16;   // of a record
  std::uint32_t fcs_ = 0;
  const bpf_program* program_ = nullptr;
  std::uint64_t records_ = 0;
  std::uint64_t delivered_ = 0;
};

}  // namespace panoptes
