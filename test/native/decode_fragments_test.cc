// Later fragments find the flow of their first, whichever comes first; every one comes out once.
#include <gtest/gtest.h>

#include <random>

#include "decode/decoder.h"
#include "decode/fragments.h"
#include "frames.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::Frame;

constexpr std::int64_t kSecond = 1'000'000'000;

RawPacket raw_of(const Bytes& frame, std::int64_t time_ns) {
  const auto size = static_cast<std::uint32_t>(frame.size());
  return {.data = frame.data(), .captured = size, .wire = size, .time_ns = time_ns, .link_type = 1};
}

class Collector : public FragmentOutlet {
 public:
  void fragment(Packet& packet) override { packets.push_back(packet); }
  std::vector<Packet> packets;
};

// `offset` and `size` in bytes of IP payload; the first fragment has a UDP header.
struct Piece {
  std::uint32_t offset;
  std::uint32_t size;
  bool more;
  std::uint16_t id = 7;
  std::uint8_t protocol = 17;
};

Bytes frame_of(const Piece& piece) {
  const auto fragment = static_cast<std::uint16_t>(piece.offset / 8 | (piece.more ? 0x2000U : 0U));
  Frame f = frames::ethernet().ipv4("10.0.0.1", "10.0.0.2", {.id = piece.id, .fragment = fragment});
  if (piece.offset == 0 && piece.protocol == 17 && piece.size >= 8) {
    return f.udp(1000, 2000).payload(piece.size - 8, 'x').bytes();
  }
  return f.protocol(piece.protocol).payload(piece.size, 'x').bytes();
}

class Joining : public ::testing::Test {
 protected:
  void feed(double seconds, const Piece& piece, FragmentJoiner& joiner) {
    frames_.push_back(std::make_unique<Bytes>(frame_of(piece)));
    const Bytes& bytes = *frames_.back();
    Packet packet;
    const RawPacket raw = raw_of(bytes, static_cast<std::int64_t>(seconds * kSecond));
    ASSERT_EQ(decode(raw, packet), Undecoded::none);
    ASSERT_NE(packet.layers & kIsFragment, 0);
    joiner.take(packet);
  }
  void feed(double seconds, const Piece& piece) { feed(seconds, piece, joiner_); }
  const Packet& out(std::size_t i) const { return collector_.packets.at(i); }
  std::size_t count() const { return collector_.packets.size(); }
  bool has_ports(std::size_t i) const {
    return (out(i).layers & kHasPorts) != 0 && out(i).key.low_port == 1000 &&
           out(i).key.high_port == 2000;
  }

  std::vector<std::unique_ptr<Bytes>> frames_;
  Collector collector_;
  FragmentJoiner joiner_{{}, 1, collector_};
};

