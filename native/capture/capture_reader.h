// One capture file format: bytes -> RawPacket. Before it: StreamBuffer; after it: the sink of
// FileSource.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "capture/capture_facts.h"
#include "capture/packet_filter.h"
#include "capture/packet_source.h"
#include "capture/stream_buffer.h"

namespace panoptes {

// A packet longer than this is taken for a broken length. Far more than any link carries.
inline constexpr std::uint32_t kMaxCaptured = 16u << 20;
// Times are kept within 1970 and the year 2255, so that sums with intervals do not overflow.
inline constexpr std::int64_t kLatestNs = 9'000'000'000'000'000'000;

enum class ParseState : std::uint8_t {
  enough,   // as many packets as were asked for
  starved,  // no whole record left; wanted() bytes from the buffer's beginning would be one
  failed,   // the bytes cannot be a record; error() says where. Nothing was consumed
};

// Where a call's packets go.
struct PacketOutlet {
  std::size_t room;  // packets still wanted
  PacketSink sink;
  void* context;
};

class CaptureReader {
 public:
  virtual ~CaptureReader() = default;
  CaptureReader(const CaptureReader&) = delete;
  CaptureReader& operator=(const CaptureReader&) = delete;

  virtual ParseState parse(StreamBuffer& buffer, PacketOutlet& outlet) = 0;
  // What an end of the file here would cut, in words; empty: nothing.
  virtual std::string unfinished(const StreamBuffer& buffer) const = 0;
  virtual SourceCounters counters() const = 0;
  virtual CaptureFacts facts() const = 0;

  std::size_t wanted() const { return wanted_; }
  const SourceMessage& error() const { return error_; }
  SourceMessage take_warning() { return std::exchange(warning_, {}); }

 protected:
  // `name` for messages; `filter` may be nullptr and outlives the reader.
  CaptureReader(std::string name, PacketFilter* filter) : name_(std::move(name)), filter_(filter) {}

  ParseState starve(std::size_t wanted) {
    wanted_ = wanted;
    return ParseState::starved;
  }
  ParseState fail(std::uint64_t offset, const std::string& what) {
    error_ = {"bad-file", name_ + ": " + what + " at byte " + std::to_string(offset),
              "the file is damaged there; the packets before it were used"};
    return ParseState::failed;
  }

  std::string name_;
  PacketFilter* filter_;
  std::size_t wanted_ = 0;
  SourceMessage error_;
  SourceMessage warning_;
};

// A frame check sequence at the end of frames is no part of RawPacket.
inline void trim_fcs(RawPacket& packet, std::uint32_t fcs) {
  packet.wire -= std::min(packet.wire, fcs);
  packet.captured = std::min(packet.captured, packet.wire);
}

}  // namespace panoptes
