// TCP segments in IP fragments: the stream goes on behind them, and only what is missing is
// missing.
#include <gtest/gtest.h>

#include <memory>

#include "decode/fragments.h"
#include "flow_support.h"

namespace panoptes {
namespace {

constexpr std::uint8_t kData = kAck | kPsh;
constexpr std::uint32_t kHeader = 20;

// The frames of one segment of the server: the IP payload cut at multiples of 8.
struct Pieces {
  frames::Bytes segment;  // TCP header and payload
  std::uint16_t id;

  Pieces(std::uint8_t flags, std::uint32_t seq, std::size_t payload, std::uint16_t number)
      : id(number) {
    const frames::Bytes whole = from_server(flags, seq, 1001).payload(payload, 'x').bytes();
    segment.assign(whole.begin() + 34, whole.end());
  }
  frames::Frame piece(std::size_t from, std::size_t to) const {
    const bool more = to < segment.size();
    const auto place = static_cast<std::uint16_t>(from / 8 | (more ? 0x2000U : 0U));
    const auto begin = segment.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = segment.begin() + static_cast<std::ptrdiff_t>(std::min(to, segment.size()));
    return frames::ethernet(frames::kServerMac, frames::kClientMac)
        .ipv4(kServer, kClient, {.id = id, .fragment = place})
        .protocol(6)
        .bytes_as_they_are({begin, end});
  }
};

class TcpFragments : public ::testing::Test, private FragmentOutlet {
 protected:
  void packet(double seconds, const frames::Frame& frame) {
    bytes_.push_back(std::make_unique<frames::Bytes>(frame.bytes()));
    const frames::Bytes& data = *bytes_.back();
    const auto size = static_cast<std::uint32_t>(data.size());
    Packet p{};
    ASSERT_EQ(decode({data.data(), size, size, Trace::at(seconds), 1}, p), Undecoded::none);
    if ((p.layers & kIsFragment) != 0) {
      joiner_.take(p);
    } else {
      account(p);
    }
  }
  void handshake() {
    packet(0, from_client(kSyn, 1000));
    packet(0.01, from_server(kSyn | kAck, 5000, 1001));
    packet(0.02, from_client(kAck, 1001, 5001));
  }
  // All that the server sent is acknowledged up to `ack`; the flow's only record.
  const Record& end(double seconds, std::uint32_t ack) {
    packet(seconds, from_client(kAck, 1001, ack));
    joiner_.finish();
    tracker_.finish();
    EXPECT_EQ(records_.all.size(), 1U);
    return records_.all.at(0);
  }
  static const TcpCounters& of_server(const Record& r) { return r.tcp.side[!r.flow.src_is_high()]; }

  Records records_;

 private:
  void account(Packet& p) {
    tracker_.prepare(p);
    tracker_.process(std::span(&p, 1));
  }
  void fragment(Packet& p) override { account(p); }

