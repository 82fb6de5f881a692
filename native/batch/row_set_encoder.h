// Row sets -> RowSet messages: each as the rows in which it differs from an earlier one. Used by
// batch_builder.cc.
#pragma once

#include <cstdint>
#include <vector>

#include <protozero/pbf_writer.hpp>

#include "batch/columns.h"

namespace panoptes {

class RowSetEncoder {
 public:
  RowSetEncoder(protozero::pbf_writer& batch, std::uint32_t rows);

  // Numbers the set, and writes it unless it is empty, everything or one that is there already.
  void encode(RowSet& set);

 private:
  // What a set is written beside: no rows, every row, or a set before it.
  struct Likeness {
    std::uint32_t like;    // as in the message
    std::uint32_t differ;  // rows
    const RowSet* set;
  };

  // The count of a set beside it: most are told apart by it alone.
  struct Written {
    std::uint32_t count;
    const RowSet* set;
  };

  Likeness nearest(const RowSet& set) const;
  void write(const RowSet& set, const Likeness& near);

  protozero::pbf_writer& batch_;
  std::uint32_t rows_;
  std::uint32_t bitmap_bytes_;
  RowSet all_;
  RowSet none_;
  std::vector<Written> written_;
};

}  // namespace panoptes
