// Records -> columns -> the bytes of a FlowBatch frame. Before it: flow/; after it: the probe's
// queue.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "batch/columns.h"
#include "batch/growing_bytes.h"
#include "flow/flow_tracker.h"

namespace panoptes {

// A whole Frame message that waits for its numbers; everything else is encoded.
struct EncodedBatch {
  std::string bytes;  // the frame stands from `begin` on, once numbered
  std::size_t begin = 0;
  std::uint32_t records = 0;
  std::uint64_t packets = 0;  // that the records count

  // Writes the frame's head in front. Called once, when the batch is sure to go out, so that the
  // numbers have no holes.
  void set_numbers(std::uint64_t batch, std::uint64_t first_record);
  const char* data() const { return bytes.data() + begin; }
  std::size_t size() const { return bytes.size() - begin; }
};

class BatchOutlet {
 public:
  virtual ~BatchOutlet() = default;
  virtual void batch(std::unique_ptr<EncodedBatch> batch) = 0;
  virtual bool crowded() const { return false; }  // as RecordSink's
};

struct RecordColumns;
class Entries;

class BatchBuilder final : public RecordSink {
 public:
  // `outlet` gets each full batch, within record(), and what is left with flush().
  // `secret`: of the dictionaries. `first_rows`: the first batch is full with so many, each after
  // it with twice as many until they are kMaxRows.
  explicit BatchBuilder(BatchOutlet& outlet, std::uint64_t secret = 0,
                        std::uint32_t first_rows = kMaxRows);
  ~BatchBuilder() override;

  void record(const Flow& flow, const RecordInfo& info) override;
  bool crowded() const override { return outlet_.crowded(); }
  void flush();
  std::uint32_t rows() const { return rows_; }

 private:
  std::unique_ptr<EncodedBatch> encode();

  BatchOutlet& outlet_;
  std::unique_ptr<RecordColumns> open_;
  std::unique_ptr<Entries> entries_;
  GrowingBytes values_;  // of the columns, while a batch is encoded: kept for the next one
  std::uint32_t rows_ = 0;
  std::uint32_t most_rows_;
  std::uint64_t packets_ = 0;
  std::size_t last_size_ = 0;  // of the batch before, which the next one will be about as long as
};

}  // namespace panoptes
