// A packet socket and the memory that the kernel writes its frames into (AF_PACKET, PACKET_RX_RING,
// TPACKET_V3; Linux). Below ring_source.h, which reads the frames.
//
// Words: the ring is cut into blocks. The kernel fills them in turn and hands a block over when it
// is full, or a moment after its first frame. A block that was taken is the reader's until it is
// given back; while all blocks are his, the kernel drops packets and counts them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "capture/open.h"
#include "capture/packet_source.h"
#include "capture/pcap_link.h"

namespace panoptes {

class PacketRing {
 public:
  struct Block {
    const std::uint8_t* first = nullptr;  // frame, a tpacket3_hdr
    std::uint32_t frames = 0;
  };

  PacketRing() = default;
  ~PacketRing();
  PacketRing(const PacketRing&) = delete;
  PacketRing& operator=(const PacketRing&) = delete;

  // False: `why` says what the kernel refused.
  bool open(const LiveOptions& options, std::vector<FilterStep> program, std::string& why);

  // The next block that the kernel has handed over. False: there is none, or all are taken.
  bool take(Block& block);
  // Gives back the oldest blocks that were taken, all but `keep` of them.
  void give_back(std::uint32_t keep);

  int descriptor() const { return fd_; }
  std::size_t bytes() const { return bytes_; }
  // Adds what the kernel has counted since the last call.
  void add_counters(SourceCounters& counters);
  // The pending error of the socket, as errno; 0: none. Forgets it.
  int take_error();
  // Frames that are sent come back as received ones, and come from the ring once.
  bool is_loopback() const { return is_loopback_; }
  enum class Link : std::uint8_t { up, down, gone };
  Link link() const;

 private:
  bool map(std::size_t wanted);
  bool attach_filter(const std::vector<FilterStep>& program);
  bool find(const std::string& name);
  bool set_mode(bool promiscuous);
  bool bind_to_link();
  bool share_link(const LiveOptions& options, std::string& why);

  int fd_ = -1;
  int interface_ = 0;  // its index
  bool is_loopback_ = false;
  std::uint8_t* ring_ = nullptr;
  std::size_t bytes_ = 0;
  std::uint32_t blocks_ = 0;
  std::uint32_t next_ = 0;  // to take
  std::uint32_t held_ = 0;  // taken and not given back: those before next_
};

}  // namespace panoptes