  static TrackerOptions options() {
    TrackerOptions o;
    o.status_interval_ns = 0;
    return o;
  }
  FlowTracker tracker_{options(), records_};
  FragmentJoiner joiner_{{}, 1, *this};
  std::vector<std::unique_ptr<frames::Bytes>> bytes_;
};

// 3000 bytes of payload: [0, 1480), [1480, 2960), [2960, 3020) of the IP payload.
TEST_F(TcpFragments, AreNoGapAndNoJump) {
  handshake();
  const Pieces big(kData, 5001, 3000, 9);
  packet(1, big.piece(0, 1480));
  packet(1.0001, big.piece(1480, 2960));
  packet(1.0002, big.piece(2960, 3020));
  packet(1.1, from_server(kData, 8001, 1001).payload(100));
  const Record& r = end(1.2, 8101);
  EXPECT_EQ(of_server(r), TcpCounters{});
  EXPECT_EQ(r.dst()->packets, 5U);
  EXPECT_EQ(r.dst()->app_bytes, 3100U);
}

TEST_F(TcpFragments, MayComeLastFirst) {
  handshake();
  const Pieces big(kData, 5001, 3000, 9);
  packet(1, big.piece(2960, 3020));
  packet(1.0001, big.piece(1480, 2960));
  packet(1.0002, big.piece(0, 1480));
  packet(1.1, from_server(kData, 8001, 1001).payload(100));
  EXPECT_EQ(of_server(end(1.2, 8101)), TcpCounters{});
}

TEST_F(TcpFragments, MayHaveTheFirstInTheMiddle) {
  handshake();
  const Pieces big(kData, 5001, 3000, 9);
  packet(1, big.piece(2960, 3020));
  packet(1.0001, big.piece(0, 1480));
  packet(1.0002, big.piece(1480, 2960));
  packet(1.1, from_server(kData, 8001, 1001).payload(100));
  EXPECT_EQ(of_server(end(1.2, 8101)), TcpCounters{});
}

TEST_F(TcpFragments, LeaveAGapWhereTheCaptureLostOne) {
  handshake();
  const Pieces big(kData, 5001, 3000, 9);
  packet(1, big.piece(0, 1480));
  packet(1.0002, big.piece(2960, 3020));
  packet(1.1, from_server(kData, 8001, 1001).payload(100));
  const TcpCounters c = of_server(end(1.2, 8101));
  EXPECT_EQ(c.gap_bytes, 1480U);
  EXPECT_EQ(c.jumps, 1U);
  EXPECT_EQ(c.retrans + c.lost_before + c.out_of_order, 0U);
}

TEST_F(TcpFragments, EndWithTheFinOfTheirSegment) {
  handshake();
  const Pieces big(kData | kFin, 5001, 3000, 9);
  packet(1, big.piece(0, 1480));
  packet(1.0001, big.piece(1480, 2960));
  packet(1.0002, big.piece(2960, 3020));
  const Record& r = end(1.2, 8002);  // data and FIN
  EXPECT_EQ(of_server(r), TcpCounters{});
  EXPECT_NE(r.flow.tcp_state & (kStateLowFin | kStateHighFin), 0);
  EXPECT_NE(r.flow.tcp_state & (kStateLowFinAcked | kStateHighFinAcked), 0);
}

TEST_F(TcpFragments, AreSentAgainAsTheirSegmentIs) {
  handshake();
  for (const int id : {9, 10}) {
    const Pieces big(kData, 5001, 3000, static_cast<std::uint16_t>(id));
    const double at = 1 + 0.3 * (id - 9);
    packet(at, big.piece(0, 1480));
    packet(at + 0.0001, big.piece(1480, 2960));
    packet(at + 0.0002, big.piece(2960, 3020));
  }
  const TcpCounters c = of_server(end(1.5, 8001));
  EXPECT_EQ(c.retrans, 3U) << "packets";
  EXPECT_EQ(c.retrans_bytes, 3000U);
  EXPECT_EQ(c.gap_bytes + c.jumps, 0U);
}

TEST_F(TcpFragments, AreCopiesWhereTheCaptureHasThemTwice) {
  handshake();
  const Pieces big(kData, 5001, 3000, 9);
  double at = 1;
  for (const auto& [from, to] : {std::pair{0, 1480}, {1480, 2960}, {2960, 3020}}) {
    for (int twice = 0; twice < 2; ++twice) {
      packet(at += 0.0001, big.piece(static_cast<std::size_t>(from), static_cast<std::size_t>(to)));
    }
  }
  const TcpCounters c = of_server(end(1.5, 8001));
  EXPECT_EQ(c, (TcpCounters{.duplicates = 3}));
}

TEST_F(TcpFragments, CopiesOfWhatWasHeldAreNoRetransmissions) {
  handshake();
  const Pieces big(kData, 5001, 2000, 9);
  packet(1, big.piece(1480, 2020));
  packet(1.0001, big.piece(1480, 2020));
  packet(1.0002, big.piece(0, 1480));
  packet(1.1, from_server(kData, 7001, 1001).payload(100));
  const TcpCounters c = of_server(end(1.5, 7101));
  EXPECT_EQ(c.retrans + c.gap_bytes + c.jumps, 0U);
}

// A first fragment that has only 24 bytes of a header of 40.
TEST_F(TcpFragments, CountFromTheEndOfAHeaderThatIsSpreadOverTwo) {
  handshake();
  const frames::Bytes options(20, 1);  // NOPs
  const frames::Bytes whole =
      frames::ethernet(frames::kServerMac, frames::kClientMac)
          .ipv4(kServer, kClient)
          .tcp(80, 40000, kData, {.seq = 5001, .ack = 1001, .window = 2000, .options = options})
          .payload(200, 'x')
          .bytes();
  Pieces tiny(kData, 0, 0, 9);
  tiny.segment.assign(whole.begin() + 34, whole.end());
  ASSERT_EQ(tiny.segment.size(), kHeader + 20 + 200);
  packet(1, tiny.piece(0, 24));
  packet(1.0001, tiny.piece(24, 240));
  packet(1.1, from_server(kData, 5201, 1001).payload(100));
  const Record& r = end(1.2, 5301);
  EXPECT_EQ(of_server(r), TcpCounters{});
  EXPECT_EQ(r.dst()->app_bytes, 300U) << "the header is none of it";
}

// Random pieces in random order: never more than the stream, and each byte in it.
TEST_F(TcpFragments, InAnyOrderAreNoLoss) {
  std::uint32_t random = 7;
  const auto draw = [&random](std::uint32_t below) {
    random = random * 1664525 + 1013904223;
    return (random >> 8) % below;
  };
  handshake();
  double at = 1;
  std::uint32_t seq = 5001;
  for (std::uint16_t id = 20; id < 120; ++id) {
    const std::uint32_t payload = 100 + draw(2000);
    const Pieces big(kData, seq, payload, id);
    std::vector<std::size_t> cuts{0};
    while (cuts.back() < big.segment.size()) cuts.push_back(cuts.back() + 24 + 8 * draw(40));
    std::vector<std::size_t> order(cuts.size() - 1);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (std::size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[draw(static_cast<std::uint32_t>(i))]);
    }
    for (const std::size_t i : order) packet(at += 0.00001, big.piece(cuts[i], cuts[i + 1]));
    seq += payload;
  }
  const TcpCounters c = of_server(end(at + 0.1, seq));
  EXPECT_EQ(c.gap_bytes, 0U);
  EXPECT_EQ(c.retrans, 0U);
  EXPECT_EQ(c.lost_before, 0U);
}

}  // namespace
}  // namespace panoptes
