// The probe's own words as Frame messages: its status, and a gap in the batches.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "decode/decoder.h"

namespace panoptes {

struct SourceReport {
  std::string name;
  std::uint64_t received = 0;
  std::uint64_t dropped = 0;
  std::uint64_t if_dropped = 0;
};

// Cumulative since the probe started; field meanings: proto, ProbeStatus.
struct StatusReport {
  std::int64_t time_ns = 0;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
  std::uint64_t batches = 0;
  std::uint64_t flows = 0;
  std::uint64_t flows_opened = 0;
  std::uint64_t evicted = 0;
  std::uint64_t payload_skipped = 0;
  std::uint64_t extra_skipped = 0;
  std::uint64_t tcp_skipped = 0;
  std::uint64_t tcp_holes_overflow = 0;
  std::uint64_t gap_classes_skipped = 0;
  std::uint64_t rtp_skipped = 0;
  std::uint64_t response_skipped = 0;
  std::uint64_t interval_dropped = 0;
  std::uint64_t notes_dropped = 0;
  std::uint64_t fragments_held = 0;
  std::uint64_t fragments_joined = 0;
  std::uint64_t fragments_orphaned = 0;
  std::uint64_t fragments_overflow = 0;
  std::uint64_t max_flows = 0;
  std::uint64_t batches_dropped = 0;
  std::uint64_t records_dropped = 0;
  std::uint64_t packets_dropped_in_records = 0;
  std::uint64_t queued_batches = 0;
  std::uint64_t queued_bytes = 0;
  std::array<std::uint64_t, kUndecodedReasons> undecoded{};
  std::vector<SourceReport> sources;
  bool last = false;
};

std::string encode_status(const StatusReport& status);

struct GapReport {
  std::uint64_t batches = 0;
  std::uint64_t records = 0;
  std::uint64_t packets = 0;
  std::string reason;
};

std::string encode_gap(const GapReport& gap);

}  // namespace panoptes
