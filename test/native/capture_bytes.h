// Capture files made in memory, byte by byte, and sources read to their end. For the capture tests.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "capture/feed_source.h"
#include "capture/packet_source.h"

namespace panoptes::test {

using Bytes = std::vector<std::uint8_t>;

// Appends integers in one byte order.
class Writer {
 public:
  explicit Writer(bool big_endian = false) : big_(big_endian) {}

  Writer& u16(std::uint16_t v) { return put(v, 2); }
  Writer& u32(std::uint32_t v) { return put(v, 4); }
  Writer& u64(std::uint64_t v) { return put(v, 8); }
  Writer& raw(std::span<const std::uint8_t> more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return *this;
  }
  Writer& pad4() {
    while (bytes.size() % 4 != 0) bytes.push_back(0);
    return *this;
  }
  bool big() const { return big_; }

  Bytes bytes;

 private:
  Writer& put(std::uint64_t v, int n) {
    for (int i = 0; i < n; ++i) {
      bytes.push_back(static_cast<std::uint8_t>(v >> (8 * (big_ ? n - 1 - i : i))));
    }
    return *this;
  }
  bool big_;
};

// Frame `number` of a test file: `size` bytes that tell it from others.
inline Bytes frame(std::size_t number, std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(number * 31 + i);
  return bytes;
}

inline constexpr std::uint32_t kMicro = 0xa1b2c3d4;
inline constexpr std::uint32_t kNano = 0xa1b23c4d;

inline Writer pcap_header(std::uint32_t magic = kMicro, bool big = false, std::uint32_t link = 1,
                          std::uint16_t minor = 4) {
  Writer w(big);
  w.u32(magic).u16(2).u16(minor).u32(0).u32(0).u32(65535).u32(link);
  return w;
}
inline void pcap_packet(Writer& w, std::uint32_t seconds, std::uint32_t fraction, const Bytes& data,
                        std::uint32_t wire = 0) {
  w.u32(seconds).u32(fraction).u32(static_cast<std::uint32_t>(data.size()));
  w.u32(wire != 0 ? wire : static_cast<std::uint32_t>(data.size())).raw(data);
}

// A pcapng block around `body`, which is padded.
inline void block(Writer& w, std::uint32_t type, const Bytes& body) {
  const auto length = static_cast<std::uint32_t>((body.size() + 3) / 4 * 4 + 12);
  w.u32(type).u32(length).raw(body).pad4().u32(length);
}
inline void section(Writer& w) {
  Writer body(w.big());
  body.u32(0x1a2b3c4d).u16(1).u16(0).u64(~std::uint64_t{0});
  block(w, 0x0a0d0d0a, body.bytes);
}
struct Option {
  std::uint16_t code;
  Bytes value;
};
inline void options(Writer& body, std::initializer_list<Option> list) {
  for (const Option& option : list) {
    body.u16(option.code).u16(static_cast<std::uint16_t>(option.value.size()));
    body.raw(option.value).pad4();
  }
  if (list.size() > 0) body.u16(0).u16(0);
}
inline void interface(Writer& w, std::uint16_t link, std::initializer_list<Option> list = {},
                      std::uint32_t snaplen = 0) {
  Writer body(w.big());
  body.u16(link).u16(0).u32(snaplen);
  options(body, list);
  block(w, 1, body.bytes);
}
inline void enhanced(Writer& w, std::uint32_t interface, std::uint64_t units, const Bytes& data,
                     std::uint32_t wire = 0) {
  Writer body(w.big());
  body.u32(interface).u32(static_cast<std::uint32_t>(units >> 32));
  body.u32(static_cast<std::uint32_t>(units)).u32(static_cast<std::uint32_t>(data.size()));
  body.u32(wire != 0 ? wire : static_cast<std::uint32_t>(data.size())).raw(data);
  block(w, 6, body.bytes);
}
inline void simple(Writer& w, const Bytes& data, std::uint32_t wire) {
  Writer body(w.big());
  body.u32(wire).raw(data);
  block(w, 3, body.bytes);
}

struct Seen {
  Bytes data;
  std::uint32_t wire;
  std::int64_t time_ns;
  std::uint16_t link_type;
  friend bool operator==(const Seen&, const Seen&) = default;
};
struct Outcome {
  std::vector<Seen> packets;
  ReadState state = ReadState::more;
  SourceMessage error;
  std::vector<SourceMessage> warnings;
  SourceCounters counters;
};

inline void see(void* packets, const RawPacket& packet) {
  static_cast<std::vector<Seen>*>(packets)->push_back(
      {Bytes(packet.data, packet.data + packet.captured), packet.wire, packet.time_ns,
       packet.link_type});
}

// Reads to the end, or for `most_reads` calls.
inline Outcome read_all(PacketSource& source, std::size_t most = 64, int most_reads = 1'000'000) {
  Outcome outcome;
  for (int i = 0; i < most_reads; ++i) {
    outcome.state = source.read(most, see, &outcome.packets);
    if (outcome.state == ReadState::end || outcome.state == ReadState::failed) break;
    if (outcome.state == ReadState::idle) source.wait(100);
  }
  for (;;) {
    SourceMessage warning = source.take_warning();
    if (warning.code.empty()) break;
    outcome.warnings.push_back(std::move(warning));
  }
  outcome.error = source.error();
  outcome.counters = source.counters();
  return outcome;
}

// A source over `file`, handed over in pieces of `piece` bytes. `file` must outlive it.
inline std::unique_ptr<PacketSource> source_of(std::span<const std::uint8_t> file,
                                               std::size_t piece = 1 << 20,
                                               const std::string& filter = "") {
  auto feed = std::make_shared<Feed>();
  for (std::size_t at = 0; at < file.size(); at += piece) {
    feed->push(file.data() + at, std::min(piece, file.size() - at), {});
  }
  feed->end();
  SourceMessage error;
  return open_feed("test", feed, false, filter, error);
}
inline Outcome read_bytes(std::span<const std::uint8_t> file, std::size_t piece = 1 << 20,
                          const std::string& filter = "") {
  return read_all(*source_of(file, piece, filter));
}

}  // namespace panoptes::test
