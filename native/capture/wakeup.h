// Lets one thread end another's poll(). Used by every source that can block.
#pragma once

#include <atomic>

namespace panoptes {

// A signal stays until it is taken, so that one that comes before the wait is not lost.
class Wakeup {
 public:
  Wakeup();  // throws std::system_error where no descriptors are left
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  void signal();  // from any thread
  bool take();    // whether it was signalled; forgets it

  // Until `fd` is readable (or has an error), `timeout_ms` have passed (negative: for ever), or a
  // signal, which stays. fd -1: only these two. True where `fd` has something to say.
  bool wait(int fd, int timeout_ms);

 private:
  std::atomic<bool> signalled_ = false;
  int ends_[2] = {-1, -1};
};

}  // namespace panoptes
