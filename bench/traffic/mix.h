// A simulation of many flows at once: flows arrive and leave all the time, send in bursts, lose and
// reorder segments. Before it: options; after it: FrameBuilder, CaptureWriter, Truth.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "capture_writer.h"
#include "flow.h"
#include "frame.h"
#include "options.h"
#include "random.h"
#include "truth.h"

namespace panoptes::bench {

// `flows` slots, each with a rate from a Zipf law; in a slot flows follow one another.
class Mix {
 public:
  Mix(const Options& options, CaptureWriter& writer, Truth& truth);

  // Writes options.packets packets.
  void run();

 private:
  void start_flow(std::uint32_t slot, std::uint64_t time_ns);
  void choose_application(Flow& flow);
  void end_flow(std::uint32_t index);
  void release(std::uint32_t index);
  void write_packet(const Event& event);
  void adjust_rate();

  // Queues a packet of flow `index`; TCP packets get their IP id here, in the order of sending.
  void send(std::uint32_t index, Event event);
  void decide_later(std::uint32_t index, std::uint64_t time_ns);

  // What a flow does next. All return when it is over, and whether the flow ends with it.
  struct Outcome {
    std::uint64_t end_ns;
    bool flow_ends;
  };
  void decide(std::uint32_t index, std::uint64_t time_ns);
  bool open_connection(std::uint32_t index, std::uint64_t& time_ns, Outcome& outcome);
  Outcome exchange_data(std::uint32_t index, std::uint64_t time_ns);
  Outcome close_connection(std::uint32_t index, std::uint64_t time_ns);
  Outcome ask_dns(std::uint32_t index, std::uint64_t time_ns);
  Outcome send_datagrams(std::uint32_t index, std::uint64_t time_ns);
  Outcome ping(std::uint32_t index, std::uint64_t time_ns);

  // A burst of `count` data segments from side `from`, with at most one anomaly, and the answers to
  // it (tcp_burst.cc). Returns when the last of them passes the capture point.
  std::uint64_t send_burst(std::uint32_t index, Side from, std::uint32_t count,
                           std::uint64_t time_ns);
  friend class TcpBurst;

  const Options& options_;
  CaptureWriter& writer_;
  Truth& truth_;
  FrameBuilder frames_;
  Random random_;
  std::vector<double> slot_rate_;  // packets a second
  std::vector<Flow> flows_;
  std::vector<std::uint32_t> free_;
  std::priority_queue<Event, std::vector<Event>, Later> queue_;
  std::uint64_t next_order_ = 0;
  std::uint64_t next_flow_id_ = 0;
  double stretch_ = 1.0;  // of all pauses, steered so that the wanted packet rate comes out
  std::uint64_t next_adjustment_ = 1000;  // at this packet
};

// The clock of a TCP sender's timestamp option: milliseconds above a random start.
inline std::uint32_t tcp_clock(const Flow& flow, Side side, std::uint64_t time_ns) {
  return flow.timestamp_offset[side] + static_cast<std::uint32_t>(time_ns / 1'000'000);
}

}  // namespace panoptes::bench
