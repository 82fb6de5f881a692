// The hash of flow keys under attack: who does not know the seed cannot choose packets whose flows
// stand in one place of the table's index, and plain floods make no long chains there either.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "decode/transport.h"
#include "flow/flow_table.h"
#include "sanitized.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kFlood = kSanitized ? 100'000 : 1'000'000;
constexpr std::uint64_t kSeeds[] = {0x9d2c5680a1b3e7f1U, 0x0123456789abcdefU, 1};

// The index of a FlowTable that has room for `flows`, without the flows: a place for each hash,
// looked for from its home on.
class Index {
 public:
  explicit Index(std::uint32_t flows) : taken_(FlowTable::index_bytes(flows) / kEntry, false) {}

  void insert(std::uint64_t hash) {
    std::uint64_t probes = 1;
    std::size_t i = home(hash);
    for (; taken_[i]; i = (i + 1) % taken_.size()) ++probes;
    taken_[i] = true;
    longest_ = std::max(longest_, probes);
    probes_ += probes;
    ++inserted_;
  }
  std::size_t home(std::uint64_t hash) const {
    return static_cast<std::uint32_t>(hash) & (taken_.size() - 1);
  }
  std::size_t size() const { return taken_.size(); }
  double mean() const { return static_cast<double>(probes_) / static_cast<double>(inserted_); }
  std::uint64_t longest() const { return longest_; }

 private:
  static constexpr std::size_t kEntry = 8;
  std::vector<bool> taken_;
  std::uint64_t probes_ = 0;
  std::uint64_t inserted_ = 0;
  std::uint64_t longest_ = 0;
};

Index index_of(const std::vector<FlowKey>& keys, std::uint64_t seed) {
  Index index(static_cast<std::uint32_t>(keys.size()));
  for (const FlowKey& key : keys) index.insert(hash(key, seed));
  return index;
}

// Random numbers have 1.5 probes in the mean and 50 at most. Floods in good order make patterns,
// which some seeds spread a little better than that and some a little worse.
void expect_spread(const std::vector<FlowKey>& keys) {
  for (const std::uint64_t seed : kSeeds) {
    const Index index = index_of(keys, seed);
    EXPECT_LT(index.mean(), 4) << "seed " << seed;
    EXPECT_LT(index.longest(), 1000U) << "seed " << seed;
  }
}

FlowKey ipv4(std::uint32_t low, std::uint32_t high, std::uint16_t low_port, std::uint16_t high_port,
             std::uint8_t protocol = kTcp) {
  FlowKey key;
  std::memcpy(key.low_addr.data(), &low, sizeof low);
  std::memcpy(key.high_addr.data(), &high, sizeof high);
  key.low_port = low_port;
  key.high_port = high_port;
  key.protocol = protocol;
  key.kind = FlowKind::ipv4;
  return key;
}

// Addresses by their network and interface parts, as they are loaded.
FlowKey ipv6(std::uint64_t low_net, std::uint64_t low_host, std::uint64_t high_net,
             std::uint64_t high_host, std::uint16_t low_port = 40000,
             std::uint16_t high_port = 80) {
  FlowKey key;
  std::memcpy(key.low_addr.data(), &low_net, 8);
  std::memcpy(key.low_addr.data() + 8, &low_host, 8);
  std::memcpy(key.high_addr.data(), &high_net, 8);
  std::memcpy(key.high_addr.data() + 8, &high_host, 8);
  key.low_port = low_port;
  key.high_port = high_port;
  key.protocol = kTcp;
  key.kind = FlowKind::ipv6;
  return key;
}

TEST(FlowHash, CannotBeAttackedByTriesWithoutTheSeed) {
  // Whoever knows the seed needs 1024 tries for each key of the last 1/1024 of the index.
  const std::uint32_t flows = kSanitized ? 2'000 : 20'000;
  const Index shape(flows);
  std::vector<FlowKey> keys;
  for (std::uint32_t n = 0; keys.size() < flows; ++n) {
    const FlowKey key =
        ipv4(0x0100000a, 0xc0a80000 + (n >> 16), 40000, static_cast<std::uint16_t>(n & 0xffff));
    if (shape.home(hash(key, 0)) >= shape.size() - shape.size() / 1024) keys.push_back(key);
  }
  // All the keys stand behind one another: who comes last passes all but those few homes.
  const Index attacked = index_of(keys, 0);
  EXPECT_GT(attacked.longest(), flows * 0.95);
  EXPECT_GT(attacked.mean(), flows * 0.45);
  expect_spread(keys);
}