TEST_F(Joining, GivesLaterFragmentsThePortsOfTheFirst) {
  feed(1, {0, 1480, true});
  feed(1.1, {1480, 1480, true});
  feed(1.2, {2960, 100, false});
  ASSERT_EQ(count(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(has_ports(i)) << i;
  EXPECT_EQ(out(0).key, out(2).key);
  EXPECT_EQ(out(0).payload_bytes + out(1).payload_bytes + out(2).payload_bytes, 3060U - 8)
      << "the payload of the datagram, whole";
  EXPECT_EQ(joiner_.counters().joined, 2U);
  EXPECT_EQ(joiner_.counters().orphaned, 0U);
  EXPECT_EQ(out(0).ip_flags | out(1).ip_flags | out(2).ip_flags, kIpFragment);
}

TEST_F(Joining, HoldsLaterFragmentsForTheirFirst) {
  feed(1, {2960, 100, false});
  feed(1.1, {1480, 1480, true});
  EXPECT_EQ(count(), 0U);
  EXPECT_EQ(joiner_.counters().held, 2U);
  feed(1.2, {0, 1480, true});
  ASSERT_EQ(count(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(has_ports(i)) << i;
  EXPECT_EQ(out(0).time_ns, kSecond) << "in the order in which they came";
  EXPECT_EQ(out(2).fragment.offset, 0);
  EXPECT_EQ(joiner_.counters().held, 0U);
}

TEST_F(Joining, TellsDatagramsApart) {
  feed(1, {0, 1480, true, 7});
  feed(1, {1480, 8, false, 8});
  EXPECT_EQ(count(), 1U) << "another identification";
  feed(1, {1480, 8, false, 7, 6});
  EXPECT_EQ(count(), 1U) << "another protocol";
  joiner_.finish();
  ASSERT_EQ(count(), 3U);
  EXPECT_FALSE(has_ports(1));
  EXPECT_FALSE(has_ports(2));
}

TEST_F(Joining, ReusesAnIdentificationWhenTheDatagramIsWhole) {
  feed(1, {0, 1480, true});
  feed(1, {1480, 8, false});
  feed(1, {0, 1480, true});
  feed(1, {1480, 8, false});
  ASSERT_EQ(count(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(out(i).ip_flags, kIpFragment) << i;
}

TEST_F(Joining, LetsGoOfThoseWhoseFirstDoesNotCome) {
  feed(1, {1480, 8, false});
  joiner_.expire(15 * kSecond);
  EXPECT_EQ(count(), 0U);
  joiner_.expire(17 * kSecond);
  ASSERT_EQ(count(), 1U);
  EXPECT_EQ(out(0).key.low_port, 0);
  EXPECT_EQ(out(0).key, out(0).fragment.datagram);
  EXPECT_EQ(out(0).time_ns, kSecond);
  EXPECT_EQ(joiner_.counters().orphaned, 1U);
  EXPECT_EQ(joiner_.counters().overflow, 0U);
  feed(18, {1480, 8, false});
  feed(40, {0, 1480, true});
  EXPECT_EQ(joiner_.counters().orphaned, 2U) << "too late";
}

TEST_F(Joining, FlagsDuplicatesOverlapsAndTinyFragments) {
  feed(1, {0, 800, true});
  feed(1, {800, 800, true});
  feed(1, {800, 800, true});
  feed(1, {1592, 800, true});
  feed(1, {0, 800, true});
  ASSERT_EQ(count(), 5U);
  EXPECT_EQ(out(1).ip_flags, kIpFragment);
  EXPECT_EQ(out(2).ip_flags, kIpFragment | kIpDuplicateFragment);
  EXPECT_EQ(out(3).ip_flags, kIpFragment | kIpOverlap);
  EXPECT_EQ(out(4).ip_flags, kIpFragment | kIpDuplicateFragment);
  feed(2, {0, 8, true, 9, 6});
  EXPECT_EQ(out(5).ip_flags, kIpFragment | kIpTinyFragment);
  feed(2, {8, 80, false, 9, 6});
  EXPECT_EQ(out(6).ip_flags, kIpFragment | kIpTinyFragment) << "it rewrites the TCP header";
  feed(2, {0, 8, true, 10});
  EXPECT_EQ(out(7).ip_flags, kIpFragment) << "a whole UDP header";
}

TEST_F(Joining, WorksInIpv6) {
  const auto piece = [&](std::uint16_t offset, bool more) {
    Frame f = frames::ethernet().ipv6("fd00::1", "fd00::2").ipv6_fragment(offset, more, 99);
    frames_.push_back(std::make_unique<Bytes>(offset == 0
                                                  ? f.udp(5, 6).payload(24, 'x').bytes()
                                                  : f.protocol(17).payload(16, 'x').bytes()));
    const Bytes& bytes = *frames_.back();
    Packet packet;
    ASSERT_EQ(decode(raw_of(bytes, kSecond), packet), Undecoded::none);
    ASSERT_NE(packet.layers & kIsFragment, 0);
    EXPECT_EQ(packet.fragment.bytes, offset == 0 ? 32U : 16U);
    EXPECT_EQ(packet.fragment.id, 99U);
    joiner_.take(packet);
  };
  piece(4, false);
  piece(0, true);
  ASSERT_EQ(count(), 2U);
  EXPECT_EQ(out(0).key, out(1).key);
  EXPECT_NE(out(0).layers & kHasPorts, 0);
}

TEST(FragmentArea, IsBoundedAndCountsWhatItCannotHold) {
  Collector collector;
  FragmentJoiner joiner({.max_datagrams = 4, .max_held = 3}, 1, collector);
  std::vector<Bytes> kept;
  kept.reserve(100);
  for (std::uint16_t i = 0; i < 10; ++i) {
    kept.push_back(frame_of({1480, 8, false, i}));
    Packet packet;
    ASSERT_EQ(decode(raw_of(kept.back(), kSecond), packet), Undecoded::none);
    joiner.take(packet);
    EXPECT_LE(joiner.counters().held, 3U);
  }
  joiner.finish();
  EXPECT_EQ(collector.packets.size(), 10U);
  EXPECT_EQ(joiner.counters().orphaned, 10U);
  EXPECT_GE(joiner.counters().overflow, 6U);
  EXPECT_EQ(joiner.counters().held, 0U);
}

TEST_F(Joining, JoinsThoseThatFoundRoomWhereOthersDidNot) {
  FragmentJoiner joiner({.max_datagrams = 8, .max_held = 3}, 1, collector_);
  for (std::uint16_t id = 0; id < 5; ++id) feed(1, {1480, 8, false, id}, joiner);
  EXPECT_EQ(joiner.counters().held, 3U);
  EXPECT_EQ(joiner.counters().overflow, 2U);
  EXPECT_EQ(count(), 2U) << "which went on as they are";
  for (std::uint16_t id = 0; id < 5; ++id) feed(1.1, {0, 1480, true, id}, joiner);
  // There is room again.
  feed(1.2, {1480, 8, false, 9}, joiner);
  feed(1.3, {0, 1480, true, 9}, joiner);
  joiner.finish();
  EXPECT_EQ(joiner.counters().joined, 3U + 1);
  EXPECT_EQ(joiner.counters().orphaned, 2U);
  EXPECT_EQ(joiner.counters().overflow, 2U);
  ASSERT_EQ(count(), 12U);
  std::size_t with_ports = 0;
  for (std::size_t i = 0; i < count(); ++i) with_ports += has_ports(i) ? 1 : 0;
  EXPECT_EQ(with_ports, 10U);
}

TEST(FragmentArea, CanBeTurnedOff) {
  Collector collector;
  FragmentJoiner joiner({.max_datagrams = 0, .max_held = 0}, 1, collector);
  const Bytes later = frame_of({1480, 8, false});
  Packet packet;
  ASSERT_EQ(decode(raw_of(later, 0), packet), Undecoded::none);
  joiner.take(packet);
  EXPECT_EQ(collector.packets.size(), 1U);
}

TEST(FragmentArea, GivesBackEveryFragmentOnceWhateverComes) {
  std::mt19937 random(3);
  const auto draw = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  Collector collector;
  FragmentJoiner joiner({.max_datagrams = 16, .max_held = 24, .timeout_ns = 50}, 9, collector);
  std::vector<Bytes> kept;
  kept.reserve(20000);
  std::int64_t now = 1000;
  for (int i = 0; i < 20000; ++i) {
    kept.push_back(
        frame_of({draw(6) * 8, draw(40), draw(3) != 0, static_cast<std::uint16_t>(draw(40)),
                  static_cast<std::uint8_t>(draw(2) == 0 ? 17 : 6)}));
    Packet packet;
    now += draw(10) == 0 ? -static_cast<std::int64_t>(draw(30)) : draw(10);
    ASSERT_EQ(decode(raw_of(kept.back(), now), packet), Undecoded::none);
    if ((packet.layers & kIsFragment) == 0) {
      collector.fragment(packet);
      continue;
    }
    joiner.take(packet);
    ASSERT_EQ(collector.packets.size() + joiner.counters().held, kept.size());
  }
  joiner.finish();
  EXPECT_EQ(collector.packets.size(), kept.size());
  EXPECT_EQ(joiner.counters().held, 0U);
}

}  // namespace
}  // namespace panoptes
