// The numbers of link types: LINKTYPE_ in files and in RawPacket, DLT_ inside libpcap. Below
// capture's readers and filters.
#pragma once

#include <cstdint>

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

}  // namespace panoptes