TEST(FlowHash, CannotBeAttackedByItsConstantsWithoutTheSeed) {
  // One factor of a product is 0 whatever the other one is, for keys made with seed 0 in mind: all
  // have the same hash.
  constexpr std::uint64_t kNet = 0x8bb84b93962eacc9U;
  constexpr std::uint64_t kHost = 0x4d5a2da51de1aa47U;
  std::vector<FlowKey> keys;
  for (std::uint64_t n = 0; n < kFlood; ++n) keys.push_back(ipv6(n, n * 77, kNet, kHost));
  std::uint32_t same = 0;
  for (const FlowKey& key : keys) same += hash(key, 0) == hash(keys[0], 0) ? 1 : 0;
  EXPECT_EQ(same, kFlood) << "the constants of the hash have changed: change them here as well";
  expect_spread(keys);
}

TEST(FlowHash, CannotBeAttackedWhateverTheSeed) {
  // Any word of a key may be a constant of the hash while its neighbour is anything: no product may
  // become 0 without the seed being known.
  constexpr std::uint64_t kConstants[] = {0x8bb84b93962eacc9U, 0x4b33a62ed433d4a3U,
                                          0x4d5a2da51de1aa47U, 0x9e3779b97f4a7c15U, 0};
  constexpr std::uint64_t kNet = 0xb80d01;  // 1:db8::/64, as it is loaded
  const std::uint32_t flows = kFlood / 20;
  for (const std::uint64_t constant : kConstants) {
    SCOPED_TRACE(constant);
    std::vector<FlowKey> keys[4];
    for (std::uint64_t n = 0; n < flows; ++n) {
      keys[0].push_back(ipv6(constant, 1, n, 1));
      keys[1].push_back(ipv6(n, 1, constant, 1));
      keys[2].push_back(ipv6(kNet, constant, kNet, n));
      keys[3].push_back(ipv6(kNet, n, kNet, constant));
    }
    for (const auto& one : keys) expect_spread(one);
  }
}

TEST(FlowHash, SpreadsTheFlowsOfOneAddressPair) {
  std::vector<FlowKey> in_order;
  std::vector<FlowKey> mixed_up;
  std::vector<FlowKey> in_order_v6;
  std::vector<FlowKey> mixed_up_v6;
  for (std::uint32_t n = 0; n < kFlood; ++n) {
    // All ports of one end for some of the other; any pair of ports, each once.
    const std::uint32_t any = n * 2654435761U;
    const auto low = [](std::uint32_t ports) { return static_cast<std::uint16_t>(ports & 0xffff); };
    const auto high = [](std::uint32_t ports) { return static_cast<std::uint16_t>(ports >> 16); };
    in_order.push_back(ipv4(0x0100000a, 0x0200000a, low(n), high(n)));
    mixed_up.push_back(ipv4(0x0100000a, 0x0200000a, low(any), high(any)));
    in_order_v6.push_back(ipv6(0xb80d01, 1, 0xb80d01, 2, low(n), high(n)));
    mixed_up_v6.push_back(ipv6(0xb80d01, 1, 0xb80d01, 2, low(any), high(any)));
  }
  for (const auto* keys : {&in_order, &mixed_up, &in_order_v6, &mixed_up_v6}) expect_spread(*keys);
}

TEST(FlowHash, SpreadsSweepsOverAddressesAndPorts) {
  std::vector<FlowKey> hosts;  // a /12 from one port to one port
  std::vector<FlowKey> ports;  // 16 hosts, all ports
  for (std::uint32_t n = 0; n < kFlood; ++n) {
    hosts.push_back(ipv4(0x0100000a, __builtin_bswap32(0xac100000 + n), 40000, 23));
    ports.push_back(ipv4(0x0100000a, __builtin_bswap32(0xac100000 + (n & 15)), 40000,
                         static_cast<std::uint16_t>(n >> 4)));
  }
  expect_spread(hosts);
  expect_spread(ports);
}

TEST(FlowHash, SpreadsDnsIdsAndIcmpIds) {
  std::vector<FlowKey> dns;
  std::vector<FlowKey> echo;
  for (std::uint32_t n = 0; n < kFlood; ++n) {
    // All ids from some source ports; all ids of pings to some hosts.
    FlowKey question =
        ipv4(0x0100000a, 0x08080808, static_cast<std::uint16_t>(50000 + (n >> 16)), 53, kUdp);
    question.aux = static_cast<std::uint16_t>(n & 0xffff);
    dns.push_back(question);
    FlowKey ping = ipv4(0x0100000a, 0x0a000000 + (n >> 16 << 24), 0, 0, kIcmp);
    ping.aux = static_cast<std::uint16_t>(n & 0xffff);
    ping.icmp_type = 8;
    echo.push_back(ping);
  }
  expect_spread(dns);
  expect_spread(echo);
}

TEST(FlowHash, GivesEverySeedAnotherOrder) {
  const FlowKey key = ipv4(0x0100000a, 0x0200000a, 40000, 80);
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t bit = 0; bit < 64; ++bit) hashes.push_back(hash(key, std::uint64_t{1} << bit));
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::unique(hashes.begin(), hashes.end()), hashes.end()) << "each bit counts";
}

}  // namespace
}  // namespace panoptes
