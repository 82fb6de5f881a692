// One TCP segment that is not simply the next one, at work; track() gets here out of line.
// tcp_sequence.cc has what is new, tcp_late.cc what lies below the highest number, tcp_ack.cc the
// window and the acknowledgement.
#pragma once

#include <cstdint>

#include "flow/tcp_option_values.h"
#include "flow/tcp_sequence.h"

namespace panoptes {

// The first unwrapped number of a side: far enough from 0 that nothing below it wraps.
inline std::uint64_t unwrapped_base(const TcpSideState& side) {
  return (std::uint64_t{1} << 32) + side.base;
}
// The 64-bit number nearest to `near` whose low half is `seq`.
inline std::uint64_t unwrap(std::uint64_t near, std::uint32_t seq) {
  const auto step = static_cast<std::int32_t>(seq - static_cast<std::uint32_t>(near));
  return near + static_cast<std::uint64_t>(std::int64_t{step});
}
inline void set_flags(TcpSideState& side, int bits) {
  side.flags = static_cast<std::uint16_t>(side.flags | bits);
}
inline void clear_flags(TcpSideState& side, int bits) {
  side.flags = static_cast<std::uint16_t>(side.flags & ~bits);
}

class TcpJudge {
 public:
  TcpJudge(TcpSideState& me, TcpSideState& other, TcpFlowState flow, const TcpSegment& segment,
           TcpColdPool& pool)
      : me_(me), other_(other), flow_(flow), in_(segment), pool_(pool) {}

  TcpResult run() {
    const TcpVerdict verdict = judge();
    return {verdict, full_};
  }
  // Of what looks like a copy made by the capture and has no IP id: whether the receiver has asked
  // for it, and it is the first answer to that.
  bool asked_for() const;

 private:
  TcpVerdict judge();
  // A side's cold state: with a new block if there is none, nullptr: none to be had.
  TcpColdSide* cold(bool high);
  TcpColdSide* mine() { return cold(in_.from_high); }
  TcpColdSide* theirs() { return cold(!in_.from_high); }
  // As it is.
  TcpColdSide* existing(bool high) const {
    return has_block(flow_) ? &pool_.side(flow_.cold, high) : nullptr;
  }
  const TcpOptionValues& options();

  TcpVerdict judge_syn(std::uint32_t length);
  TcpVerdict judge_syn_again(std::uint32_t length);
  TcpVerdict judge_sequence(std::uint32_t length);
  TcpVerdict start(std::uint32_t length);
  TcpVerdict next_in_order(std::uint32_t length);
  TcpVerdict jump(std::uint64_t start, std::uint32_t length);
  bool ids_count() const;
  TcpVerdict resync(std::uint32_t length);
  TcpVerdict keep_alive();
  bool is_keep_alive(std::int64_t ahead) const;
  void restart(std::uint32_t length);
  void pass_unseen(std::uint64_t seq);
  void move_next(std::uint64_t end);
  void time(std::uint64_t end);
  void time_by_timestamp(TcpColdSide& cold, std::uint64_t end);
  bool is_awaited(std::uint64_t start, std::uint64_t end) const;
  std::uint64_t acked(const TcpSideState& side) const { return unwrap(side.next, side.acked); }
  bool all_acked(std::uint64_t end) const {
    return (me_.flags & kTcpAcked) != 0 && end <= acked(me_);
  }

  TcpVerdict late(std::uint64_t start, std::uint32_t length);
  TcpVerdict resent(std::uint64_t start, std::uint64_t end, std::uint64_t seen);
  bool first_is_timed(std::uint64_t end) const;
  bool sent_before(const TcpHole& hole, std::uint64_t start);
  bool repeated_by_acks(std::uint64_t start) const;
  bool sacked(std::uint64_t start, std::uint64_t end) const;
  bool sacked_above(const TcpColdSide& cold, std::uint64_t start) const;
  void classify_resend(TcpColdSide& cold, std::uint64_t start) const;
  void remember_answer(TcpColdSide& cold) const;
  void remember_resent(TcpColdSide& cold, std::uint64_t start, std::uint64_t end, bool spurious);

  void judge_window();
  void judge_ack();
  void acknowledge(std::uint64_t ack);
  void acknowledge_unseen();
  void repeat_ack();
  void read_sacks(std::uint64_t ack);
  static void take_dsack(TcpColdSide& cold, std::uint64_t start, std::uint64_t end);
  void sample();
  void stop_waiting_for_dsack();

  TcpSideState& me_;
  TcpSideState& other_;
  TcpFlowState flow_;
  const TcpSegment& in_;
  TcpColdPool& pool_;
  TcpOptionValues options_;  // with options_read_
  bool options_read_ = false;
  bool is_keep_alive_ = false;
  bool full_ = false;
};

// No window is larger (RFC 7323 2.3): what is farther off belongs to something else.
inline constexpr std::int64_t kTcpFar = std::int64_t{1} << 30;

}  // namespace panoptes
