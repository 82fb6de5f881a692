// A look at every packet of a capture file before anything is measured: what the file is, how it
// was made, in which order its packets are, and why some cannot be decoded. Between capture/ and
// decode/ on one side and binding/ on the other; not on the packet path of a probe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "capture/feed_source.h"
#include "decode/decoder.h"

namespace panoptes {

struct LinkCount {
  std::uint64_t packets = 0;
  std::uint64_t cut = 0;  // captured less than was on the wire
};

// The first packet that could not be decoded for one reason.
struct UndecodedExample {
  std::uint64_t packet = 0;  // counted from 1
  std::uint16_t link_type = 0;
  std::uint32_t captured = 0;
  std::uint32_t wire = 0;
  std::vector<std::uint8_t> head;  // its first bytes
};

struct InspectionFacts {
  CaptureFacts file;
  SourceCounters source;
  std::vector<SourceMessage> warnings;
  SourceMessage error;  // empty code: it could be read to its end
  std::uint64_t packets = 0;
  std::uint64_t wire_bytes = 0;
  std::uint64_t captured_bytes = 0;
  std::uint32_t most_captured = 0;  // of one packet
  std::map<std::uint16_t, LinkCount> links;
  std::int64_t earliest_ns = 0;
  std::int64_t latest_ns = 0;
  std::uint64_t steps_back = 0;       // packets with a time before that of the packet before them
  std::int64_t largest_back_ns = 0;   // the largest such step
  std::uint64_t largest_back_at = 0;  // the packet that made it
  std::array<std::uint64_t, kUndecodedReasons> undecoded{};
  std::array<UndecodedExample, kUndecodedReasons> examples;
};

class Inspection {
 public:
  // `name` is for messages.
  Inspection(const std::string& name, const DecodeOptions& options);

  // The next bytes of the file; used up when the call returns.
  void push(const std::uint8_t* bytes, std::size_t size);
  // No more bytes will come.
  const InspectionFacts& end();

 private:
  void read();
  void look_at(const RawPacket& raw);
  void look_at_time(std::int64_t time_ns);

  DecodeOptions options_;
  std::shared_ptr<Feed> feed_;
  std::unique_ptr<PacketSource> source_;
  ReadState state_ = ReadState::more;
  std::int64_t last_ns_ = 0;
  InspectionFacts facts_;
};

}  // namespace panoptes
