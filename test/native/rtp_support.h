// RTP and RTCP packets for the tests of flow/ and batch/, in frames between kClient and kServer.
#pragma once

#include <cstdint>

#include "flow_support.h"

namespace panoptes {

inline constexpr std::uint32_t kSsrc = 0xdecade01;
inline constexpr std::uint16_t kRtpPort = 16384;

struct RtpFields {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint8_t type = 0;  // PCMU: 8000 Hz
  bool marker = false;
  std::uint32_t ssrc = kSsrc;
};

inline void put(frames::Bytes& to, std::uint64_t value, int bytes) {
  while (bytes-- > 0) to.push_back(static_cast<std::uint8_t>(value >> 8 * bytes));
}

inline frames::Bytes rtp_bytes(const RtpFields& f, std::size_t payload = 160) {
  frames::Bytes out{0x80, static_cast<std::uint8_t>(f.type | (f.marker ? 0x80 : 0))};
  put(out, f.sequence, 2);
  put(out, f.timestamp, 4);
  put(out, f.ssrc, 4);
  out.resize(out.size() + payload, 0xd5);
  return out;
}

// A datagram from the client, or from the server; `id`: of the IP header, which tells a packet that
// was sent twice from one that was captured twice.
inline frames::Frame datagram(const frames::Bytes& payload, bool from_server = false,
                              std::uint16_t id = 1, std::uint16_t port = kRtpPort) {
  frames::Frame f = frames::ethernet();
  f.ipv4(from_server ? kServer : kClient, from_server ? kClient : kServer, {.id = id});
  from_server ? f.udp(port + 2, port) : f.udp(port, port + 2);
  return f.bytes_as_they_are(payload);
}

// Packets of one source, 20 ms and 160 units apart unless said otherwise.
class RtpSender {
 public:
  explicit RtpSender(Trace& trace, const RtpFields& first = {.sequence = 100, .timestamp = 1000},
                     bool from_server = false)
      : trace_(trace), next_(first), from_server_(from_server) {}

  RtpSender& send(double seconds) { return send(seconds, next_); }
  RtpSender& send(double seconds, const RtpFields& f, std::uint16_t id = 1) {
    trace_.packet(seconds, datagram(rtp_bytes(f), from_server_, id));
    next_ = f;
    ++next_.sequence;
    next_.timestamp += 160;
    next_.marker = false;
    return *this;
  }
  RtpSender& send_many(double seconds, int count) {
    for (int i = 0; i < count; ++i) send(seconds + 0.02 * i);
    return *this;
  }
  // The network loses the next ones.
  RtpSender& lose(int count) {
    next_.sequence = static_cast<std::uint16_t>(next_.sequence + count);
    next_.timestamp += static_cast<std::uint32_t>(160 * count);
    return *this;
  }
  RtpFields next() const { return next_; }

 private:
  Trace& trace_;
  RtpFields next_;
  bool from_server_;
};

inline const RtpSideRecord& client_rtp(const Record& r) { return r.rtp.rtp[r.flow.src_is_high()]; }
inline const RtcpSideRecord& rtcp_of(const Record& r, bool server) {
  return r.rtp.rtcp[server != r.flow.src_is_high()];
}

struct ReportBlock {
  std::uint32_t ssrc = kSsrc;
  std::uint8_t fraction = 0;
  std::int32_t lost = 0;
  std::uint32_t jitter = 0;
  std::uint32_t last_sr = 0;
  std::uint32_t delay = 0;
};

inline frames::Bytes rtcp_packet(std::uint8_t type, std::uint8_t count, const frames::Bytes& body) {
  frames::Bytes out{static_cast<std::uint8_t>(0x80 | count), type};
  put(out, body.size() / 4, 2);
  out.insert(out.end(), body.begin(), body.end());
  return out;
}
inline void put_blocks(frames::Bytes& to, const std::vector<ReportBlock>& blocks) {
  for (const ReportBlock& b : blocks) {
    put(to, b.ssrc, 4);
    put(to, b.fraction, 1);
    put(to, static_cast<std::uint32_t>(b.lost), 3);
    put(to, 0, 4);
    put(to, b.jitter, 4);
    put(to, b.last_sr, 4);
    put(to, b.delay, 4);
  }
}
inline frames::Bytes sender_report(std::uint32_t ssrc, std::uint64_t ntp, std::uint32_t rtp,
                                   const std::vector<ReportBlock>& blocks = {}) {
  frames::Bytes body;
  put(body, ssrc, 4);
  put(body, ntp, 8);
  put(body, rtp, 4);
  put(body, 0, 8);
  put_blocks(body, blocks);
  return rtcp_packet(200, static_cast<std::uint8_t>(blocks.size()), body);
}
inline frames::Bytes receiver_report(std::uint32_t ssrc, const std::vector<ReportBlock>& blocks) {
  frames::Bytes body;
  put(body, ssrc, 4);
  put_blocks(body, blocks);
  return rtcp_packet(201, static_cast<std::uint8_t>(blocks.size()), body);
}
// SDES with the CNAME "me@h".
inline frames::Bytes description(std::uint32_t ssrc) {
  frames::Bytes body;
  put(body, ssrc, 4);
  put(body, 0x01046d6540680000, 8);
  return rtcp_packet(202, 1, body);
}
inline frames::Bytes operator+(frames::Bytes a, const frames::Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace panoptes
