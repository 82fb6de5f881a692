// Any bytes as a capture file, in pieces of any size, with and without a filter. Every byte that is
// delivered is read, so that a wrong bound is seen by the sanitizers.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "capture/feed_source.h"

namespace {

struct Sum {
  std::uint64_t packets = 0;
  std::uint32_t bytes = 0;
};

void require(bool holds) {
  if (!holds) std::abort();
}

void add(void* context, const panoptes::RawPacket& packet) {
  auto& sum = *static_cast<Sum*>(context);
  ++sum.packets;
  for (std::uint32_t i = 0; i < packet.captured; ++i) sum.bytes += packet.data[i];
  require(packet.time_ns >= 0);
}

Sum run(const std::uint8_t* data, std::size_t size, std::size_t piece, const std::string& filter) {
  auto feed = std::make_shared<panoptes::Feed>();
  panoptes::SourceMessage error;
  const auto source = panoptes::open_feed("fuzz", feed, false, filter, error);
  require(source != nullptr);
  for (std::size_t at = 0; at < size; at += piece) {
    feed->push(data + at, std::min(piece, size - at), {});
  }
  feed->end();
  Sum sum;
  for (;;) {
    const std::uint64_t before = sum.packets;
    const panoptes::ReadState state = source->read(64, add, &sum);
    require(sum.packets - before <= 64);
    if (state == panoptes::ReadState::end) break;
    if (state == panoptes::ReadState::failed) {
      require(!source->error().code.empty());
      break;
    }
  }
  require(source->counters().received == sum.packets);
  return sum;
}

}  // namespace

// The buffer of a source is 1 MiB: few of them fill the default, and then each is new memory.
extern "C" const char* __asan_default_options() { return "quarantine_size_mb=8"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // Small pieces for small files; of a large one not more than some hundred, or they are all that a
  // run does.
  const std::size_t piece = std::max(std::size_t{data[0]} + 1, size / 256);
  const bool filtered = data[0] % 32 == 0;
  const Sum pieces = run(data + 1, size - 1, piece, filtered ? "ip or ip6" : "");
  if (!filtered) {
    const Sum whole = run(data + 1, size - 1, size, "");
    require(whole.packets == pieces.packets && whole.bytes == pieces.bytes);
  }
  return 0;
}
