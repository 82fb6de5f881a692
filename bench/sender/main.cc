// sender FILE.pcap INTERFACE PPS SECONDS CPU: sends a capture in a loop at an exact rate, on a core
// of its own, past the queueing discipline. PPS 0: as fast as it can. Every loop has other
// addresses, so that flows end and begin as on a real link. Prints one line of JSON.
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "../frames/readdress.h"
#include "frames.h"

namespace panoptes::bench {
namespace {

constexpr std::size_t kMostAtOnce = 64;
constexpr std::size_t kLargestFrame = 65535;
constexpr std::int64_t kSecond = 1'000'000'000;
// A burst is what is due in so much time: short enough that no ring notices, long enough that the
// system calls are shared.
constexpr std::int64_t kBurstNs = 50'000;
// The clock is watched for so long before a burst; what is further away is slept for.
constexpr std::int64_t kWatchNs = 80'000;
// Who was kept from sending for longer gives up what is due: catching up would be another rate.
constexpr std::int64_t kLatestNs = 20'000'000;

volatile sig_atomic_t interrupted = 0;

std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * kSecond + now.tv_nsec;
}

void wait_until(std::int64_t due) {
  const std::int64_t ahead = due - now_ns();
  if (ahead > kWatchNs) {
    const std::int64_t until = due - kWatchNs;
    const timespec at{.tv_sec = until / kSecond, .tv_nsec = until % kSecond};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
  }
  while (now_ns() < due) {
  }
}

// One socket and the messages that go through it.
class Outlet {
 public:
  explicit Outlet(Frames& frames) : frames_(frames), zeros_(kLargestFrame) {}
  ~Outlet() {
    if (fd_ >= 0) close(fd_);
  }
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  bool open(const char* interface) {
    // Protocol 0: this socket receives nothing.
    fd_ = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd_ < 0) return false;
    const int on = 1;
    if (setsockopt(fd_, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on) != 0) return false;
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_ifindex = static_cast<int>(if_nametoindex(interface));
    if (to.sll_ifindex == 0) return false;
    return bind(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }

  // Sends the next `count` frames.
  void send(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t index = next_frame();
      const std::span<std::uint8_t> captured = frames_.captured(index);
      const std::size_t rest = frames_.wire_bytes(index) - captured.size();
      parts_[i] = {iovec{captured.data(), captured.size()}, iovec{zeros_.data(), rest}};
      messages_[i].msg_hdr = {};
      messages_[i].msg_hdr.msg_iov = parts_[i].data();
      messages_[i].msg_hdr.msg_iovlen = rest > 0 ? 2 : 1;
      bytes_ += frames_.wire_bytes(index);
    }
    for (std::size_t done = 0; done < count;) {
      const int got =
          sendmmsg(fd_, messages_.data() + done, static_cast<unsigned>(count - done), 0);
      if (got > 0) {
        sent_ += static_cast<std::uint64_t>(got);
        done += static_cast<std::size_t>(got);
      } else if (errno != EINTR) {
        ++refused_;  // the first of them, by the link: go on behind it
        error_ = errno;
        ++done;
      }
    }
  }

