// Blocks that live apart from the flows: given, taken back, and their memory with them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <vector>

#include "flow/block_pool.h"
#include "flow/tcp_cold.h"

namespace panoptes {
namespace {

using Block = std::array<std::uint32_t, 64>;
constexpr std::uint32_t kBlocks = 40'000;  // five steps
constexpr std::size_t kStep = Arena::kStep;

TEST(BlockPool, GivesExactlyItsBlocks) {
  BlockPool<Block> pool(3);
  for (std::uint32_t handle = 1; handle <= 3; ++handle) EXPECT_EQ(pool.allocate(), handle);
  EXPECT_EQ(pool.allocate(), 0U);
  pool[2].fill(7);
  pool.release(2);
  EXPECT_EQ(pool.allocate(), 2U);
  EXPECT_EQ(pool[2], Block{}) << "a block of zeros";
}

TEST(BlockPool, GivesBackWhatLiesBehindTheLastInUse) {
  BlockPool<Block> pool(kBlocks);
  for (std::uint32_t k = 0; k < kBlocks; ++k) pool.allocate();
  EXPECT_EQ(pool.real_bytes(), 5 * kStep);
  pool.give_back();
  EXPECT_EQ(pool.real_bytes(), 5 * kStep) << "all are in use";
  pool[10'000].fill(7);
  for (std::uint32_t handle = kBlocks; handle > 0; --handle) {
    if (handle != 10'000) pool.release(handle);
  }
  pool.give_back();
  EXPECT_EQ(pool.real_bytes(), 2 * kStep);
  EXPECT_EQ(pool[10'000][63], 7U);
  EXPECT_EQ(pool.allocate(), 1U) << "the lowest first";
  pool.release(1);
  pool.release(10'000);
  pool.give_back();
  EXPECT_EQ(pool.real_bytes(), 0U);
}

TEST(BlockPool, IsRightWhateverComesAndGoes) {
  BlockPool<Block> pool(kBlocks);
  std::mt19937 random(5);
  std::map<std::uint32_t, std::uint32_t> model;  // what is in each block
  for (std::uint32_t round = 0; round < 30; ++round) {
    const std::uint32_t many =
        static_cast<std::uint32_t>(random() % (round % 3 == 0 ? kBlocks : 900));
    for (std::uint32_t k = 0; k < many && model.size() < kBlocks; ++k) {
      const std::uint32_t handle = pool.allocate();
      ASSERT_TRUE(model.emplace(handle, k).second);
      ASSERT_EQ(pool[handle], Block{});
      pool[handle].fill(k);
    }
    std::vector<std::uint32_t> handles;
    for (const auto& [handle, value] : model) handles.push_back(handle);
    std::shuffle(handles.begin(), handles.end(), random);
    handles.resize(handles.size() - std::min<std::size_t>(handles.size(), random() % 700));
    for (const std::uint32_t handle : handles) {
      pool.release(handle);
      model.erase(handle);
    }
    pool.give_back();
    for (const auto& [handle, value] : model) ASSERT_EQ(pool[handle][63], value);
  }
}

// Blocks of TCP losses are as large as an option says.
TEST(TcpColdPool, GivesBackWhatLiesBehindTheLastInUse) {
  for (const std::uint32_t holes : {1U, TcpColdPool::kDefaultHoles, TcpColdPool::kMostHoles}) {
    constexpr std::uint32_t kCount = 30'000;
    constexpr std::uint32_t kKept = 700;
    TcpColdPool pool(kCount, holes);
    for (std::uint32_t k = 0; k < kCount; ++k) pool.allocate();
    pool.side(kKept, true).dup_acks = 7;
    for (std::uint32_t handle = 1; handle <= kCount; ++handle) {
      if (handle != kKept) pool.release(handle);
    }
    pool.give_back();
    const std::size_t needed = std::size_t{kKept} * TcpColdPool::block_bytes(holes);
    EXPECT_EQ(pool.real_bytes(), (needed + kStep - 1) / kStep * kStep);
    EXPECT_EQ(pool.in_use(), 1U);
    EXPECT_EQ(pool.side(kKept, true).dup_acks, 7U);
    for (std::uint32_t handle = 1; handle < kKept; ++handle) ASSERT_EQ(pool.allocate(), handle);
    EXPECT_EQ(pool.allocate(), kKept + 1) << "behind the last that was kept";
    EXPECT_EQ(pool.side(kKept + 1, false).dup_acks, 0U);
  }
}

}  // namespace
}  // namespace panoptes
