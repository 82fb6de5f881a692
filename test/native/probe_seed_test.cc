// The secret that a probe hashes flows with: there is one, and nothing that the records say
// depends on it.
#include <gtest/gtest.h>

#include <unistd.h>

#include <condition_variable>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "capture_bytes.h"
#include "decode/decoder.h"
#include "flow/flow_table.h"
#include "probe/probe.h"
#include "sanitized.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kFlows = kSanitized ? 4'000 : 20'000;

// A SYN over IPv6 from 2001:db8::n; `high` are the 16 bytes of the other end, as they are loaded.
std::vector<std::uint8_t> syn(std::uint32_t n, std::uint64_t high_net, std::uint64_t high_host) {
  std::vector<std::uint8_t> f(74);
  f[12] = 0x86;
  f[13] = 0xdd;
  f[14] = 0x60;
  f[19] = 20;  // payload length
  f[20] = 6;
  f[21] = 64;
  f[22] = 0x20;
  f[23] = 0x01;
  f[24] = 0x0d;
  f[25] = 0xb8;
  for (unsigned i = 0; i < 4; ++i) f[34 + i] = static_cast<std::uint8_t>(n >> (8 * i));
  std::memcpy(&f[38], &high_net, 8);
  std::memcpy(&f[46], &high_host, 8);
  f[54] = 0x9c;
  f[57] = 80;
  f[66] = 0x50;
  f[67] = 2;
  return f;
}

class SynFile {
 public:
  SynFile(std::uint64_t high_net, std::uint64_t high_host) {
    test::Writer w = test::pcap_header();
    for (std::uint32_t n = 0; n < kFlows; ++n) {
      const auto frame = syn(n, high_net, high_host);
      w.u32(1'700'000'000).u32(n).u32(74).u32(74).raw(frame);
    }
    char name[] = "/tmp/panoptes-test-XXXXXX";
    close(mkstemp(name));
    path = name;
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(w.bytes.data()),
               static_cast<std::streamsize>(w.bytes.size()));
  }
  ~SynFile() { unlink(path.c_str()); }
  SynFile(const SynFile&) = delete;
  SynFile& operator=(const SynFile&) = delete;
  std::string path;
};

struct Outcome {
  std::string records;  // the bytes of all batches
  std::uint64_t packets = 0;
  double cpu_seconds = 0;
};

Outcome measure(const std::string& path) {
  std::mutex mutex;
  std::condition_variable changed;
  bool woken = false;
  const auto wake = [&] {
    const std::lock_guard lock(mutex);
    woken = true;
    changed.notify_one();
  };
  ProbeOptions options;
  options.sources.emplace_back().name = path;
  options.tracker.max_flows = kFlows;
  Probe probe(std::move(options), wake, wake);
  const std::clock_t before = std::clock();
  probe.start();
  Outcome out;
  for (;;) {
    Item item;
    while (probe.take(item)) {
      if (item.kind == Item::Kind::end) {
        out.cpu_seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
        return out;
      }
      if (item.kind == Item::Kind::batch) {
        out.records.append(item.batch->data(), item.batch->size());
        out.packets += item.batch->packets;
      }
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return woken; });
    woken = false;
  }
}

constexpr std::uint64_t kNet = 0x8bb84b93962eacc9U;  // constants of the hash
constexpr std::uint64_t kHost = 0x4d5a2da51de1aa47U;

TEST(Seed, IsASecretOfTheProbe) {
  // With seed 0 all these flows had the same hash, and each packet walked over all that came before
  // it.
  FlowKey keys[2];
  for (std::uint32_t n = 0; n < 2; ++n) {
    const auto frame = syn(n, kNet, kHost);
    Packet packet;
    ASSERT_EQ(decode({frame.data(), 74, 74, 0, 1}, packet), Undecoded::none);
    keys[n] = packet.key;
  }
  ASSERT_EQ(hash(keys[0], 0), hash(keys[1], 0));
  ASSERT_NE(hash(keys[0], 1), hash(keys[1], 1));
  const SynFile attack(kNet, kHost);
  const SynFile usual(kNet + 1, kHost + 1);
  const Outcome attacked = measure(attack.path);
  const Outcome unharmed = measure(usual.path);
  EXPECT_EQ(attacked.packets, kFlows);
  EXPECT_EQ(unharmed.packets, kFlows);
  EXPECT_LT(attacked.cpu_seconds, 5 * unharmed.cpu_seconds + 0.05);
}

TEST(Seed, ChangesNothingThatRecordsSay) {
  const SynFile file(kNet, kHost);
  const Outcome one = measure(file.path);
  const Outcome other = measure(file.path);
  EXPECT_FALSE(one.records.empty());
  EXPECT_EQ(one.records, other.records);
}

}  // namespace
}  // namespace panoptes
