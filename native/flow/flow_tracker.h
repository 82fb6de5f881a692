// The life of flows: which flow a packet belongs to, when a record is due, when a flow ends and
// why. Before it: decode/. After it: batch/ through RecordSink.
//
// Words: the clock is packet time. A status interval is [k * N, (k + 1) * N) of the clock; a record
// never holds packets of two intervals, because the first packet of a later interval reports the
// flow before it is counted. The sweep walks over the flows that are due, in small steps, and
// reports or ends those that nobody touches any more; it changes when a record goes out, never what
// it says, so it waits while the sink is crowded.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "flow/answered.h"
#include "flow/direction.h"
#include "flow/dns_ids.h"
#include "flow/duplicates.h"
#include "flow/flow_extras.h"
#include "flow/flow_table.h"
#include "flow/gap_classes.h"
#include "flow/interval_drops.h"
#include "flow/packet_clock.h"
#include "flow/payload_keeper.h"
#include "flow/responses.h"
#include "flow/rtp_meters.h"
#include "flow/size_meter.h"
#include "flow/tcp_meters.h"
#include "flow/tcp_record.h"

namespace panoptes {

struct TrackerOptions {
  std::uint32_t max_flows = 1'000'000;
  std::uint32_t max_extras = 0xffffffff;  // flows with a FlowExtra; at most max_flows
  std::uint32_t payload_bytes = 64;       // kept of each direction, unless a rule matches
  std::vector<PayloadRule> payload_rules;
  bool mask_payload = false;                             // whatever the rules say
  std::uint32_t tcp_holes = TcpColdPool::kDefaultHoles;  // of each direction, at a time
  std::int64_t status_interval_ns = 5'000'000'000;       // 0: records only at the end
  std::int64_t idle_tcp_ns = 300'000'000'000;
  std::int64_t idle_udp_ns = 60'000'000'000;
  std::int64_t idle_icmp_ns = 10'000'000'000;
  std::int64_t idle_other_ns = 60'000'000'000;
  std::int64_t close_linger_ns = 2'000'000'000;  // quiet time after which a closed TCP flow ends
  std::int64_t answer_linger_ns = 2'000'000;     // an answered DNS flow; copies come within 1 ms
  std::uint64_t first_flow_id = 1;
  std::uint64_t hash_seed = 0;
};

// What a tracker takes: a fixed part, a part for each flow that was ever in memory at once, and
// more for those of them that had a FlowExtra: in most networks few, behind a tunnel or MPLS all.
// TCP flows that lost or reordered something take a block of TcpColdPool beyond that while it is
// told of; there are `most_cold` of these.
struct MemoryNeed {
  std::size_t base_bytes;
  double bytes_per_flow;  // with the share of a flow in the buffers for payload,
  double payload_bytes;   // which are so many bytes
  double bytes_per_extra;
  double bytes_per_cold;
  std::uint32_t most_cold;
};
MemoryNeed memory_need(const TrackerOptions& options);

struct TrackerCounters {
  std::uint64_t flows_opened = 0;
  std::uint64_t evicted = 0;
  std::uint64_t payload_skipped = 0;  // directions that found no buffer for all that is kept
  std::uint64_t extra_skipped = 0;  // tunnels, ICMP errors, duplicates ... that found no FlowExtra
  std::uint64_t gap_classes_skipped = 0;  // records that do not tell active gaps from idle ones
  std::uint64_t response_skipped = 0;  // ICMP queries and round trips that found no ResponseState
  std::uint64_t rtp_skipped = 0;       // packets of RTP or RTCP whose flow or stream found no room
};

// What a record says beyond the flow: why it is made, and the payload that goes with it.
struct RecordInfo {
  Cause cause;
  EndReason reason;
  std::span<const std::uint8_t> src_payload;
  std::span<const std::uint8_t> dst_payload;
  const FlowExtra* extra = nullptr;         // nullptr: the flow has none
  const TcpRecord* tcp = nullptr;           // nullptr: nothing to tell of TCP
  const RttRecord* rtt = nullptr;           // nullptr: no round trip was measured
  const GapClasses* gap_classes = nullptr;  // as GapMeter::of()
  const SizeMeter* sizes = nullptr;         // nullptr: nobody counted
  const RtpRecord* rtp = nullptr;           // nullptr: neither RTP nor RTCP
  std::uint64_t drops = 0;  // packets lost before the probe, in the status interval of the record
};

class RecordSink {
 public:
  virtual ~RecordSink() = default;
  // The flow's account is valid during the call.
  virtual void record(const Flow& flow, const RecordInfo& info) = 0;
  // Whether there is little room left for records: those that lose nothing by it wait.
  virtual bool crowded() const { return false; }
};

// What a tracker that has a share of a capture's packets is told of the others, in front of its
// packet `before` (their number: behind the last one). What is pointed to is read in process().
struct TrackerNote {
  enum class Kind : std::uint8_t { clock, server, error };
  Kind kind;
  std::uint32_t before;
  std::uint64_t server = 0;            // LearnedServers::server_of()
  const PacketClock* clock = nullptr;  // that of the capture
  const Packet* error = nullptr;       // an ICMP error about a flow that may be here
};

class FlowTracker : private PacketClock {  // its words are all over the place: now_, interval_ ...
 public:
  FlowTracker(const TrackerOptions& options, RecordSink& sink);

