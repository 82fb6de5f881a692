// Several sockets that share the packets of one link between them: a PACKET_FANOUT group of Linux
// (packet(7)). Beside the sources of live links, which join it; asked by probe/ for one source a
// thread.
//
// Who gets a packet is told by its outermost IP addresses, so that all flows between two hosts,
// both their directions and all their fragments come to one thread, and all that a tunnel carries
// to the one that has its two ends. The kernel's own hash is over ports, which fragments lack and
// which tunnels choose anew in each direction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "capture/open.h"
#include "capture/packet_source.h"

struct sock_filter;

namespace panoptes {

// What the program that shares packets out finds in front of them.
enum class FanoutFrames : std::uint8_t {
  ethernet,  // a MAC header
  network    // the kernel says which protocol it is
};

// The program, in the words of classic BPF: a number for each two ends. ARP is 0, as are frames
// without IP that have no MAC addresses either. Without IP the MAC addresses are the ends.
std::vector<sock_filter> fanout_program(FanoutFrames frames);

// Makes the bound socket `fd` a member of a group that FanoutLink has opened. False: see `error`.
bool join_fanout(int fd, int group, std::string& error);

// A link that is read by `size` sources.
class FanoutLink {
 public:
  FanoutLink(const LiveOptions& options, std::size_t size)
      : options_(options), size_(size), begin_ns_(std::make_shared<std::int64_t>(0)) {}

  // The source of one of the threads, any of them, each once. The first call opens all sources: one
  // that fails fails for all, and says why to the first caller, to the others nothing (no code).
  std::unique_ptr<PacketSource> take(std::size_t index, SourceMessage& error);
  // Packets that are older than this came while the group was not complete; valid after take().
  std::shared_ptr<const std::int64_t> begin_ns() const { return begin_ns_; }

 private:
  bool open(SourceMessage& error);

  LiveOptions options_;
  std::size_t size_;
  std::shared_ptr<std::int64_t> begin_ns_;
  std::mutex mutex_;
  bool tried_ = false;
  std::vector<std::unique_ptr<PacketSource>> sources_;
};

}  // namespace panoptes
