// Writes a classic pcap file (Ethernet) through a buffer. The last step of every generator.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace panoptes::bench {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

// Opens or says why not and ends the program; "-" is stdout.
File open_or_exit(const std::string& path, const char* mode);

class CaptureWriter {
 public:
  struct Options {
    std::string path;
    std::uint32_t snaplen = 65535;
    bool nanoseconds = false;
    std::uint64_t epoch_seconds = 1700000000;  // what time 0 of the simulation is called
  };

  explicit CaptureWriter(const Options& options);
  ~CaptureWriter();
  CaptureWriter(const CaptureWriter&) = delete;
  CaptureWriter& operator=(const CaptureWriter&) = delete;

  // One frame: `header`, then `payload` bytes of which only the first `payload_bytes` count, then
  // `padding` zeros; cut at the snaplen. `payload` may be shorter than what the snaplen cuts.
  void write(std::uint64_t time_ns, std::span<const std::uint8_t> header,
             const std::uint8_t* payload, std::uint32_t payload_bytes, std::uint32_t padding);

  // A frame of which only `captured` is known.
  void write_cut(std::uint64_t time_ns, std::span<const std::uint8_t> captured,
                 std::uint32_t wire_bytes);

 private:
  void write_record_header(std::uint64_t time_ns, std::uint32_t captured, std::uint32_t wire);
  void flush();

  Options options_;
  File file_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace panoptes::bench
