// A burst of TCP data segments with at most one anomaly, and the acknowledgements that answer it.
// All times are those at the capture point, which sits somewhere between the two ends.
#include <algorithm>
#include <utility>
#include <vector>

#include "bytes.h"
#include "mix.h"

namespace panoptes::bench {

class TcpBurst {
 public:
  TcpBurst(Mix& mix, std::uint32_t index, Side sender, std::uint32_t count)
      : mix_(mix),
        flow_(mix.flows_[index]),
        index_(index),
        sender_(sender),
        receiver_(sender == kServer ? kClient : kServer),
        count_(count),
        to_receiver_ns_(sender == kClient ? flow_.to_server_ns : flow_.to_client_ns),
        to_sender_ns_(sender == kClient ? flow_.to_client_ns : flow_.to_server_ns),
        seq_(count + 1),
        length_(count),
        time_ns_(count),
        last_ack_(flow_.last_ack[receiver_]) {}

  std::uint64_t send(std::uint64_t start_ns) {
    end_ns_ = start_ns;
    plan_segments(start_ns);
    choose_anomaly();
    const std::uint32_t overtakers =
        anomaly_ == Anomaly::reordered
            ? std::min<std::uint32_t>(1 + mix_.random_.below(3), count_ - 1 - victim_)
            : 0;
    const bool zero_window = mix_.random_.percent(mix_.options_.zerowin);
    send_segments(overtakers);
    acknowledge(zero_window);
    if (anomaly_ == Anomaly::spurious) {
      const std::uint64_t again = end_ns_ + to_sender_ns_ + 200'000'000;
      send_data(victim_, again, Mark::spurious, false);
      send_ack(seq_[next_expected_], again + to_receiver_ns_, flow_.window[receiver_],
               tcp_clock(flow_, sender_, again));
    }
    flow_.seq[sender_] = seq_[count_];
    flow_.last_ack[receiver_] = last_ack_;
    return end_ns_;
  }

 private:
  enum class Anomaly : std::uint8_t {
    none,
    lost_after_capture,   // seen twice
    lost_before_capture,  // seen once, late
    reordered,
    dropped_by_capture,  // never seen, acknowledged all the same
    spurious,            // resent for nothing
  };
  struct Arrival {
    std::uint64_t time_ns;
    std::uint32_t segment;
    auto operator<=>(const Arrival&) const = default;
  };

  void plan_segments(std::uint64_t start_ns) {
    Random& random = mix_.random_;
    seq_[0] = flow_.seq[sender_];
    for (std::uint32_t i = 0; i < count_; ++i) {
      const double share = random.unit();
      std::uint32_t length = flow_.mss;
      if (count_ <= 3 && share >= 0.35) {
        length = share < 0.6 ? 500 + random.below(80) : 20 + random.below(300);
      }
      if (i == count_ - 1 && count_ > 3) length = 1 + random.below(flow_.mss);
      length_[i] = low16(length);
      seq_[i + 1] = seq_[i] + length;
      time_ns_[i] = i == 0 ? start_ns
                           : time_ns_[i - 1] +
                                 static_cast<std::uint64_t>(6000 + random.exponential() * 18000);
    }
  }

  void choose_anomaly() {
    const Options& o = mix_.options_;
    Random& random = mix_.random_;
    const double total = o.retx + o.loss + o.reorder + o.capdrop + o.spurious;
    if (!random.chance(std::min(1.0, count_ * total / 100))) return;
    const double which = random.unit() * total;
    anomaly_ = which < o.retx                        ? Anomaly::lost_after_capture
               : which < o.retx + o.loss             ? Anomaly::lost_before_capture
               : which < o.retx + o.loss + o.reorder ? Anomaly::reordered
               : which < total - o.spurious          ? Anomaly::dropped_by_capture
                                                     : Anomaly::spurious;
    const bool early =
        anomaly_ == Anomaly::lost_before_capture || anomaly_ == Anomaly::dropped_by_capture;
    if (count_ >= 6) {
      victim_ = 1 + random.below(count_ - 5);
    } else if (anomaly_ == Anomaly::lost_after_capture || anomaly_ == Anomaly::spurious) {
      victim_ = count_ - 1;
    } else if (count_ < (early ? 3U : 2U)) {
      anomaly_ = Anomaly::none;  // too short to have it
    }
  }

  void send_segments(std::uint32_t overtakers) {
    arrivals_.reserve(count_ + 1);
    const bool leaves_gap = anomaly_ == Anomaly::lost_before_capture ||
                            anomaly_ == Anomaly::reordered ||
                            anomaly_ == Anomaly::dropped_by_capture;
    for (std::uint32_t i = 0; i < count_; ++i) {
      const std::uint64_t at = time_ns_[i];
      if (i != victim_ || anomaly_ == Anomaly::none || anomaly_ == Anomaly::spurious) {
        send_data(i, at, Mark::none, leaves_gap && i == victim_ + 1);
        arrivals_.push_back({at, i});
        continue;
      }
      switch (anomaly_) {
        case Anomaly::lost_after_capture:
          send_data(i, at, Mark::none, false);
          break;
        case Anomaly::lost_before_capture:
          ++flow_.ip_id[sender_];
          break;
        case Anomaly::dropped_by_capture:
          ++flow_.ip_id[sender_];
          arrivals_.push_back({at, i});
          break;
        default: {
          const std::uint64_t late = time_ns_[i + overtakers] + 2000;
          send_data(i, late, Mark::out_of_order, false);
          arrivals_.push_back({late, i});
        }
      }
    }
    std::sort(arrivals_.begin(), arrivals_.end());
    if (anomaly_ == Anomaly::lost_after_capture || anomaly_ == Anomaly::lost_before_capture) {
      resend_victim();
    }
  }