  std::uint64_t sent() const { return sent_; }
  std::uint64_t refused() const { return refused_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t loops() const { return loop_; }
  int error() const { return error_; }

 private:
  std::size_t next_frame() {
    if (next_ == frames_.count()) {
      next_ = 0;
      mask_ = AddressMask::of_round(loop_) ^ AddressMask::of_round(loop_ + 1);
      ++loop_;
    }
    if (loop_ > 0) readdress(frames_.captured(next_), mask_);
    return next_++;
  }

  Frames& frames_;
  std::vector<std::uint8_t> zeros_;
  std::array<std::array<iovec, 2>, kMostAtOnce> parts_{};
  std::array<mmsghdr, kMostAtOnce> messages_{};
  AddressMask mask_;
  std::size_t next_ = 0;
  std::uint64_t loop_ = 0, sent_ = 0, refused_ = 0, bytes_ = 0;
  int error_ = 0;
  int fd_ = -1;
};

struct Plan {
  double packets_per_second;  // 0: as fast as it can
  double seconds;
};

struct Outcome {
  double seconds;
  std::int64_t latest_ns;  // how late a burst was at worst
  std::uint64_t given_up;  // packets that were due and not sent, because it was too late for them
};

Outcome send_all(Outlet& outlet, const Plan& plan) {
  const bool paced = plan.packets_per_second > 0;
  const double per_burst = plan.packets_per_second * static_cast<double>(kBurstNs) / kSecond;
  const std::size_t burst =
      paced ? std::clamp<std::size_t>(static_cast<std::size_t>(per_burst), 1, kMostAtOnce)
            : kMostAtOnce;
  const double gap_ns =
      paced ? static_cast<double>(burst) / plan.packets_per_second * kSecond : 0.0;
  const std::int64_t start = now_ns();
  const std::int64_t end = start + static_cast<std::int64_t>(plan.seconds * kSecond);
  Outcome outcome{};
  double due = static_cast<double>(start);
  while (interrupted == 0) {
    if (paced) wait_until(static_cast<std::int64_t>(due));
    const std::int64_t now = now_ns();
    if ((paced ? static_cast<std::int64_t>(due) : now) >= end) break;
    const std::int64_t late = paced ? now - static_cast<std::int64_t>(due) : 0;
    outcome.latest_ns = std::max(outcome.latest_ns, late);
    if (late > kLatestNs) {
      const double bursts = static_cast<double>(late) / gap_ns;
      outcome.given_up += static_cast<std::uint64_t>(bursts * static_cast<double>(burst));
      due += bursts * gap_ns;
      continue;
    }
    outlet.send(burst);
    due += gap_ns;
  }
  outcome.seconds = static_cast<double>(now_ns() - start) / kSecond;
  return outcome;
}

// A core of its own also against others that want it, where the right is there.
bool pin_to(int cpu) {
  setpriority(PRIO_PROCESS, 0, -20);
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

int run(const char* path, const char* interface, const Plan& plan, int cpu) {
  Frames frames;
  if (const std::string why = frames.load(path); !why.empty()) {
    std::fprintf(stderr, "sender: %s\n", why.c_str());
    return 1;
  }
  Outlet outlet(frames);
  if (!pin_to(cpu) || !outlet.open(interface)) {
    std::fprintf(stderr, "sender: %s on CPU %d: %s\n", interface, cpu, std::strerror(errno));
    return 1;
  }
  const Outcome outcome = send_all(outlet, plan);
  std::printf(
      "{\"sent\":%llu,\"bytes\":%llu,\"refused\":%llu,\"givenUp\":%llu,\"seconds\":%.6f,"
      "\"pps\":%.0f,\"latestUs\":%.0f,\"loops\":%llu,\"error\":\"%s\"}\n",
      static_cast<unsigned long long>(outlet.sent()),
      static_cast<unsigned long long>(outlet.bytes()),
      static_cast<unsigned long long>(outlet.refused()),
      static_cast<unsigned long long>(outcome.given_up), outcome.seconds,
      static_cast<double>(outlet.sent()) / outcome.seconds,
      static_cast<double>(outcome.latest_ns) / 1000,
      static_cast<unsigned long long>(outlet.loops()),
      outlet.error() == 0 ? "" : std::strerror(outlet.error()));
  return 0;
}

}  // namespace
}  // namespace panoptes::bench

int main(int argc, char** argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a killed benchmark leaves no sender behind
  const panoptes::bench::Plan plan{.packets_per_second = argc == 6 ? std::atof(argv[3]) : 0,
                                   .seconds = argc == 6 ? std::atof(argv[4]) : 0};
  if (plan.seconds <= 0 || plan.packets_per_second < 0) {
    std::fputs("usage: sender FILE.pcap INTERFACE PPS SECONDS CPU\n", stderr);
    return 2;
  }
  const auto stop = [](int) { panoptes::bench::interrupted = 1; };
  std::signal(SIGINT, stop);
  std::signal(SIGTERM, stop);
  return panoptes::bench::run(argv[1], argv[2], plan, std::atoi(argv[5]));
}
