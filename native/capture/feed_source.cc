// Chunks are copied into the source's buffer, which frames point into, and released at once.
#include "capture/feed_source.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>
#include <utility>

#include "capture/byte_input.h"
#include "capture/file_source.h"
#include "capture/packet_filter.h"

namespace panoptes {

Feed::~Feed() { close(); }

bool Feed::push(const std::uint8_t* bytes, std::size_t size, std::function<void()> release) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_ && !ended_ && size > 0) {
      chunks_.push_back({bytes, size, std::move(release)});
      bytes_ += size;
      writer_waits_ = full();
      changed_.notify_one();
      return !writer_waits_;
    }
  }
  if (release) release();
  return true;
}

void Feed::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_one();
}

void Feed::set_drained(std::function<void()> drained) {
  const std::lock_guard lock(mutex_);
  drained_ = std::move(drained);
}

std::function<void()> Feed::drained_if_due() {
  const bool low = chunks_.size() <= kMostChunks / 2 && bytes_ <= kMostBytes / 2;
  if (!writer_waits_ || !(low || closed_)) return {};
  writer_waits_ = false;
  return drained_;
}

Feed::Taken Feed::take(std::uint8_t* to, std::size_t size, std::size_t& got, bool block) {
  got = 0;
  Chunk* chunk = nullptr;
  {
    std::unique_lock lock(mutex_);
    if (block) {
      changed_.wait_for(lock, std::chrono::milliseconds(kPatienceMs), [this] { return ready(); });
    }
    if (std::exchange(interrupted_, false)) return Taken::interrupted;
    if (chunks_.empty()) return ended_ ? Taken::end : Taken::nothing;
    chunk = &chunks_.front();  // a deque keeps it in place while the writer appends
  }
  got = std::min(size, chunk->size - used_);
  std::memcpy(to, chunk->bytes + used_, got);
  used_ += got;
  if (used_ < chunk->size) return Taken::bytes;

  std::function<void()> release;
  std::function<void()> drained;
  {
    const std::lock_guard lock(mutex_);
    bytes_ -= chunk->size;
    release = std::move(chunk->release);
    chunks_.pop_front();
    used_ = 0;
    drained = drained_if_due();
  }
  if (release) release();
  if (drained) drained();
  return Taken::bytes;
}

void Feed::wait(int timeout_ms) {
  std::unique_lock lock(mutex_);
  const auto is_ready = [this] { return ready(); };
  if (timeout_ms < 0) {
    changed_.wait(lock, is_ready);
  } else {
    changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), is_ready);
  }
  interrupted_ = false;
}

void Feed::interrupt() {
  const std::lock_guard lock(mutex_);
  interrupted_ = true;
  changed_.notify_one();
}

void Feed::close() {
  std::deque<Chunk> left;
  std::function<void()> drained;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    left.swap(chunks_);
    bytes_ = 0;
    used_ = 0;
    drained = drained_if_due();
  }
  for (const Chunk& chunk : left) {
    if (chunk.release) chunk.release();
  }
  if (drained) drained();
}

namespace {

class FeedInput final : public ByteInput {
 public:
  FeedInput(std::shared_ptr<Feed> feed, bool live) : feed_(std::move(feed)), live_(live) {}
  ~FeedInput() override { feed_->close(); }

  InputState read(std::uint8_t* to, std::size_t size, std::size_t& got) override {
    switch (feed_->take(to, size, got, !live_)) {
      case Feed::Taken::bytes:
        return InputState::bytes;
      case Feed::Taken::nothing:
        return InputState::nothing;
      case Feed::Taken::interrupted:
        return InputState::interrupted;
      case Feed::Taken::end:
        break;
    }
    return InputState::end;
  }
  void wait(int timeout_ms) override { feed_->wait(timeout_ms); }
  void interrupt() override { feed_->interrupt(); }
  bool blocking() const override { return !live_; }
  std::string failure() const override { return ""; }

 private:
  std::shared_ptr<Feed> feed_;
  bool live_;
};

}  // namespace

std::unique_ptr<PacketSource> open_feed(std::string name, std::shared_ptr<Feed> feed, bool live,
                                        std::string filter, SourceMessage& error) {
  auto input = std::make_unique<FeedInput>(std::move(feed), live);
  auto bpf = make_filter(std::move(filter), error);
  if (!error.code.empty()) return nullptr;
  return std::make_unique<FileSource>(std::move(name), std::move(input), std::move(bpf));
}

}  // namespace panoptes
