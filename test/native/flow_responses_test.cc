// Round trips of ICMP queries and of DNS, and where no memory is left for them. Those of the spin
// bit: flow_spin_test.cc.
#include "flow/responses.h"

#include "flow_support.h"

namespace panoptes {
namespace {

using frames::ethernet;

class Pings : public Trace {
 public:
  using Trace::Trace;
  Pings& ask(double ms, std::uint16_t number, std::uint16_t id = 7) {
    packet(ms / 1000, ethernet().ipv4(kClient, kServer).icmp(8, 0, id, number).payload(56));
    return *this;
  }
  Pings& reply(double ms, std::uint16_t number, std::uint16_t id = 7) {
    packet(ms / 1000, ethernet().ipv4(kServer, kClient).icmp(0, 0, id, number).payload(56));
    return *this;
  }
  // Of the only record.
  const Rtt& to_dst() {
    finish();
    EXPECT_EQ(count(), 1U);
    return rtt(0, false);
  }
  const Rtt& rtt(std::size_t i, bool of_src) const {
    const Record& r = record(i);
    return r.rtt.side[r.flow.src_is_high() == of_src];
  }
};

TEST(Responses, PairQueriesWithAnswersByNumber) {
  Pings t;
  t.ask(0, 1).reply(10, 1).ask(100, 2).reply(130, 2);
  const Rtt& rtt = t.to_dst();
  EXPECT_EQ(rtt.samples, 2U);
  EXPECT_EQ(rtt.min_ns, 10'000'000);
  EXPECT_EQ(rtt.max_ns, 30'000'000);
  EXPECT_DOUBLE_EQ(rtt.mean(), 20e6);
  EXPECT_DOUBLE_EQ(rtt.m2, 200e12);
  EXPECT_EQ(t.record(0).rtt.kind, RttKind::echo);
  EXPECT_EQ(t.rtt(0, true).samples, 0U);
}

TEST(Responses, CountNoAnswerTwiceAndNoneThatIsMissing) {
  Pings t;
  t.ask(0, 1).reply(10, 1).reply(12, 1);         // DUP!
  t.ask(1000, 2);                                // lost
  t.ask(2000, 3).reply(2020, 9).reply(2030, 3);  // nobody asked for 9
  const Rtt& rtt = t.to_dst();
  EXPECT_EQ(rtt.samples, 2U);
  EXPECT_EQ(rtt.min_ns, 10'000'000);
  EXPECT_EQ(rtt.max_ns, 30'000'000);
}

TEST(Responses, TimeAnAnswerThatComesAfterLaterOnes) {
  Pings t;
  t.ask(0, 1).ask(1000, 2).ask(2000, 3).reply(2010, 3).reply(2500, 1).reply(3000, 2);
  const Rtt& rtt = t.to_dst();
  EXPECT_EQ(rtt.samples, 3U);
  EXPECT_EQ(rtt.min_ns, 10'000'000);
  EXPECT_EQ(rtt.max_ns, 2'500'000'000);
  EXPECT_DOUBLE_EQ(rtt.mean(), (10e6 + 2500e6 + 2000e6) / 3);
}

// One place in the side, eight in the block.
TEST(Responses, TimeAsManyAsThereIsRoomForAndNoOther) {
  Pings t;
  for (std::uint16_t n = 0; n < 12; ++n) t.ask(n * 10, n);
  for (std::uint16_t n = 0; n < 12; ++n) t.reply(300 + n * 10, n);
  t.ask(1000, 12).reply(1300, 12);
  const Rtt& rtt = t.to_dst();
  EXPECT_EQ(rtt.samples, 10U);
  EXPECT_EQ(rtt.min_ns, 300'000'000);
  EXPECT_EQ(rtt.max_ns, 300'000'000);
}

TEST(Responses, GiveThePlaceOfALostQueryToANewOne) {
  Pings t;
  for (std::uint16_t n = 0; n < 9; ++n) t.ask(n, n);
  t.ask(2500, 100).reply(2510, 100);
  for (std::uint16_t n = 200; n < 208; ++n) t.ask(2600, n);
  t.reply(2620, 207);
  EXPECT_EQ(t.to_dst().samples, 2U);
}

TEST(Responses, FollowNumbersAcrossTheirWrap) {
  Pings t;
  t.ask(0, 65534).ask(10, 65535).ask(20, 0).ask(30, 1);
  t.reply(50, 65534).reply(60, 65535).reply(70, 0).reply(80, 1);
  const Rtt& rtt = t.to_dst();
  EXPECT_EQ(rtt.samples, 4U);
  EXPECT_DOUBLE_EQ(rtt.mean(), 50e6);
  EXPECT_DOUBLE_EQ(rtt.m2, 0);
}

TEST(Responses, TimeNothingThatWasAskedTwice) {
  Pings t;
  t.ask(0, 1).ask(100, 1).reply(130, 1);                              // in the side
  t.ask(200, 2).ask(210, 3).ask(300, 3).reply(330, 3).reply(340, 2);  // in the block
  EXPECT_EQ(t.to_dst().samples, 1U);
  EXPECT_EQ(t.rtt(0, false).min_ns, 140'000'000);

  Pings always;  // the same number again and again, of which the second is lost
  always.ask(0, 0).reply(5, 0).ask(1000, 0).ask(4000, 0).reply(4007, 0);
  EXPECT_EQ(always.to_dst().samples, 2U);
  EXPECT_EQ(always.rtt(0, false).max_ns, 7'000'000);
}

TEST(Responses, LeaveOutCopiesMadeByTheCapture) {
  Pings t;
  t.ask(0, 1).ask(0.2, 1).reply(10, 1).reply(10.2, 1);
  const Rtt& rtt = t.to_dst();
  EXPECT_EQ(t.record(0).extra.duplicates[0] + t.record(0).extra.duplicates[1], 2U);
  EXPECT_EQ(rtt.samples, 1U);
  EXPECT_EQ(rtt.min_ns, 10'000'000);
}

// Windows gives every ping the id 1.
TEST(Responses, TellTheTwoEndsApartThatAskUnderOneId) {
  Pings t;
  t.ask(0, 5);
  t.packet(0.001, ethernet().ipv4(kServer, kClient).icmp(8, 0, 7, 5).payload(56));
  t.packet(0.003, ethernet().ipv4(kClient, kServer).icmp(0, 0, 7, 5).payload(56));
  t.reply(9, 5);
  EXPECT_EQ(t.to_dst().min_ns, 9'000'000);
  EXPECT_EQ(t.rtt(0, true).min_ns, 2'000'000);
}

TEST(Responses, CountInTheRecordOfTheAnswer) {
  Pings t;
  t.ask(4990, 1).reply(5010, 1).finish();
  ASSERT_EQ(t.count(), 2U);
  EXPECT_EQ(t.rtt(0, false).samples, 0U);
  EXPECT_EQ(t.rtt(1, false).min_ns, 20'000'000);
}

TEST(Responses, TimeOtherQueriesThatHaveNumbers) {
  Trace six;
  six.packet(0, ethernet().ipv6("fd00::1", "fd00::2").icmpv6(128, 0, 3, 9).payload(8));
  six.packet(0.004, ethernet().ipv6("fd00::2", "fd00::1").icmpv6(129, 0, 3, 9).payload(8));
  six.finish();
  EXPECT_EQ(six.record(0).rtt.side[0].samples + six.record(0).rtt.side[1].samples, 1U);

  // Of an extended echo (RFC 8335 2) one byte is the number; the other one differs in the reply.
  Trace extended;
  extended.packet(0, ethernet().ipv4(kClient, kServer).icmp(42, 0, 3, 0x0501).payload(8));
  extended.packet(0.004, ethernet().ipv4(kServer, kClient).icmp(43, 0, 3, 0x0524).payload(8));
  extended.finish();
  EXPECT_EQ(extended.record(0).rtt.side[0].samples + extended.record(0).rtt.side[1].samples, 1U);
}

TEST(Responses, TimeNothingWhoseNumberWasNotCaptured) {
  constexpr std::size_t kUpToId = 14 + 20 + 6;
  Pings t;
  t.bytes(0, ethernet().ipv4(kClient, kServer).icmp(8, 0, 7, 1).payload(56).bytes(), kUpToId);
  t.bytes(0.01, ethernet().ipv4(kServer, kClient).icmp(0, 0, 7, 1).payload(56).bytes(), kUpToId);
  EXPECT_EQ(t.to_dst().samples, 0U);
}

TEST(Responses, BelieveNoTimeThatRanBackwards) {
  Pings t;
  t.ask(100, 1).ask(200, 2).ask(210, 3).reply(50, 1).reply(90, 2).reply(230, 3);
  EXPECT_EQ(t.to_dst().samples, 1U);
  EXPECT_EQ(t.rtt(0, false).max_ns, 20'000'000);
}

TEST(Responses, ForgetWhatIsTooOldToBeTold) {
  TrackerOptions options;
  options.idle_icmp_ns = 3'600 * kSecond;
  options.status_interval_ns = 0;
  Pings t(options);
  t.ask(0, 1).ask(1, 2).ask(2, 3);
  // 2^40 ns later: modulo that, the reply would come right after its query.
  t.reply(1'099'511.627'776 + 3, 2);
  EXPECT_EQ(t.to_dst().samples, 0U);
}

TEST(Responses, TakeNoBlockForAQueryThatNobodyAnswers) {
  TrackerOptions options;
  options.max_flows = 8192;
  Pings t(options);
  for (std::uint16_t id = 0; id < 3000; ++id) t.ask(id, 1, id);
  EXPECT_EQ(t.tracker.counters().response_skipped, 0U);
  t.reply(3000, 1, 2999).finish();
  EXPECT_EQ(t.tracker.counters().response_skipped, 0U);
}

TEST(Responses, SayHowManyFoundNoMemory) {
  TrackerOptions options;
  options.max_flows = 8192;  // 1024 blocks
  Pings t(options);
  for (std::uint16_t id = 0; id < 1030; ++id) t.ask(id, 1, id).reply(id + 0.5, 1, id);
  EXPECT_EQ(t.tracker.counters().response_skipped, 6U);
  t.finish();
  std::uint32_t samples = 0;
  for (std::size_t i = 0; i < t.count(); ++i) samples += t.rtt(i, false).samples;
  EXPECT_EQ(samples, 1024U);
  t.ask(60'000, 1).reply(60'003, 1).finish();
  EXPECT_EQ(t.tracker.counters().response_skipped, 6U) << "blocks come back";
}

// --- DNS

frames::Frame query(std::uint16_t id) {
  return ethernet().ipv4(kClient, kServer).udp(40000, 53).dns(id, false);
}
frames::Frame response(std::uint16_t id) {
  return ethernet().ipv4(kServer, kClient).udp(53, 40000).dns(id, true);
}

TEST(Responses, LeaveDnsWithinOneRecordToItsReaders) {
  Trace t;
  t.packet(1, query(7)).packet(1.02, response(7)).finish();
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).rtt.side[0].samples + t.record(0).rtt.side[1].samples, 0U);
}

TEST(Responses, TimeDnsFromItsFirstQueryInWhateverRecordThatIs) {
  for (const bool again : {false, true}) {
    Pings t;
    t.packet(4, query(7));
    if (again) t.packet(4.5, query(7)).packet(5.1, query(7));
    t.packet(5.25, response(7));
    t.finish();
    ASSERT_EQ(t.count(), 2U);
    EXPECT_EQ(t.rtt(0, false).samples, 0U);
    EXPECT_EQ(t.rtt(1, false).samples, 1U) << again;
    EXPECT_EQ(t.rtt(1, false).min_ns, 1'250'000'000);
    EXPECT_EQ(t.record(1).rtt.kind, RttKind::dns);
    EXPECT_EQ(t.rtt(1, true).samples, 0U);
  }
}

TEST(Responses, TimeNoDnsWithoutAQuery) {
  Trace t;
  t.packet(4, response(7)).finish();
  EXPECT_EQ(t.record(0).rtt.side[0].samples + t.record(0).rtt.side[1].samples, 0U);
}

}  // namespace
}  // namespace panoptes
