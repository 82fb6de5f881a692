#include "batch/tcp_columns.h"

#include "batch/whole.h"

namespace panoptes {
namespace {

// True of most records.
bool is_clean(const TcpCounters& c) {
  return (c.retrans | c.lost_before | c.out_of_order | c.keep_alives | c.spurious | c.syn_repeats |
          c.fast | c.timeout | c.jumps | c.dup_acks | c.zero_windows | c.strays | c.resyncs |
          c.rtt_by_timestamp) == 0 &&
         c.gap_bytes == 0 && c.stalled_ns <= 0;
}

[[gnu::noinline]] void add_counters(SideColumns& c, std::uint32_t row, const TcpCounters& from) {
  const auto count = [row](std::uint32_t value, RowSet& set, auto& column) {
    if (value != 0) column[set.add(row)] = value;
  };
  if (from.retrans != 0) {
    const std::uint32_t at = c.set_retrans.add(row);
    c.retrans[at] = from.retrans;
    c.retrans_bytes[at] = whole(from.retrans_bytes);
  }
  count(from.spurious, c.set_spurious, c.spurious);
  count(from.lost_before, c.set_lost_before, c.lost_before);
  count(from.out_of_order, c.set_out_of_order, c.out_of_order);
  count(from.keep_alives, c.set_keep_alives, c.keep_alives);
  count(from.dup_acks, c.set_dup_acks, c.dup_acks);
  count(from.zero_windows, c.set_zero_windows, c.zero_windows);
  count(from.syn_repeats, c.set_syn_repeats, c.syn_repeats);
  count(from.fast, c.set_fast_retrans, c.fast_retrans);
  count(from.timeout, c.set_timeout_retrans, c.timeout_retrans);
  count(from.strays, c.set_tcp_strays, c.tcp_strays);
  count(from.resyncs, c.set_tcp_resyncs, c.tcp_resyncs);
  count(from.jumps, c.set_tcp_jumps, c.tcp_jumps);
  count(from.rtt_by_timestamp, c.set_rtt_by_timestamp, c.rtt_by_timestamp);
  if (from.gap_bytes != 0) c.gap_bytes[c.set_tcp_gap.add(row)] = whole(from.gap_bytes);
  if (from.stalled_ns > 0) c.stalled[c.set_stalled.add(row)] = whole_ns(from.stalled_ns);
}

}  // namespace

void add_tcp_record(SideColumns& to, std::uint32_t row, const TcpRecord& tcp, bool high) {
  if (!is_clean(tcp.side[high])) add_counters(to, row, tcp.side[high]);
}

}  // namespace panoptes
