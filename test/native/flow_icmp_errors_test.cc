// A flow whose packet drew an ICMP error says so in its record.
#include <gtest/gtest.h>

#include <numeric>

#include "flow_support.h"

namespace panoptes {
namespace {

constexpr char kRouter[] = "192.0.2.1";

// An error about the IP packet of `about`, of which `size` bytes are quoted.
frames::Frame error(const frames::Frame& about, std::uint8_t type = 3, std::uint8_t code = 3,
                    const char* reporter = kRouter, std::size_t size = 28) {
  frames::Bytes quote = about.bytes();
  quote.erase(quote.begin(), quote.begin() + 14);
  quote.resize(std::min(quote.size(), size));
  return frames::ethernet().ipv4(reporter, kClient).icmp(type, code).bytes_as_they_are(quote);
}
frames::Frame client() { return udp(kClient, 999, kServer, 998); }

std::vector<Record> of_flow(const Trace& t, std::uint8_t protocol = 17) {
  std::vector<Record> found;
  for (const Record& r : t.records.all) {
    if (r.flow.key.protocol == protocol) found.push_back(r);
  }
  return found;
}
std::string reporter_of(const Record& r) {
  char text[INET6_ADDRSTRLEN];
  const bool ipv6 = (r.extra.seen & kExtraReporterIpv6) != 0;
  return inet_ntop(ipv6 ? AF_INET6 : AF_INET, r.extra.reporter, text, sizeof text);
}

TEST(IcmpErrors, AreNotedInTheFlowThatDrewThem) {
  Trace t;
  t.packet(1, client()).packet(1.1, error(client())).finish();
  const auto flow = of_flow(t);
  ASSERT_EQ(flow.size(), 1U);
  EXPECT_EQ(flow[0].packets(), 1U);
  EXPECT_EQ(flow[0].extra.icmp_errors, 1U);
  EXPECT_EQ(flow[0].extra.icmp_error_type, 3);
  EXPECT_EQ(flow[0].extra.icmp_error_code, 3);
  EXPECT_EQ(flow[0].extra.icmp_error_ns, Trace::at(1.1));
  EXPECT_EQ(reporter_of(flow[0]), kRouter);
  const auto own = of_flow(t, 1);
  ASSERT_EQ(own.size(), 1U) << "the error is accounted in a flow of its own";
  EXPECT_EQ(own[0].packets(), 1U);
  EXPECT_EQ(own[0].extra.icmp_errors, 0U);
}

TEST(IcmpErrors, SayTheLastOneAndCountAll) {
  Trace t;
  t.packet(1, client()).packet(1.1, error(client(), 11, 0, "192.0.2.7"));
  t.packet(1.2, error(client(), 3, 1, "192.0.2.8")).finish();
  const auto flow = of_flow(t);
  ASSERT_EQ(flow.size(), 1U);
  EXPECT_EQ(flow[0].extra.icmp_errors, 2U);
  EXPECT_EQ(flow[0].extra.icmp_error_type, 3);
  EXPECT_EQ(flow[0].extra.icmp_error_code, 1);
  EXPECT_EQ(reporter_of(flow[0]), "192.0.2.8");
  EXPECT_EQ(flow[0].extra.icmp_error_ns, Trace::at(1.1)) << "of the first";
}

TEST(IcmpErrors, AreKnownForIpv6) {
  const auto flow6 = [] {
    return frames::ethernet().ipv6("fd00::1", "fd00::2").udp(1000, 2000).payload("hello");
  };
  frames::Bytes quote = flow6().bytes();
  quote.erase(quote.begin(), quote.begin() + 14);
  Trace t;
  t.packet(1, flow6());
  t.packet(1.1,
           frames::ethernet().ipv6("2001:db8::1", "fd00::1").icmpv6(1, 4).bytes_as_they_are(quote));
  t.finish();
  ASSERT_EQ(of_flow(t).size(), 1U);
  EXPECT_EQ(of_flow(t)[0].extra.icmp_errors, 1U);
  EXPECT_EQ(reporter_of(of_flow(t)[0]), "2001:db8::1");
}

TEST(IcmpErrors, MakeARecordWithoutPackets) {
  Trace t;
  t.packet(1, client());
  t.tracker.tick(Trace::at(5.5));
  ASSERT_EQ(t.count(), 1U);
  t.packet(6, error(client()));
  t.tracker.tick(Trace::at(10.5));
  const auto flow = of_flow(t);
  ASSERT_EQ(flow.size(), 2U);
  EXPECT_EQ(flow[0].extra.icmp_errors, 0U);
  EXPECT_EQ(flow[1].cause, Cause::status);
  EXPECT_EQ(flow[1].packets(), 0U);
  EXPECT_EQ(flow[1].extra.icmp_errors, 1U);
  EXPECT_EQ(flow[1].extra.icmp_error_ns, Trace::at(6));
  t.finish();
  EXPECT_EQ(of_flow(t).size(), 2U) << "nothing more to say";
  EXPECT_EQ(t.records.packets(), t.sent);
}

TEST(IcmpErrors, AreReportedAtTheEndToo) {
  Trace t;
  t.packet(1, client());
  t.tracker.tick(Trace::at(5.5));
  t.packet(6, error(client())).finish();
  const auto flow = of_flow(t);
  ASSERT_EQ(flow.size(), 2U);
  EXPECT_EQ(flow[1].cause, Cause::end);
  EXPECT_EQ(flow[1].packets(), 0U);
  EXPECT_EQ(flow[1].extra.icmp_errors, 1U);
}

TEST(IcmpErrors, BelongToTheIntervalThatTheyCameIn) {
  Trace t;
  t.packet(4, client()).packet(6, error(client())).packet(7, client()).packet(12, client());
  t.finish();
  const auto flow = of_flow(t);
  ASSERT_EQ(flow.size(), 3U);
  EXPECT_EQ(flow[0].packets(), 1U);
  EXPECT_EQ(flow[0].extra.icmp_errors, 0U);
  EXPECT_EQ(flow[1].packets(), 1U);
  EXPECT_EQ(flow[1].extra.icmp_errors, 1U);
  EXPECT_EQ(flow[2].extra.icmp_errors, 0U) << "each is counted in one record";
}

TEST(IcmpErrors, DoNotKeepAFlowAlive) {
  Trace t;
  t.packet(1, client());
  for (int s = 2; s < 62; ++s) t.packet(s, error(client()));
  t.tracker.tick(Trace::at(62));
  const auto flow = of_flow(t);
  ASSERT_FALSE(flow.empty());
  EXPECT_EQ(flow.back().cause, Cause::end);
  EXPECT_EQ(flow.back().reason, EndReason::idle);
  const auto errors =
      std::accumulate(flow.begin(), flow.end(), 0U,
                      [](unsigned sum, const Record& r) { return sum + r.extra.icmp_errors; });
  EXPECT_EQ(errors, 60U);
  t.finish();
  EXPECT_EQ(t.records.packets(), t.sent);
}

TEST(IcmpErrors, AboutAFlowThatIsOverAreNotNoted) {
  TrackerOptions o;
  o.status_interval_ns = 0;
  Trace t(o);
  t.packet(1, client()).packet(61.5, error(client())).finish();
  const auto flow = of_flow(t);
  ASSERT_EQ(flow.size(), 1U);
  EXPECT_EQ(flow[0].extra.icmp_errors, 0U) << "whether or not the sweep has come by";
}

TEST(IcmpErrors, AboutAnUnknownFlowOpenNone) {
  Trace t;
  t.packet(1, error(client())).packet(1, error(udp(kClient, 1, kServer, 2)));
  EXPECT_EQ(t.tracker.flows(), 1U);
  t.finish();
  ASSERT_EQ(t.count(), 1U);
  EXPECT_EQ(t.record(0).flow.key.protocol, 1);
  EXPECT_EQ(t.record(0).packets(), 2U);
}

TEST(IcmpErrors, AreForgottenWithTheFlow) {
  Trace t;
  t.packet(0, from_client(kSyn, 100)).packet(0.1, error(from_client(kSyn, 100)));
  t.packet(0.2, from_client(kFin | kAck, 101, 501)).packet(0.3, from_client(kSyn, 9000)).finish();
  const auto flow = of_flow(t, 6);
  ASSERT_EQ(flow.size(), 2U);
  EXPECT_EQ(flow[0].extra.icmp_errors, 1U);
  EXPECT_EQ(flow[1].extra.icmp_errors, 0U);
}

TEST(IcmpErrors, FindTheDnsTransactionByItsPortsIfNoMoreIsQuoted) {
  const auto query = [](std::uint16_t port, std::uint16_t id) {
    return frames::ethernet().ipv4(kClient, kServer).udp(port, 53).dns(id, false);
  };
  Trace t;
  t.packet(0, query(5000, 7)).packet(0.1, query(5000, 8)).packet(0.2, query(5001, 9));
  t.packet(0.3, error(query(5000, 8))).packet(0.4, error(query(5002, 9)));
  t.packet(0.5, error(query(5001, 9), 3, 1, kRouter, 48)).finish();
  for (const Record& r : of_flow(t)) {
    EXPECT_EQ(r.extra.icmp_errors, r.flow.key.aux == 7 ? 0 : 1) << r.flow.key.aux;
    if (r.flow.key.aux == 9) {
      EXPECT_EQ(r.extra.icmp_error_code, 1) << "only the one that has its id";
    }
  }
}

TEST(IcmpErrors, FillARecordWithoutLosingOne) {
  Trace t;
  t.packet(0, client());
  const frames::Frame one = error(client());
  for (int i = 0; i < 70'000; ++i) t.packet(0.1, one);
  t.finish();
  const auto flow = of_flow(t);
  ASSERT_EQ(flow.size(), 2U);
  EXPECT_EQ(flow[0].extra.icmp_errors, 0xffff);
  EXPECT_EQ(flow[0].cause, Cause::start);
  EXPECT_EQ(flow[1].extra.icmp_errors, 70'000 - 0xffff);
  EXPECT_EQ(flow[1].packets(), 0U);
  EXPECT_EQ(t.records.packets(), t.sent);
}

TEST(IcmpErrors, WithoutRoomAreCounted) {
  TrackerOptions o;
  o.max_extras = 1;
  Trace t(o);
  const auto other = udp(kClient, 1, kServer, 2);
  t.packet(0, client()).packet(0, other).packet(0.1, error(client())).packet(0.1, error(other));
  t.packet(0.2, error(client())).finish();
  EXPECT_EQ(t.tracker.counters().extra_skipped, 1U);
  unsigned noted = 0;
  for (const Record& r : of_flow(t)) noted += r.extra.icmp_errors;
  EXPECT_EQ(noted, 2U);
}

}  // namespace
}  // namespace panoptes
