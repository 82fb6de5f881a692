#include "probe/inspection.h"

#include <algorithm>

namespace panoptes {
namespace {

constexpr std::size_t kAtOnce = 4096;
constexpr std::uint32_t kExampleBytes = 64;

}  // namespace

Inspection::Inspection(const std::string& name, const DecodeOptions& options)
    : options_(options), feed_(std::make_shared<Feed>()) {
  // An empty feed is not waited for: the bytes come in the thread that reads them.
  constexpr bool kLive = true;
  source_ = open_feed(name, feed_, kLive, "", facts_.error);
}

void Inspection::push(const std::uint8_t* bytes, std::size_t size) {
  feed_->push(bytes, size, {});
  read();
}

const InspectionFacts& Inspection::end() {
  feed_->end();
  read();
  facts_.file = source_->facts();
  facts_.source = source_->counters();
  return facts_;
}

// Until all bytes that were pushed are used up.
void Inspection::read() {
  while (state_ == ReadState::more || state_ == ReadState::idle) {
    state_ = source_->read(
        kAtOnce,
        [](void* self, const RawPacket& raw) { static_cast<Inspection*>(self)->look_at(raw); },
        this);
    if (SourceMessage warning = source_->take_warning(); !warning.code.empty()) {
      facts_.warnings.push_back(std::move(warning));
    }
    if (state_ == ReadState::idle) return;
  }
  if (state_ == ReadState::failed) facts_.error = source_->error();
  feed_->close();
}

void Inspection::look_at(const RawPacket& raw) {
  ++facts_.packets;
  facts_.wire_bytes += std::max(raw.wire, raw.captured);
  facts_.captured_bytes += raw.captured;
  facts_.most_captured = std::max(facts_.most_captured, raw.captured);
  LinkCount& link = facts_.links[raw.link_type];
  ++link.packets;
  if (raw.captured < raw.wire) ++link.cut;
  look_at_time(raw.time_ns);
  Packet packet;
  const auto reason = static_cast<std::size_t>(decode_apart(raw, packet, options_));
  if (reason == 0) return;
  if (facts_.undecoded[reason]++ != 0) return;
  UndecodedExample& example = facts_.examples[reason];
  example = {facts_.packets, raw.link_type, raw.captured, raw.wire, {}};
  example.head.assign(raw.data, raw.data + std::min(raw.captured, kExampleBytes));
}

void Inspection::look_at_time(std::int64_t time_ns) {
  if (facts_.packets == 1) {
    facts_.earliest_ns = facts_.latest_ns = last_ns_ = time_ns;
    return;
  }
  facts_.earliest_ns = std::min(facts_.earliest_ns, time_ns);
  facts_.latest_ns = std::max(facts_.latest_ns, time_ns);
  if (time_ns < last_ns_) {
    ++facts_.steps_back;
    // Readers keep times between 1970 and 2255, so that the difference of two of them is no
    // surprise.
    const std::int64_t step = last_ns_ - time_ns;
    if (step > facts_.largest_back_ns) {
      facts_.largest_back_ns = step;
      facts_.largest_back_at = facts_.packets;
    }
  }
  last_ns_ = time_ns;
}

}  // namespace panoptes
