// Where the bytes of a capture file come from. Before it: a descriptor or a Feed; after it:
// StreamBuffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "capture/wakeup.h"

namespace panoptes {

enum class InputState : std::uint8_t {
  bytes,        // at least one was read
  nothing,      // none there now (only inputs that never block)
  interrupted,  // interrupt() was called
  end,
  failed,  // failure() says why
};

// A pipe or feed that is silent for so long is idle: who reads the records wants those that are
// there.
inline constexpr int kPatienceMs = 200;

class ByteInput {
 public:
  virtual ~ByteInput() = default;
  ByteInput() = default;
  ByteInput(const ByteInput&) = delete;
  ByteInput& operator=(const ByteInput&) = delete;

  // Reads up to `size` bytes, `got` of them. Where blocking(), waits for the first one, but not for
  // ever: a pipe may answer `nothing`.
  virtual InputState read(std::uint8_t* to, std::size_t size, std::size_t& got) = 0;
  virtual void wait(int timeout_ms) = 0;
  virtual void interrupt() = 0;  // from any thread; ends a read() or wait(), now or the next one
  virtual bool blocking() const = 0;
  virtual std::string failure() const = 0;
};

// A file, pipe or terminal. Owns the descriptor.
class FdInput final : public ByteInput {
 public:
  explicit FdInput(int fd);
  ~FdInput() override;

  InputState read(std::uint8_t* to, std::size_t size, std::size_t& got) override;
  void wait(int) override {}
  void interrupt() override { wakeup_.signal(); }
  bool blocking() const override { return true; }
  std::string failure() const override;

  bool regular() const { return regular_; }

 private:
  Wakeup wakeup_;
  int fd_;
  bool regular_;  // a file on disk: reading it does not wait for anybody
  int errno_ = 0;
};

}  // namespace panoptes