  // Sets hash and mark, and asks for the lines that they lead to; called as soon as a packet is
  // decoded.
  void prepare(Packet& packet) const {
    packet.hash = hash(packet.key, options_.hash_seed);
    table_.prefetch_index(packet.hash);
    duplicates_.prepare(packet);
  }
  // Accounts up to kBatch prepared packets, and what is noted between them, in order.
  static constexpr std::size_t kBatch = 64;
  void process(std::span<Packet> packets, std::span<const TrackerNote> notes = {});
  // Live: time passes without packets.
  void tick(std::int64_t now_ns);
  // Live: packets that wait may be lost, and so are records that come in bursts. From now on flows
  // that are due let packets go first: few have their turn with each batch, and some 200,000 a
  // second in the moments between.
  void take_turns() {
    due_with_batch_ = kBatch / 16;
    due_with_tick_ = kDueWithTick;
  }
  static constexpr std::int64_t kTurnNs = 5'000'000;  // between ticks that look at flows, at least
  // Whether the last tick left flows that are due.
  bool has_due() const { return swept_tick_ != sweep_tick_ && !sink_.crowded(); }
  // Packets that this probe's links lost so far, as seen at `now_ns`.
  void note_drops(std::uint64_t total, std::int64_t now_ns) { drops_.note(total, now_ns); }
  // The source has ended: every flow gets its last record.
  void finish();

  const TrackerCounters& counters() const { return counters_; }
  const TcpPoolCounters& tcp_counters() const { return tcp_.counters(); }
  std::uint32_t flows() const { return table_.size(); }
  using PacketClock::now_ns;
  // Makes real what flows take, and a part of what only some of them do, before the first packet.
  void prefault();
  std::size_t table_bytes() const { return table_.real_bytes(); }

