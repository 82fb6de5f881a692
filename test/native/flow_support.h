// What the tests of flow/ and batch/ share: frames at times go in, copies of the records come out.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "decode/decoder.h"
#include "flow/flow_tracker.h"
#include "frames.h"

namespace panoptes {

inline constexpr std::int64_t kSecond = 1'000'000'000;
// A whole multiple of the status interval, so that times of tests read as seconds after it.
inline constexpr std::int64_t kEpoch = 1'700'000'000 * kSecond;

struct Record {
  Flow flow;
  Cause cause;
  EndReason reason;
  std::string src_payload;
  std::string dst_payload;
  FlowExtra extra;  // all 0 where the flow has none
  TcpRecord tcp;    // all 0 where there is nothing to tell
  RtpRecord rtp;    // all 0 where there is neither RTP nor RTCP
  RttRecord rtt;

  std::uint64_t drops = 0;
  GapClasses gap_classes{};  // all 0 where no gap is active
  bool gap_classes_known = true;
  std::array<SizeHistogram, 2> sizes{};  // of the low and the high endpoint

  const Side* src() const { return flow.sent(flow.src_is_high()); }
  const Side* dst() const { return flow.sent(!flow.src_is_high()); }
  std::uint64_t packets() const {
    return (src() != nullptr ? src()->packets : 0) + (dst() != nullptr ? dst()->packets : 0);
  }
};

class Records final : public RecordSink {
 public:
  void record(const Flow& flow, const RecordInfo& info) override {
    const auto text = [](std::span<const std::uint8_t> bytes) {
      return std::string(bytes.begin(), bytes.end());
    };
    all.push_back({flow, info.cause, info.reason, text(info.src_payload), text(info.dst_payload),
                   info.extra != nullptr ? *info.extra : FlowExtra{},
                   info.tcp != nullptr ? *info.tcp : TcpRecord{},
                   info.rtp != nullptr ? *info.rtp : RtpRecord{},
                   info.rtt != nullptr ? *info.rtt : RttRecord{}});
    Record& r = all.back();
    r.drops = info.drops;
    if (info.gap_classes != nullptr) r.gap_classes = *info.gap_classes;
    r.gap_classes_known = !GapMeter::skipped(flow);
    for (const bool high : {false, true}) {
      if (info.sizes == nullptr || flow.sent(high) == nullptr) continue;
      r.sizes[high] = info.sizes->of(flow.side[high]);
    }
  }
  std::uint64_t packets() const {
    std::uint64_t sum = 0;
    for (const Record& r : all) sum += r.packets();
    return sum;
  }
  std::vector<Record> all;
};

// Feeds frames one by one; `seconds` are after kEpoch.
class Trace {
 public:
  explicit Trace(const TrackerOptions& options = {}) : tracker(options, records) {}

  Trace& packet(double seconds, const frames::Frame& frame, std::size_t minimum = 0) {
    return bytes(seconds, frame.bytes(minimum));
  }
  // `snap`: so much of the frame was captured. `change`: what another decoder would have said.
  Trace& bytes(
      double seconds, frames::Bytes frame, std::size_t snap = 0xffff,
      const std::function<void(Packet&)>& change = [](Packet&) {}) {
    const auto wire = static_cast<std::uint32_t>(frame.size());
    frame.resize(std::min(frame.size(), snap));
    bytes_.push_back(std::move(frame));
    const frames::Bytes& data = bytes_.back();
    Packet p;
    std::memset(static_cast<void*>(&p), 0xaa, sizeof p);
    const RawPacket raw{data.data(), static_cast<std::uint32_t>(data.size()), wire, at(seconds), 1};
    EXPECT_EQ(decode(raw, p), Undecoded::none);
    change(p);
    tracker.prepare(p);
    tracker.process(std::span(&p, 1));
    ++sent;
    return *this;
  }
  Trace& finish() {
    tracker.finish();
    return *this;
  }
  static std::int64_t at(double seconds) {
    return kEpoch + static_cast<std::int64_t>(seconds * 1e9 + 0.5);
  }
  const Record& record(std::size_t i) const { return records.all.at(i); }
  std::size_t count() const { return records.all.size(); }

  Records records;
  FlowTracker tracker;
  std::uint64_t sent = 0;

 private:
  std::deque<frames::Bytes> bytes_;
};

inline constexpr char kClient[] = "10.0.0.9";
inline constexpr char kServer[] = "10.0.0.1";

inline frames::Frame from_client(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0,
                                 std::uint16_t port = 40000) {
  return frames::ethernet()
      .ipv4(kClient, kServer)
      .tcp(port, 80, flags, {.seq = seq, .ack = ack, .window = 1000});
}
inline frames::Frame from_server(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0,
                                 std::uint16_t port = 40000) {
  return frames::ethernet(frames::kServerMac, frames::kClientMac)
      .ipv4(kServer, kClient)
      .tcp(80, port, flags, {.seq = seq, .ack = ack, .window = 2000});
}
inline frames::Frame udp(const char* src, std::uint16_t src_port, const char* dst,
                         std::uint16_t dst_port) {
  return frames::ethernet().ipv4(src, dst).udp(src_port, dst_port).payload("hello");
}

}  // namespace panoptes
