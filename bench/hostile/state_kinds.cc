// What fills tables or never finishes: fragments, flows, sequence numbers, clocks.
#include "kinds.h"

namespace panoptes::hostile {
namespace {

using frames::Bytes;
using frames::Frame;

// 0x2000: more fragments.
Bytes fragment(std::uint32_t source, std::uint32_t id, std::uint16_t field) {
  Frame f =
      frames::ethernet().ipv4(address(source), "192.0.2.1", {.id = low16(id), .fragment = field});
  if ((field & 0x1fff) == 0) f.udp(low16(id), 53);
  return f.payload(24, low8(id)).bytes();
}
Bytes first_fragments(std::uint32_t i, std::mt19937&) { return fragment(i >> 8, i, 0x2000); }
Bytes later_fragments(std::uint32_t i, std::mt19937&) {
  return fragment(i >> 8, i, low16(0x2000 | (1 + i % 1000)));
}
Bytes last_fragments(std::uint32_t i, std::mt19937&) { return fragment(i, i, 0x1000); }
// One datagram without end, its pieces in any order and over one another.
Bytes overlapping(std::uint32_t, std::mt19937& random) {
  return fragment(1, 7, low16(0x2000 | static_cast<std::uint32_t>(random() % 8'000)));
}
// Two thirds of each datagram; the next one comes before it is done.
Bytes unfinished(std::uint32_t i, std::mt19937&) {
  const std::uint32_t id = i / 2;
  return fragment(id & 3, id, i % 2 == 0 ? 0x2000 : 0x2004);
}
Bytes fragments6(std::uint32_t i, std::mt19937&) {
  return frames::ethernet()
      .ipv6(address6(i >> 4), "2001:db8::1")
      .ipv6_fragment(i % 3 == 0 ? 0 : low16(i % 1000), true, i)
      .udp(low16(i), 53)
      .payload(24)
      .bytes();
}

Bytes new_flow(std::uint32_t i, std::mt19937& random) {
  return frames::ethernet()
      .ipv4(address(static_cast<std::uint32_t>(random())), address(i))
      .udp(low16(static_cast<std::uint32_t>(random())), 9)
      .payload(64, low8(i))
      .bytes();
}
// Established, so that none is the first to go: the table has to look for a victim.
Bytes new_pair(std::uint32_t i, std::mt19937&) {
  const std::string client = address(i / 2), server = "192.0.2.1";
  Frame f = frames::ethernet();
  if (i % 2 == 0) {
    f.ipv4(client, server).udp(4000, 9);
  } else {
    f.ipv4(server, client).udp(9, 4000);
  }
  return f.payload(64).bytes();
}
Bytes reused_port(std::uint32_t i, std::mt19937&) {
  constexpr std::uint8_t kFlags[] = {0x02, 0x14};  // SYN, then RST
  return frames::ethernet()
      .ipv4("10.0.0.1", "192.0.2.1")
      .tcp(4000, 80, kFlags[i % 2], {.seq = i * 1000})
      .bytes();
}
Bytes chaos(std::uint32_t i, std::mt19937& random) {
  const bool up = random() % 2 == 0;
  Frame f = frames::ethernet().ipv4(up ? "10.0.0.1" : "192.0.2.1", up ? "192.0.2.1" : "10.0.0.1",
                                    {.id = low16(static_cast<std::uint32_t>(random()))});
  const auto number = [&] { return static_cast<std::uint32_t>(random() % 100'000); };
  const std::uint32_t seq = number(), ack = number();
  f.tcp(up ? 4000 : 80, up ? 80 : 4000, low8(0x10 | (i % 16 == 0 ? number() : 0)),
        {.seq = seq, .ack = ack, .window = low16(number() % 3 == 0 ? 0 : number())});
  return f.payload(number() % 1400).bytes();
}
Bytes icmp_for_flows(std::uint32_t i, std::mt19937&) {
  const std::uint32_t n = i / 2 % 1000;
  if (i % 2 == 0)
    return frames::ethernet().ipv4(address(n), "192.0.2.1").udp(4000, 33434).payload(20).bytes();
  Frame f = frames::ethernet().ipv4("198.51.100.1", address(n)).icmp(11, 0);
  return f.ipv4(address(n), "192.0.2.1").udp(4000, 33434).payload(20).bytes();
}
Bytes many_flows(std::uint32_t i, std::mt19937&) {
  return frames::ethernet().ipv4(address(i % 4'000), "192.0.2.1").udp(4000, 9).payload(20).bytes();
}
Bytes arp(std::uint32_t i, std::mt19937&) {
  return frames::ethernet().arp(1, address(i), address(i + 77)).bytes(60);
}

void put(Bytes& to, std::uint32_t value, int bytes) {
  while (bytes-- > 0) to.push_back(low8(value >> 8 * bytes));
}
Bytes rtp(std::uint32_t flow, std::uint32_t ssrc, std::uint32_t sequence) {
  Bytes b{0x80, 0};
  put(b, sequence, 2);
  put(b, sequence * 160, 4);
  put(b, ssrc, 4);
  b.resize(60);
  return frames::ethernet()
      .ipv4(address(flow), "192.0.2.1", {.id = low16(sequence)})
      .udp(low16(5000 + ssrc % 2), 6000)
      .bytes_as_they_are(b)
      .bytes();
}
// A flow of RTP in which every packet is of another source.
Bytes rtp_sources(std::uint32_t i, std::mt19937&) { return rtp(1, i < 4 ? 2 : i * 2, i); }
// Two packets that go on in every flow, and no third one.
Bytes rtp_suspects(std::uint32_t i, std::mt19937&) { return rtp(i / 2, 2, i % 2); }
// On the ports of RTP, compounds of as many reports as fit into a jumbo frame.
Bytes rtcp_reports(std::uint32_t i, std::mt19937&) {
  if (i < 4) return rtp(1, 2, i);
  constexpr std::uint32_t kBlocks = 31, kWords = 1 + kBlocks * 6;
  Bytes b;
  while (b.size() + (kWords + 1) * 4 < kMostBytes - 100) {
    put(b, 0x80c90000U | kBlocks << 24 | kWords, 4);
    for (std::uint32_t word = 0; word < kWords; ++word) put(b, i * 77 + word, 4);
  }
  return frames::ethernet()
      .ipv4(address(1), "192.0.2.1", {.id = low16(i)})
      .udp(5000, 6000)
      .bytes_as_they_are(b)
      .bytes();
}

}  // namespace

std::vector<Kind> state_kinds() {
  constexpr std::uint32_t kMany = 20'000;
  constexpr std::uint64_t kSecond = 1'000'000'000;
  return {
      {"frag-first", "first fragments, each of another datagram", first_fragments},
      {"frag-later", "later fragments of unknown datagrams", later_fragments},
      {"frag-last", "last fragments, each from another host", last_fragments},
      {"frag-overlap", "one datagram without end, overlapping", overlapping},
      {"frag-unfinished", "two fragments of every datagram", unfinished},
      {"frag-ip6", "IPv6 fragments, each of another datagram", fragments6},
      {"flow-new", "every packet another flow", new_flow},
      {"flow-evict", "the same, the table full", new_flow, kMany, 0, 1'000},
      {"flow-evict-pairs", "answered flows, the table full", new_pair, kMany, 0, 1'000},
      {"tcp-reuse", "SYN and RST on one port in turn", reused_port},
      {"tcp-chaos", "one connection, all numbers at random", chaos},
      {"icmp-flows", "an ICMP error for each packet", icmp_for_flows},
      {"rtp-sources", "RTP, every packet of another source", rtp_sources},
      {"rtp-suspects", "two packets of RTP in every flow", rtp_suspects},
      {"rtcp-reports", "RTCP with 350 reports in a packet", rtcp_reports, kMany, 40, 0,
       kSecond / 10'000},
      {"arp-flood", "ARP requests, each for another pair", arp},
      {"clock-jumps", "4000 flows, a minute between packets", many_flows, kMany, 0, 0,
       60 * kSecond},
      {"clock-steps", "4000 flows, 10 ms between packets", many_flows, kMany, 0, 0, kSecond / 100},
  };
}

}  // namespace panoptes::hostile
