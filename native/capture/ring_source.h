// Packets of a live Ethernet link, read where the kernel put them. Before it: packet_ring.h; after
// it: the worker. Other links, and kernels that refuse a ring: live_source.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "capture/open.h"
#include "capture/packet_ring.h"
#include "capture/packet_source.h"
#include "capture/wakeup.h"

namespace panoptes {

// Packets that an interface had no room for, by the counters of sysfs that libpcap reads too.
class InterfaceMisses {
 public:
  InterfaceMisses() = default;
  ~InterfaceMisses();
  InterfaceMisses(const InterfaceMisses&) = delete;
  InterfaceMisses& operator=(const InterfaceMisses&) = delete;

  void open(const std::string& interface);
  std::uint64_t since_last();

 private:
  std::uint64_t read() const;

  int counters_[2] = {-1, -1};  // files; they stay open, since they are read several times a second
  std::uint64_t before_ = 0;
};

// Frames stay where they are, and as they are, until the next read(): the blocks that they lie in
// are given back to the kernel then.
class RingSource final : public PacketSource {
 public:
  enum class Opened : std::uint8_t {
    yes,
    no,          // for a reason that holds for libpcap as well: see error()
    unsuitable,  // this link or this kernel has no ring; error() says why
  };

  explicit RingSource(const LiveOptions& options) : options_(options) {}

  Opened open();

  ReadState read(std::size_t most, PacketSink sink, void* context) override;
  void wait(int timeout_ms) override;
  void interrupt() override { wakeup_.signal(); }
  const std::string& name() const override { return options_.interface; }
  bool live() const override { return true; }
  bool stable() const override { return true; }
  SourceCounters counters() override;
  const SourceMessage& error() const override { return error_; }
  SourceMessage take_warning() override;

 private:
  Opened unsuitable(const std::string& why);
  void look_ahead();
  RawPacket packet_at(const std::uint8_t* frame) const;
  bool link_is_there();

  LiveOptions options_;
  PacketRing ring_;
  Wakeup wakeup_;
  const std::uint8_t* frame_ = nullptr;  // the next one to deliver, if frames are left in its block
  std::uint32_t left_ = 0;
  const std::uint8_t* ahead_ = nullptr;  // the next one to look at before its turn, of its block,
  std::uint32_t unseen_ = 0;             // where so many were not
  bool woken_ = false;                   // poll() saw something of the socket
  bool down_ = false;                    // the link, when last looked at
  bool failed_ = false;
  InterfaceMisses misses_;
  SourceCounters counters_;
  SourceMessage error_;
  SourceMessage warning_;
};

}  // namespace panoptes
