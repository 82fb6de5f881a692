// A link as libpcap opens it, with words for what goes wrong. Used by both live sources: one reads
// packets through it, the other asks it what the link is and has it compile the capture filter.
#pragma once

#include <cstdint>
#include <vector>

#include "capture/open.h"
#include "capture/packet_source.h"

struct pcap;
struct bpf_program;

namespace panoptes {

// An instruction of classic BPF, as the kernel and libpcap lay it out.
struct FilterStep {
  std::uint16_t code;
  std::uint8_t jump_true;
  std::uint8_t jump_false;
  std::uint32_t value;
};

class PcapLink {
 public:
  explicit PcapLink(const LiveOptions& options) : options_(options) {}
  ~PcapLink();
  PcapLink(const PcapLink&) = delete;
  PcapLink& operator=(const PcapLink&) = delete;

  // False: error() says why.
  bool open(int timeout_ms);
  // The capture filter as a program for this link: with the kernel's own words for VLAN tags, where
  // it takes tags off before its filter sees the frame. Empty where there is no filter.
  bool compile(std::vector<FilterStep>& program);
  // Filters what this handle delivers.
  bool set_filter();

  pcap* handle() const { return pcap_; }
  std::uint16_t link_type() const;
  const SourceMessage& error() const { return error_; }
  const SourceMessage& warning() const { return warning_; }

 private:
  bool fail(std::string code, const std::string& message, std::string hint);
  bool activate();
  bool compile(bpf_program& program);

  LiveOptions options_;
  pcap* pcap_ = nullptr;
  SourceMessage error_;
  SourceMessage warning_;
};

}  // namespace panoptes
