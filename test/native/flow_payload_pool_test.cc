// Buffers for first payload bytes: their sizes, what happens when none is left, what they hold.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "flow_support.h"

namespace panoptes {
namespace {

using Placed = PayloadPool::Placed;

struct Stream {
  Placed put(std::uint32_t at, const std::string& text, bool high = false) {
    return pool.place(handle, high, at, reinterpret_cast<const std::uint8_t*>(text.data()),
                      static_cast<std::uint32_t>(text.size()));
  }
  std::string take(bool high = false) {
    const auto bytes = pool.take(handle, high);
    return {bytes.begin(), bytes.end()};
  }
  PayloadPool& pool;
  std::uint32_t handle;
};

TEST(PayloadPool, HandsOutWhatIsNewOnly) {
  PayloadPool pool({{6, 1}});
  Stream s{pool, pool.allocate({6, false})};
  ASSERT_NE(s.handle, 0U);
  EXPECT_EQ(pool.allocate({6, false}), 0U);
  EXPECT_EQ(s.put(0, "abcd", true), Placed::grown);
  EXPECT_EQ(s.take(true), "abcd");
  EXPECT_EQ(s.put(4, "efgh", true), Placed::full);
  EXPECT_EQ(s.take(true), "ef");
  EXPECT_EQ(s.take(false), "");
  const std::uint32_t before = s.handle;
  pool.release(s.handle);
  EXPECT_EQ(pool.allocate({6, false}), before);
  EXPECT_EQ(pool.length(before, true), 0U);
}

TEST(PayloadPool, GivesBackWhatLiesBehindTheLastBufferInUse) {
  constexpr std::uint32_t kBuffers = 20'000;
  PayloadPool pool({{100, kBuffers}, {4000, 1000}});
  std::vector<Stream> streams;
  for (std::uint32_t k = 0; k < kBuffers; ++k) {
    streams.push_back({pool, pool.allocate({4000, false})});
    streams.back().put(0, std::to_string(k));
    if (k % 20 == 0)
      streams.back().put(5, std::string(200, 'x'));  // moves, when the hole is filled
  }
  const std::size_t full = pool.real_bytes();
  pool.give_back();
  EXPECT_EQ(pool.real_bytes(), full) << "all are in use";
  for (std::uint32_t k = 0; k < kBuffers; ++k) {
    if (k != 3 && k != 200) pool.release(streams[k].handle);
  }
  pool.give_back();
  EXPECT_LE(pool.real_bytes(), 2 * Arena::kStep);
  EXPECT_EQ(streams[3].take(), "3");
  EXPECT_EQ(streams[200].take(), "200");
  Stream again{pool, pool.allocate({4000, false})};
  EXPECT_EQ(again.put(0, std::string(300, 'y')), Placed::grown);
  EXPECT_EQ(again.take(), std::string(300, 'y'));
}

TEST(PayloadPool, WithoutClassesGivesNothing) {
  PayloadPool pool({});
  EXPECT_EQ(pool.allocate({64, false}), 0U);
}

TEST(PayloadPool, KeepsBothStreamsWhenABufferMovesIntoALargerOne) {
  PayloadPool pool({{4, 2}, {16, 1}, {100, 1}});
  Stream s{pool, pool.allocate({40, false})};
  EXPECT_EQ(s.put(0, "low", false), Placed::grown);
  EXPECT_EQ(s.put(2, "GH", true), Placed::nothing);
  EXPECT_EQ(s.take(false), "low");
  const std::uint32_t before = s.handle;
  EXPECT_EQ(s.put(3, "er and more", false), Placed::grown);
  EXPECT_NE(s.handle, before);
  EXPECT_EQ(s.take(false), "er and more") << "what was taken stays taken";
  EXPECT_EQ(s.put(0, "EF", true), Placed::grown);
  EXPECT_EQ(s.take(true), "EFGH") << "what was held beyond the hole moved along";
  EXPECT_EQ(s.put(14, std::string(50, 'x'), false), Placed::full);
  EXPECT_EQ(s.take(false), std::string(26, 'x')) << "40 in all";
}

TEST(PayloadPool, KeepsWhatFitsWhereNoLargerBufferIsLeft) {
  PayloadPool pool({{4, 2}, {16, 1}});
  Stream first{pool, pool.allocate({16, false})};
  Stream second{pool, pool.allocate({16, false})};
  EXPECT_EQ(first.put(0, "0123456"), Placed::grown);
  EXPECT_EQ(second.put(0, "0123456"), Placed::no_room);
  EXPECT_EQ(second.take(), "0123");
  pool.release(first.handle);
  EXPECT_EQ(second.put(0, "0123456", true), Placed::grown) << "the other side asks for itself";
  EXPECT_EQ(second.take(true), "0123456");
}

TEST(PayloadPool, ASmallLimitInASmallBufferIsKept) {
  PayloadPool pool({{64, 1}, {4096, 1}});
  Stream s{pool, pool.allocate({3, false})};
  EXPECT_EQ(s.put(0, "abcdef"), Placed::full);
  EXPECT_EQ(s.take(), "abc");
  EXPECT_EQ(s.put(3, "d"), Placed::nothing);
}

TEST(PayloadClasses, AreWhatTheRulesNeed) {
  const PayloadRules dns({{.port_low = 53, .port_high = 53, .bytes = 4096}}, 64, false);
  const auto classes = payload_classes(dns, 1'000'000);
  ASSERT_EQ(classes.size(), 2U);
  EXPECT_EQ(classes[0].bytes, 64U);
  EXPECT_EQ(classes[0].buffers, 93'750U);
  EXPECT_EQ(classes[1].bytes, 4096U);
  EXPECT_EQ(classes[1].buffers, 3906U);
  EXPECT_TRUE(payload_classes(PayloadRules({{.protocol = 6, .bytes = 0}}, 0, false), 1000).empty());
}

TEST(PayloadClasses, AreAtMostOneForEachPowerOfTwo) {
  std::vector<PayloadRule> rules;
  for (std::uint16_t bytes = 1; bytes <= 4096; ++bytes) {
    rules.push_back({.port_low = bytes, .port_high = bytes, .bytes = bytes});
  }
  const PayloadRules all(rules, 0, false);
  const auto classes = payload_classes(all, 10);
  EXPECT_EQ(classes.size(), 13U);
  for (std::size_t i = 0; i < classes.size(); ++i) EXPECT_EQ(classes[i].bytes, 1U << i);
}

TEST(PayloadClasses, OfRulesAloneBeginSmall) {
  const PayloadRules rules({{.protocol = 6, .bytes = 4096}}, 0, false);
  const auto classes = payload_classes(rules, 1024);
  ASSERT_EQ(classes.size(), 2U);
  EXPECT_EQ(classes[0].bytes, 64U);
}

TEST(Payload, CountsDirectionsThatFoundNoBuffer) {
  TrackerOptions o;
  o.max_flows = 16384;
  Trace t(o);
  for (std::uint16_t i = 0; i < 2100; ++i) {
    t.packet(0, udp(kClient, static_cast<std::uint16_t>(2000 + i), kServer, 998));
  }
  t.finish();
  EXPECT_EQ(t.tracker.counters().payload_skipped, 2100U - 16384 / 32 * 3);
  EXPECT_EQ(t.records.packets(), 2100U);
}

TEST(Payload, CountsDirectionsThatFoundNoLargeBufferAndKeepsTheirSmallOne) {
  TrackerOptions o;
  o.max_flows = 1000;  // 64 large ones
  o.payload_bytes = 10;
  o.payload_rules = {{.port_low = 998, .port_high = 998, .bytes = 500}};
  Trace t(o);
  for (std::uint16_t i = 0; i < 70; ++i) {
    t.packet(0, frames::ethernet()
                    .ipv4(kClient, kServer)
                    .udp(static_cast<std::uint16_t>(2000 + i), 998)
                    .payload(300, 'x'));
  }
  t.finish();
  EXPECT_EQ(t.tracker.counters().payload_skipped, 6U);
  std::size_t whole = 0, cut = 0;
  for (const Record& r : t.records.all) {
    whole += r.src_payload.size() == 300 ? 1U : 0U;
    cut += r.src_payload.size() == 10 ? 1U : 0U;
  }
  EXPECT_EQ(whole, 64U);
  EXPECT_EQ(cut, 6U);
}

TEST(Payload, OfSegmentsThatWereCutHoldsNoBufferForTheRest) {
  TrackerOptions o;
  o.max_flows = 4096;  // 1024 buffers
  Trace t(o);
  const auto cut = [&](double at, std::uint16_t port) {
    constexpr std::size_t kHeaders = 14 + 20 + 20;
    t.bytes(at, from_client(kAck, 1, 1, port).payload(100, 'c').bytes(), kHeaders + 14);
    t.bytes(at, from_server(kAck, 1, 101, port).payload(100, 's').bytes(), kHeaders + 14);
  };
  for (std::uint16_t port = 2000; port < 3024; ++port) cut(1, port);
  for (std::uint16_t port = 2000; port < 3024; ++port) {
    t.packet(6, from_client(kAck, 101, 101, port));  // another interval: a record goes out
  }
  for (std::uint16_t port = 4000; port < 5024; ++port) cut(7, port);
  t.finish();
  EXPECT_EQ(t.tracker.counters().payload_skipped, 0U);
  EXPECT_EQ(t.record(0).src_payload, std::string(14, 'c'));
}

TEST(Payload, OfFewAnswersAtATimeNeedsFewLargeBuffers) {
  TrackerOptions o;
  o.max_flows = 1000;
  o.payload_rules = {{.port_low = 53, .port_high = 53, .bytes = 4096}};
  Trace t(o);
  for (std::uint16_t id = 0; id < 2000; ++id) {
    const auto at = id * 0.01;
    t.packet(at, frames::ethernet().ipv4(kClient, kServer).udp(40000, 53).dns(id, false));
    t.packet(at,
             frames::ethernet().ipv4(kServer, kClient).udp(53, 40000).dns(id, true).payload(900));
  }
  t.finish();
  ASSERT_EQ(t.count(), 2000U);
  EXPECT_EQ(t.tracker.counters().payload_skipped, 0U);
  for (const Record& r : t.records.all) EXPECT_EQ(r.dst_payload.size(), 912U);
}

TEST(Payload, SaysWhatItsBuffersTake) {
  TrackerOptions small, dns;
  small.max_flows = dns.max_flows = 256'000;
  dns.payload_rules = {{.port_low = 53, .port_high = 53, .bytes = 4096}};
  const double more = memory_need(dns).payload_bytes - memory_need(small).payload_bytes;
  EXPECT_GE(more, 1000.0 * 2 * 4096);
  EXPECT_LE(more, 1000.0 * (2 * 4096 + 64));
  EXPECT_NEAR(static_cast<double>(memory_need(dns).base_bytes - memory_need(small).base_bytes),
              more, 1);
  EXPECT_EQ(memory_need(dns).bytes_per_flow, memory_need(small).bytes_per_flow);
  EXPECT_LE(memory_need(small).bytes_per_flow, 512) << "what a sensor is sized by";
}

}  // namespace
}  // namespace panoptes
