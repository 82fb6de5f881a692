// Mutated packets as a source of the probe. Each frame stands alone in memory: in sanitizer builds
// a read of one byte behind it is caught, and so is a read after the frame may have gone.
#pragma once

#include <atomic>
#include <memory>

#include "capture/packet_source.h"
#include "packet_mutator.h"

namespace panoptes::mutate {

// Places for the frames of one read(), all but the frames themselves poisoned.
class GuardedFrames {
 public:
  static constexpr std::size_t kPlaces = 64;

  GuardedFrames();
  ~GuardedFrames();
  GuardedFrames(const GuardedFrames&) = delete;
  GuardedFrames& operator=(const GuardedFrames&) = delete;

  // A copy in the next place, `shift` (0 to 7) bytes off the alignment that no capture promises.
  const std::uint8_t* put(const std::vector<std::uint8_t>& bytes, std::uint32_t shift);
  void forget();  // all frames go

 private:
  static constexpr std::size_t kStride = kMostBytes + 128;
  std::uint8_t* place(std::size_t index) const { return memory_.get() + index * kStride; }

  std::unique_ptr<std::uint8_t[]> memory_;
  std::array<std::uint32_t, kPlaces> used_{};
  std::size_t count_ = 0;
};

class MutationSource final : public PacketSource {
 public:
  struct Cases {
    std::uint64_t first;
    std::uint64_t end;
    std::uint64_t seed;
    bool stable;      // see PacketSource
    bool wild_clock;  // time stamps that jump; else they only run, now and then backwards
    std::atomic<std::uint64_t>* current;
  };
  MutationSource(const PacketMutator& mutator, const Cases& cases)
      : mutator_(mutator), cases_(cases), number_(cases.first) {}

  ReadState read(std::size_t most, PacketSink sink, void* context) override;
  void wait(int) override {}
  void interrupt() override {}
  const std::string& name() const override { return name_; }
  bool live() const override { return false; }
  bool stable() const override { return cases_.stable; }
  SourceCounters counters() override { return {number_ - cases_.first, 0, 0}; }
  const SourceMessage& error() const override { return error_; }
  SourceMessage take_warning() override { return {}; }

 private:
  std::int64_t next_time(Random& random);

  const PacketMutator& mutator_;
  Cases cases_;
  std::uint64_t number_;
  std::int64_t now_ns_ = 1'700'000'000'000'000'000;
  MutatedPacket packet_;
  GuardedFrames frames_;
  std::string name_ = "mutations";
  SourceMessage error_;
};

}  // namespace panoptes::mutate
