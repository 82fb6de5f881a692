#include "capture/ring_source.h"

#ifdef __linux__
#include <fcntl.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>
#include <vector>

#include "base/prefetch.h"
#include "capture/frame_trim.h"
#include "capture/link_types.h"
#include "capture/pcap_link.h"

namespace panoptes {
namespace {

constexpr int kLongestWaitMs = 100;

constexpr std::uint32_t kAhead = 4;  // frames that are looked at before their turn
constexpr std::uint32_t kLine = 64;  // bytes, as the next ones
// How far beyond these lines are asked for that nobody has told of, and of how much, with a frame.
constexpr std::uint32_t kFar = 768, kMostFar = 256;

std::uint32_t next_offset(const std::uint8_t* frame) {
  return reinterpret_cast<const tpacket3_hdr*>(frame)->tp_next_offset;
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
  trim_frames(program, options_.trim, static_cast<std::uint32_t>(options_.snaplen));
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
      frame_ = ahead_ = block.first;
      left_ = unseen_ = block.frames;
      for (std::uint32_t i = 0; i < kAhead; ++i) look_ahead();
      continue;
    }
    const std::uint8_t* const frame = frame_;
    frame_ += next_offset(frame);
    --left_;
    look_ahead();
    ++seen;
    if (ring_.is_loopback() && was_sent(frame)) continue;
    sink(context, packet_at(frame));
  }
  if (seen != 0) return ReadState::more;
  if (link_is_there()) return ReadState::idle;
  failed_ = true;
  return ReadState::failed;
}

// The kernel wrote the frames on another core: each line of them is a wait, but for those that were
// asked for. Where a frame begins is told by the one before it, so that these waits follow one
// another; where frames are short, their lines are asked for without being told.
[[gnu::always_inline]] inline void RingSource::look_ahead() {
  if (unseen_ == 0) return;
  --unseen_;
  const std::uint8_t* const frame = ahead_;
  const std::uint32_t step = next_offset(frame);
  ahead_ += step;
  prefetch(ahead_);
  prefetch(frame + kLine);
  prefetch(frame + 2 * kLine);
  const std::uint8_t* const far = frame + kFar;
  for (std::uint32_t at = 0; at < std::min(step, kMostFar); at += kLine) prefetch(far + at);
}

RawPacket RingSource::packet_at(const std::uint8_t* frame) const {
  const auto& header = *reinterpret_cast<const tpacket3_hdr*>(frame);
  const auto snaplen = static_cast<std::uint32_t>(options_.snaplen);
  const std::int64_t time_ns = std::int64_t{header.tp_sec} * 1'000'000'000 + header.tp_nsec;
  RawPacket packet{frame + header.tp_mac, std::min(header.tp_snaplen, snaplen), header.tp_len,
                   time_ns, kLinkTypeEthernet};
  // The tag does not go back to its place: whoever writes there waits, and whoever reads what was
  // written, until the other core lets go of the line.
  if ((header.tp_status & TP_STATUS_VLAN_VALID) != 0) {
    packet.captured = std::min(header.tp_snaplen, snaplen - RawPacket::kTagBytes);
    packet.wire += RawPacket::kTagBytes;
    packet.tag = static_cast<std::uint16_t>(header.hv1.tp_vlan_tci);
  }
  return packet;
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
