// Packets of a live link, by libpcap: every link that ring_source.h does not read. Before it: the
// kernel; after it: the worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "capture/open.h"
#include "capture/packet_source.h"
#include "capture/pcap_link.h"
#include "capture/wakeup.h"

struct pcap_pkthdr;

namespace panoptes {

// Frames are handed on where the kernel put them and are valid during the sink call only.
class LiveSource final : public PacketSource {
 public:
  explicit LiveSource(const LiveOptions& options);

  bool open();  // false: see error()

  ReadState read(std::size_t most, PacketSink sink, void* context) override;
  void wait(int timeout_ms) override;
  void interrupt() override { wakeup_.signal(); }
  const std::string& name() const override { return options_.interface; }
  bool live() const override { return true; }
  bool stable() const override { return false; }
  SourceCounters counters() override;
  const SourceMessage& error() const override { return error_; }
  SourceMessage take_warning() override;

 private:
  struct Delivery;
  static void on_packet(unsigned char* delivery, const pcap_pkthdr* header,
                        const unsigned char* data);
  bool fail(std::string code, const std::string& message, std::string hint);
  ReadState lost();

  LiveOptions options_;
  PcapLink link_;
  Wakeup wakeup_;
  int fd_ = -1;
  unsigned index_ = 0;  // of the interface, to notice when another one took its name
  std::uint16_t link_type_ = 0;
  std::int64_t fraction_ns_ = 1000;  // a unit of the fraction of a second
  bool failed_ = false;
  SourceCounters counters_;
  std::uint32_t last_[3] = {};  // libpcap's counters, which wrap at 32 bits
  SourceMessage error_;
  SourceMessage warning_;
};

}  // namespace panoptes
