// The bytes of a capture file handed over in memory by another thread (unpacked files, sample
// traffic).
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "capture/packet_source.h"

namespace panoptes {

// A bounded queue of byte chunks between one writer and one source. All chunks together are one
// capture file: its header comes once. Chunks may end anywhere.
class Feed {
 public:
  static constexpr std::size_t kMostChunks = 64;
  static constexpr std::size_t kMostBytes = std::size_t{4} << 20;

  Feed() = default;
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // The writer's side. The bytes must stay until release() is called (on the source's thread, or at
  // once where nobody reads any more). Always takes the chunk. False: full; push no more until
  // `drained`.
  bool push(const std::uint8_t* bytes, std::size_t size, std::function<void()> release);
  void end();  // no more chunks will come
  // Called on the source's thread after a push() that returned false, once half of it is used up or
  // the source has gone. Set it before the source reads.
  void set_drained(std::function<void()> drained);

  // The source's side.
  enum class Taken : std::uint8_t { bytes, nothing, interrupted, end };
  Taken take(std::uint8_t* to, std::size_t size, std::size_t& got, bool block);
  void wait(int timeout_ms);
  void interrupt();
  void close();  // releases what is left; later chunks are released at once

 private:
  struct Chunk {
    const std::uint8_t* bytes;
    std::size_t size;
    std::function<void()> release;
  };
  bool full() const { return chunks_.size() >= kMostChunks || bytes_ >= kMostBytes; }
  bool ready() const { return !chunks_.empty() || ended_ || interrupted_; }
  std::function<void()> drained_if_due();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Chunk> chunks_;
  std::size_t bytes_ = 0;  // in all chunks, used ones not counted
  std::size_t used_ = 0;   // of the first chunk; the source's own
  bool ended_ = false;
  bool closed_ = false;
  bool interrupted_ = false;
  bool writer_waits_ = false;
  std::function<void()> drained_;
};

// `live`: an empty feed is idle instead of being waited for. `name` is for messages. nullptr: see
// error.
std::unique_ptr<PacketSource> open_feed(std::string name, std::shared_ptr<Feed> feed, bool live,
                                        std::string filter, SourceMessage& error);

}  // namespace panoptes
