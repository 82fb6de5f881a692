// Any packets at any times -> flow table -> batches; every batch must be well formed and no packet
// lost. Input: pieces of a length byte, a time step byte and that many bytes of frame, kept short
// so that flows meet.
#include <protozero/pbf_reader.hpp>

#include <bitset>
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

using Rows = std::bitset<1024>;

// `sets`: those before it, the first has all rows.
Rows rows_of(protozero::pbf_reader set, const std::vector<Rows>& sets) {
  const std::size_t all = sets[0].count();
  std::uint32_t like = 0;
  Rows turned;
  while (set.next()) {
    const auto tag = set.tag();  // before the value is read, which forgets it
    if (tag == 3) {
      like = set.get_uint32();
      continue;
    }
    require(turned.none());
    const std::string bytes = set.get_bytes();
    std::size_t row = 0;
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      if (tag == 1) {
        row += byte;
        if (byte != 255) turned.set(row++);  // throws beyond the last
      } else {
        for (unsigned bit = 0; bit < 8; ++bit) turned[row++] = (byte >> bit & 1) != 0;
      }
    }
    require(tag == 1 || bytes.size() == (all + 7) / 8);
  }
  require(like <= sets.size());
  const Rows rows = like == 0 ? turned : sets[like - 1] ^ turned;
  require(rows.any() && rows != sets[0] && (rows & ~sets[0]).none());
  for (const Rows& other : sets) require(rows != other);
  return rows;
}

// How many bytes of values the column has.
std::size_t check_column(protozero::pbf_reader column, const std::vector<Rows>& sets) {
  std::uint64_t set = 0;
  std::uint64_t width = 0;
  std::size_t values = 0;
  std::size_t places = 0;
  std::size_t patches = 0;
  std::size_t entries = 0;
  std::int64_t base = 0;
  bool related = false;
  while (column.next()) {
    switch (column.tag()) {
      case 2:
        set = column.get_uint32();
        break;
      case 3:
        width = column.get_uint32();
        break;
      case 4:
        base = column.get_sint64();
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
      case 10:
        related = true;
        column.skip();
        break;
      case 13:
        values = column.get_uint32();
        break;
      default:
        column.skip();
    }
  }
  require(set < sets.size());
  require(base >= 0 || related);
  require(entries == 0 || (entries % 2 == 0 && entries <= 512 && width <= 8 && places == 0));
  require(width <= 53 || width == 64);
  require(values == (sets[set].count() * width + 7) / 8);
  require((patches == places * 4 || patches == places * 2) && places / 2 < sets[set].count() + 1);
  return values;
}

class Checker final : public BatchOutlet {
 public:
  void batch(std::unique_ptr<EncodedBatch> batch) override {
    batch->set_numbers(++batches_, 1);
    packets += batch->packets;
    protozero::pbf_reader frame(batch->data(), batch->size());
    require(frame.next(2));
    protozero::pbf_reader body = frame.get_message();
    std::vector<Rows> sets;
    std::vector<protozero::pbf_reader> columns;
    std::size_t values = 0;
    while (body.next()) {
      if (body.tag() == 2) {
        const std::uint32_t rows = body.get_uint32();
        require(rows == batch->records && rows <= 1024 && sets.empty());
        Rows all;
        for (std::uint32_t row = 0; row < rows; ++row) all.set(row);
        sets.push_back(all);
      } else if (body.tag() == 6) {
        sets.push_back(rows_of(body.get_message(), sets));
      } else if (body.tag() == 5) {
        columns.push_back(body.get_message());
      } else if (body.tag() == 12) {
        values = body.get_view().size();
      } else {
        body.skip();
      }
    }
    require(!frame.next());
    std::size_t told = 0;
    for (const auto& column : columns) told += check_column(column, sets);
    require(told == values);
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
