// Any packets at any times -> flow table -> batches; every batch must be well formed and no packet
// lost. Input: pieces of a length byte, a time step byte and that many bytes of frame, kept short
// so that flows meet.
#include <protozero/pbf_reader.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "batch/batch_builder.h"
#include "decode/decoder.h"

namespace {

using namespace panoptes;

void require(bool holds) {
  if (!holds) std::abort();
}

std::uint64_t rows_of(protozero::pbf_reader set, std::uint64_t rows) {
  std::uint64_t count = 0;
  while (set.next()) {
    const bool numbers = set.tag() == 1;  // before the value is read, which forgets it
    const std::string bytes = set.get_bytes();
    if (numbers) {
      require(bytes.size() % 2 == 0);
      count = bytes.size() / 2;
    } else {
      require(bytes.size() == (rows + 7) / 8);
      for (const char byte : bytes) {
        count += static_cast<unsigned>(__builtin_popcount(static_cast<unsigned char>(byte)));
      }
    }
  }
  require(count > 0 && count < rows);
  return count;
}

void check_column(protozero::pbf_reader column, const std::vector<std::uint64_t>& sets) {
  std::uint64_t set = 0;
  std::uint64_t width = 0;
  std::size_t values = 0;
  std::size_t places = 0;
  std::size_t patches = 0;
  std::size_t entries = 0;
  while (column.next()) {
    switch (column.tag()) {
      case 2:
        set = column.get_uint32();
        break;
      case 3:
        width = column.get_uint32();
        break;
      case 6:
        values = column.get_view().size();
        break;
      case 7:
        places = column.get_view().size();
        break;
      case 8:
        patches = column.get_view().size();
        break;
      case 9:
        entries = column.get_view().size();
        break;
      default:
        column.skip();
    }
  }
  require(set < sets.size());
  require(entries == 0 || (entries % 2 == 0 && entries <= 512 && width <= 8 && places == 0));
  require(width <= 53 || width == 64);
  require(values == (sets[set] * width + 7) / 8);
  require((patches == places * 4 || patches == places * 2) && places / 2 < sets[set] + 1);
}

class Checker final : public BatchOutlet {
 public:
  void batch(std::unique_ptr<EncodedBatch> batch) override {
    batch->set_numbers(++batches_, 1);
    packets += batch->packets;
    protozero::pbf_reader frame(batch->data(), batch->size());
    require(frame.next(2));
    protozero::pbf_reader body = frame.get_message();
    std::vector<std::uint64_t> sets;
    std::vector<protozero::pbf_reader> columns;
    while (body.next()) {
      if (body.tag() == 2) {
        sets.insert(sets.begin(), body.get_uint32());
        require(sets[0] == batch->records && sets[0] <= 1024);
      } else if (body.tag() == 6) {
        sets.push_back(rows_of(body.get_message(), sets.at(0)));
      } else if (body.tag() == 5) {
        columns.push_back(body.get_message());
      } else {
        body.skip();
      }
    }
    require(!frame.next());
    for (const auto& column : columns) check_column(column, sets);
  }
  std::uint64_t packets = 0;

 private:
  std::uint64_t batches_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  TrackerOptions options;
  options.max_flows = 16;
  options.payload_bytes = 8;
  options.payload_rules = {{.port_low = 53, .port_high = 53, .bytes = 100},
                           {.protocol = 6, .port_low = 1, .port_high = 9999, .bytes = 30}};
  Checker checker;
  BatchBuilder builder(checker);
  FlowTracker tracker(options, builder);
  std::uint64_t accounted = 0;
  std::int64_t now = 1'700'000'000'000'000'000;
  while (size >= 2) {
    const std::size_t length = std::min<std::size_t>(data[0], size - 2);
    const auto step = static_cast<std::int8_t>(data[1]);
    now += step * std::int64_t{step} * step * 100'000;  // up to 200 s, also backwards
    Packet packet;
    const auto bytes = static_cast<std::uint32_t>(length);
    if (decode({data + 2, bytes, bytes, now, 1}, packet) == Undecoded::none) {
      tracker.prepare(packet);
      tracker.process(std::span(&packet, 1));
      ++accounted;
    }
    data += 2 + length;
    size -= 2 + length;
  }
  tracker.finish();
  builder.flush();
  require(tracker.flows() == 0);
  require(checker.packets == accounted);
  return 0;
}
