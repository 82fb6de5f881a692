// Asks the kernel instead of guessing from user ids: capabilities may be there without root.
#include "capture/live_check.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#ifdef __linux__
#include <sys/socket.h>
#else
#include <fcntl.h>
#endif

namespace panoptes {

bool may_capture(std::string& why) {
  why.clear();
#ifdef __linux__
  const int fd = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
#else
  int fd = -1;
  for (int i = 0; fd < 0 && i < 256; ++i) {
    fd = ::open(("/dev/bpf" + std::to_string(i)).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno != EBUSY) break;
  }
#endif
  if (fd >= 0) {
    ::close(fd);
    return true;
  }
  const int code = errno;
#ifdef __linux__
  if (code == EPERM || code == EACCES) {
    why = "this process has not the right CAP_NET_RAW";
    return false;
  }
  why = "packet sockets do not work here: " + std::generic_category().message(code);
#else
  why = "/dev/bpf cannot be opened: " + std::generic_category().message(code);
#endif
  return false;
}

std::string capture_right_hint() {
#ifdef __linux__
  char path[4096];
  const ssize_t n = ::readlink("/proc/self/exe", path, sizeof path);
  const std::string program = n > 0 ? std::string(path, static_cast<std::size_t>(n)) : "PROGRAM";
  return "run it as root (sudo), or give the program the right once: sudo setcap cap_net_raw+ep " +
         program;
#else
  return "run it as root (sudo)";
#endif
}

}  // namespace panoptes
