// Traffic of which few networks have much: tunnels, labels, ICMP errors, IPsec, QUIC, orphaned
// fragments, copies made by the capture. For the golden batches.
#pragma once

#include <initializer_list>
#include <string>

#include "decode/packet.h"
#include "frames.h"

namespace panoptes {

inline frames::Frame in_vxlan(std::uint32_t vni, const frames::Frame& inner, bool back) {
  const auto at = [vni](int shift) { return static_cast<std::uint8_t>(vni >> shift); };
  return frames::ethernet()
      .ipv4(back ? "203.0.113.2" : "203.0.113.1", back ? "203.0.113.1" : "203.0.113.2")
      .udp(49152, 4789)
      .bytes_as_they_are({0x08, 0, 0, 0, at(16), at(8), at(0), 0})
      .bytes_as_they_are(inner.bytes());
}

// A frame of `label`s, outermost first, around an IPv4 packet between the two hosts.
inline frames::Frame labelled(std::initializer_list<std::uint32_t> labels, bool back) {
  frames::Bytes stack;
  std::size_t left = labels.size();
  for (const std::uint32_t label : labels) {
    const std::uint32_t entry = label << 12 | (--left == 0 ? 0x100U : 0U) | 64;
    for (const int shift : {24, 16, 8, 0})
      stack.push_back(static_cast<std::uint8_t>(entry >> shift));
  }
  const frames::Frame packet =
      frames::raw_ip()
          .ipv4(back ? "10.9.0.2" : "10.9.0.1", back ? "10.9.0.1" : "10.9.0.2")
          .udp(back ? 7000 : 6000, back ? 6000 : 7000)
          .payload("mpls");
  return frames::ethernet().ethertype(0x8847).bytes_as_they_are(stack).bytes_as_they_are(
      packet.bytes());
}

// send(seconds, frame)
template <typename Send>
void rare_traffic(double now, const Send& send) {
  const auto next = [&now] { return now += 0.001; };
  for (const bool back : {false, true}) {
    const char* src = back ? "10.8.0.2" : "10.8.0.1";
    const char* dst = back ? "10.8.0.1" : "10.8.0.2";
    const auto flags = static_cast<std::uint8_t>(back ? kSyn | kAck : kSyn);
    const auto segment =
        frames::ethernet().ipv4(src, dst).tcp(back ? 443 : 5000, back ? 5000 : 443, flags);
    send(next(), in_vxlan(0x123456, segment, back));
    send(next(), labelled({100, back ? 300000U : 299999U}, back));
    // IPv4 in IPv6, and two tunnels one inside the other: IPv6 in IPv4 in GRE.
    send(next(),
         frames::ethernet()
             .ipv6(back ? "2001:db8::b" : "2001:db8::a", back ? "2001:db8::a" : "2001:db8::b")
             .ipv4(src, dst)
             .udp(back ? 9 : 5001, back ? 5001 : 9)
             .payload("4in6"));
    send(next(), frames::ethernet()
                     .ipv4(back ? "192.0.2.7" : "192.0.2.6", back ? "192.0.2.6" : "192.0.2.7")
                     .protocol(47)
                     .bytes_as_they_are({0x20, 0, 0x08, 0, 0, 0, 0, 77})
                     .bytes_as_they_are(frames::raw_ip()
                                            .ipv4(src, dst)
                                            .ipv6(back ? "2001:db8:1::2" : "2001:db8:1::1",
                                                  back ? "2001:db8:1::1" : "2001:db8:1::2")
                                            .udp(back ? 9 : 5002, back ? 5002 : 9)
                                            .payload("6in4")
                                            .bytes()));
    // Each direction of ESP has an index, and so a flow, of its own.
    const std::uint8_t sequence = back ? 2 : 1;
    send(next(), frames::ethernet()
                     .ipv4(src, dst)
                     .protocol(50)
                     .bytes_as_they_are({0xc0, 0xff, 0xee, sequence, 0, 0, 0, 1})
                     .payload(64, 0xa5));
    // A QUIC initial packet (RFC 9000 17.2.2), padded as it has to be.
    send(next(),
         frames::ethernet()
             .ipv4(src, dst)
             .udp(back ? 443 : 5003, back ? 5003 : 443)
             .bytes_as_they_are({0xc3, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0x44, 0x96})
             .payload(1182, 0x5a));
  }
  // The same segment twice within a millisecond.
  const auto copied = frames::ethernet()
                          .ipv4("10.8.0.1", "10.8.0.3", {.id = 4711})
                          .tcp(5004, 80, kAck | kPsh, {.seq = 77, .ack = 88})
                          .payload("copied");
  send(next(), copied);
  send(now + 0.0001, copied);
  // A later fragment whose first one never comes.
  send(next(), frames::ethernet()
                   .ipv4("10.8.0.1", "10.8.0.4", {.id = 815, .fragment = 185})
                   .protocol(17)
                   .payload(400));
  // A port that is closed and a network that is not there, over both versions of IP. The second
  // error of each comes when the flow has nothing else to tell.
  const auto to_closed = frames::raw_ip().ipv4("10.8.0.1", "10.8.0.5").udp(5005, 9).payload("?");
  const auto to_nowhere =
      frames::raw_ip().ipv6("2001:db8:2::1", "2001:db8:3::1").udp(5006, 9).payload("?");
  send(next(), frames::ethernet().ipv4("10.8.0.1", "10.8.0.5").udp(5005, 9).payload("?"));
  send(next(), frames::ethernet().ipv6("2001:db8:2::1", "2001:db8:3::1").udp(5006, 9).payload("?"));
  for (int i = 0; i < 2; ++i) {
    send(next(), frames::ethernet(frames::kServerMac, frames::kClientMac)
                     .ipv4(i == 0 ? "10.8.0.5" : "10.8.0.254", "10.8.0.1")
                     .icmp(3, i == 0 ? 3 : 1)
                     .bytes_as_they_are(to_closed.bytes()));
    send(next(), frames::ethernet(frames::kServerMac, frames::kClientMac)
                     .ipv6("2001:db8:2::fe", "2001:db8:2::1")
                     .icmpv6(i == 0 ? 1 : 3, 0)
                     .bytes_as_they_are(to_nowhere.bytes()));
    now += 6;
  }
}

// A connection to which everything happens once or a few times; test/golden/batch.test.ts says what
// is to be counted. Sequence numbers from the SYNs, times in milliseconds after `now`.
template <typename Send>
void tcp_trouble(double now, const Send& send) {
  std::uint16_t ids[2] = {100, 500};
  const auto segment = [&](double ms, bool back, std::uint8_t flags, std::uint32_t seq,
                           std::uint32_t ack, std::size_t payload = 0, std::uint16_t window = 2000,
                           int id = -1) {
    const std::uint16_t number = id >= 0 ? static_cast<std::uint16_t>(id) : ids[back]++;
    send(now + ms / 1000,
         frames::ethernet()
             .ipv4(back ? "10.8.0.6" : "10.8.0.1", back ? "10.8.0.1" : "10.8.0.6", {.id = number})
             .tcp(back ? 443 : 5100, back ? 5100 : 443, flags,
                  {.seq = (back ? 0xfffffff0 : 7000) + seq,
                   .ack = ack != 0 ? (back ? 7000 : 0xfffffff0) + ack : 0,
                   .window = window})
             .payload(payload));
  };
  const auto client = [&](double ms, std::uint32_t seq, std::uint32_t ack, std::size_t payload = 0,
                          std::uint16_t window = 2000) {
    segment(ms, false, kAck, seq, ack, payload, window);
  };
  const auto server = [&](double ms, std::uint32_t seq, std::uint32_t ack, std::size_t payload = 0,
                          int id = -1) { segment(ms, true, kAck, seq, ack, payload, 2000, id); };
  segment(0, false, kSyn, 0, 0);
  segment(1000, false, kSyn, 0, 0);  // sent again
  segment(1010, true, kSyn | kAck, 0, 1);
  client(1012, 1, 1);
  client(1013, 1, 1, 100);
  server(1023, 1, 101);
  server(1024, 1, 101, 1000);
  client(1026, 101, 1001);
  ids[1] += 1;  // bytes 1001 to 2000 are lost before they come here
  server(1027, 2001, 101, 1000);
  server(1028, 3001, 101, 1000);
  server(1029, 4001, 101, 1000);
  for (int i = 0; i < 3; ++i) client(1029 + i, 101, 1001);
  server(1042, 1001, 101, 1000);
  client(1044, 101, 5001);
  const int overtaken = ids[1]++;
  server(1050, 6001, 101, 1000);
  server(1051, 5001, 101, 1000, overtaken);
  client(1053, 101, 7001, 0, 0);
  server(1253, 7000, 101);  // asks whether the window is still closed
  client(1255, 101, 7001, 0, 0);
  client(1353, 101, 7001);
  server(1354, 7001, 101, 1000);
  client(1357, 101, 8001);
  server(1657, 7001, 101, 1000);  // needlessly
  server(1658, 9001, 101, 1000);  // the capture lost what comes before this
  client(1661, 101, 10001);
}

}  // namespace panoptes
