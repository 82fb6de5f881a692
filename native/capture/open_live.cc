// Opens a live link: by the ring where that is possible and not ruled out, else by libpcap.
#include <exception>
#include <memory>
#include <utility>

#include "capture/live_source.h"
#include "capture/open.h"
#include "capture/ring_source.h"

namespace panoptes {
namespace {

std::unique_ptr<PacketSource> open_by_pcap(const LiveOptions& options, SourceMessage& error) {
  auto source = std::make_unique<LiveSource>(options);
  if (source->open()) return source;
  error = source->error();
  return nullptr;
}

}  // namespace

std::unique_ptr<PacketSource> open_live(const LiveOptions& options, SourceMessage& error) try {
  error = {};
  if (options.method == CaptureMethod::pcap) return open_by_pcap(options, error);
#ifdef __linux__
  auto source = std::make_unique<RingSource>(options);
  const RingSource::Opened opened = source->open();
  if (opened == RingSource::Opened::yes) return source;
  if (opened == RingSource::Opened::unsuitable && options.method == CaptureMethod::automatic) {
    source.reset();
    return open_by_pcap(options, error);
  }
  error = source->error();
  return nullptr;
#else
  if (options.method == CaptureMethod::automatic) return open_by_pcap(options, error);
  error = {"capture-failed", "no ring for " + options.interface + ": Linux only",
           "leave out --capture-method"};
  return nullptr;
#endif
} catch (const std::exception& failure) {
  error = {"capture-failed", "cannot capture on " + options.interface + ": " + failure.what(), ""};
  return nullptr;
}

}  // namespace panoptes
