#include "batch/messages.h"

#include <algorithm>

#include <protozero/pbf_writer.hpp>

namespace panoptes {
namespace {

// Field numbers of Frame, ProbeStatus, SourceStatus, UndecodedCount and Gap (proto/panoptes.proto).
enum FrameField : std::uint32_t { kFrameStatus = 3, kFrameGap = 4 };
enum StatusField : std::uint32_t {
  kTimeSeconds = 1,
  kTimeNanos,
  kPackets,
  kBytes,
  kRecords,
  kBatches,
  kFlows,
  kFlowsOpened,
  kDropped,
  kEvicted,
  kUndecoded,
  kBatchesDropped,
  kRecordsDropped,
  kPacketsDroppedInRecords,
  kQueuedBatches,
  kSources,
  kMaxFlows,
  kPayloadSkipped,
  kLast,
  kFragmentsHeld,
  kFragmentsOrphaned,
  kFragmentsOverflow,
  kExtraSkipped,
  kFragmentsJoined,
  kTcpSkipped,
  kTcpHolesOverflow,
  kGapClassesSkipped,
  kRtpSkipped = 28,
  kResponseSkipped,
  kIntervalDropped,
  kNotesDropped = 35,
  kQueuedBytes
};
enum SourceField : std::uint32_t { kName = 1, kSourceReceived, kSourceDropped, kSourceIfDropped };
enum UndecodedField : std::uint32_t { kReason = 1, kReasonPackets };
enum GapField : std::uint32_t { kGapBatches = 1, kGapRecords, kGapReason, kGapPackets };

constexpr std::int64_t kNanos = 1'000'000'000;

}  // namespace

std::string encode_status(const StatusReport& s) {
  std::string bytes;
  protozero::pbf_writer frame(bytes);
  {
    protozero::pbf_writer out(frame, kFrameStatus);
    const std::int64_t time = std::max<std::int64_t>(s.time_ns, 0);
    out.add_fixed64(kTimeSeconds, static_cast<std::uint64_t>(time / kNanos));
    out.add_uint32(kTimeNanos, static_cast<std::uint32_t>(time % kNanos));
    out.add_uint64(kPackets, s.packets);
    out.add_uint64(kBytes, s.bytes);
    out.add_uint64(kRecords, s.records);
    out.add_uint64(kBatches, s.batches);
    out.add_uint64(kFlows, s.flows);
    out.add_uint64(kFlowsOpened, s.flows_opened);
    std::uint64_t dropped = 0;
    for (const SourceReport& source : s.sources) dropped += source.dropped + source.if_dropped;
    out.add_uint64(kDropped, dropped);
    out.add_uint64(kEvicted, s.evicted);
    for (std::size_t i = 1; i < s.undecoded.size(); ++i) {
      if (s.undecoded[i] == 0) continue;
      protozero::pbf_writer count(out, kUndecoded);
      const std::string_view reason = name(static_cast<Undecoded>(i));
      count.add_string(kReason, reason.data(), reason.size());
      count.add_uint64(kReasonPackets, s.undecoded[i]);
    }
    out.add_uint64(kBatchesDropped, s.batches_dropped);
    out.add_uint64(kRecordsDropped, s.records_dropped);
    out.add_uint64(kPacketsDroppedInRecords, s.packets_dropped_in_records);
    out.add_uint64(kQueuedBatches, s.queued_batches);
    for (const SourceReport& source : s.sources) {
      protozero::pbf_writer one(out, kSources);
      one.add_string(kName, source.name);
      one.add_uint64(kSourceReceived, source.received);
      one.add_uint64(kSourceDropped, source.dropped);
      one.add_uint64(kSourceIfDropped, source.if_dropped);
    }
    out.add_uint64(kMaxFlows, s.max_flows);
    out.add_uint64(kPayloadSkipped, s.payload_skipped);
    if (s.last) out.add_bool(kLast, true);
    out.add_uint64(kFragmentsHeld, s.fragments_held);
    out.add_uint64(kFragmentsOrphaned, s.fragments_orphaned);
    out.add_uint64(kFragmentsOverflow, s.fragments_overflow);
    out.add_uint64(kExtraSkipped, s.extra_skipped);
    out.add_uint64(kFragmentsJoined, s.fragments_joined);
    out.add_uint64(kTcpSkipped, s.tcp_skipped);
    out.add_uint64(kTcpHolesOverflow, s.tcp_holes_overflow);
    out.add_uint64(kGapClassesSkipped, s.gap_classes_skipped);
    out.add_uint64(kRtpSkipped, s.rtp_skipped);
    out.add_uint64(kResponseSkipped, s.response_skipped);
    out.add_uint64(kIntervalDropped, s.interval_dropped);
    out.add_uint64(kNotesDropped, s.notes_dropped);
    out.add_uint64(kQueuedBytes, s.queued_bytes);
  }
  return bytes;
}

std::string encode_gap(const GapReport& gap) {
  std::string bytes;
  protozero::pbf_writer frame(bytes);
  {
    protozero::pbf_writer out(frame, kFrameGap);
    out.add_uint64(kGapBatches, gap.batches);
    out.add_uint64(kGapRecords, gap.records);
    out.add_string(kGapReason, gap.reason);
    out.add_uint64(kGapPackets, gap.packets);
  }
  return bytes;
}

}  // namespace panoptes
