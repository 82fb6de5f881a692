// A capture of the headers alone gives the same figures as one of whole packets.
#include <gtest/gtest.h>

#include <tuple>

#include "flow_support.h"

namespace panoptes {
namespace {

// All that a record says of TCP but the options, of which nothing was captured.
auto figures(const Side& s) {
  return std::tuple_cat(std::tuple(s.packets, s.bytes, s.app_bytes, s.min_size, s.max_size,
                                   s.first_ns(), s.last_ns, s.ip_flags, s.ip_id, s.ttl, s.tos),
                        std::tuple(s.tcp_flags, s.tcp.base, s.tcp.next, s.tcp.acked, s.tcp.window,
                                   s.window_min, s.window_max));
}

struct Dialogue {
  frames::Bytes stamp = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2};
  frames::Bytes offer = {2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7};
  std::size_t snap;
  bool vlan;
  bool options;
  Trace t;

  void say(double at, bool client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
           std::uint16_t window, std::size_t payload) {
    frames::Frame f = frames::ethernet();
    if (vlan) f.vlan(7);
    const std::uint16_t src = client ? 40000 : 80, dst = client ? 80 : 40000;
    f.ipv4(client ? kClient : kServer, client ? kServer : kClient, {.id = 9})
        .tcp(src, dst, flags,
             {.seq = seq,
              .ack = ack,
              .window = window,
              .options = !options              ? frames::Bytes{}
                         : (flags & kSyn) != 0 ? offer
                                               : stamp})
        .payload(payload);
    t.bytes(at, f.bytes(60), snap);
  }

  void run() {
    say(0, true, kSyn, 100, 0, 1000, 0);
    say(0.1, false, kSyn | kAck, 500, 101, 2000, 0);
    say(0.2, true, kAck, 101, 501, 900, 0);
    say(0.3, true, kAck | kPsh, 101, 501, 900, 300);
    say(0.4, false, kAck, 501, 401, 0, 1448);
    say(0.5, true, kAck, 401, 1949, 800, 0);
    say(0.6, true, kFin | kAck, 401, 1949, 800, 10);
    say(0.7, false, kFin | kAck, 1949, 412, 1800, 0);
    say(0.8, true, kAck, 412, 1950, 800, 0);
    t.finish();
  }
};

TEST(Snap, OfTheHeadersGivesTheSameFiguresAsWholePackets) {
  // 50 of 54 and of 58 bytes: 12 bytes of TCP are too few, 16 enough for all but the checksum.
  for (const auto& [vlan, snap] : {std::pair{false, 54U}, {false, 50U}, {true, 58U}, {true, 54U}}) {
    for (const bool options : {false, true}) {
      Dialogue whole{.snap = 0xffff, .vlan = vlan, .options = options, .t = Trace()};
      Dialogue cut{.snap = snap, .vlan = vlan, .options = options, .t = Trace()};
      whole.run();
      cut.run();
      ASSERT_EQ(whole.t.count(), 1U);
      ASSERT_EQ(cut.t.count(), 1U);
      const Record& a = whole.t.record(0);
      const Record& b = cut.t.record(0);
      EXPECT_EQ(a.src()->app_bytes, 310U);
      EXPECT_EQ(a.dst()->app_bytes, 1448U);
      EXPECT_EQ(figures(*a.src()), figures(*b.src())) << vlan << " " << snap;
      EXPECT_EQ(figures(*a.dst()), figures(*b.dst())) << vlan << " " << snap;
      EXPECT_EQ(a.flow.tcp_state, b.flow.tcp_state);
      EXPECT_NE(b.flow.tcp_state & kStateBothFinsAcked, 0);
      EXPECT_EQ(a.flow.ackdat.known(), b.flow.ackdat.known());
      EXPECT_EQ(a.reason, b.reason);
    }
  }
}

}  // namespace
}  // namespace panoptes
