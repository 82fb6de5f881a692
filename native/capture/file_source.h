// Packets of a capture file, whatever its bytes come from. Before it: ByteInput; after it: the
// worker.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "capture/byte_input.h"
#include "capture/capture_reader.h"
#include "capture/packet_filter.h"
#include "capture/packet_source.h"
#include "capture/stream_buffer.h"

namespace panoptes {

// Frames point into one buffer that only moves at the beginning of a read(): a call delivers what
// is in memory and never more, so all frames of a call stay valid until the next.
class FileSource final : public PacketSource {
 public:
  // `filter` nullptr: all packets.
  FileSource(std::string name, std::unique_ptr<ByteInput> input,
             std::unique_ptr<PacketFilter> filter);

  // Before the first read(), for input that does not wait for anybody: reads the beginning. False:
  // it is no capture, or the filter does not fit its link; see error().
  bool identify();

  ReadState read(std::size_t most, PacketSink sink, void* context) override;
  void wait(int timeout_ms) override { input_->wait(timeout_ms); }
  void interrupt() override { input_->interrupt(); }
  const std::string& name() const override { return name_; }
  bool live() const override { return !input_->blocking(); }
  bool stable() const override { return true; }
  SourceCounters counters() override;
  const SourceMessage& error() const override { return error_; }
  SourceMessage take_warning() override;
  CaptureFacts facts() const override;

 private:
  enum class Filled : std::uint8_t { yes, at_end, not_now };
  Filled fill(std::size_t wanted);
  Filled recognise();
  ReadState finish(ReadState state);
  ReadState at_end();

  std::string name_;
  std::unique_ptr<ByteInput> input_;
  std::unique_ptr<PacketFilter> filter_;  // before reader_, which uses it
  StreamBuffer buffer_;
  std::unique_ptr<CaptureReader> reader_;  // nullptr: the format is not known yet
  ReadState pending_ = ReadState::more;    // what not_now means: more or idle
  bool done_ = false;
  ReadState final_ = ReadState::more;
  SourceMessage error_;
  SourceMessage warning_;
};

}  // namespace panoptes
