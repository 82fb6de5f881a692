// Exact ground truth, counted as packets are written: one CSV line a flow, one JSON summary.
#pragma once

#include <cstdint>
#include <string>

#include "capture_writer.h"
#include "flow.h"
#include "frame.h"
#include "options.h"

namespace panoptes::bench {

class Truth {
 public:
  explicit Truth(const Options& options);

  // Counts a written packet in its flow and in the whole.
  void count(Flow& flow, const Event& event, const FrameBuilder::Frame& frame);
  // Counts a packet for which there is no Flow.
  void count_bare(std::uint8_t protocol, std::uint32_t wire_bytes, std::uint64_t time_ns, bool v6);
  // Writes the line of a flow that is over, or of which nothing more is written.
  void end_flow(const Flow& flow);
  void add_flows(std::uint64_t flows) { flows_ += flows; }
  void write_summary() const;

  std::uint64_t packets() const { return packets_; }
  std::uint64_t last_ns() const { return last_ns_; }

 private:
  void count_tcp(Flow& flow, const Event& event, std::uint32_t payload);
  void count_mark(Tally& tally, const Event& event, std::uint32_t payload);

  const Options& options_;
  File csv_;
  Tally total_;
  std::uint64_t packets_ = 0, bytes_ = 0, flows_ = 0, v6_ = 0, tagged_ = 0;
  std::uint64_t by_protocol_[256] = {};
  std::uint64_t first_ns_ = 0, last_ns_ = 0;
};

}  // namespace panoptes::bench
