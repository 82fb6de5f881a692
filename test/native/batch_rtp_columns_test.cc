// What a record of RTP becomes in the columns of the open batch.
#include "batch/rtp_columns.h"

#include <gtest/gtest.h>

#include <memory>

#include "batch/record_columns.h"

namespace panoptes {
namespace {

class RtpColumns : public testing::Test {
 protected:
  // Adds the record as row 5, of the flow whose src is the high endpoint.
  void add() {
    Columns& c = columns_->columns;
    add_rtp_record(c.src, 5, rtp_, true);
    add_rtp_record(c.dst, 5, rtp_, false);
  }
  SideColumns& src() { return columns_->columns.src; }
  SideColumns& dst() { return columns_->columns.dst; }

  RtpRecord rtp_{};
  std::unique_ptr<RecordColumns> columns_ = std::make_unique<RecordColumns>();
};

TEST_F(RtpColumns, HaveNothingOfADirectionThatIsNotKnown) {
  rtp_.rtp[1].known = true;
  add();
  EXPECT_EQ(dst().set_rtp.count, 0U);
  ASSERT_EQ(src().set_rtp.count, 1U);
  EXPECT_EQ(src().set_rtp.bits[0], 1U << 5);
  EXPECT_EQ(src().rtp_packets[0], 0U) << "known, and nothing came: 0, not missing";
  EXPECT_EQ(src().set_rtp_stream.count, 0U) << "no stream has an SSRC to tell";
  EXPECT_EQ(src().set_rtp_expected.count + src().set_rtp_clock.count + src().set_rtp_jitter.count,
            0U);
  EXPECT_EQ(src().set_rtcp.count + dst().set_rtcp.count, 0U);
}

TEST_F(RtpColumns, PutEachNumberInItsColumnOfItsDirection) {
  RtpSideRecord& r = rtp_.rtp[0];
  r = {.known = true,
       .streams = 1,
       .received = 2,
       .expected = 3,
       .out_of_order = 4,
       .duplicates = 5,
       .silences = 6,
       .ssrc = 7,
       .payload_type = 8,
       .estimated = true,
       .clock_rate = 48000,
       .samples = 9,
       .jitter_ns = 10,
       .jitter_sum_ns = 11,
       .jitter_max_ns = 12};
  RtcpSideRecord& c = rtp_.rtcp[0];
  c = {.packets = 13,
       .rtts = 14,
       .rtt_sum_ns = 15,
       .rtt_max_ns = 16,
       .jitter_ns = 17,
       .lost = -18,
       .fraction = 19,
       .has_report = true,
       .has_jitter = true};
  add();
  EXPECT_EQ(src().set_rtp.count, 0U);
  const SideColumns& d = dst();
  EXPECT_EQ(d.rtp_streams[0], 1U);
  EXPECT_EQ(d.rtp_packets[0], 2U);
  EXPECT_EQ(d.rtp_expected[0], 3U);
  EXPECT_EQ(d.rtp_out_of_order[0], 4U);
  EXPECT_EQ(d.rtp_duplicates[0], 5U);
  EXPECT_EQ(d.rtp_silences[0], 6U);
  EXPECT_EQ(d.rtp_ssrc[0], 7U);
  EXPECT_EQ(d.rtp_payload_type[0], 8);
  EXPECT_EQ(d.rtp_clock[0], 0x80000000U + 48000);
  EXPECT_EQ(d.rtp_jitter_count[0], 9U);
  EXPECT_EQ(d.rtp_jitter[0], 10U);
  EXPECT_EQ(d.rtp_jitter_sum[0], 11U);
  EXPECT_EQ(d.rtp_jitter_max[0], 12U);
  EXPECT_EQ(d.rtcp_packets[0], 13U);
  EXPECT_EQ(d.rtcp_rtt_count[0], 14U);
  EXPECT_EQ(d.rtcp_rtt_sum[0], 15U);
  EXPECT_EQ(d.rtcp_rtt_max[0], 16U);
  EXPECT_EQ(d.rtcp_jitter[0], 17U);
  EXPECT_EQ(d.rtcp_lost[0], 0xffffffeeU) << "-18 in two's complement";
  EXPECT_EQ(d.rtcp_fraction[0], 19);
  for (const RowSet* set : {&d.set_rtp, &d.set_rtp_stream, &d.set_rtp_jitter, &d.set_rtcp_report,
                            &d.set_rtcp_jitter, &d.set_rtcp_rtt}) {
    ASSERT_EQ(set->count, 1U);
    EXPECT_EQ(set->bits[0], 1U << 5);
  }
}

TEST_F(RtpColumns, MarkBothDirectionsOfAFlowOfRtcp) {
  rtp_.is_rtcp = true;
  rtp_.rtcp[1].packets = 1;
  add();
  EXPECT_EQ(src().rtcp_packets[0], 1U);
  ASSERT_EQ(dst().set_rtcp.count, 1U);
  EXPECT_EQ(dst().rtcp_packets[0], 0U);
}

TEST_F(RtpColumns, KeepWhatReadersCanHold) {
  rtp_.rtp[1].known = true;
  rtp_.rtp[1].streams = rtp_.rtp[1].samples = 1;
  rtp_.rtp[1].jitter_sum_ns = ~std::uint64_t{0};
  add();
  EXPECT_EQ(src().rtp_jitter_sum[0], (std::uint64_t{1} << 53) - 1);
}

}  // namespace
}  // namespace panoptes
