// Which gaps between TCP segments are active and which are idle, and that the statistics of both
// are exact, in one record and merged from several.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "flow_support.h"

namespace panoptes {
namespace {

constexpr double kMs = 1e6;  // ns

// Statistics of some gaps, ns; of several records they merge.
struct Gaps {
  double n = 0;
  double sum = 0;
  double m2 = 0;
  double min = 1e300;
  double max = 0;

  void merge(const Gaps& more) {
    if (more.n == 0) return;
    if (n != 0) {
      const double between = more.sum / more.n - sum / n;
      m2 += more.m2 + between * between * n * more.n / (n + more.n);
    } else {
      m2 = more.m2;
    }
    n += more.n;
    sum += more.sum;
    min = std::min(min, more.min);
    max = std::max(max, more.max);
  }
};

Gaps of(const std::vector<double>& ms) {
  Gaps g;
  for (const double gap : ms) {
    g.n += 1;
    g.sum += gap * kMs;
    g.min = std::min(g.min, gap * kMs);
    g.max = std::max(g.max, gap * kMs);
  }
  for (const double gap : ms) g.m2 += std::pow(gap * kMs - g.sum / g.n, 2);
  return g;
}

struct Found {
  Gaps all, active, idle;
};

Found found(const Record& r, bool is_src) {
  const bool high = r.flow.src_is_high() == is_src;
  Found f;
  const Side* side = r.flow.sent(high);
  if (side == nullptr) return f;
  const auto real = [](auto value) { return static_cast<double>(value); };
  f.all = {real(gap_count(*side)), real(gap_sum(*side)), side->gap_m2, real(side->detail.gap_min()),
           real(side->detail.gap_max())};
  if (r.flow.gap_classes == 0) {
    f.idle = f.all;
    return f;
  }
  const auto gaps = [&](const GapClasses::Class& c) {
    return Gaps{real(c.count), real(c.sum), c.m2, real(c.min()), real(c.max())};
  };
  f.active = gaps(r.gap_classes.side[high].active);
  f.idle = gaps(r.gap_classes.side[high].idle);
  return f;
}

void expect_same(const Gaps& got, const Gaps& want, const char* what) {
  const auto near = [&](double a, double b) { EXPECT_LE(std::abs(a - b), 1e-9 * b) << what; };
  ASSERT_EQ(got.n, want.n) << what;
  if (want.n == 0) return;
  near(got.sum, want.sum);
  near(got.m2, want.m2);
  near(got.min, want.min);
  near(got.max, want.max);
}

// The classes of one side must be these gaps, ms.
void expect_gaps(const Record& r, bool is_src, const std::vector<double>& active,
                 const std::vector<double>& idle) {
  const Found f = found(r, is_src);
  expect_same(f.active, of(active), "active");
  expect_same(f.idle, of(idle), "idle");
  std::vector<double> all = active;
  all.insert(all.end(), idle.begin(), idle.end());
  expect_same(f.all, of(all), "all");
}

// The server sends pieces of four bytes from 501 on; times in ms.
frames::Frame piece(std::uint32_t seq, std::uint16_t id = 0) {
  return frames::ethernet(frames::kServerMac, frames::kClientMac)
      .ipv4(kServer, kClient, {.id = id})
      .tcp(80, 40000, kAck, {.seq = seq, .ack = 105, .window = 2000})
      .payload("data");
}

class Connection : public Trace {
 public:
  explicit Connection(const TrackerOptions& options = {}) : Trace(options) {
    packet(0, from_client(kSyn, 100)).packet(0.01, from_server(kSyn | kAck, 500, 101));
    packet(0.02, from_client(kAck, 101, 501))
        .packet(0.03, from_client(kAck, 101, 501).payload("GET "));
  }
  Connection& server(double ms, const frames::Frame& frame) {
    packet(ms / 1e3, frame);
    return *this;
  }
  Connection& acks(double ms, std::uint32_t ack) {
    packet(ms / 1e3, from_client(kAck, 105, ack));
    return *this;
  }
};

TEST(GapClasses, AreActiveWithDataBehindDataThatIsNotAcknowledged) {
  Connection t;
  t.server(50, piece(501)).server(60, piece(505)).server(90, piece(509)).acks(100, 513);
  t.server(200, piece(513)).server(210, piece(517));
  t.server(260, from_server(kAck, 521, 105));  // no data
  t.server(300, piece(513));                   // sent again
  t.server(350, piece(521));
  t.finish();
  // Dst: since its SYN-ACK at 10 ms. 40 and 110 begin a burst, 50 has no data, 40 is sent again.
  expect_gaps(t.record(0), false, {10, 30, 10, 50}, {40, 110, 50, 40});
  // Src: since its SYN. Its request finds nothing that is not acknowledged.
  expect_gaps(t.record(0), true, {}, {20, 10, 70});
}

TEST(GapClasses, AreIdleWithSegmentsThatHaveNoDataWhateverTheirFlags) {
  Connection t;
  t.server(50, piece(501)).server(60, from_server(kAck | kFin, 505, 105));
  t.server(75, from_server(kRst, 506));
  t.finish();
  expect_gaps(t.record(0), false, {}, {40, 10, 15});
}

TEST(GapClasses, AreActiveWithTheLastDataEvenIfTheSegmentCloses) {
  Connection t;
  t.server(50, piece(501)).server(60, from_server(kAck | kFin, 505, 105).payload("end"));
  t.finish();
  expect_gaps(t.record(0), false, {10}, {40});
}

TEST(GapClasses, AreIdleWhileAWindowIsClosed) {
  Connection t;
  const auto window = [](std::uint16_t size) {
    return frames::ethernet()
        .ipv4(kClient, kServer)
        .tcp(40000, 80, kAck, {.seq = 105, .ack = 501, .window = size});
  };
  t.server(50, piece(501));
  t.server(55, window(0)).server(60, piece(505));  // the receiver's
  t.server(65, window(900)).server(80, piece(509));
  t.server(95, frames::ethernet(frames::kServerMac, frames::kClientMac)
                   .ipv4(kServer, kClient)
                   .tcp(80, 40000, kAck, {.seq = 513, .ack = 105, .window = 0})
                   .payload("data"));  // its own
  t.finish();
  expect_gaps(t.record(0), false, {20}, {40, 10, 15});
}

TEST(GapClasses, AreActiveAroundAHole) {
  Connection t;
  t.server(50, piece(501)).server(60, piece(509)).server(61, piece(505));
  t.finish();
  EXPECT_EQ(t.record(0).tcp.side[!t.record(0).flow.src_is_high()].out_of_order, 1U);
  expect_gaps(t.record(0), false, {10, 1}, {40});
}

TEST(GapClasses, AreIdleWithWhatWasLostBeforeTheProbe) {
  Connection t;
  t.server(50, piece(501)).server(60, piece(509)).server(360, piece(505));
  t.finish();
  EXPECT_EQ(t.record(0).tcp.side[!t.record(0).flow.src_is_high()].lost_before, 1U);
  expect_gaps(t.record(0), false, {10}, {40, 300});
}

TEST(GapClasses, NeedNoAcknowledgementsToBeTold) {
  Trace t;
  for (const double ms : {0.0, 5.0, 12.0}) {
    t.packet(ms / 1e3, piece(501 + static_cast<std::uint32_t>(t.sent) * 4));
  }
  t.finish();
  const Record& r = t.record(0);
  expect_gaps(r, r.dst() == nullptr, {5, 7}, {});
}

TEST(GapClasses, CopiesAreOfTheClassOfTheirOriginals) {
  Connection t;
  t.server(50, piece(501, 1)).server(50.1, piece(501, 1));    // the start of a burst
  t.server(60, piece(505, 2)).server(60.2, piece(505, 2));    // goes on
  t.server(360, piece(501, 3)).server(360.4, piece(501, 3));  // sent again: the lowest
  t.server(660, piece(505, 4)).server(660.8, piece(505, 4));  // and one above
  t.finish();
  const Record& r = t.record(0);
  const bool high = !r.flow.src_is_high();
  EXPECT_EQ(r.tcp.side[high].duplicates, 4U);
  EXPECT_EQ(r.tcp.side[high].retrans, 2U);
  expect_gaps(r, false, {9.9, 0.2}, {40, 0.1, 299.8, 0.4, 299.6, 0.8});
}

TEST(GapClasses, TakeNothingOfAFlowThatIsNotTcp) {
  Trace t;
  for (const double at : {0.0, 0.1, 0.3}) t.packet(at, udp(kClient, 999, kServer, 998));
  t.finish();
  EXPECT_EQ(t.record(0).flow.gap_classes, 0U);
  EXPECT_EQ(found(t.record(0), true).all.n, 2);
}

TEST(GapClasses, BeginAgainWithEachRecordAndCountTheGapBetweenTwo) {
  Connection t;
  t.server(4980, piece(501)).server(4990, piece(505));
  t.server(5020, piece(509)).server(5025, from_server(kAck, 513, 105)).server(5065, piece(513));
  t.server(10'065, from_server(kAck, 517, 105));
  t.finish();
  ASSERT_EQ(t.count(), 3U);
  expect_gaps(t.record(0), false, {10}, {4970});
  expect_gaps(t.record(1), false, {30, 40}, {5});
  expect_gaps(t.record(2), false, {}, {5000});
}

TEST(GapClasses, OfOneFlowAreTheSameInOneRecordAndMergedFromMany) {
  const auto run = [](std::int64_t interval) {
    TrackerOptions o;
    o.status_interval_ns = interval;
    Connection t(o);
    std::mt19937 random(11);
    double at = 40;
    std::uint32_t next = 501, acked = 501;
    for (int i = 0; i < 3000; ++i) {
      at += 0.01 * (1 + static_cast<double>(random() % 1000)) * (random() % 20 == 0 ? 100 : 1);
      switch (random() % 8) {
        case 0:
          t.acks(at, acked = next);
          break;
        case 1:
          t.server(at, from_server(kAck, next, 105));
          break;
        case 2:
          if (acked != next) t.server(at, piece(acked));
          break;
        default:
          t.server(at, piece(next));
          next += 4;
      }
    }
    t.finish();
    Found sum;
    for (const Record& r : t.records.all) {
      const Found f = found(r, false);
      sum.all.merge(f.all);
      sum.active.merge(f.active);
      sum.idle.merge(f.idle);
    }
    return std::pair(sum, t.count());
  };
  const auto [whole, one] = run(0);
  const auto [merged, many] = run(kSecond);
  EXPECT_EQ(one, 1U);
  EXPECT_GT(many, 30U);
  EXPECT_GT(whole.active.n, 1000);
  EXPECT_GT(whole.idle.n, 500);
  expect_same(merged.all, whole.all, "all");
  expect_same(merged.active, whole.active, "active");
  expect_same(merged.idle, whole.idle, "idle");
}

TEST(GapClasses, AreNotKnownWhereThereIsNoRoomAndThatIsCounted) {
  TrackerOptions o;
  o.max_flows = 8192;  // room for 1024 of them
  Trace t(o);
  const auto data = [](std::uint16_t port, std::uint32_t seq) {
    return from_client(kAck, seq, 1, port).payload("data");
  };
  for (std::uint16_t i = 0; i < 1026; ++i) {
    const auto port = static_cast<std::uint16_t>(2000 + i);
    for (std::uint32_t k = 0; k < 3; ++k) t.packet(0.01 * k, data(port, 101 + 4 * k));
  }
  // When the records are out there is room again.
  t.tracker.tick(Trace::at(5.9));
  t.packet(6, data(2000 + 1025, 113)).packet(6.01, data(2000 + 1025, 117));
  t.finish();
  EXPECT_EQ(t.tracker.counters().gap_classes_skipped, 2U);
  std::uint32_t unknown = 0;
  for (const Record& r : t.records.all) {
    if (r.gap_classes_known) continue;
    ++unknown;
    EXPECT_EQ(found(r, true).all.n, 2);
    EXPECT_EQ(found(r, true).all.sum, 20 * kMs);
  }
  EXPECT_EQ(unknown, 2U);
}

TEST(GapClasses, TimesBeyondSeventyEightHoursCountAsThat) {
  TrackerOptions o;
  o.idle_udp_ns = 90'000 * kSecond;
  o.status_interval_ns = 0;
  Trace t(o);
  t.packet(0, udp(kClient, 999, kServer, 998));
  for (int i = 1; i < 5; ++i) t.packet(80'000.0 * i, udp(kServer, 998, kClient, 999));
  t.packet(320'001, udp(kClient, 999, kServer, 998)).finish();
  ASSERT_EQ(t.count(), 1U);
  const Side& s = *t.record(0).src();
  EXPECT_EQ(gap_sum(s), 320'001 * kSecond) << "the sum is exact";
  EXPECT_EQ(s.detail.gap_max(), 281'474'976'710'655);
}

}  // namespace
}  // namespace panoptes
