// What a capture file says of itself, as far as it was read. Filled by the readers beside their
// packet loops; for people who ask what a file is (`panoptes doctor --capture`).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace panoptes {

struct InterfaceFacts {
  std::uint16_t link_type = 0;
  std::uint32_t snaplen = 0;  // 0: no limit
  std::string time_unit;      // "microseconds", "10^-7 s", "2^-20 s"
};

struct CaptureFacts {
  std::string format;  // "pcap", "pcapng"; empty: not known yet
  std::string version;
  bool big_endian = false;  // of the last section
  std::uint32_t sections = 0;
  std::vector<InterfaceFacts> interfaces;               // of all sections; pcap has one
  std::map<std::uint32_t, std::uint64_t> other_blocks;  // type -> how many were stepped over
};

// "10^-exponent s", by name where it has one.
std::string decimal_unit(unsigned exponent);

// The name that libpcap has for a LINKTYPE_, as in "EN10MB", and its description; empty: none.
struct LinkTypeName {
  std::string name;
  std::string about;
};
LinkTypeName link_type_name(std::uint16_t link_type);

}  // namespace panoptes
