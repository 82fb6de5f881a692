// Reads a descriptor in large pieces; a pipe is polled first, so that interrupt() works.
#include "capture/byte_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace panoptes {

FdInput::FdInput(int fd) : fd_(fd) {
  struct stat status {};
  regular_ = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
#ifdef POSIX_FADV_SEQUENTIAL
  if (regular_) ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
}

FdInput::~FdInput() { ::close(fd_); }

InputState FdInput::read(std::uint8_t* to, std::size_t size, std::size_t& got) {
  got = 0;
  for (;;) {
    if (wakeup_.take()) return InputState::interrupted;
    if (!regular_ && !wakeup_.wait(fd_, kPatienceMs)) {
      return wakeup_.take() ? InputState::interrupted : InputState::nothing;
    }
    const ssize_t n = ::read(fd_, to, size);
    if (n > 0) {
      got = static_cast<std::size_t>(n);
      return InputState::bytes;
    }
    if (n == 0) return InputState::end;
    if (errno == EINTR || errno == EAGAIN) continue;
    errno_ = errno;
    return InputState::failed;
  }
}

std::string FdInput::failure() const { return std::generic_category().message(errno_); }

}  // namespace panoptes
