// What a single flow of the mix does next: TCP connections, DNS, datagrams, pings.
#include <algorithm>

#include "bytes.h"
#include "mix.h"

namespace panoptes::bench {

namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;
constexpr std::uint64_t kSecond = 1'000'000'000;

void take(std::uint64_t& from, std::uint64_t n) { from -= std::min(from, n); }

}  // namespace

void Mix::decide(std::uint32_t index, std::uint64_t time_ns) {
  const std::uint32_t before = flows_[index].pending;
  const std::uint32_t slot = flows_[index].slot;
  Outcome outcome{};
  switch (flows_[index].protocol) {
    case kTcp:
      if (flows_[index].stage == Flow::Stage::opening) {
        if (open_connection(index, time_ns, outcome)) return;
      } else if (flows_[index].stage == Flow::Stage::talking) {
        outcome = exchange_data(index, time_ns);
      } else {
        outcome = close_connection(index, time_ns);
      }
      break;
    case kUdp:
      outcome =
          flows_[index].app == App::dns ? ask_dns(index, time_ns) : send_datagrams(index, time_ns);
      break;
    default:
      outcome = ping(index, time_ns);
  }
  const std::uint32_t sent = flows_[index].pending - before;
  const auto ns_per_packet =
      static_cast<double>(static_cast<std::uint64_t>(1e9 / slot_rate_[slot]));
  const double pause = stretch_ * sent * ns_per_packet * (0.25 + 0.75 * random_.exponential());
  const std::uint64_t next = std::max(
      outcome.end_ns + 100'000, static_cast<std::uint64_t>(static_cast<double>(time_ns) + pause));
  if (outcome.flow_ends) {
    end_flow(index);
    start_flow(slot, next);
  } else {
    decide_later(index, next);
  }
}

// True: the connection stands, and its first request is planned. False: there is none; `outcome`
// says when the attempt was over and `time_ns` when it was last tried.
bool Mix::open_connection(std::uint32_t index, std::uint64_t& time_ns, Outcome& outcome) {
  Flow& flow = flows_[index];
  const auto syn = [&](std::uint64_t at, Mark mark) {
    send(index, {.time_ns = at,
                 .seq = flow.seq[kClient],
                 .timestamp = tcp_clock(flow, kClient, at),
                 .window = 64240,
                 .flags = kSyn,
                 .mark = mark});
  };
  if (random_.percent(options_.noans)) {
    syn(time_ns, Mark::none);
    const std::uint32_t again = random_.below(3);
    for (std::uint32_t i = 1; i <= again; ++i) {
      time_ns += kSecond << (i - 1);
      syn(time_ns, Mark::syn_again);
    }
    outcome = {time_ns, true};
    return false;
  }
  const std::uint64_t answered = time_ns + flow.to_server_ns;
  if (random_.percent(options_.refused)) {
    syn(time_ns, Mark::none);
    send(
        index,
        {.time_ns = answered, .ack = flow.seq[kClient] + 1, .flags = kRst | kAck, .from = kServer});
    outcome = {answered, true};
    return false;
  }
  syn(time_ns, Mark::none);
  send(index, {.time_ns = answered,
               .seq = flow.seq[kServer],
               .ack = flow.seq[kClient] + 1,
               .timestamp = tcp_clock(flow, kServer, answered),
               .timestamp_echo = tcp_clock(flow, kClient, time_ns),
               .window = 65160,
               .flags = kSyn | kAck,
               .from = kServer});
  ++flow.seq[kClient];
  ++flow.seq[kServer];
  const std::uint64_t established = answered + flow.to_client_ns;
  send(index, {.time_ns = established,
               .seq = flow.seq[kClient],
               .ack = flow.seq[kServer],
               .timestamp = tcp_clock(flow, kClient, established),
               .timestamp_echo = tcp_clock(flow, kServer, answered),
               .window = flow.window[kClient],
               .flags = kAck});
  flow.last_ack = {flow.seq[kServer], flow.seq[kClient]};
  flow.stage = Flow::Stage::talking;
  decide_later(index,
               established + 50'000 + static_cast<std::uint64_t>(random_.exponential() * 3e5));
  take(flow.remaining, 3);
  return true;
}

// A request, then a burst of answers; the reverse for uploads.
Mix::Outcome Mix::exchange_data(std::uint32_t index, std::uint64_t time_ns) {
  Flow& flow = flows_[index];
  const std::uint32_t before = flow.pending;
  const Side bulk = flow.upload ? kClient : kServer;
  const Side asking = flow.upload ? kServer : kClient;
  auto count = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(64, std::max<std::uint64_t>(1, flow.remaining * 2 / 3)));
  if (count > 4) count = 2 + random_.below(count - 1);
  const std::uint32_t request = 60 + random_.below(500);
  const std::uint64_t answer_after = asking == kServer ? flow.to_client_ns : flow.to_server_ns;
  send(index, {.time_ns = time_ns,
               .seq = flow.seq[asking],
               .ack = flow.seq[bulk],
               .timestamp = tcp_clock(flow, asking, time_ns),
               .timestamp_echo =
                   tcp_clock(flow, bulk, time_ns > kMillisecond ? time_ns - kMillisecond : 0),
               .window = flow.window[asking],
               .payload = low16(request),
               .flags = kAck | kPsh,
               .from = asking});
  flow.seq[asking] += request;
  flow.last_ack[asking] = flow.seq[bulk];
  std::uint64_t end = send_burst(
      index, bulk, count,
      time_ns + answer_after + 100'000 + static_cast<std::uint64_t>(random_.exponential() * 1e6));
  flow.last_ack[bulk] = flow.seq[asking];  // the data segments carried it
  take(flow.remaining, flow.pending > before ? flow.pending - before : 1);
  if (flow.remaining < 4) flow.stage = Flow::Stage::closing;
  if (flow.stage == Flow::Stage::talking && random_.percent(options_.keepalive)) {
    const std::uint64_t probe = end + 400 * kMillisecond;
    send(index, {.time_ns = probe,
                 .seq = flow.seq[kClient] - 1,
                 .ack = flow.seq[kServer],
                 .timestamp = tcp_clock(flow, kClient, probe),
                 .timestamp_echo = tcp_clock(flow, kServer, end),
                 .window = flow.window[kClient],
                 .flags = kAck,
                 .mark = Mark::keep_alive});
    end = probe + flow.to_server_ns;
    send(index, {.time_ns = end,
                 .seq = flow.seq[kServer],
                 .ack = flow.seq[kClient],
                 .timestamp = tcp_clock(flow, kServer, end),
                 .timestamp_echo = tcp_clock(flow, kClient, probe),
                 .window = flow.window[kServer],
                 .flags = kAck,
                 .from = kServer});
  }
  return {end, false};
}

// FIN both ways, or a reset, or silence.
Mix::Outcome Mix::close_connection(std::uint32_t index, std::uint64_t time_ns) {
  Flow& flow = flows_[index];
  const double how = random_.unit();
  if (how < 0.85) {
    const std::uint64_t answered = time_ns + flow.to_server_ns;
    const std::uint64_t end = answered + flow.to_client_ns;
    send(index, {.time_ns = time_ns,
                 .seq = flow.seq[kClient],
                 .ack = flow.seq[kServer],
                 .timestamp = tcp_clock(flow, kClient, time_ns),
                 .timestamp_echo = tcp_clock(flow, kServer, time_ns - flow.to_client_ns),
                 .window = flow.window[kClient],
                 .flags = kFin | kAck});
    send(index, {.time_ns = answered,
                 .seq = flow.seq[kServer],
                 .ack = flow.seq[kClient] + 1,
                 .timestamp = tcp_clock(flow, kServer, answered),
                 .timestamp_echo = tcp_clock(flow, kClient, time_ns),
                 .window = flow.window[kServer],
                 .flags = kFin | kAck,
                 .from = kServer});
    send(index, {.time_ns = end,
                 .seq = flow.seq[kClient] + 1,
                 .ack = flow.seq[kServer] + 1,
                 .timestamp = tcp_clock(flow, kClient, end),
                 .timestamp_echo = tcp_clock(flow, kServer, answered),
                 .window = flow.window[kClient],
                 .flags = kAck});
    return {end, true};
  }
  if (how < 0.95) {
    send(index, {.time_ns = time_ns,
                 .seq = flow.seq[kClient],
                 .ack = flow.seq[kServer],
                 .flags = kRst | kAck});
  }
  return {time_ns, true};
}

Mix::Outcome Mix::ask_dns(std::uint32_t index, std::uint64_t time_ns) {
  const Flow& flow = flows_[index];
  std::uint16_t detail = random_.chance(0.3) ? kDnsAaaa : 0;
  send(index, {.time_ns = time_ns, .payload = 40, .detail = detail});
  if (random_.chance(0.03)) return {time_ns, true};
  if (random_.chance(0.06)) detail |= 3;  // NXDOMAIN
  const std::uint64_t answered = time_ns + flow.to_server_ns;
  send(index, {.time_ns = answered, .payload = 60, .detail = detail, .from = kServer});
  return {answered, true};
}

Mix::Outcome Mix::send_datagrams(std::uint32_t index, std::uint64_t time_ns) {
  Flow& flow = flows_[index];
  const auto imix = [&]() -> std::uint16_t {
    const double share = random_.unit();
    if (share < 7 / 12.0) return low16(18 + random_.below(60));
    if (share < 11 / 12.0) return 548;
    return flow.v6 ? 1452 : 1472;
  };
  const auto count = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(16, std::max<std::uint64_t>(1, flow.remaining)));
  const auto slot_gap = static_cast<std::uint64_t>(1e9 / slot_rate_[flow.slot]);
  const auto gap = std::max<std::uint64_t>(20'000, std::min<std::uint64_t>(slot_gap, 20'000'000));
  std::uint64_t at = time_ns;
  std::uint64_t end = time_ns;
  for (std::uint32_t i = 0; i < count; ++i) {
    end = at;
    if (flow.app == App::exchange) {
      const Side from = i & 1 ? kServer : kClient;
      send(index, {.time_ns = at, .payload = imix(), .from = from});
      at += from == kServer ? flow.to_client_ns : flow.to_server_ns;
      continue;
    }
    const std::uint16_t size = flow.server_port == 5004 ? 172 : 1200;
    send(index, {.time_ns = at, .payload = size, .from = kServer});
    const double noise = random_.normal() * static_cast<double>(gap) * 0.05;
    at += gap + static_cast<std::uint64_t>(static_cast<std::int64_t>(noise));
    if (i == 0 && flow.remaining % 8 == 0) send(index, {.time_ns = at + 500, .payload = 60});
  }
  take(flow.remaining, count);
  return {end, flow.remaining == 0};
}

Mix::Outcome Mix::ping(std::uint32_t index, std::uint64_t time_ns) {
  Flow& flow = flows_[index];
  const std::uint16_t number = low16(flow.remaining);
  std::uint64_t end = time_ns;
  send(index, {.time_ns = time_ns, .payload = 56, .detail = number});
  if (!random_.chance(0.05)) {
    end = time_ns + flow.to_server_ns;
    send(index, {.time_ns = end, .payload = 56, .detail = number, .from = kServer});
  }
  take(flow.remaining, 2);
  return {end, flow.remaining < 2};
}

}  // namespace panoptes::bench
