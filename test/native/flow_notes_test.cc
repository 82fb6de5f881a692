// What a tracker with a share of the packets is told of the packets of others.
#include <gtest/gtest.h>

#include <array>
#include <span>

#include "flow_support.h"

namespace panoptes {
namespace {

void tell(Trace& t, const TrackerNote& note) { t.tracker.process({}, std::span(&note, 1)); }

Packet decoded(double seconds, const frames::Bytes& frame) {
  Packet p;
  const auto size = static_cast<std::uint32_t>(frame.size());
  EXPECT_EQ(decode({frame.data(), size, size, Trace::at(seconds), 1}, p), Undecoded::none);
  return p;
}

TEST(TrackerNotes, TellOfAServerThatAnotherTrackerLearned) {
  const auto syn_ack =
      frames::ethernet().ipv4("10.0.0.1", "10.0.0.7").tcp(50000, 41000, kSyn | kAck).bytes();
  // What comes from the server itself, so that who sent first would be taken for the client.
  const auto from_server = frames::ethernet().ipv4("10.0.0.1", "10.0.0.9").tcp(50000, 40000, kAck);
  Trace untold, told;
  untold.packet(1, from_server).finish();
  ASSERT_EQ(untold.count(), 1U);
  EXPECT_EQ(static_cast<Evidence>(untold.record(0).flow.evidence), Evidence::first_packet);
  tell(told, {.kind = TrackerNote::Kind::server,
              .before = 0,
              .server = LearnedServers::server_of(decoded(0.5, syn_ack))});
  told.packet(1, from_server).finish();
  ASSERT_EQ(told.count(), 1U);
  EXPECT_EQ(static_cast<Evidence>(told.record(0).flow.evidence), Evidence::learned_port);
  ASSERT_NE(told.record(0).dst(), nullptr) << "the sender is the server";
  EXPECT_EQ(told.record(0).dst()->packets, 1U);
}

TEST(TrackerNotes, TellAFlowOfAnErrorThatIsAccountedElsewhere) {
  const auto client = udp(kClient, 999, kServer, 998);
  frames::Bytes quote = client.bytes();
  quote.erase(quote.begin(), quote.begin() + 14);
  quote.resize(28);
  const auto error =
      frames::ethernet().ipv4("192.0.2.1", kClient).icmp(3, 3).bytes_as_they_are(quote).bytes();
  const Packet packet = decoded(1.1, error);
  Trace t;
  t.packet(1, client);
  tell(t, {.kind = TrackerNote::Kind::error, .before = 0, .error = &packet});
  t.finish();
  ASSERT_EQ(t.count(), 1U) << "the error has no flow here";
  EXPECT_EQ(t.record(0).packets(), 1U);
  EXPECT_EQ(t.record(0).extra.icmp_errors, 1U);
  EXPECT_EQ(t.record(0).extra.icmp_error_ns, Trace::at(1.1));
}

TEST(TrackerNotes, TellOfAnIntervalThatOthersBegan) {
  // The second packet is late: its own stamp lies in the first interval, the clock of the capture
  // was in the second one already.
  TrackerOptions options;
  PacketClock clock(options.status_interval_ns);
  clock.advance(Trace::at(1));
  clock.advance(Trace::at(5.5));
  Trace t;
  t.packet(1, udp(kClient, 999, kServer, 998));
  tell(t, {.kind = TrackerNote::Kind::clock, .before = 0, .clock = &clock});
  t.packet(4.9, udp(kClient, 999, kServer, 998)).finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(t.record(0).cause, Cause::start);
  EXPECT_EQ(t.record(0).packets(), 1U);
  EXPECT_EQ(t.record(1).packets(), 1U);
}

TEST(TrackerNotes, AreTakenInFrontOfTheirPacket) {
  const auto syn_ack =
      frames::ethernet().ipv4("10.0.0.1", "10.0.0.7").tcp(50000, 41000, kSyn | kAck).bytes();
  const std::uint64_t server = LearnedServers::server_of(decoded(0.5, syn_ack));
  // Three flows with the server's port as source; the note stands before the second one.
  std::array<frames::Bytes, 3> frames;
  std::array<Packet, 3> packets;
  Trace t;
  for (std::uint16_t i = 0; i < 3; ++i) {
    frames[i] = frames::ethernet()
                    .ipv4("10.0.0.1", "10.0.0.9")
                    .tcp(50000, static_cast<std::uint16_t>(40000 + i), kAck)
                    .bytes();
    packets[i] = decoded(1 + i, frames[i]);
    t.tracker.prepare(packets[i]);
  }
  const TrackerNote note{.kind = TrackerNote::Kind::server, .before = 1, .server = server};
  t.tracker.process(packets, std::span(&note, 1));
  t.finish();
  ASSERT_EQ(t.count(), 3U);
  int learned = 0;
  for (const Record& r : t.records.all) {
    const bool first = r.flow.key.low_port == 40000 || r.flow.key.high_port == 40000;
    EXPECT_EQ(static_cast<Evidence>(r.flow.evidence),
              first ? Evidence::first_packet : Evidence::learned_port);
    learned += first ? 0 : 1;
  }
  EXPECT_EQ(learned, 2);
}

TEST(PacketClock, NumbersIntervalsThatFollowOneAnother) {
  PacketClock clock(5 * kSecond);
  EXPECT_FALSE(clock.started());
  clock.advance(Trace::at(1));
  const std::uint32_t first = clock.interval();
  clock.advance(Trace::at(4.9));
  EXPECT_EQ(clock.interval(), first);
  clock.advance(Trace::at(5));
  EXPECT_NE(clock.interval(), first);
  const std::uint32_t second = clock.interval();
  clock.advance(Trace::at(4));  // late
  EXPECT_EQ(clock.interval(), second);
  EXPECT_EQ(clock.now_ns(), Trace::at(5));
  clock.advance(Trace::at(500));
  clock.advance(Trace::at(6));  // the clock was set
  EXPECT_EQ(clock.now_ns(), Trace::at(6));
  EXPECT_NE(clock.interval(), second) << "what came between is another interval";
}

}  // namespace
}  // namespace panoptes
