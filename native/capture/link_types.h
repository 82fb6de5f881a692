// The numbers of link types: LINKTYPE_ in files and in RawPacket, DLT_ inside libpcap. Below
// capture's readers and filters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "capture/packet_source.h"

namespace panoptes {

inline constexpr std::uint16_t kLinkTypeEthernet = 1;
inline constexpr std::uint16_t kLinkTypeRaw = 101;
// Not a link type: packets of an interface that the capture file never described.
inline constexpr std::uint16_t kLinkTypeUndescribed = 0xffff;

// The LINKTYPE_ meant by the number in a file's header: some systems wrote their own DLT_ there.
std::uint16_t link_type_of_file(std::uint16_t number);
// Between libpcap's DLT_ of this platform and LINKTYPE_; numbers without a counterpart pass
// through.
std::uint16_t link_type_of_dlt(int dlt);
int dlt_of_link_type(std::uint16_t link_type);

// For people: "USB_LINUX (189)", or the number alone where libpcap knows no name.
std::string describe_link_type(std::uint16_t link_type);

// The link types of one source that nobody decodes, so that each is said once.
class UnknownLinkTypes {
 public:
  // Called for each packet of such a type.
  void note(std::uint16_t link_type);
  // What is to be said of a type that was not said before; empty code: nothing.
  SourceMessage take_warning(const std::string& source);

 private:
  static constexpr std::size_t kMost = 16;  // more are counted without a word

  std::vector<std::uint16_t> seen_;
  std::size_t said_ = 0;  // of seen_
};

}  // namespace panoptes
