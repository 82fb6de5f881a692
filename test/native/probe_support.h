// What the tests of probe/ share: a probe that is run to its end, captures on disk.
#pragma once

#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <utility>
#include <vector>

#include "frames.h"
#include "probe/probe.h"

namespace panoptes {

// Runs a probe to its end, as binding/ does.
struct Session {
  explicit Session(ProbeOptions options)
      : probe(
            std::move(options), [this] { wake(); }, [this] { wake(); }) {}

  void wake() {
    const std::lock_guard lock(mutex);
    woken = true;
    changed.notify_one();
  }
  // Takes items until the end; false: it did not come within 20 s.
  bool finish() {
    return run([] { return false; });
  }
  // Until records count so many packets.
  bool await_packets(std::uint64_t wanted) {
    return run([&] { return packets >= wanted; });
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool woken = false;
  std::uint64_t records = 0, packets = 0, batches = 0, statuses = 0;
  std::uint64_t seen_packets = 0;  // by the latest status
  std::vector<std::string> warnings, errors;
  Probe probe;

 private:
  template <typename Done>
  bool run(const Done& done) {
    for (;;) {
      Item item;
      while (probe.take(item)) {
        if (item.kind == Item::Kind::batch) {
          records += item.batch->records;
          packets += item.batch->packets;
          EXPECT_EQ(item.number, ++batches);
        }
        if (item.kind == Item::Kind::warning) warnings.push_back(item.message.code);
        if (item.kind == Item::Kind::error) errors.push_back(item.message.code);
        if (item.kind == Item::Kind::status) {
          ++statuses;
          seen_packets = packets_of(item.bytes);
        }
        if (item.kind == Item::Kind::end || done()) return true;
      }
      std::unique_lock lock(mutex);
      if (!changed.wait_for(lock, std::chrono::seconds(20), [this] { return woken; })) return false;
      woken = false;
    }
  }

  static std::uint64_t packets_of(const std::string& status_frame) {
    protozero::pbf_reader frame(status_frame);
    while (frame.next()) {
      if (frame.wire_type() != protozero::pbf_wire_type::length_delimited) {
        frame.skip();
        continue;
      }
      protozero::pbf_reader status = frame.get_message();
      while (status.next()) {
        if (status.tag() == 3)  // ProbeStatus.packets
          return status.get_uint64();
        status.skip();
      }
    }
    return 0;
  }
};

// A classic pcap of these frames.
inline std::vector<std::uint8_t> capture_of(const std::vector<frames::Bytes>& frames,
                                            int microseconds_apart = 1000) {
  std::vector<std::uint8_t> out = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0,
                                   0,    0,    0,    0,    0, 0, 4, 0, 1, 0, 0, 0};
  const auto put32 = [&](std::uint32_t v) {
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(v >> 8 * i));
  };
  std::int64_t time_us = 1'700'000'000'000'000;
  for (const frames::Bytes& frame : frames) {
    put32(static_cast<std::uint32_t>(time_us / 1'000'000));
    put32(static_cast<std::uint32_t>(time_us % 1'000'000));
    put32(static_cast<std::uint32_t>(frame.size()));
    put32(static_cast<std::uint32_t>(frame.size()));
    out.insert(out.end(), frame.begin(), frame.end());
    time_us += microseconds_apart;
  }
  return out;
}

// UDP packets of `flows` different flows.
inline std::vector<std::uint8_t> capture(int packets, int flows) {
  std::vector<frames::Bytes> frames;
  for (int i = 0; i < packets; ++i) {
    frames.push_back(frames::ethernet()
                         .ipv4("10.0.0.1", "10.0.0.2")
                         .udp(static_cast<std::uint16_t>(1024 + i % flows), 7000)
                         .payload("x")
                         .bytes());
  }
  return capture_of(frames);
}

class CaptureFile {
 public:
  explicit CaptureFile(const std::vector<std::uint8_t>& bytes) {
    char name[] = "/tmp/panoptes-test-XXXXXX";
    const int fd = mkstemp(name);
    path = name;
    close(fd);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  ~CaptureFile() { unlink(path.c_str()); }
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;
  std::string path;
};

inline SourceOptions file_source(const std::string& path) {
  SourceOptions s;
  s.name = path;
  return s;
}

}  // namespace panoptes