 private:
  using Slots = std::array<std::uint32_t, kBatch>;
  void prefetch_flows(std::span<const Packet> packets, std::size_t from, Slots& slots);
  void prefetch_states(std::span<const Packet> packets, std::size_t from, const Slots& slots);
  std::uint32_t prefetch_flow(const Packet& packet);
  void account(Packet& packet, std::uint32_t hint);
  [[gnu::noinline]] void account_copy(Packet& packet, std::uint32_t hint);
  template <bool kCopy>
  void account_in_flow(Packet& packet, std::uint32_t hint);
  template <bool kCopy>
  Flow& flow_of(const Packet& packet, std::uint32_t hint);
  void take(const TrackerNote& note);
  [[gnu::noinline]] void start_interval(Flow& flow);
  [[gnu::noinline]] void note_rare(Flow& flow, const Packet& packet);
  void note_error(const Packet& error);
  [[gnu::noinline]] Flow* open(const Packet& packet);
  void start(Flow& flow, const Packet& packet);
  [[gnu::noinline]] Flow* reopen(Flow& flow, const Packet& packet, EndReason reason);
  [[gnu::noinline]] void judge_weak(Flow& flow, bool sender);
  [[gnu::noinline]] void after_odd_tcp(Flow& flow, const Packet& packet);
  [[gnu::noinline]] void report(Flow& flow, Cause cause, EndReason reason);
  void report_before(Flow& flow, std::int64_t time_ns);
  void end(Flow& flow, EndReason reason);
  [[gnu::noinline]] void answer(Flow& flow);
  void end_answered();
  bool end_oldest_answered();
  void evict();
  void look_at(Flow& flow);
  static constexpr std::uint32_t kAllBlocks = 0xffffffff, kAllFlows = 0xffffffff;
  static constexpr std::uint32_t kDueWithTick = 1024;  // a fraction of a millisecond
  // Looks at so many due flows at most, within so many blocks of slots.
  void sweep(std::uint32_t most_blocks, std::uint32_t most_flows);
  void watch_need();

  // How long the flow may be quiet. Only TCP and answered DNS are ever closed.
  std::int64_t timeout(const Flow& flow) const {
    if ((flow.life & kLifeClosed) == 0) return idle_ns_[flow.key.protocol];
    return flow.dns != 0 ? options_.answer_linger_ns : options_.close_linger_ns;
  }
  // How long it may have been quiet before this packet: what is asked again after the answer is
  // another transaction, however soon.
  std::int64_t timeout(const Flow& flow, const Packet& next) const {
    if ((flow.life & kLifeClosed) == 0) return idle_ns_[flow.key.protocol];
    const bool other = flow.dns != 0 && (next.layers & kIsDuplicate) == 0;
    return other ? std::numeric_limits<std::int64_t>::min() : timeout(flow);
  }
  EndReason timeout_reason(const Flow& flow) const;
  std::uint32_t tick_of(std::int64_t time_ns) const;

  TrackerOptions options_;
  std::array<std::int64_t, 256> idle_ns_;  // by IP protocol
  RecordSink& sink_;
  FlowTable table_;
  TrackerCounters counters_;
  PayloadKeeper payload_;
  TcpMeters tcp_;
  GapMeter gaps_;
  SizeMeter sizes_;
  Responses responses_;
  FlowExtras extras_;
  RtpMeters rtp_;
  Duplicates duplicates_;
  LearnedServers servers_;
  RecentDnsIds dns_ids_;
  Answered answered_;
  IntervalDrops drops_;
  TcpRecord tcp_record_;  // of the record that is being made, as the next one
  RtpRecord rtp_record_;
  std::uint64_t next_id_;
  std::uint32_t fresh_ahead_ = FlowTable::kNone;
  std::uint32_t hand_ = 0;                // of the eviction
  std::array<std::uint32_t, 8> victims_;  // next in line, as far as they were asked for
  std::uint32_t next_victim_ = 0;
  std::uint32_t cursor_ = 0;                  // of the sweep
  std::uint32_t due_with_batch_ = kAllFlows;  // looked at, at most
  std::uint32_t due_with_tick_ = kAllFlows;
  std::int64_t turn_ns_ = 0;      // of the last tick that looked at flows, by the caller's clock
  std::uint32_t sweep_tick_ = 0;  // flows due at or before this are looked at
  std::uint32_t swept_tick_ = 0;  // the last tick for which all that were due were looked at
  // The most flows that were seen since it was last judged what is needed, and in the time before.
  std::uint32_t need_ = 0;
  std::uint32_t need_before_ = 0;
  std::int64_t judged_ns_ = 0;
};

}  // namespace panoptes
