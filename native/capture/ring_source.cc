#include "capture/ring_source.h"

#ifdef __linux__
#include <fcntl.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "capture/link_types.h"
#include "capture/pcap_link.h"

namespace panoptes {
namespace {

constexpr int kLongestWaitMs = 100;
constexpr std::uint32_t kMacBytes = 12;  // both addresses: the VLAN tag comes behind them
constexpr std::uint32_t kTagBytes = 4;

void store_be16(std::uint8_t* at, std::uint32_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}

bool was_sent(const std::uint8_t* frame) {
  const auto* from =
      reinterpret_cast<const sockaddr_ll*>(frame + TPACKET_ALIGN(sizeof(tpacket3_hdr)));
  return from->sll_pkttype == PACKET_OUTGOING;
}

std::string mebibytes(std::size_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

}  // namespace

RingSource::Opened RingSource::unsuitable(const std::string& why) {
  error_ = {"capture-failed", "no ring for " + options_.interface + ": " + why,
            "leave out --capture-method, and libpcap captures there"};
  failed_ = true;
  return Opened::unsuitable;
}

// libpcap knows best what a link is, and what a capture filter means there. It opens the link as it
// would to capture, but for a small buffer, and finds all that is wrong.
RingSource::Opened RingSource::open() {
  LiveOptions look = options_;
  look.buffer_bytes = 1;
  look.promiscuous = false;
  std::vector<FilterStep> program;
  {
    PcapLink link(look);
    if (!link.open(kLongestWaitMs) || !link.compile(program)) {
      error_ = link.error();
      failed_ = true;
      return Opened::no;
    }
    if (link.link_type() != kLinkTypeEthernet) return unsuitable("it is no Ethernet");
    warning_ = link.warning();
  }
  std::string why;
  if (!ring_.open(options_, std::move(program), why)) return unsuitable(why);
  misses_.open(options_.interface);
  const auto wanted = static_cast<std::size_t>(options_.buffer_bytes);
  if (ring_.bytes() < wanted / 2) {
    warning_ = {"capture-failed",
                options_.interface + ": the kernel has a buffer of " + mebibytes(ring_.bytes()) +
                    " instead of " + mebibytes(wanted),
                "capturing goes on with it"};
  }
  return Opened::yes;
}

// What is seen here lies in the ring until the next call, and the worker has accounted it by then.
ReadState RingSource::read(std::size_t most, PacketSink sink, void* context) {
  if (failed_) return ReadState::failed;
  ring_.give_back(left_ == 0 ? 0 : 1);
  std::size_t seen = 0;
  while (seen < most) {
    if (left_ == 0) {
      PacketRing::Block block;
      if (!ring_.take(block)) break;
      frame_ = block.first;
      left_ = block.frames;
      continue;
    }
    std::uint8_t* const frame = frame_;
    frame_ += reinterpret_cast<const tpacket3_hdr*>(frame)->tp_next_offset;
    --left_;
    ++seen;
    if (ring_.is_loopback() && was_sent(frame)) continue;
    sink(context, packet_at(frame));
  }
  if (seen != 0) return ReadState::more;
  if (link_is_there()) return ReadState::idle;
  failed_ = true;
  return ReadState::failed;
}

RawPacket RingSource::packet_at(std::uint8_t* frame) const {
  const auto& header = *reinterpret_cast<const tpacket3_hdr*>(frame);
  std::uint8_t* data = frame + header.tp_mac;
  std::uint32_t captured = header.tp_snaplen;
  std::uint32_t wire = header.tp_len;
  // The kernel takes the outermost tag off; here it gets its place back.
  if ((header.tp_status & TP_STATUS_VLAN_VALID) != 0 && captured >= kMacBytes) {
    data -= kTagBytes;
    std::memmove(data, data + kTagBytes, kMacBytes);
    const bool typed = (header.tp_status & TP_STATUS_VLAN_TPID_VALID) != 0;
    store_be16(data + kMacBytes, typed ? header.hv1.tp_vlan_tpid : 0x8100U);
    store_be16(data + kMacBytes + 2, header.hv1.tp_vlan_tci);
    captured += kTagBytes;
    wire += kTagBytes;
  }
  captured = std::min(captured, static_cast<std::uint32_t>(options_.snaplen));
  const std::int64_t time_ns = std::int64_t{header.tp_sec} * 1'000'000'000 + header.tp_nsec;
  return {data, captured, wire, time_ns, kLinkTypeEthernet};
}

void RingSource::wait(int timeout_ms) {
  const int most = timeout_ms < 0 ? kLongestWaitMs : std::min(timeout_ms, kLongestWaitMs);
  woken_ = wakeup_.wait(ring_.descriptor(), most);
  wakeup_.take();
}

// A link that goes down may come up again, and is waited for. The kernel tells that it went down,
// but not that it is gone.
bool RingSource::link_is_there() {
  if (std::exchange(woken_, false)) {
    const int error = ring_.take_error();
    if (error == ENETDOWN) {
      down_ = true;
    } else if (error != 0) {
      error_ = {"capture-failed",
                "capturing on " + options_.interface +
                    " failed: " + std::generic_category().message(error),
                ""};
      return false;
    }
  }
  if (!down_) return true;
  const PacketRing::Link link = ring_.link();
  down_ = link == PacketRing::Link::down;
  if (link != PacketRing::Link::gone) return true;
  error_ = {"interface-gone", "interface " + options_.interface + " has disappeared",
            "what was captured before is kept"};
  return false;
}

InterfaceMisses::~InterfaceMisses() {
  for (const int fd : counters_) {
    if (fd >= 0) ::close(fd);
  }
}

void InterfaceMisses::open(const std::string& interface) {
  const std::string folder = "/sys/class/net/" + interface + "/statistics/";
  counters_[0] = ::open((folder + "rx_missed_errors").c_str(), O_RDONLY | O_CLOEXEC);
  counters_[1] = ::open((folder + "rx_fifo_errors").c_str(), O_RDONLY | O_CLOEXEC);
  before_ = read();
}

std::uint64_t InterfaceMisses::read() const {
  std::uint64_t sum = 0;
  for (const int fd : counters_) {
    char text[24];
    const ssize_t n = fd < 0 ? 0 : ::pread(fd, text, sizeof text, 0);
    std::uint64_t count = 0;
    if (n > 0 && std::from_chars(text, text + n, count).ec == std::errc()) sum += count;
  }
  return sum;
}

std::uint64_t InterfaceMisses::since_last() {
  const std::uint64_t now = read();
  const std::uint64_t before = std::exchange(before_, now);
  return now > before ? now - before : 0;
}

SourceCounters RingSource::counters() {
  ring_.add_counters(counters_);
  counters_.if_dropped += misses_.since_last();
  return counters_;
}

SourceMessage RingSource::take_warning() { return std::exchange(warning_, {}); }

}  // namespace panoptes
#endif
