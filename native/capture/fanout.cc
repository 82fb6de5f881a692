#include "capture/fanout.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/clock.h"

#ifdef __linux__
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace panoptes {

#ifdef __linux__
namespace {

constexpr int kLeastBuffer = 1 << 20;

SourceMessage failure(const std::string& interface, const std::string& what) {
  return {"capture-failed",
          "cannot share out the packets of " + interface + " to several threads: " + what,
          "one thread needs no sharing: --threads 1"};
}

// A socket that holds a place in a new group until the members have joined: the kernel chooses the
// number of a group for its first socket only, and one that is chosen by us may be somebody's.
class Placeholder {
 public:
  Placeholder() = default;
  ~Placeholder() {
    if (fd_ >= 0) close(fd_);
  }
  Placeholder(const Placeholder&) = delete;
  Placeholder& operator=(const Placeholder&) = delete;

  // The group's number; -1: see `error`.
  int open(const std::string& interface, SourceMessage& error);

 private:
  int fd_ = -1;
};

FanoutFrames frames_of(int fd, const std::string& interface) {
  ifreq request{};
  interface.copy(request.ifr_name, sizeof request.ifr_name - 1);
  if (interface == "any" || ioctl(fd, SIOCGIFHWADDR, &request) != 0) return FanoutFrames::network;
  const int type = request.ifr_hwaddr.sa_family;
  return type == ARPHRD_ETHER || type == ARPHRD_LOOPBACK ? FanoutFrames::ethernet
                                                         : FanoutFrames::network;
}

int Placeholder::open(const std::string& interface, SourceMessage& error) {
  const auto fail = [&](const char* what) {
    error = failure(interface, std::string(what) + ": " + std::strerror(errno));
    return -1;
  };
  fd_ = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);  // protocol 0: it gets nothing yet
  if (fd_ < 0) return fail("socket");
  sock_filter nothing[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
  const sock_fprog reject{1, nothing};
  if (setsockopt(fd_, SOL_SOCKET, SO_ATTACH_FILTER, &reject, sizeof reject) != 0) {
    return fail("SO_ATTACH_FILTER");
  }
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex =
      interface == "any" ? 0 : static_cast<int>(if_nametoindex(interface.c_str()));
  if (bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail("bind");
  }
  const std::uint32_t type = std::uint32_t{PACKET_FANOUT_CBPF | PACKET_FANOUT_FLAG_UNIQUEID} << 16;
  if (setsockopt(fd_, SOL_PACKET, PACKET_FANOUT, &type, sizeof type) != 0) {
    return fail("PACKET_FANOUT");
  }
  auto program = fanout_program(frames_of(fd_, interface));
  const sock_fprog code{static_cast<unsigned short>(program.size()), program.data()};
  if (setsockopt(fd_, SOL_PACKET, PACKET_FANOUT_DATA, &code, sizeof code) != 0) {
    return fail("PACKET_FANOUT_DATA");
  }
  int told = 0;
  socklen_t size = sizeof told;
  if (getsockopt(fd_, SOL_PACKET, PACKET_FANOUT, &told, &size) != 0) return fail("PACKET_FANOUT");
  return told & 0xffff;
}

}  // namespace

bool join_fanout(int fd, int group, std::string& error) {
  const std::uint32_t member = static_cast<std::uint32_t>(group) | std::uint32_t{PACKET_FANOUT_CBPF}
                                                                       << 16;
  if (setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &member, sizeof member) == 0) return true;
  error = std::string("PACKET_FANOUT: ") + std::strerror(errno);
  return false;
}

bool FanoutLink::open(SourceMessage& error) {
  LiveOptions member = options_;
  member.buffer_bytes = std::max(options_.buffer_bytes / static_cast<int>(size_), kLeastBuffer);
  Placeholder placeholder;
  member.fanout_group = placeholder.open(options_.interface, error);
  if (member.fanout_group < 0) {
    // Of a link that is not there or may not be read, a source says more.
    if (SourceMessage better; open_live(options_, better) == nullptr) error = better;
    return false;
  }
  std::vector<std::unique_ptr<PacketSource>> sources;
  for (std::size_t i = 0; i < size_; ++i) {
    auto source = open_live(member, error);
    if (!source) return false;
    sources.push_back(std::move(source));
  }
  sources_ = std::move(sources);
  return true;
}

#else

std::vector<sock_filter> fanout_program(FanoutFrames) { return {}; }

bool join_fanout(int, int, std::string& error) {
  error = "this system cannot";
  return false;
}

bool FanoutLink::open(SourceMessage& error) {
  error = {"capture-failed",
           "this system cannot share out the packets of a link to several threads",
           "one thread needs no sharing: --threads 1"};
  return false;
}

#endif

std::unique_ptr<PacketSource> FanoutLink::take(std::size_t index, SourceMessage& error) {
  error = {};
  const std::lock_guard lock(mutex_);
  if (!std::exchange(tried_, true) && open(error)) *begin_ns_ = realtime_ns();
  return index < sources_.size() ? std::move(sources_[index]) : nullptr;
}

}  // namespace panoptes
