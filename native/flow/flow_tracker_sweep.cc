// The half of FlowTracker that looks at flows without a packet of theirs: the sweep, the end of the
// source, and who goes when the table is full.
#include <algorithm>

#include "base/heap.h"
#include "base/prefetch.h"
#include "flow/flow_tracker.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kEvictionSample = 16;
constexpr std::uint32_t kVictimsAhead = 12;
constexpr std::uint32_t kVictimLinesAhead = 6;
constexpr std::uint32_t kDueAhead = 8;
constexpr std::int64_t kNeedNs = 30'000'000'000;

// All that ending the flow in `slot` touches.
[[gnu::always_inline]] inline void prefetch_all(FlowTable& table, std::uint32_t slot) {
  table.prefetch_erase(slot);
  const auto* flow = reinterpret_cast<const char*>(&table.flow(slot));
  for (std::size_t line = 0; line < sizeof(Flow); line += 64) prefetch(flow + line);
}

// What of a flow is in use, by its first line, which has come.
[[gnu::always_inline]] inline void prefetch_sides(const Flow& flow) {
  for (const bool high : {false, true}) {
    if ((flow.life & (high ? kLifeHighSent : kLifeLowSent)) == 0) continue;
    const auto* side = reinterpret_cast<const char*>(&flow.side[high]);
    prefetch(side);
    prefetch(side + 64);
  }
  prefetch(&flow.id);
}

}  // namespace

// The answers that no copy can follow any more.
void FlowTracker::end_answered() {
  while (!answered_.empty()) {
    const std::int64_t age = now_ - answered_.front().time_ns;
    if (age >= 0 && age <= options_.answer_linger_ns) return;
    end_oldest_answered();
  }
}

// False: it had gone already, or there is none.
bool FlowTracker::end_oldest_answered() {
  if (answered_.empty()) return false;
  const Answered::Entry oldest = answered_.front();
  answered_.pop();
  if (table_.due(oldest.slot) == FlowTable::kNeverDue) return false;
  Flow& flow = table_.flow(oldest.slot);
  if (flow.id != oldest.flow_id) return false;
  end(flow, EndReason::answered);
  return true;
}

// Half-open flows and those of a few packets without an answer go first, the least recently seen in
// front. Without any, the least recently seen of a few.
void FlowTracker::evict() {
  while (!answered_.empty()) {
    if (end_oldest_answered()) return;
  }
  std::uint32_t ahead = table_.weak_ahead();
  if (ahead == FlowTable::kNone) {
    table_.start_ahead(kVictimsAhead);
    ahead = table_.weak_ahead();
  }
  // First the line that says which sides there are, some victims later the lines of these.
  constexpr std::uint32_t kRing = static_cast<std::uint32_t>(std::tuple_size_v<decltype(victims_)>);
  static_assert(kVictimsAhead - kVictimLinesAhead < kRing);
  victims_[next_victim_ % kRing] = ahead;
  if (ahead != FlowTable::kNone) {
    table_.prefetch_erase(ahead);
    prefetch(&table_.flow(ahead));
  }
  const std::uint32_t near = victims_[(next_victim_ - (kVictimsAhead - kVictimLinesAhead)) % kRing];
  ++next_victim_;
  if (near != FlowTable::kNone) prefetch_sides(table_.flow(near));
  std::uint32_t victim = table_.weak_front();
  if (victim == FlowTable::kNone) {
    for (std::uint32_t k = 0; k < kEvictionSample; ++k) {
      hand_ = hand_ + 1 < table_.used_slots() ? hand_ + 1 : 0;
      if (victim == FlowTable::kNone || table_.flow(hand_).last_ns < table_.flow(victim).last_ns) {
        victim = hand_;
      }
    }
  }
  Flow& flow = table_.flow(victim);
  const bool over = now_ - flow.last_ns > timeout(flow);
  if (!over) ++counters_.evicted;
  end(flow, over ? timeout_reason(flow) : EndReason::evicted);
}

void FlowTracker::finish() {
  for (std::uint32_t slot = 0; slot < table_.used_slots(); ++slot) {
    if (slot + kDueAhead < table_.used_slots()) prefetch_all(table_, slot + kDueAhead);
    if (table_.due(slot) == FlowTable::kNeverDue) continue;
    Flow& flow = table_.flow(slot);
    const bool idle = now_ - flow.last_ns > timeout(flow);
    report_before(flow, idle ? flow.last_ns + timeout(flow) : now_);
    const bool over = idle || (flow.life & kLifeClosed) != 0;
    end(flow, over ? timeout_reason(flow) : EndReason::shutdown);
  }
}

void FlowTracker::sweep(std::uint32_t most_blocks, std::uint32_t most_flows) {
  if (!started_) return;
  if (swept_tick_ == sweep_tick_) sweep_tick_ = tick_of(now_);
  if (swept_tick_ == sweep_tick_) return;
  Deadlines& deadlines = table_.deadlines();
  for (;;) {
    const Deadlines::Step step = deadlines.next(cursor_, sweep_tick_, most_blocks);
    if (step == Deadlines::Step::paused) return;
    if (step == Deadlines::Step::done) break;
    if (most_flows == 0 || sink_.crowded()) return;
    --most_flows;
    const std::uint32_t ahead = cursor_ + kDueAhead;
    if (ahead < table_.used_slots() && table_.due(ahead) <= sweep_tick_) {
      prefetch_all(table_, ahead);
    }
    look_at(table_.flow(cursor_));
    ++cursor_;
  }
  swept_tick_ = sweep_tick_;
  watch_need();
}

// What the table needed in the last 60 to 90 seconds it keeps, so that a load that comes and
// goes finds its memory where it was.
void FlowTracker::watch_need() {
  need_ = std::max(need_, table_.size());
  const std::int64_t since = now_ - judged_ns_;
  if (since >= 0 && since < kNeedNs) return;
  if (table_.give_back(std::max(need_, need_before_))) {
    payload_.give_back();
    tcp_.give_back();
    gaps_.give_back();
    sizes_.give_back();
    responses_.give_back();
    extras_.give_back();
    rtp_.give_back();
    trim_heap();  // of the batches of many records
  }
  need_before_ = need_;
  need_ = table_.size();
  judged_ns_ = now_;
}

void FlowTracker::look_at(Flow& flow) {
  if (flow.last_ns > now_ + kClockStep) flow.last_ns = now_;
  if (now_ - flow.last_ns > timeout(flow)) {
    report_before(flow, flow.last_ns + timeout(flow));
    end(flow, timeout_reason(flow));
    return;
  }
  // A closed flow waits for its end, which comes before the next interval does.
  if (flow.interval != interval_ && (flow.life & kLifeClosed) == 0) {
    if (flow.has_unreported()) report(flow, Cause::status, EndReason::none);
    flow.interval = interval_;
  }
  std::int64_t due = flow.last_ns + timeout(flow);
  if (options_.status_interval_ns != 0 && flow.has_unreported() && (flow.life & kLifeClosed) == 0) {
    due = std::min(due, interval_end_);
  }
  table_.set_due(table_.slot_of(flow), std::max(tick_of(due), sweep_tick_ + 1));
}

}  // namespace panoptes
