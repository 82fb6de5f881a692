// Payload in batches: much of it makes a batch go out with fewer rows.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "batch/batch_builder.h"
#include "batch/growing_bytes.h"
#include "flow_support.h"

namespace panoptes {
namespace {

class Sizes final : public BatchOutlet {
 public:
  void batch(std::unique_ptr<EncodedBatch> batch) override {
    rows.push_back(batch->records);
    bytes.push_back(batch->size());
  }
  std::vector<std::uint64_t> rows;
  std::vector<std::size_t> bytes;
};

void send_flows(FlowTracker& tracker, std::uint16_t count, std::size_t payload) {
  for (std::uint16_t i = 0; i < count; ++i) {
    const frames::Bytes frame = frames::ethernet()
                                    .ipv4(kClient, kServer)
                                    .udp(static_cast<std::uint16_t>(2000 + i), 998)
                                    .payload(payload, 'x')
                                    .bytes();
    const auto size = static_cast<std::uint32_t>(frame.size());
    Packet p;
    ASSERT_EQ(decode({frame.data(), size, size, kEpoch, 1}, p), Undecoded::none);
    tracker.prepare(p);
    tracker.process(std::span(&p, 1));
  }
  tracker.finish();
}

TEST(GrowingBytes, KeepWhatIsToldOfTheRoom) {
  GrowingBytes bytes;
  std::string expected;
  for (std::size_t i = 1; i < 300; ++i) {
    char* room = bytes.room(2 * i);
    std::fill_n(room, 2 * i, static_cast<char>(i));
    bytes.keep(i);
    expected.append(i, static_cast<char>(i));
    const std::uint8_t piece[] = {static_cast<std::uint8_t>(i), 7};
    bytes.append(piece);
    expected += {static_cast<char>(i), 7};
  }
  EXPECT_EQ(std::string(bytes.data(), bytes.size()), expected);
  bytes.clear();
  EXPECT_EQ(bytes.size(), 0U);
}

TEST(BatchPayload, OfHalfAMegabyteEndsTheBatch) {
  TrackerOptions o;
  o.payload_bytes = 4096;
  o.max_flows = 2000;
  Sizes sizes;
  BatchBuilder builder(sizes);
  FlowTracker tracker(o, builder);
  send_flows(tracker, 300, 4096);
  builder.flush();
  // 128 of 4096 bytes are 512 KiB.
  EXPECT_EQ(sizes.rows, (std::vector<std::uint64_t>{128, 128, 44}));
  EXPECT_LT(sizes.bytes[0], 600U << 10);
}

TEST(BatchPayload, OfTheUsualSizeLeavesABatchItsRows) {
  TrackerOptions o;
  o.max_flows = 5000;
  Sizes sizes;
  BatchBuilder builder(sizes);
  FlowTracker tracker(o, builder);
  send_flows(tracker, 1100, 1000);
  builder.flush();
  EXPECT_EQ(sizes.rows, (std::vector<std::uint64_t>{1024, 76}));
}

}  // namespace
}  // namespace panoptes
