// BPF by libpcap: compiled once a link type, run in user space.
#include "capture/packet_filter.h"

#include <pcap/pcap.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#include "capture/link_types.h"

namespace panoptes {
namespace {

constexpr int kWholePacket = 1 << 24;  // what the program returns for a packet that passes

// libpcap's message, or nothing where it went well. `program` is set then.
std::string compile_for(int dlt, const std::string& expression, bpf_program& program) {
  pcap_t* pcap = pcap_open_dead(dlt, kWholePacket);
  if (pcap == nullptr) return "no memory";
  std::string message;
  if (pcap_compile(pcap, &program, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    message = pcap_geterr(pcap);
    if (message.empty()) message = "unknown error";
  }
  pcap_close(pcap);
  return message;
}

SourceMessage filter_error(const std::string& expression, const std::string& message) {
  return {"bad-capture-filter",
          "the capture filter '" + expression + "' is not understood: " + message, kFilterHint};
}

}  // namespace

struct PacketFilter::Compiled {
  std::uint16_t link_type = 0;
  bpf_program program{};

  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() { pcap_freecode(&program); }
};

PacketFilter::PacketFilter(std::string expression) : expression_(std::move(expression)) {}
PacketFilter::~PacketFilter() = default;

SourceMessage PacketFilter::check() const {
  std::string first;
  for (const int dlt : {DLT_EN10MB, DLT_RAW, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_IEEE802_11_RADIO}) {
    bpf_program program{};
    const std::string message = compile_for(dlt, expression_, program);
    if (message.empty()) {
      pcap_freecode(&program);
      return {};
    }
    if (first.empty()) first = message;
  }
  return filter_error(expression_, first);
}

const bpf_program* PacketFilter::compile(std::uint16_t link_type, SourceMessage& error) {
  for (const auto& known : compiled_) {
    if (known->link_type == link_type) return &known->program;
  }
  auto fresh = std::make_unique<Compiled>();
  fresh->link_type = link_type;
  const std::string message = compile_for(dlt_of_link_type(link_type), expression_, fresh->program);
  if (message.find("rejects all packets") != std::string::npos) {
    // No mistake here: 'arp' on a link of raw IP. Other links of the same file may have it.
    fresh->program.bf_insns = static_cast<bpf_insn*>(std::malloc(sizeof(bpf_insn)));
    if (fresh->program.bf_insns == nullptr) throw std::bad_alloc();
    *fresh->program.bf_insns = bpf_insn BPF_STMT(BPF_RET | BPF_K, 0);
    fresh->program.bf_len = 1;
  } else if (!message.empty()) {
    error = filter_error(expression_, message + " (link type " + std::to_string(link_type) + ")");
    return nullptr;
  }
  compiled_.push_back(std::move(fresh));
  return &compiled_.back()->program;
}

bool PacketFilter::passes(const bpf_program& program, const RawPacket& packet) {
  return bpf_filter(program.bf_insns, packet.data, packet.wire, packet.captured) != 0;
}

std::unique_ptr<PacketFilter> make_filter(std::string expression, SourceMessage& error) {
  if (expression.empty()) return nullptr;
  auto filter = std::make_unique<PacketFilter>(std::move(expression));
  error = filter->check();
  return error.code.empty() ? std::move(filter) : nullptr;
}

}  // namespace panoptes
