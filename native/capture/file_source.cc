// Keeps a reader supplied with bytes and says how a file ended: well, cut, or broken.
#include "capture/file_source.h"

#include <utility>

#include "base/endian.h"
#include "capture/file_kind.h"
#include "capture/pcap_reader.h"
#include "capture/pcapng_reader.h"

namespace panoptes {

FileSource::FileSource(std::string name, std::unique_ptr<ByteInput> input,
                       std::unique_ptr<PacketFilter> filter)
    : name_(std::move(name)), input_(std::move(input)), filter_(std::move(filter)) {}

FileSource::Filled FileSource::fill(std::size_t wanted) {
  switch (buffer_.fill(*input_, wanted)) {
    case InputState::bytes:
      return Filled::yes;
    case InputState::nothing:
      pending_ = ReadState::idle;
      return Filled::not_now;
    case InputState::interrupted:
      pending_ = ReadState::more;
      return Filled::not_now;
    case InputState::end:
      return Filled::at_end;
    case InputState::failed:
      break;
  }
  error_ = {"capture-failed",
            name_ + ": reading failed at byte " +
                std::to_string(buffer_.offset() + buffer_.size()) + ": " + input_->failure(),
            ""};
  return Filled::at_end;
}

// Makes the reader. At the end of the bytes without one, error_ says what they are.
FileSource::Filled FileSource::recognise() {
  while (buffer_.size() < 4) {
    const Filled filled = fill(kKindBytes);
    if (filled == Filled::at_end && error_.code.empty()) {
      error_ = not_a_capture(name_, {buffer_.data(), buffer_.size()});
    }
    if (filled != Filled::yes) return filled;
  }
  const std::uint32_t magic = load_le32(buffer_.data());
  if (PcapReader::recognises(magic)) {
    reader_ = std::make_unique<PcapReader>(name_, filter_.get());
  } else if (magic == PcapngReader::kMagic) {
    reader_ = std::make_unique<PcapngReader>(name_, filter_.get());
  } else {
    // More bytes tell better what it is, but are not waited for.
    if (buffer_.size() < kKindBytes && input_->blocking()) fill(kKindBytes);
    error_ = not_a_capture(name_, {buffer_.data(), buffer_.size()});
    return Filled::at_end;
  }
  return Filled::yes;
}

bool FileSource::identify() {
  const Filled filled = recognise();
  if (filled == Filled::not_now) return true;
  if (filled == Filled::yes) {
    PacketOutlet none{0, nullptr, nullptr};
    if (reader_->parse(buffer_, none) != ParseState::failed) return true;
    error_ = reader_->error();
  }
  finish(ReadState::failed);
  return false;
}

ReadState FileSource::read(std::size_t most, PacketSink sink, void* context) {
  if (done_) return final_;
  if (reader_ == nullptr) {
    const Filled filled = recognise();
    if (filled == Filled::at_end) return finish(ReadState::failed);
    if (filled == Filled::not_now) return pending_;
  }
  PacketOutlet outlet{most, sink, context};
  for (;;) {
    const ParseState state = reader_->parse(buffer_, outlet);
    // The bytes that stopped the reader are still there: the next call meets them first.
    if (outlet.room < most || state == ParseState::enough) return ReadState::more;
    if (state == ParseState::failed) {
      error_ = reader_->error();
      return finish(ReadState::failed);
    }
    const Filled filled = fill(reader_->wanted());
    if (filled == Filled::not_now) return pending_;
    if (filled == Filled::at_end) return at_end();
  }
}

ReadState FileSource::at_end() {
  if (!error_.code.empty()) return finish(ReadState::failed);
  if (const std::string what = reader_->unfinished(buffer_); !what.empty()) {
    warning_ = {"cut-file",
                name_ + " ends in the middle of " + what + " at byte " +
                    std::to_string(buffer_.offset() + buffer_.size()),
                "the whole packets before it were used"};
  }
  return finish(ReadState::end);
}

ReadState FileSource::finish(ReadState state) {
  done_ = true;
  final_ = state;
  return state;
}

SourceCounters FileSource::counters() {
  return reader_ != nullptr ? reader_->counters() : SourceCounters{};
}

CaptureFacts FileSource::facts() const {
  return reader_ != nullptr ? reader_->facts() : CaptureFacts{};
}

SourceMessage FileSource::take_warning() {
  if (reader_ != nullptr) {
    if (SourceMessage warning = reader_->take_warning(); !warning.code.empty()) return warning;
  }
  return std::exchange(warning_, {});
}

}  // namespace panoptes
