// No packet of before the filter, and none of other interfaces: the socket has no protocol, so it
// receives nothing, until all is in place and it is bound.
#include "capture/packet_ring.h"

#ifdef __linux__
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <system_error>

#include "capture/fanout.h"

namespace panoptes {
namespace {

// Room for the longest frame that may be asked for (262144 bytes), but for the headers of its
// block: what libpcap gives it too.
constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
constexpr std::size_t kFewestBlocks = 4;
// A block that is not full is handed over so soon: a packet waits no longer on a quiet link. Each
// such block is one that a reader who sleeps has not: 64 MiB last for 5 s on any link.
constexpr unsigned kHandOverMs = 20;
constexpr std::uint32_t kLongestFrame = 262144;

template <typename Value>
bool set(int fd, int level, int name, const Value& value) {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

tpacket_hdr_v1& header(std::uint8_t* block) {
  return reinterpret_cast<tpacket_block_desc*>(block)->hdr.bh1;
}

}  // namespace

PacketRing::~PacketRing() {
  if (ring_ != nullptr) ::munmap(ring_, bytes_);
  if (fd_ >= 0) ::close(fd_);
}

bool PacketRing::open(const LiveOptions& options, std::vector<FilterStep> program,
                      std::string& why) {
  const auto refused = [&](const char* what) {
    why = std::string(what) + ": " + std::generic_category().message(errno);
    return false;
  };
  fd_ = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return refused("packet socket");
  if (!find(options.interface)) return refused("interface");
  if (!map(static_cast<std::size_t>(options.buffer_bytes))) return refused("ring");
  const auto snaplen = static_cast<std::uint32_t>(options.snaplen);
  if (program.empty() && snaplen < kLongestFrame) {
    program.push_back({BPF_RET | BPF_K, 0, 0, snaplen});
  }
  const bool shared = options.fanout_group >= 0;
  if (!attach_filter(shared ? std::vector<FilterStep>{{BPF_RET | BPF_K, 0, 0, 0}} : program)) {
    return refused("filter in the kernel");
  }
  if (!set_mode(options.promiscuous)) return refused("promiscuous mode");
  if (!bind_to_link()) return refused("bind");
  if (!shared) return true;
  return share_link(options, why) && (attach_filter(program) || refused("filter in the kernel"));
}

bool PacketRing::find(const std::string& name) {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  if (::ioctl(fd_, SIOCGIFINDEX, &request) != 0) return false;
  interface_ = request.ifr_ifindex;
  if (::ioctl(fd_, SIOCGIFHWADDR, &request) != 0) return false;
  is_loopback_ = request.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK;
  return true;
}

// Less than was wanted where the kernel has no more.
bool PacketRing::map(std::size_t wanted) {
  if (!set(fd_, SOL_PACKET, PACKET_VERSION, int{TPACKET_V3})) return false;
  std::size_t blocks = std::max(wanted / kBlockBytes, kFewestBlocks);
  for (;; blocks = std::max(blocks / 2, kFewestBlocks)) {
    tpacket_req3 request{};
    request.tp_block_size = kBlockBytes;
    request.tp_block_nr = static_cast<unsigned>(blocks);
    request.tp_frame_size = kBlockBytes;  // of no meaning in this version, but checked
    request.tp_frame_nr = request.tp_block_nr;
    request.tp_retire_blk_tov = kHandOverMs;
    if (set(fd_, SOL_PACKET, PACKET_RX_RING, request)) break;
    if (errno != ENOMEM || blocks == kFewestBlocks) return false;
  }
  void* const at =
      ::mmap(nullptr, blocks * kBlockBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (at == MAP_FAILED) return false;
  ring_ = static_cast<std::uint8_t*>(at);
  bytes_ = blocks * kBlockBytes;
  blocks_ = static_cast<std::uint32_t>(blocks);
  return true;
}

// An empty program lets everything through.
bool PacketRing::attach_filter(const std::vector<FilterStep>& program) {
  if (program.empty()) {
    return set(fd_, SOL_SOCKET, SO_DETACH_FILTER, int{0}) || errno == ENOENT;
  }
  if (program.size() > 0xffff) {
    errno = E2BIG;
    return false;
  }
  std::vector<sock_filter> steps;
  for (const FilterStep& s : program) {
    steps.push_back({s.code, s.jump_true, s.jump_false, s.value});
  }
  const sock_fprog filter{static_cast<unsigned short>(steps.size()), steps.data()};
  return set(fd_, SOL_SOCKET, SO_ATTACH_FILTER, filter);
}

bool PacketRing::set_mode(bool promiscuous) {
  // Linux 4.20; before that, whoever reads sorts them out.
  if (is_loopback_) set(fd_, SOL_PACKET, PACKET_IGNORE_OUTGOING, int{1});
  packet_mreq all{};
  all.mr_ifindex = interface_;
  all.mr_type = PACKET_MR_PROMISC;
  return !promiscuous || set(fd_, SOL_PACKET, PACKET_ADD_MEMBERSHIP, all);
}

bool PacketRing::bind_to_link() {
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_protocol = htons(ETH_P_ALL);
  to.sll_ifindex = interface_;
  if (::bind(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return false;
  errno = take_error();
  return errno == 0;
}

// It is bound, and a filter lets nothing through until this returns, so no packet comes twice.
bool PacketRing::share_link(const LiveOptions& options, std::string& why) {
  return join_fanout(fd_, options.fanout_group, why);
}

bool PacketRing::take(Block& block) {
  if (held_ == blocks_) return false;
  std::uint8_t* const at = ring_ + std::size_t{next_} * kBlockBytes;
  tpacket_hdr_v1& head = header(at);
  const std::atomic_ref<__u32> status(head.block_status);
  if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return false;
  block = {at + head.offset_to_first_pkt, head.num_pkts};
  next_ = next_ + 1 < blocks_ ? next_ + 1 : 0;
  ++held_;
  return true;
}

void PacketRing::give_back(std::uint32_t keep) {
  for (; held_ > keep; --held_) {
    const std::uint32_t oldest = next_ >= held_ ? next_ - held_ : next_ + blocks_ - held_;
    const std::atomic_ref<__u32> status(
        header(ring_ + std::size_t{oldest} * kBlockBytes).block_status);
    status.store(TP_STATUS_KERNEL, std::memory_order_release);
  }
}

void PacketRing::add_counters(SourceCounters& counters) {
  tpacket_stats_v3 stats{};  // the kernel starts at 0 again when it is asked
  socklen_t size = sizeof stats;
  if (::getsockopt(fd_, SOL_PACKET, PACKET_STATISTICS, &stats, &size) != 0) return;
  counters.received += stats.tp_packets;
  counters.dropped += stats.tp_drops;
}

int PacketRing::take_error() {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

PacketRing::Link PacketRing::link() const {
  sockaddr_ll bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return Link::gone;
  ifreq request{};
  request.ifr_ifindex = bound.sll_ifindex;  // -1 once the interface is gone
  if (::ioctl(fd_, SIOCGIFNAME, &request) != 0) return Link::gone;
  if (::ioctl(fd_, SIOCGIFFLAGS, &request) != 0) return Link::gone;
  return (request.ifr_flags & IFF_UP) != 0 ? Link::up : Link::down;
}

}  // namespace panoptes
#endif
