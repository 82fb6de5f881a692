// A pipe to oneself: portable, and poll() waits for it beside any other descriptor.
#include "capture/wakeup.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace panoptes {

Wakeup::Wakeup() {
  if (::pipe(ends_) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  for (const int end : ends_) {
    ::fcntl(end, F_SETFL, O_NONBLOCK);
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
  }
}

Wakeup::~Wakeup() {
  ::close(ends_[0]);
  ::close(ends_[1]);
}

void Wakeup::signal() {
  if (signalled_.exchange(true)) return;
  const char byte = 0;
  // The pipe is empty here but for a race that leaves a byte too many, so there is always room.
  [[maybe_unused]] const auto written = ::write(ends_[1], &byte, 1);
}

bool Wakeup::take() {
  if (!signalled_.load(std::memory_order_relaxed)) return false;
  char bytes[16];
  while (::read(ends_[0], bytes, sizeof bytes) > 0) {
  }
  return signalled_.exchange(false);
}

bool Wakeup::wait(int fd, int timeout_ms) {
  pollfd fds[2] = {{.fd = ends_[0], .events = POLLIN, .revents = 0},
                   {.fd = fd, .events = POLLIN, .revents = 0}};
  if (::poll(fds, fd < 0 ? 1 : 2, timeout_ms) <= 0) return false;
  return fd >= 0 && fds[1].revents != 0;
}

}  // namespace panoptes