  // Fast retransmission after three duplicate acknowledgements, or a timeout.
  void resend_victim() {
    const std::uint64_t last = time_ns_[count_ - 1];
    const std::uint64_t rtt = to_receiver_ns_ + to_sender_ns_;
    const std::uint64_t at =
        count_ - 1 - victim_ >= 3
            ? std::max(time_ns_[victim_ + 3] + rtt, last + rtt + rtt / 20 + 1'000'000)
            : last + std::max<std::uint64_t>(200'000'000, 2 * rtt) + 1'000'000;
    const bool seen_before = anomaly_ == Anomaly::lost_after_capture;
    send_data(victim_, at, seen_before ? Mark::retransmitted : Mark::gap_fill, false);
    arrivals_.push_back({at, victim_});
  }

  // Every second segment is acknowledged, and at once whatever is out of order or fills a hole.
  void acknowledge(bool zero_window) {
    std::vector<bool> received(count_);
    std::uint32_t unacknowledged = 0;
    for (std::size_t k = 0; k < arrivals_.size(); ++k) {
      const auto [at, segment] = arrivals_[k];
      received[segment] = true;
      const bool in_order = segment == next_expected_;
      while (next_expected_ < count_ && received[next_expected_]) {
        ++next_expected_;
        ++unacknowledged;
      }
      const bool filled = in_order && next_expected_ > segment + 1;
      const bool last = k + 1 == arrivals_.size();
      if (in_order && !filled && unacknowledged < 2 && !last) continue;
      unacknowledged = 0;
      const std::uint16_t window = flow_.window[receiver_];
      const std::uint32_t number = seq_[next_expected_];
      const std::uint32_t echo = tcp_clock(flow_, sender_, at);
      const bool closed = last && zero_window;
      send_ack(number, at + to_receiver_ns_, closed ? 0 : window, echo);
      if (closed) open_window(number, at + to_receiver_ns_, echo);
    }
  }

  void open_window(std::uint32_t number, std::uint64_t closed_ns, std::uint32_t echo) {
    const std::uint64_t at =
        closed_ns + 20'000'000 + static_cast<std::uint64_t>(mix_.random_.unit() * 2e8);
    mix_.send(index_, ack_event(number, at, flow_.window[receiver_], echo));
    end_ns_ = at;
  }

  void send_data(std::uint32_t i, std::uint64_t at, Mark mark, bool starts_gap) {
    const std::uint64_t echo_ns = at > to_sender_ns_ ? at - to_sender_ns_ : 0;
    mix_.send(index_, {.time_ns = at,
                       .seq = seq_[i],
                       .ack = flow_.seq[receiver_],
                       .timestamp = tcp_clock(flow_, sender_, at),
                       .timestamp_echo = tcp_clock(flow_, receiver_, echo_ns),
                       .window = flow_.window[sender_],
                       .payload = length_[i],
                       .flags = low8(kAck | (i == count_ - 1 ? kPsh : 0)),
                       .from = sender_,
                       .mark = mark,
                       .starts_gap = starts_gap});
  }

  Event ack_event(std::uint32_t number, std::uint64_t at, std::uint16_t window,
                  std::uint32_t echo) const {
    return {.time_ns = at,
            .seq = flow_.seq[receiver_],
            .ack = number,
            .timestamp = tcp_clock(flow_, receiver_, at),
            .timestamp_echo = echo,
            .window = window,
            .flags = kAck,
            .from = receiver_};
  }

  void send_ack(std::uint32_t number, std::uint64_t at, std::uint16_t window, std::uint32_t echo) {
    Event event = ack_event(number, at, window, echo);
    event.duplicate_ack = number == last_ack_ && window == flow_.window[receiver_] && window != 0;
    mix_.send(index_, event);
    last_ack_ = number;
    end_ns_ = std::max(end_ns_, at);
  }

  Mix& mix_;
  Flow& flow_;
  std::uint32_t index_;
  Side sender_, receiver_;
  std::uint32_t count_;
  std::uint64_t to_receiver_ns_;  // capture point -> receiver -> capture point
  std::uint64_t to_sender_ns_;    // the same towards the sender
  std::vector<std::uint32_t> seq_;
  std::vector<std::uint16_t> length_;
  std::vector<std::uint64_t> time_ns_;
  std::vector<Arrival> arrivals_;  // what the receiver gets, in order
  Anomaly anomaly_ = Anomaly::none;
  std::uint32_t victim_ = 0;
  std::uint32_t next_expected_ = 0;
  std::uint32_t last_ack_;
  std::uint64_t end_ns_ = 0;
};

std::uint64_t Mix::send_burst(std::uint32_t index, Side from, std::uint32_t count,
                              std::uint64_t time_ns) {
  return TcpBurst(*this, index, from, count).send(time_ns);
}

}  // namespace panoptes::bench
