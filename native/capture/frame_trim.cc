// Sizes of headers: IEEE 802.1Q 9.6, RFC 791 3.1, RFC 8200 3, RFC 9293 3.1, RFC 768.
#include "capture/frame_trim.h"

#ifdef __linux__
#include <linux/filter.h>
#include <linux/if_ether.h>

#include "capture/bpf_assembler.h"
#include "capture/pcap_link.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kTcp = 6, kUdp = 17, kQuicPort = 443;
// Ports below may be those of tunnels or DNS, whatever the other one is.
constexpr std::uint32_t kFirstDynamic = 10000;
// No header that is read here ends behind it, and there is little to win in shorter frames.
constexpr std::uint32_t kShort = 160;
constexpr std::uint32_t kProtocol = 0;  // a word of scratch memory

class TrimProgram {
 public:
  TrimProgram(const FrameTrim& trim, std::uint32_t snaplen) : trim_(trim), snaplen_(snaplen) {}

  std::vector<sock_filter> write() {
    a_.op(BPF_LD | BPF_W | BPF_LEN);
    a_.jump_from(kShort, kLong);
    a_.jump(kEnd);
    find_network();
    ipv4();
    ipv6();
    transport();
    a_.place(kEnd);
    a_.op(BPF_RET | BPF_K, snaplen_);
    return a_.finish();
  }

 private:
  enum Label : BpfAssembler::Label {
    kLong,
    kTagged,
    kNetwork,
    kIpv4,
    kIpv6,
    kTransport,
    kIsTcp,
    kIsUdp,
    kFromQuic,
    kEnd
  };

  // X: where the header begins that the ethertype in A names; the kernel has taken one tag off.
  void find_network() {
    a_.place(kLong);
    a_.op(BPF_LDX | BPF_W | BPF_IMM, ETH_HLEN);
    a_.op(BPF_LD | BPF_H | BPF_ABS, 12);
    a_.jump_if(ETH_P_8021Q, kTagged);
    a_.jump(kNetwork);
    a_.place(kTagged);
    a_.op(BPF_LDX | BPF_W | BPF_IMM, ETH_HLEN + 4);
    a_.op(BPF_LD | BPF_H | BPF_ABS, 16);
    a_.place(kNetwork);
    a_.jump_if(ETH_P_IP, kIpv4);
    a_.jump_if(ETH_P_IPV6, kIpv6);
    a_.jump(kEnd);
  }

  void ipv4() {
    a_.place(kIpv4);
    a_.load_behind_x(BPF_H, 6);
    a_.op(BPF_ALU | BPF_AND | BPF_K, 0x3fff);  // more fragments, offset
    a_.jump_unless(0, kEnd);
    a_.load_behind_x(BPF_B, 9);
    a_.op(BPF_ST, kProtocol);
    a_.load_behind_x(BPF_B, 0);
    a_.op(BPF_ALU | BPF_AND | BPF_K, 0x0f);
    a_.op(BPF_ALU | BPF_LSH | BPF_K, 2);
    move_by_a();
    a_.jump(kTransport);
  }

  void ipv6() {
    a_.place(kIpv6);
    a_.load_behind_x(BPF_B, 6);
    a_.op(BPF_ST, kProtocol);
    a_.op(BPF_LD | BPF_IMM, 40);
    move_by_a();
  }

  // X: where the header behind IP begins.
  void transport() {
    a_.place(kTransport);
    for (const FrameTrim::Ports& ports : trim_.whole) {
      for (const std::uint32_t end : {0U, 2U}) {
        a_.load_behind_x(BPF_H, end);
        a_.op(BPF_ALU | BPF_SUB | BPF_K, ports.low);
        // Those below are large numbers now.
        a_.op(BPF_JMP | BPF_JGT | BPF_K, std::uint32_t{ports.high} - ports.low);
        a_.at(a_.size() - 1).jt = 1;
        a_.jump(kEnd);
      }
    }
    a_.op(BPF_LD | BPF_MEM, kProtocol);
    a_.jump_if(kTcp, kIsTcp);
    a_.jump_if(kUdp, kIsUdp);
    a_.jump(kEnd);

    a_.place(kIsTcp);
    a_.load_behind_x(BPF_B, 12);
    a_.op(BPF_ALU | BPF_AND | BPF_K, 0xf0);
    a_.op(BPF_ALU | BPF_RSH | BPF_K, 2);
    keep_behind_x();

    a_.place(kIsUdp);
    a_.load_behind_x(BPF_H, 0);
    a_.jump_if(kQuicPort, kFromQuic);
    only_from(kFirstDynamic);
    a_.load_behind_x(BPF_H, 2);
    a_.jump_unless(kQuicPort, kEnd);
    short_header();
    a_.place(kFromQuic);
    a_.load_behind_x(BPF_H, 2);
    only_from(kFirstDynamic);
    short_header();
  }

  void short_header() {
    a_.load_behind_x(BPF_B, 8);
    a_.op(BPF_ALU | BPF_AND | BPF_K, 0xc0);
    a_.jump_unless(0x40, kEnd);
    a_.op(BPF_LD | BPF_IMM, 8);
    keep_behind_x();
  }

  void only_from(std::uint32_t k) {
    a_.op(BPF_JMP | BPF_JGE | BPF_K, k);
    a_.at(a_.size() - 1).jt = 1;
    a_.jump(kEnd);
  }
  void move_by_a() {
    a_.op(BPF_ALU | BPF_ADD | BPF_X);
    a_.op(BPF_MISC | BPF_TAX);
  }
  // The header has A bytes.
  void keep_behind_x() {
    a_.op(BPF_ALU | BPF_ADD | BPF_X);
    a_.op(BPF_ALU | BPF_ADD | BPF_K, trim_.payload);
    a_.op(BPF_RET | BPF_A);
  }

  const FrameTrim& trim_;
  std::uint32_t snaplen_;
  BpfAssembler a_;
};

constexpr std::size_t kMostRanges = 64;       // of ports: the program is run for each frame
constexpr std::uint32_t kMostPayload = 1024;  // where more is kept, there is nothing to win

}  // namespace

void trim_frames(std::vector<FilterStep>& filter, const FrameTrim& trim, std::uint32_t snaplen) {
  if (trim.payload > kMostPayload || trim.whole.size() > kMostRanges) return;
  const std::vector<sock_filter> added = TrimProgram(trim, snaplen).write();
  if (filter.size() + added.size() > BPF_MAXINSNS) return;
  for (std::size_t i = 0; i < filter.size(); ++i) {
    FilterStep& step = filter[i];
    if (step.code != (BPF_RET | BPF_K) || step.value == 0) continue;
    step = {BPF_JMP | BPF_JA, 0, 0, static_cast<std::uint32_t>(filter.size() - i - 1)};
  }
  for (const sock_filter& s : added) filter.push_back({s.code, s.jt, s.jf, s.k});
}

}  // namespace panoptes
#endif
