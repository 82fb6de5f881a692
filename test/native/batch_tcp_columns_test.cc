// What a record of TCP becomes in the columns of the open batch.
#include "batch/tcp_columns.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "batch/record_columns.h"

namespace panoptes {
namespace {

class TcpColumns : public testing::Test {
 protected:
  // Adds the record as row 5, of the flow whose src is the high endpoint.
  RecordColumns& add(std::uint32_t packets = 1) {
    Flow flow{};
    flow.key.kind = FlowKind::ipv4;
    flow.key.protocol = 6;
    flow.life = kLifeLowSent | kLifeSrcIsHigh;
    flow.side[0].packets = packets;
    flow.side[0].seen = kSeenTcp;
    flow.side[0].window_shift = 0xff;
    RecordInfo info{Cause::status, EndReason::none, {}, {}};
    info.tcp = given_ ? &tcp_ : nullptr;
    info.rtt = given_ ? &rtt_ : nullptr;
    std::uint64_t counted = 0;
    added_ = add_record(*columns_, 5, flow, info, counted);
    return *columns_;
  }
  SideColumns& src() { return columns_->columns.src; }
  SideColumns& dst() { return columns_->columns.dst; }

  TcpRecord tcp_{};
  RttRecord rtt_{};
  bool given_ = true;
  bool added_ = false;
  std::unique_ptr<RecordColumns> columns_ = std::make_unique<RecordColumns>();
};

TEST_F(TcpColumns, HoldOnlyWhatHappened) {
  add();
  const auto is_empty = [](const RowSet& set) { return set.count == 0; };
  for (SideColumns* side : {&src(), &dst()}) {
    EXPECT_TRUE(is_empty(side->set_retrans) && is_empty(side->set_spurious) &&
                is_empty(side->set_lost_before) && is_empty(side->set_out_of_order) &&
                is_empty(side->set_keep_alives) && is_empty(side->set_dup_acks) &&
                is_empty(side->set_zero_windows) && is_empty(side->set_tcp_gap) &&
                is_empty(side->set_stalled) && is_empty(side->set_syn_repeats) &&
                is_empty(side->set_fast_retrans) && is_empty(side->set_timeout_retrans) &&
                is_empty(side->set_tcp_strays) && is_empty(side->set_tcp_resyncs) &&
                is_empty(side->set_tcp_jumps) && is_empty(side->set_rtt) &&
                is_empty(side->set_rtts) && is_empty(side->set_three_rtts) &&
                is_empty(side->set_many_rtts));
  }
}

TEST_F(TcpColumns, PutEachCounterInItsColumnOfItsDirection) {
  TcpCounters& c = tcp_.side[1];
  c.retrans = 1;
  c.retrans_bytes = 2;
  c.spurious = 3;
  c.lost_before = 4;
  c.out_of_order = 5;
  c.keep_alives = 6;
  c.dup_acks = 7;
  c.zero_windows = 8;
  c.gap_bytes = 9;
  c.stalled_ns = 10;
  c.syn_repeats = 11;
  c.fast = 12;
  c.timeout = 13;
  c.strays = 14;
  c.resyncs = 15;
  c.jumps = 17;
  c.rtt_by_timestamp = 18;
  tcp_.side[0].retrans = 16;
  add();
  const auto holds = [](const RowSet& set, std::uint64_t value, std::uint64_t expected) {
    EXPECT_EQ(set.count, 1U) << expected;
    EXPECT_EQ(set.bits[0], 1U << 5) << expected;
    EXPECT_EQ(value, expected);
  };
  const SideColumns& s = src();
  holds(s.set_retrans, s.retrans[0], 1);
  holds(s.set_retrans, s.retrans_bytes[0], 2);
  holds(s.set_spurious, s.spurious[0], 3);
  holds(s.set_lost_before, s.lost_before[0], 4);
  holds(s.set_out_of_order, s.out_of_order[0], 5);
  holds(s.set_keep_alives, s.keep_alives[0], 6);
  holds(s.set_dup_acks, s.dup_acks[0], 7);
  holds(s.set_zero_windows, s.zero_windows[0], 8);
  holds(s.set_tcp_gap, s.gap_bytes[0], 9);
  holds(s.set_stalled, s.stalled[0], 10);
  holds(s.set_syn_repeats, s.syn_repeats[0], 11);
  holds(s.set_fast_retrans, s.fast_retrans[0], 12);
  holds(s.set_timeout_retrans, s.timeout_retrans[0], 13);
  holds(s.set_tcp_strays, s.tcp_strays[0], 14);
  holds(s.set_tcp_resyncs, s.tcp_resyncs[0], 15);
  holds(s.set_tcp_jumps, s.tcp_jumps[0], 17);
  holds(s.set_rtt_by_timestamp, s.rtt_by_timestamp[0], 18);
  holds(dst().set_retrans, dst().retrans[0], 16);
  EXPECT_EQ(dst().set_spurious.count, 0U);
}

TEST_F(TcpColumns, TellOfACounterThatStandsAlone) {
  using Counter = std::uint32_t TcpCounters::*;
  constexpr std::pair<Counter, RowSet SideColumns::*> kCounters[] = {
      {&TcpCounters::retrans, &SideColumns::set_retrans},
      {&TcpCounters::spurious, &SideColumns::set_spurious},
      {&TcpCounters::lost_before, &SideColumns::set_lost_before},
      {&TcpCounters::out_of_order, &SideColumns::set_out_of_order},
      {&TcpCounters::keep_alives, &SideColumns::set_keep_alives},
      {&TcpCounters::dup_acks, &SideColumns::set_dup_acks},
      {&TcpCounters::zero_windows, &SideColumns::set_zero_windows},
      {&TcpCounters::syn_repeats, &SideColumns::set_syn_repeats},
      {&TcpCounters::fast, &SideColumns::set_fast_retrans},
      {&TcpCounters::timeout, &SideColumns::set_timeout_retrans},
      {&TcpCounters::strays, &SideColumns::set_tcp_strays},
      {&TcpCounters::resyncs, &SideColumns::set_tcp_resyncs},
      {&TcpCounters::jumps, &SideColumns::set_tcp_jumps},
      {&TcpCounters::rtt_by_timestamp, &SideColumns::set_rtt_by_timestamp},
  };
  for (const auto& [counter, set] : kCounters) {
    tcp_.side[1] = {};
    tcp_.side[1].*counter = 1;
    const std::uint32_t before = (src().*set).count;
    add();
    EXPECT_EQ((src().*set).count, before + 1);
  }
  tcp_.side[1] = {};
  tcp_.side[1].gap_bytes = 1;
  add();
  EXPECT_EQ(src().set_tcp_gap.count, 1U);
  tcp_.side[1] = {};
  tcp_.side[1].stalled_ns = 1;
  add();
  EXPECT_EQ(src().set_stalled.count, 1U);
}

TEST_F(TcpColumns, AreEmptyWhereThereIsNothingToTell) {
  tcp_.side[0].zero_windows = 3;
  given_ = false;
  add();
  EXPECT_TRUE(added_);
  EXPECT_EQ(dst().set_zero_windows.count, 0U);
  EXPECT_EQ(columns_->columns.set_tcp.count, 1U) << "it is TCP all the same";
}

TEST_F(TcpColumns, LeaveOutOfRoundTripsWhatFewSamplesImply) {
  Rtt& rtt = rtt_.side[1];
  rtt = {.sum_ns = 15, .m2 = 8, .min_ns = 3, .max_ns = 7, .samples = 0};
  add();
  EXPECT_EQ(src().set_rtt.count, 0U) << "what is not a sample of this record";

  rtt.samples = 1;
  add();
  EXPECT_EQ(src().set_rtt.count, 1U);
  EXPECT_EQ(src().rtt_count[0], 1U);
  EXPECT_EQ(src().rtt_min[0], 3U);
  EXPECT_EQ(src().set_rtts.count, 0U);
  EXPECT_EQ(dst().set_rtt.count, 0U);

  rtt.samples = 2;
  add();
  EXPECT_EQ(src().rtt_count[1], 2U);
  EXPECT_EQ(src().set_rtts.count, 1U);
  EXPECT_EQ(src().rtt_max[0], 7U);
  EXPECT_EQ(src().set_three_rtts.count, 0U);

  rtt.samples = 3;
  add();
  EXPECT_EQ(src().set_three_rtts.count, 1U);
  EXPECT_EQ(src().rtt_sum[0], 15U);
  EXPECT_EQ(src().set_many_rtts.count, 0U);

  rtt.samples = 4;
  rtt.sum_ns = 20;
  add();
  EXPECT_EQ(src().rtt_sum[1], 20U);
  EXPECT_EQ(src().set_many_rtts.count, 1U);
  EXPECT_EQ(src().rtt_m2[0], 8);
}

TEST_F(TcpColumns, SayWhatRoundTripsWereMeasuredByWhereItIsNotTheAcknowledgement) {
  rtt_.side[1].samples = 1;
  add();
  EXPECT_EQ(columns_->columns.set_rtt_kind.count, 0U);
  rtt_.kind = RttKind::spin;
  add();
  EXPECT_EQ(columns_->columns.set_rtt_kind.count, 1U);
  EXPECT_EQ(columns_->columns.rtt_kind[0], 3U);
}

TEST_F(TcpColumns, HoldNoSumOfRoundTripsThatADoubleCannot) {
  const auto longest = std::int64_t{1} << 40;
  rtt_.side[1] = {.sum_ns = std::int64_t{1} << 60,
                  .m2 = 0,
                  .min_ns = longest,
                  .max_ns = longest,
                  .samples = 0xffffffff};
  add();
  EXPECT_EQ(src().rtt_sum[0], (std::uint64_t{1} << 53) - 1);
}

TEST_F(TcpColumns, HoldNoNumberThatADoubleCannot) {
  TcpCounters& c = tcp_.side[1];
  c.retrans = 1;
  c.retrans_bytes = c.gap_bytes = ~std::uint64_t{0};
  c.stalled_ns = std::int64_t{1} << 62;
  rtt_.side[1] = {.sum_ns = 0, .m2 = 0, .min_ns = -1, .max_ns = c.stalled_ns, .samples = 2};
  add();
  constexpr std::uint64_t kMost = (std::uint64_t{1} << 53) - 1;
  EXPECT_EQ(src().retrans_bytes[0], kMost);
  EXPECT_EQ(src().gap_bytes[0], kMost);
  EXPECT_EQ(src().stalled[0], kMost);
  EXPECT_EQ(src().rtt_max[0], kMost);
  EXPECT_EQ(src().rtt_min[0], 0U);
}

TEST_F(TcpColumns, MakeARecordWithoutPacketsWhereThereIsAGapToTell) {
  given_ = false;
  add(0);
  EXPECT_FALSE(added_);
  given_ = true;
  tcp_.side[1].gap_bytes = 1;
  add(0);
  EXPECT_TRUE(added_);
  EXPECT_EQ(src().set_tcp_gap.count, 1U);
  EXPECT_EQ(columns_->columns.set_tcp.count, 1U) << "readers look for it";
}

}  // namespace
}  // namespace panoptes
