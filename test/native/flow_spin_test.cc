// The spin bit of QUIC, from a simulation of the rule in RFC 9000 17.4 whose delays are known.
#include <functional>
#include <map>
#include <random>

#include "flow/responses.h"
#include "flow_support.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;

constexpr std::uint32_t kVersion1 = 1, kGoogle50 = 0x51303530;

frames::Frame datagram(bool from_client, std::string_view payload) {
  return from_client ? ethernet().ipv4(kClient, kServer).udp(40000, 443).payload(payload)
                     : ethernet().ipv4(kServer, kClient).udp(443, 40000).payload(payload);
}

std::string long_header(std::uint32_t version) {
  std::string out = "\xc3";
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(version >> shift);
  out += std::string(
      "\x08"
      "destinat"
      "\x05"
      "sourc",
      15);
  out += std::string("\x00\x44\x4c", 3);  // no token, 1100 bytes
  out.resize(1200, 'x');
  return out;
}

std::string short_header(bool spin, std::uint32_t number) {
  std::string out(1, spin ? '\x63' : '\x43');
  out += "destinat";
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
  return out + std::string(30, 'y');
}

// Two ends, the probe 3 ms from the client and 10 ms from the server.
struct Spin {
  // When an end sends again by itself, ms; 0: only in answer to a packet.
  double client_every = 0, server_every = 0;
  // How an end sets the bit of a packet, given the one that the rule wants.
  std::function<bool(bool)> client_bit = [](bool wanted) { return wanted; };
  std::function<bool(bool)> server_bit = [](bool wanted) { return wanted; };
  // What a packet of the client is late by before the probe, ms.
  std::function<double()> late = [] { return 0.0; };
  std::uint32_t version = kVersion1;
  double until = 2000;

  void run(Trace& t) const {
    static constexpr double kToClient = 3, kToServer = 10;
    enum class What : std::uint8_t { send, pass, arrive };
    struct Event {
      What what;
      bool of_client;  // who sent it, or sends
      bool bit;
      std::uint32_t number;
    };
    std::multimap<double, Event> events;
    bool bit[2] = {false, false};
    std::uint32_t next[2] = {0, 0};
    std::int64_t highest[2] = {-1, -1};  // of what the end received
    if (version != 0) {
      t.packet(0, datagram(true, long_header(version)));
      t.packet(0.02, datagram(false, long_header(version)));
    }
    const double every[2] = {server_every, client_every};
    events.insert({30, {What::send, true, false, 0}});
    if (server_every != 0) events.insert({30, {What::send, false, false, 0}});
    while (!events.empty() && events.begin()->first < until) {
      const auto [ms, e] = *events.begin();
      events.erase(events.begin());
      const bool client = e.of_client;
      const double to_probe = client ? kToClient : kToServer;
      switch (e.what) {
        case What::send: {
          const bool sent = client ? client_bit(bit[1]) : server_bit(bit[0]);
          events.insert(
              {ms + to_probe + (client ? late() : 0), {What::pass, client, sent, next[client]++}});
          if (every[client] != 0) events.insert({ms + every[client], e});
          break;
        }
        case What::pass:
          t.packet(ms / 1000, datagram(client, short_header(e.bit, e.number)));
          events.insert(
              {ms + (client ? kToServer : kToClient), {What::arrive, client, e.bit, e.number}});
          break;
        case What::arrive:
          if (e.number > highest[!client]) {
            highest[!client] = e.number;
            bit[!client] = client ? e.bit : !e.bit;
          }
          if (every[!client] == 0) events.insert({ms, {What::send, !client, false, 0}});
          break;
      }
    }
    t.finish();
  }
};

struct Sums {
  std::uint32_t samples = 0;
  std::int64_t min = std::numeric_limits<std::int64_t>::max(), max = 0;
};
Sums sums(const Trace& t, bool of_src) {
  Sums out;
  for (std::size_t i = 0; i < t.count(); ++i) {
    const Record& r = t.record(i);
    const Rtt& rtt = r.rtt.side[r.flow.src_is_high() == of_src];
    if (rtt.samples == 0) continue;
    EXPECT_EQ(r.rtt.kind, RttKind::spin);
    out.samples += rtt.samples;
    out.min = std::min(out.min, rtt.min_ns);
    out.max = std::max(out.max, rtt.max_ns);
  }
  return out;
}
std::uint32_t samples(const Trace& t) { return sums(t, true).samples + sums(t, false).samples; }

