// What the mix simulates: a flow, an event of it, and the exact tally of what was written.
#pragma once

#include <array>
#include <cstdint>

namespace panoptes::bench {

inline constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16;
inline constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kIcmp6 = 58;

// Index into every per-direction pair: who sent the packet.
using Side = std::uint8_t;
inline constexpr Side kClient = 0, kServer = 1;

template <typename T>
using PerSide = std::array<T, 2>;

// What a packet is beyond the ordinary; counted in the truth.
enum class Mark : std::uint8_t {
  none,
  retransmitted,  // data seen twice, the first one lost after the capture point
  gap_fill,       // data lost before the capture point, seen once, late
  out_of_order,   // overtaken by the segments after it
  spurious,       // resent although already acknowledged
  keep_alive,
  syn_again,
};

struct Tally {
  PerSide<std::uint32_t> packets{}, syn{}, fin{}, rst{};
  PerSide<std::uint64_t> bytes{};     // frames, padding included, no FCS
  PerSide<std::uint64_t> ip_bytes{};  // IP header on, padding excluded
  PerSide<std::uint64_t> payload{};   // L4 payload
  PerSide<std::uint32_t> retransmitted{}, gap_fills{}, out_of_order{}, spurious{};
  PerSide<std::uint32_t> gaps{};  // segments that start beyond the expected number
  PerSide<std::uint32_t> duplicate_acks{}, zero_windows{}, keep_alives{};
  PerSide<std::uint64_t> resent_bytes{};  // retransmitted and spurious
  std::uint32_t syn_again = 0;
  std::uint64_t first_ns = 0, last_ns = 0;
  std::int64_t synack_ns = -1, ackdat_ns = -1;  // -1: not seen
};

enum class App : std::uint8_t { other, dns, stream, exchange };

struct Flow {
  enum class Stage : std::uint8_t { opening, talking, closing };

  std::uint32_t id = 0;
  std::uint32_t slot = 0;
  std::uint8_t protocol = kTcp;
  bool v6 = false;
  App app = App::other;  // of UDP
  Stage stage = Stage::opening;
  bool tcp_timestamps = true;
  bool upload = false;     // the client sends the bulk
  bool over = false;       // nothing more will be sent; events may be pending
  std::uint16_t vlan = 0;  // 0: untagged
  std::uint16_t client_port = 0, server_port = 0;
  std::uint16_t echo_id = 0;
  std::uint16_t mss = 1448;
  std::uint32_t client_host = 0, server_host = 0;  // numbers that become addresses
  PerSide<std::uint32_t> seq{}, timestamp_offset{}, last_ack{};
  PerSide<std::uint16_t> window{8192, 8192}, ip_id{};
  std::uint32_t to_server_ns = 0, to_client_ns = 0;  // capture point to that end and back
  std::uint64_t remaining = 0;                       // packets it still wants to send
  std::uint32_t pending = 0;                         // events in the queue
  Tally tally;
};

// A packet to be written at `time_ns`, or the moment at which the flow decides what to send next.
struct Event {
  std::uint64_t time_ns = 0;
  std::uint64_t order = 0;  // breaks ties: first planned, first sent
  std::uint32_t flow = 0;
  std::uint32_t seq = 0, ack = 0;
  std::uint32_t timestamp = 0, timestamp_echo = 0;
  std::uint16_t window = 0;
  std::uint16_t payload = 0;
  std::uint16_t detail = 0;  // TCP: IP id; DNS: answer code, kDnsAaaa; ICMP: sequence number
  std::uint8_t flags = 0;
  Side from = kClient;
  bool decision = false;
  Mark mark = Mark::none;
  bool starts_gap = false;
  bool duplicate_ack = false;
};
inline constexpr std::uint16_t kDnsAaaa = 16;

struct Later {
  bool operator()(const Event& a, const Event& b) const {
    return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.order > b.order;
  }
};

}  // namespace panoptes::bench
