// Where packets come from: a live link or a capture file. Next on the data path: decode/.
//
// A source hands each packet to a sink, one call a packet, in the order of the capture. It never
// interprets the frame.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/raw_packet.h"
#include "capture/capture_facts.h"

namespace panoptes {

// Called once a packet; `context` is the caller's own.
using PacketSink = void (*)(void* context, const RawPacket& packet);

enum class ReadState : std::uint8_t {
  more,    // packets were delivered, or could not be told yet; call again
  idle,    // live: nothing there now; wait() before the next call
  end,     // no more packets will come
  failed,  // as `end`, and error() says why
};

struct SourceCounters {
  std::uint64_t received = 0;    // seen by the kernel or read from the file
  std::uint64_t dropped = 0;     // by the kernel: no room in its buffer
  std::uint64_t if_dropped = 0;  // by the interface or its driver
};

// What a source has to say in words: a code that is stable for scripts (src/errors.ts), a message
// with the position, and a hint of what to do. Empty code: nothing.
struct SourceMessage {
  std::string code;
  std::string message;
  std::string hint;
};

class PacketSource {
 public:
  virtual ~PacketSource() = default;
  PacketSource() = default;
  PacketSource(const PacketSource&) = delete;
  PacketSource& operator=(const PacketSource&) = delete;

  // Delivers up to `most` packets to `sink`. Never blocks on a live source; a file or pipe may
  // block.
  virtual ReadState read(std::size_t most, PacketSink sink, void* context) = 0;
  // Blocks until packets may be there, `timeout_ms` have passed, or interrupt() was called.
  virtual void wait(int timeout_ms) = 0;
  // Ends a wait() or a blocking read() soon; the only call allowed from another thread.
  virtual void interrupt() = 0;

  virtual const std::string& name() const = 0;
  virtual bool live() const = 0;
  // Frame bytes stay valid until the next read().
  virtual bool stable() const = 0;
  virtual SourceCounters counters() = 0;
  // Why the last read() failed.
  virtual const SourceMessage& error() const = 0;
  // A warning that the source wants said, once; empty code: none. E.g. a file that was cut.
  virtual SourceMessage take_warning() = 0;
  // Of a file, as far as it was read; links have none.
  virtual CaptureFacts facts() const { return {}; }
};

}  // namespace panoptes