TEST(Spin, TellsTheWayToEachEndAndBack) {
  Trace t;
  Spin{}.run(t);  // ends that take turns: an edge with every packet
  const Sums dst = sums(t, false), src = sums(t, true);
  EXPECT_NEAR(dst.samples, 1970 / 26, 3);
  EXPECT_NEAR(src.samples, 1970 / 26, 3);
  EXPECT_NEAR(static_cast<double>(dst.min), 20e6, 2);
  EXPECT_NEAR(static_cast<double>(dst.max), 20e6, 2);
  EXPECT_NEAR(static_cast<double>(src.min), 6e6, 2);
  EXPECT_NEAR(static_cast<double>(src.max), 6e6, 2);
}

TEST(Spin, IncludesWhatAnEndWaitsBeforeItsNextPacket) {
  Trace t;
  Spin{.client_every = 2, .server_every = 0.5}.run(t);
  const Sums dst = sums(t, false), src = sums(t, true);
  EXPECT_GT(dst.samples, 60U);
  EXPECT_GE(dst.min, 20'000'000 - 2);
  EXPECT_LE(dst.max, 20'500'000 + 2);
  EXPECT_GT(src.samples, 60U);
  EXPECT_GE(src.min, 6'000'000 - 2);
  EXPECT_LE(src.max, 8'000'000 + 2);
}

// A packet of the client in a hundred is overtaken by the five to ten behind it.
TEST(Spin, IsNotMisledByPacketsThatWereOvertaken) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    std::mt19937 engine(seed);
    Trace t;
    Spin spin{.client_every = 1, .server_every = 1};
    spin.late = [&engine] {
      return engine() % 100 == 0 ? 5.0 + static_cast<double>(engine() % 5) : 0.0;
    };
    spin.until = 4000;
    spin.run(t);
    const Sums dst = sums(t, false), src = sums(t, true);
    EXPECT_GT(dst.samples, 60U) << seed;
    EXPECT_GE(dst.min, 20'000'000 - 2) << seed;
    EXPECT_LE(dst.max, 21'000'000 + 2) << seed;
    EXPECT_GE(src.min, 6'000'000 - 2) << seed;
    // The packet that would have had the edge may be the late one.
    EXPECT_LE(src.max, 8'000'000 + 2) << seed;
  }
}

TEST(Spin, IsNotBelievedWhereItIsRandom) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    std::mt19937 engine(seed);
    const auto random = [&engine](bool) { return engine() % 2 == 0; };
    const auto check = [seed](const char* what, const Spin& spin) {
      Trace t;
      spin.run(t);
      EXPECT_EQ(samples(t), 0U) << what << ", seed " << seed;
    };
    Spin spin{.client_every = 1, .server_every = 1};
    spin.until = 400;
    spin.server_bit = random;
    check("the server's", spin);
    spin.client_bit = random;
    check("of both", spin);
    spin.server_bit = [](bool wanted) { return wanted; };
    check("the client's", spin);
  }
}

TEST(Spin, SaysNothingWhereItIsConstant) {
  for (const bool bit : {false, true}) {
    Trace t;
    Spin spin{.client_every = 1, .server_every = 1};
    spin.until = 400;
    spin.server_bit = [bit](bool) { return bit; };  // the client would spin
    spin.run(t);
    EXPECT_EQ(samples(t), 0U);
  }
}

TEST(Spin, IsThatOfQuicOnlyAndOfVersionsThatHaveIt) {
  for (const std::uint32_t version : {0U /* no long header */, kGoogle50}) {
    Trace t;
    Spin spin;
    spin.version = version;
    spin.run(t);
    EXPECT_EQ(samples(t), 0U) << version;
  }
}

TEST(Spin, KeepsItsSamplesUntilItIsBelieved) {
  // 26 ms a round trip with two edges each: the twelfth edge comes at about 180 ms.
  for (const double until : {140.0, 260.0}) {
    Trace t;
    Spin spin;
    spin.until = until;
    spin.run(t);
    EXPECT_EQ(samples(t) != 0, until > 200) << until;
  }
}

TEST(Spin, TakesABlockOnlyWhereItSpins) {
  TrackerOptions options;
  options.max_flows = 8192;  // 1024 blocks
  Trace t(options);
  for (std::uint16_t port = 1; port <= 2000; ++port) {
    const auto from = [port](const std::string& payload) {
      return ethernet().ipv4(kClient, kServer).udp(port, 443).payload(payload);
    };
    t.packet(port / 1e3, from(long_header(kVersion1)));
    for (std::uint32_t n = 0; n < 4; ++n) {
      t.packet(port / 1e3 + 1e-4 * n, from(short_header(n % 2 == 0, n)));
    }
  }
  EXPECT_EQ(t.tracker.counters().response_skipped, 0U);
}

}  // namespace
}  // namespace panoptes
