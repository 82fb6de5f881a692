#include "flow/responses.h"

#include "decode/icmp.h"
#include "decode/quic.h"

namespace panoptes {
namespace {

// After so long a query counts as lost: one with the same number is a new one, one that finds no
// room may take its place. An answer that comes all the same is still its answer.
constexpr std::int64_t kPatienceNs = 2'000'000'000;
// Times are kept modulo 2^40 ns. What is older than half of that is forgotten before it can be
// mistaken for something younger.
constexpr std::int64_t kOldestNs = std::int64_t{1} << 39;
constexpr std::uint64_t kTimeMask = (std::uint64_t{1} << 40) - 1;
// More than a clock runs backwards without being set (flow_tracker.h): such an age is negative.
constexpr std::int64_t kClockRunsBackNs = std::int64_t{1} << 37;

// A spin bit is believed after so many edges (of both ends), of which few were doubtful.
constexpr std::uint32_t kSpinTrust = 12, kSpinReturns = 16;

bool sent_ever(const Flow& flow, bool high) {
  return (flow.life & (high ? kLifeHighSent : kLifeLowSent)) != 0;
}

std::int64_t age(const ResponseState& s, std::uint32_t i, std::int64_t now_ns) {
  const std::uint64_t sent = std::uint64_t{s.sent_high[i]} << 32 | s.sent_low[i];
  const auto ns =
      static_cast<std::int64_t>((static_cast<std::uint64_t>(now_ns) - sent) & kTimeMask);
  return ns > kMostRtt - kClockRunsBackNs ? ns - kMostRtt - 1 : ns;
}

bool has(std::uint8_t mask, std::uint32_t i) { return (mask >> i & 1) != 0; }
void put(std::uint8_t& mask, std::uint32_t i, bool on) {
  mask = static_cast<std::uint8_t>(on ? mask | 1U << i : mask & ~(1U << i));
}

void forget_old(ResponseState& s, bool asker, std::int64_t latest_ns, std::int64_t now_ns) {
  for (std::uint32_t i = 0; i < ResponseState::kWaiting; ++i) {
    if (!has(s.waits, i) || has(s.from_high, i) != asker) continue;
    if (now_ns - latest_ns > kOldestNs || age(s, i, now_ns) > kOldestNs) put(s.waits, i, false);
  }
}

// The place of a query that waits, kWaiting: none.
std::uint32_t find(const ResponseState& s, bool asker, std::uint16_t number) {
  std::uint32_t i = 0;
  while (i < ResponseState::kWaiting &&
         (!has(s.waits, i) || has(s.from_high, i) != asker || s.number[i] != number)) {
    ++i;
  }
  return i;
}

// Where a query may wait: a free place, else that of the oldest that counts as lost.
std::uint32_t place_for_query(const ResponseState& s, std::int64_t now_ns) {
  std::uint32_t best = ResponseState::kWaiting;
  std::int64_t oldest = kPatienceNs;
  for (std::uint32_t i = 0; i < ResponseState::kWaiting; ++i) {
    if (!has(s.waits, i)) return i;
    const std::int64_t waited = age(s, i, now_ns);
    if (waited <= oldest) continue;
    oldest = waited;
    best = i;
  }
  return best;
}

void wait(ResponseState& s, std::uint32_t i, bool asker, std::uint16_t number,
          std::int64_t now_ns) {
  put(s.waits, i, true);
  put(s.from_high, i, asker);
  put(s.repeated, i, false);
  s.number[i] = number;
  s.sent_low[i] = static_cast<std::uint32_t>(now_ns);
  s.sent_high[i] = static_cast<std::uint8_t>(now_ns >> 32);
}

// No RTP is looked for from here on: what it left in the sides goes.
void start_spin(Flow& flow) {
  if (flow.rtp != 0) return;
  flow.quic = flow.no_rtp = 1;
  for (const bool side : {false, true}) {
    if (sent_ever(flow, side)) flow.side[side].spin = {};
  }
}

void set(std::uint8_t& flags, std::uint8_t bit, bool on) {
  flags = static_cast<std::uint8_t>(on ? flags | bit : flags & ~bit);
}

}  // namespace

ResponseState* Responses::open(Flow& flow) {
  if (flow.response == 0) flow.response = pool_.allocate();
  if (flow.response != 0) return &pool_[flow.response];
  ++skipped_;
  return nullptr;
}

bool Responses::follow(Flow& flow, const Packet& p) {
  full_ = false;
  if ((p.layers & kIsDuplicate) != 0) return false;
  if ((p.layers & kIsFragment) != 0 && p.fragment.offset != 0) return false;
  const bool me = p.from_high;
  if ((p.layers & kHasIcmpId) != 0) {
    if (p.seq == kNoIcmpNumber) return false;
    const auto number = static_cast<std::uint16_t>(p.seq);
    if (p.request_sense == 1) query(flow, me, number, p.time_ns);
    if (p.request_sense == 2) answer(flow, me, number, p.time_ns);
  } else if (flow.dns != 0) {
    std::int64_t& asked_ns = flow.side[me].asked_ns;
    if ((p.layers & kIsDns) != 0 && p.request_sense == 1 && asked_ns == 0) asked_ns = p.time_ns;
  } else if ((p.layers & kIsQuic) != 0) {
    if (has_spin_bit(p.quic_version) && flow.quic == 0) start_spin(flow);
  } else if (flow.quic != 0 && p.payload_captured != 0 && is_quic_short(p.payload[0]) &&
             p.payload_bytes >= kLeastQuicShort) {
    spin(flow, me, (p.payload[0] & kQuicSpin) != 0, p.time_ns);
  }
  return full_;
}

void Responses::sample(Flow& flow, bool high, std::int64_t ns) {
  if (ns < 0) return;  // time ran backwards
  if (ResponseState* s = open(flow)) full_ |= add_rtt_sample(s->rtt[high], ns);
}

// --- ICMP

void Responses::query(Flow& flow, bool me, std::uint16_t number, std::int64_t now_ns) {
  EchoSide& e = flow.side[me].echo;
  ResponseState* s = flow.response != 0 ? &pool_[flow.response] : nullptr;
  if (s != nullptr) forget_old(*s, me, e.latest_ns, now_ns);
  e.latest_ns = now_ns;
  const bool waits = (e.flags & kEchoWaits) != 0;
  const bool lost = waits && now_ns - e.sent_ns > kPatienceNs;
  // A number again: its answer could be that of either (Karn's rule).
  if (waits && e.number == number) {
    e.flags = lost ? kEchoWaits : kEchoWaits | kEchoRepeated;
    e.sent_ns = now_ns;
    return;
  }
  if (const std::uint32_t i = s != nullptr ? find(*s, me, number) : ResponseState::kWaiting;
      i != ResponseState::kWaiting) {
    const bool repeated = age(*s, i, now_ns) <= kPatienceNs;
    wait(*s, i, me, number, now_ns);
    put(s->repeated, i, repeated);
    return;
  }
  if (!waits || lost) {
    e.sent_ns = now_ns;
    e.number = number;
    e.flags = kEchoWaits;
    return;
  }
  s = open(flow);
  if (s == nullptr) return;
  const std::uint32_t i = place_for_query(*s, now_ns);
  if (i != ResponseState::kWaiting) wait(*s, i, me, number, now_ns);  // else it is not timed
}

void Responses::answer(Flow& flow, bool me, std::uint16_t number, std::int64_t now_ns) {
  const bool asker = !me;
  if (!sent_ever(flow, asker)) return;
  EchoSide& e = flow.side[asker].echo;
  if ((e.flags & kEchoWaits) != 0 && e.number == number) {
    const bool timed = (e.flags & kEchoRepeated) == 0;
    e.flags = 0;
    if (timed) sample(flow, me, now_ns - e.sent_ns);
    return;
  }
  if (flow.response == 0) return;
  ResponseState& s = pool_[flow.response];
  forget_old(s, asker, e.latest_ns, now_ns);
  const std::uint32_t i = find(s, asker, number);
  if (i == ResponseState::kWaiting) return;  // a second answer, or one to what was not timed
  put(s.waits, i, false);
  if (!has(s.repeated, i)) sample(flow, me, age(s, i, now_ns));
}

// --- QUIC

// The client sends the opposite of the bit that it received last, the server the same: so an end
// moves its bit once after each time that the other one moved. What it does beyond that is of
// packets that overtook each other, or of ends that set the bit at random.
void Responses::spin(Flow& flow, bool me, bool value, std::int64_t now_ns) {
  SpinSide& mine = flow.side[me].spin;
  const bool moved = ((mine.flags & kSpinValue) != 0) != value;
  if ((mine.flags & kSpinKnown) == 0) {
    mine.flags |= kSpinKnown;
    set(mine.flags, kSpinValue, value);
    return;
  }
  if (!moved) return;
  set(mine.flags, kSpinValue, value);
  if ((mine.flags & kSpinLatest) != 0) {
    if (value == ((mine.flags & kSpinEdge) != 0)) return;
    mine.flags |= kSpinUnsure;
    if (mine.returns != 0xffff) ++mine.returns;
    return;
  }
  if (sent_ever(flow, !me) && (flow.side[!me].spin.flags & kSpinLatest) != 0) {
    const bool is_client = me == flow.src_is_high();
    const bool theirs = (flow.side[!me].spin.flags & kSpinEdge) != 0;
    if (value != (theirs != is_client)) {
      if (mine.returns != 0xffff) ++mine.returns;
      return;
    }
  }
  edge(flow, me, value, now_ns);
}

void Responses::edge(Flow& flow, bool me, bool value, std::int64_t now_ns) {
  SpinSide& mine = flow.side[me].spin;
  if (mine.edges == 0xffff || mine.returns == 0xffff) {
    mine.edges /= 2;
    mine.returns /= 2;
  }
  ++mine.edges;
  set(mine.flags, kSpinEdge, value);
  set(mine.flags, kSpinSample | kSpinUnsure, false);
  mine.flags |= kSpinLatest;
  mine.edge_ns = now_ns;
  if (!sent_ever(flow, !me)) return;
  SpinSide& theirs = flow.side[!me].spin;
  if ((theirs.flags & kSpinLatest) == 0) return;
  // Their edge was one, now that it has its answer, if their bit did not go back in between.
  if ((theirs.flags & kSpinUnsure) == 0) {
    if ((theirs.flags & kSpinSample) != 0) sample(flow, !me, theirs.sample_ns);
    mine.flags |= kSpinSample;
    mine.sample_ns = now_ns - theirs.edge_ns;
  }
  set(theirs.flags, kSpinLatest | kSpinSample, false);
}

// --- records

namespace {

// The answer to a query of which the first packet is in an earlier record. Where both are in one,
// readers take the difference of SRC_FIRST and DST_FIRST.
bool take_dns(const Flow& flow, RttRecord& record) {
  for (const bool asker : {false, true}) {
    const Side* answered = flow.sent(!asker);
    if (!sent_ever(flow, asker) || answered == nullptr || (answered->seen & kSeenLead) != 0)
      continue;
    const std::int64_t asked_ns = flow.side[asker].asked_ns;
    const Side* asking = flow.sent(asker);
    if (asked_ns == 0 || answered->first_ns() < asked_ns) continue;
    if (asking != nullptr && (asking->seen & kSeenLead) == 0) continue;
    const std::int64_t took = answered->first_ns() - asked_ns;
    record.side[!asker] = {.sum_ns = took, .m2 = 0, .min_ns = took, .max_ns = took, .samples = 1};
    return true;
  }
  return false;
}

bool is_believed(const Flow& flow, bool& undecided) {
  const SpinSide none{};
  const SpinSide& low = sent_ever(flow, false) ? flow.side[0].spin : none;
  const SpinSide& high = sent_ever(flow, true) ? flow.side[1].spin : none;
  const std::uint32_t edges = std::uint32_t{low.edges} + high.edges;
  undecided = edges < kSpinTrust;
  return !undecided && (std::uint32_t{low.returns} + high.returns) * kSpinReturns <= edges;
}

}  // namespace

bool Responses::take(Flow& flow, RttRecord& record) {
  record.side[0].samples = record.side[1].samples = 0;
  if (flow.dns != 0) {
    record.kind = RttKind::dns;
    return take_dns(flow, record);
  }
  if (flow.response == 0) return false;
  ResponseState& s = pool_[flow.response];
  record.kind = flow.quic != 0 ? RttKind::spin : RttKind::echo;
  bool believed = true;
  bool undecided = false;
  if (flow.quic != 0) believed = is_believed(flow, undecided);
  if (undecided) return false;  // they wait for the next record
  for (const bool high : {false, true}) {
    const Rtt rtt = take_rtt(s.rtt[high]);
    if (believed) record.side[high] = rtt;
  }
  return (record.side[0].samples | record.side[1].samples) != 0;
}

void Responses::release(Flow& flow) {
  if (flow.response == 0) return;
  pool_.release(flow.response);
  flow.response = 0;
}

}  // namespace panoptes
