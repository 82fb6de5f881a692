// A BPF expression ('tcp port 80') over packets of any link type. Used by the file readers; on live
// links the kernel filters.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/raw_packet.h"
#include "capture/packet_source.h"

struct bpf_program;

namespace panoptes {

// The hint of 'bad-capture-filter'.
inline constexpr const char* kFilterHint =
    "the syntax is that of tcpdump, e.g. 'tcp port 80 or icmp' (man pcap-filter)";

class PacketFilter {
 public:
  explicit PacketFilter(std::string expression);
  ~PacketFilter();
  PacketFilter(const PacketFilter&) = delete;
  PacketFilter& operator=(const PacketFilter&) = delete;

  // An error that no link type could avoid; empty code: none.
  SourceMessage check() const;

  // The expression for one link type; lives as long as the filter. nullptr: libpcap cannot, see
  // `error`.
  const bpf_program* compile(std::uint16_t link_type, SourceMessage& error);

  static bool passes(const bpf_program& program, const RawPacket& packet);

 private:
  struct Compiled;
  std::string expression_;
  std::vector<std::unique_ptr<Compiled>> compiled_;
};

// nullptr where the expression is empty, or wrong: then `error` is set.
std::unique_ptr<PacketFilter> make_filter(std::string expression, SourceMessage& error);

}  // namespace panoptes
