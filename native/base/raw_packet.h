// One captured frame as capture/ hands it to decode/.
#pragma once

#include <cstdint>

namespace panoptes {

// One captured frame. `data` is valid during the sink call; where the source is `stable()`, until
// the next call of read().
struct RawPacket {
  const std::uint8_t* data;
  std::uint32_t captured;   // bytes at `data`
  std::uint32_t wire;       // bytes on the wire, without FCS, with the tag
  std::int64_t time_ns;     // since 1970
  std::uint16_t link_type;  // LINKTYPE_ number (the file's, not the platform's DLT_)
  // Of Ethernet: the TCI of the outermost VLAN tag, where a card or the kernel took it off the
  // frame.
  static constexpr std::int32_t kNoTag = -1;
  static constexpr std::uint32_t kTagBytes = 4;
  std::int32_t tag = kNoTag;
};

}  // namespace panoptes
