#include "batch/batch_builder.h"

#include <algorithm>
#include <iterator>

#include "batch/column_encoder.h"
#include "batch/differences.h"
#include "batch/record_columns.h"
#include "batch/row_set_encoder.h"

namespace panoptes {
namespace {

constexpr std::size_t kHeadRoom = 32;  // Frame tag and length, number, first record
// A batch whose records have so much payload goes out with fewer rows: clients, queues and limits
// count in batches.
constexpr std::size_t kMostPayload = std::size_t{512} << 10;
constexpr std::uint64_t kNanos = 1'000'000'000;

// Field numbers of Frame and FlowBatch.
constexpr std::uint32_t kFrameBatch = 2;
enum BatchField : std::uint32_t {
  kNumber = 1,
  kRows,
  kBaseSeconds,
  kFirstRecord,
  kIpv4Dictionary = 7,
  kIpv6Dictionary,
  kMacDictionary,
  kPayload,
  kValues = 12
};

}  // namespace

void EncodedBatch::set_numbers(std::uint64_t batch, std::uint64_t first_record) {
  std::string numbers;
  protozero::pbf_writer writer(numbers);
  writer.add_fixed64(kNumber, batch);
  writer.add_fixed64(kFirstRecord, first_record);
  std::string frame;
  frame += static_cast<char>(kFrameBatch << 3 | 2);
  protozero::write_varint(std::back_inserter(frame), numbers.size() + size());
  frame += numbers;
  begin -= frame.size();
  std::copy(frame.begin(), frame.end(), bytes.begin() + static_cast<std::ptrdiff_t>(begin));
}

BatchBuilder::BatchBuilder(BatchOutlet& outlet, std::uint64_t secret, std::uint32_t first_rows)
    : outlet_(outlet),
      open_(std::make_unique<RecordColumns>(secret)),
      entries_(std::make_unique<Entries>()),
      most_rows_(first_rows) {}

BatchBuilder::~BatchBuilder() = default;

void BatchBuilder::record(const Flow& flow, const RecordInfo& info) {
  if (!add_record(*open_, rows_, flow, info, packets_)) return;
  if (++rows_ == most_rows_ || open_->payload.size() >= kMostPayload) flush();
}

void BatchBuilder::flush() {
  if (rows_ == 0) return;
  auto batch = encode();
  open_->clear();
  rows_ = 0;
  packets_ = 0;
  most_rows_ = std::min(2 * most_rows_, kMaxRows);
  outlet_.batch(std::move(batch));
}

std::unique_ptr<EncodedBatch> BatchBuilder::encode() {
  Columns& c = open_->columns;
  const Dictionaries& d = open_->dictionaries;
  c.set_all.count = c.src.set_all.count = c.dst.set_all.count = rows_;
  const std::uint64_t base_seconds = extremes(c.start.data(), rows_).low / kNanos;
  // Address indexes run through all dictionaries: IPv4, then IPv6, then MAC.
  const auto v4 = static_cast<std::uint16_t>(d.ipv4.count());
  const auto v6 = static_cast<std::uint16_t>(d.ipv6.count());
  const auto of_either_family = [&](auto& column, const RowSet& set) {
    for (std::uint32_t i = 0; i < set.count; ++i) {
      if ((column[i] & kIpv6Index) == 0) continue;
      column[i] = static_cast<std::uint16_t>((column[i] & ~kIpv6Index) + v4);
    }
  };
  of_either_family(c.inode, c.set_icmp_error);
  of_either_family(c.tunnel_src, c.set_tunnel);
  of_either_family(c.tunnel_dst, c.set_tunnel);
  subtract(c.start.data(), rows_, base_seconds * kNanos, c.start.data());
  std::array<std::uint16_t, 256> offset_of;  // by kind
  offset_of.fill(static_cast<std::uint16_t>(v4 + v6));
  offset_of[static_cast<std::size_t>(FlowKind::ipv4)] = 0;
  offset_of[static_cast<std::size_t>(FlowKind::arp)] = 0;
  offset_of[static_cast<std::size_t>(FlowKind::ipv6)] = v4;
  for (std::uint32_t i = 0; i < rows_; ++i) {
    const std::uint16_t offset = offset_of[c.kind[i]];
    c.src_address[i] = static_cast<std::uint16_t>(c.src_address[i] + offset);
    c.dst_address[i] = static_cast<std::uint16_t>(c.dst_address[i] + offset);
  }

  auto out = std::make_unique<EncodedBatch>();
  out->records = rows_;
  out->packets = packets_;
  out->begin = kHeadRoom;
  out->bytes.reserve(last_size_ + last_size_ / 8 + 4096);
  out->bytes.assign(kHeadRoom, '\0');
  protozero::pbf_writer batch(out->bytes);
  batch.add_uint32(kRows, rows_);
  batch.add_fixed64(kBaseSeconds, base_seconds);

  RowSetEncoder sets(batch, rows_);
  c.for_each_row_set([&](RowSet& set) { sets.encode(set); });
  values_.clear();
  ColumnEncoder encoder(batch, out->bytes, values_, *entries_, c, rows_);
  c.for_each_column([&](std::uint32_t id, ColumnKind kind, const auto* values, const RowSet& set) {
    encoder.encode(id, kind, values, set);
  });
  // Behind all columns, so that a reader of what these are does not walk over their values.
  if (values_.size() != 0) batch.add_bytes(kValues, values_.data(), values_.size());

  const auto add_dictionary = [&](std::uint32_t field, const auto& dictionary) {
    if (dictionary.count() != 0) batch.add_bytes(field, dictionary.data(), dictionary.size());
  };
  add_dictionary(kIpv4Dictionary, d.ipv4);
  add_dictionary(kIpv6Dictionary, d.ipv6);
  add_dictionary(kMacDictionary, d.mac);
  const GrowingBytes& payload = open_->payload;
  if (payload.size() != 0) batch.add_bytes(kPayload, payload.data(), payload.size());
  last_size_ = out->bytes.size();
  return out;
}

}  // namespace panoptes
