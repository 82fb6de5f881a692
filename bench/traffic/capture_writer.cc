// Classic pcap output. Before it: the generators; after it: a file.
#include "capture_writer.h"

#include <algorithm>
#include <cstdlib>

#include "bytes.h"

namespace panoptes::bench {

namespace {

constexpr std::size_t kFlushAt = std::size_t{4} << 20;

}  // namespace

File open_or_exit(const std::string& path, const char* mode) {
  std::FILE* file = path == "-" ? stdout : std::fopen(path.c_str(), mode);
  if (file == nullptr) {
    std::perror(path.c_str());
    std::exit(1);
  }
  return File(file);
}

CaptureWriter::CaptureWriter(const Options& options)
    : options_(options), file_(open_or_exit(options.path, "wb")) {
  buffer_.reserve(kFlushAt + (std::size_t{1} << 20));
  std::uint8_t header[24] = {};
  store_le32(header, options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
  store_le32(header + 4, 2 | (4U << 16));  // version 2.4
  store_le32(header + 16, options.snaplen);
  store_le32(header + 20, 1);  // LINKTYPE_ETHERNET
  buffer_.insert(buffer_.end(), header, header + sizeof header);
}

CaptureWriter::~CaptureWriter() { flush(); }

void CaptureWriter::write(std::uint64_t time_ns, std::span<const std::uint8_t> header,
                          const std::uint8_t* payload, std::uint32_t payload_bytes,
                          std::uint32_t padding) {
  const auto header_bytes = low32(header.size());
  const std::uint32_t wire = header_bytes + payload_bytes + padding;
  std::uint32_t left = std::min(wire, options_.snaplen);

  write_record_header(time_ns, left, wire);
  const std::uint32_t from_header = std::min(left, header_bytes);
  buffer_.insert(buffer_.end(), header.begin(), header.begin() + from_header);
  left -= from_header;
  const std::uint32_t from_payload = std::min(left, payload_bytes);
  buffer_.insert(buffer_.end(), payload, payload + from_payload);
  buffer_.insert(buffer_.end(), left - from_payload, 0);
  if (buffer_.size() > kFlushAt) flush();
}

void CaptureWriter::write_cut(std::uint64_t time_ns, std::span<const std::uint8_t> captured,
                              std::uint32_t wire_bytes) {
  write_record_header(time_ns, low32(captured.size()), wire_bytes);
  buffer_.insert(buffer_.end(), captured.begin(), captured.end());
  if (buffer_.size() > kFlushAt) flush();
}

void CaptureWriter::write_record_header(std::uint64_t time_ns, std::uint32_t captured,
                                        std::uint32_t wire) {
  const std::uint64_t time = time_ns + options_.epoch_seconds * 1'000'000'000;
  const std::uint64_t fraction = time % 1'000'000'000;
  std::uint8_t record[16];
  store_le32(record, time / 1'000'000'000);
  store_le32(record + 4, options_.nanoseconds ? fraction : fraction / 1000);
  store_le32(record + 8, captured);
  store_le32(record + 12, wire);
  buffer_.insert(buffer_.end(), record, record + sizeof record);
}

void CaptureWriter::flush() {
  if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_.get()) != buffer_.size()) {
    std::perror(options_.path.c_str());
    std::exit(1);
  }
  buffer_.clear();
}

}  // namespace panoptes::bench
