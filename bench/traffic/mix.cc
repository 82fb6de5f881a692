// The scheduler of the mix: slots, arrivals, the event queue, the rate.
#include "mix.h"

#include <algorithm>
#include <cmath>

#include "bytes.h"

namespace panoptes::bench {

namespace {

constexpr double kNsPerSecond = 1e9;

std::uint64_t to_ns(double ns) { return static_cast<std::uint64_t>(ns); }

}  // namespace

Mix::Mix(const Options& options, CaptureWriter& writer, Truth& truth)
    : options_(options),
      writer_(writer),
      truth_(truth),
      random_(options.seed),
      slot_rate_(options.flows) {
  double total = 0;
  for (std::uint32_t i = 0; i < options.flows; ++i) {
    slot_rate_[i] = std::pow(i + 1.0, -options.zipf);
    total += slot_rate_[i];
  }
  for (auto& rate : slot_rate_) rate = rate / total * options.packets_per_second;
  flows_.reserve(options.flows + options.flows / 4);
}

void Mix::run() {
  const double horizon_ns =
      static_cast<double>(options_.packets) / options_.packets_per_second * kNsPerSecond;
  for (std::uint32_t slot = 0; slot < options_.flows; ++slot) {
    const double latest = std::min(horizon_ns * 0.9, 6.0 / slot_rate_[slot] * kNsPerSecond);
    start_flow(slot, to_ns(random_.unit() * latest));
  }
  while (truth_.packets() < options_.packets) {
    const Event event = queue_.top();
    queue_.pop();
    if (event.decision) {
      decide(event.flow, event.time_ns);
      continue;
    }
    write_packet(event);
    if (truth_.packets() == next_adjustment_) adjust_rate();
  }
  std::vector<bool> is_free(flows_.size());
  for (const auto index : free_) is_free[index] = true;
  for (std::size_t i = 0; i < flows_.size(); ++i) {
    const auto& packets = flows_[i].tally.packets;
    if (!is_free[i] && packets[kClient] + packets[kServer] > 0) truth_.end_flow(flows_[i]);
  }
}

void Mix::write_packet(const Event& event) {
  Flow& flow = flows_[event.flow];
  --flow.pending;
  const auto frame = frames_.build(flow, event);
  writer_.write(event.time_ns, frame.header, frames_.payload(), frame.payload_bytes, frame.padding);
  truth_.count(flow, event, frame);
  if (flow.over && flow.pending == 0) {
    truth_.end_flow(flow);
    release(event.flow);
  }
}

void Mix::adjust_rate() {
  const double elapsed = static_cast<double>(truth_.last_ns()) / kNsPerSecond;
  const double wanted = static_cast<double>(truth_.packets()) / options_.packets_per_second;
  if (elapsed > 0) {
    stretch_ = std::min(4.0, std::max(0.02, stretch_ * std::pow(wanted / elapsed, 0.5)));
  }
  next_adjustment_ += std::max<std::uint64_t>(1000, to_ns(options_.packets_per_second / 50));
}

void Mix::send(std::uint32_t index, Event event) {
  Flow& flow = flows_[index];
  if (flow.protocol == kTcp) event.detail = flow.ip_id[event.from]++;
  event.order = next_order_++;
  event.flow = index;
  queue_.push(event);
  ++flow.pending;
}

void Mix::decide_later(std::uint32_t index, std::uint64_t time_ns) {
  queue_.push({.time_ns = time_ns, .order = next_order_++, .flow = index, .decision = true});
}

void Mix::start_flow(std::uint32_t slot, std::uint64_t time_ns) {
  std::uint32_t index = 0;
  if (free_.empty()) {
    index = low32(flows_.size());
    flows_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  Flow& flow = flows_[index];
  flow = Flow();
  flow.slot = slot;
  const std::uint64_t id = next_flow_id_++;
  flow.id = low32(id);
  const std::uint32_t client = low32((id * 40503U + 12345U) & 0xffff);
  flow.client_host = client << 4 | ((client * 2654435761U) >> 28);
  flow.client_port = low16(32768 + ((client * 977U + low32(id >> 16)) % 28000U));
  flow.server_host = static_cast<std::uint32_t>(std::pow(random_.unit(), 3.0) * 8000);
  flow.v6 = random_.percent(options_.v6);
  flow.vlan = random_.percent(options_.vlan) ? low16(100 + random_.below(16)) : 0;
  choose_application(flow);

  flow.tcp_timestamps = random_.chance(0.85);
  flow.mss = low16((flow.v6 ? 1440U : 1460U) - (flow.tcp_timestamps ? 12U : 0U));
  flow.upload = random_.chance(0.15);
  double rtt_ns = options_.rtt_ms * 1e6 * std::exp(0.8 * random_.normal());
  rtt_ns = std::min(rtt_ns, 64.0 / std::max(slot_rate_[slot], 1e-9) * kNsPerSecond);
  rtt_ns = std::max(rtt_ns, 1.2e6);
  const double server_share = 0.3 + 0.4 * random_.unit();
  flow.to_server_ns = static_cast<std::uint32_t>(rtt_ns * server_share);
  flow.to_client_ns = static_cast<std::uint32_t>(rtt_ns * (1 - server_share));
  for (auto& ip_id : flow.ip_id) ip_id = low16(random_.next());
  for (auto& seq : flow.seq) seq = low32(random_.next());
  for (auto& offset : flow.timestamp_offset) offset = low32(random_.next()) & 0x7fffffff;
  for (auto& window : flow.window) window = low16(4096 + random_.below(20000));

  const double relative_rate = slot_rate_[slot] / (options_.packets_per_second / options_.flows);
  const double pareto = std::min(1.0 / std::pow(1 - random_.unit(), 1 / 1.3), 2000.0);
  const double size =
      options_.size * 0.23 * pareto * std::pow(std::max(relative_rate, 0.2), 0.7) + 5;
  flow.remaining = static_cast<std::uint64_t>(std::max(1.0, size));
  decide_later(index, time_ns);
}

void Mix::choose_application(Flow& flow) {
  static constexpr std::uint16_t kUdpPorts[] = {443, 443, 443, 3480, 5004, 3074, 1194, 4501};
  static constexpr std::uint16_t kTcpPorts[] = {443, 443, 443, 443, 443,  80,
                                                80,  22,  25,  993, 3306, 8080};
  const double share = random_.unit() * 100;
  if (share < options_.dns) {
    flow.protocol = kUdp;
    flow.app = App::dns;
    flow.server_port = 53;
    flow.server_host &= 63;
  } else if (share < options_.dns + options_.udp) {
    flow.protocol = kUdp;
    flow.app = random_.chance(0.4) ? App::stream : App::exchange;
    flow.server_port = kUdpPorts[random_.below(8)];
  } else if (share < options_.dns + options_.udp + options_.icmp) {
    flow.protocol = flow.v6 ? kIcmp6 : kIcmp;
    flow.echo_id = low16((next_flow_id_ - 1) * 31U + 1);
  } else {
    flow.server_port = kTcpPorts[random_.below(12)];
  }
}

void Mix::end_flow(std::uint32_t index) {
  Flow& flow = flows_[index];
  flow.over = true;
  if (flow.pending > 0) return;
  if (flow.tally.packets[kClient] + flow.tally.packets[kServer] > 0) truth_.end_flow(flow);
  release(index);
}

void Mix::release(std::uint32_t index) { free_.push_back(index); }

}  // namespace panoptes::bench
