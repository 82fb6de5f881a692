// The program that tells the kernel which socket of a fanout group gets a packet. Sizes of headers:
// IEEE 802.1Q 9.6, RFC 791 3.1, RFC 8200 3, RFC 2516 4, RFC 3032 2.1.
#ifdef __linux__
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <net/if_arp.h>

#include <array>
#include <cstddef>
#include <utility>

#include "capture/bpf_assembler.h"
#include "capture/fanout.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kMostTags = 4;    // VLAN
constexpr std::uint32_t kMostLabels = 8;  // MPLS
constexpr std::array<std::uint32_t, 4> kTagTypes = {ETH_P_8021Q, ETH_P_8021AD, ETH_P_QINQ1, 0x9200};
constexpr std::uint32_t kPppIpv4 = 0x0021, kPppIpv6 = 0x0057;

// Odd numbers without a pattern, to spread bits with.
constexpr std::uint32_t kMixXor = 0x9e3779b1, kMixSum = 0x85ebca6b, kMixLast = 0xc2b2ae35,
                        kMixWord = 0x01000193;

// Words of scratch memory.
constexpr std::uint32_t kOneEnd = 0, kOtherEnd = 1, kScratch = 2;

class FanoutProgram {
 public:
  explicit FanoutProgram(FanoutFrames frames)
      : ethernet_(frames == FanoutFrames::ethernet),
        base_(static_cast<std::uint32_t>(ethernet_ ? SKF_LL_OFF : SKF_NET_OFF)) {}

  std::vector<sock_filter> write() {
    find_type();
    dispatch();
    pppoe();
    mpls();
    addresses();
    mix();
    return a_.finish();
  }

 private:
  enum L : BpfAssembler::Label {
    kDispatch,
    kIpv4,
    kIpv6,
    kPppoe,
    kMpls,
    kBehindLabels,
    kMacs,
    kMix,
    kZero
  };

  void load(std::uint32_t size, std::uint32_t at) { a_.op(BPF_LD | size | BPF_ABS, base_ + at); }
  void load_behind_x(std::uint32_t size, std::uint32_t at) { a_.load_behind_x(size, base_ + at); }
  void add_to_x(std::uint32_t n) {
    a_.op(BPF_MISC | BPF_TXA);
    a_.op(BPF_ALU | BPF_ADD | BPF_K, n);
    a_.op(BPF_MISC | BPF_TAX);
  }
  void store(std::uint32_t word) { a_.op(BPF_ST, word); }
  void recall(std::uint32_t word) { a_.op(BPF_LD | BPF_MEM, word); }
  void combine(std::uint32_t operation, std::uint32_t word) {
    a_.op(BPF_LDX | BPF_MEM, word);
    a_.op(BPF_ALU | operation | BPF_X);
  }

  // A: the ethertype behind all VLAN tags, X: where what it names begins.
  void find_type() {
    if (ethernet_) {
      load(BPF_H, 12);
    } else {
      a_.op(BPF_LD | BPF_H | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PROTOCOL));
    }
    std::uint32_t header = ethernet_ ? ETH_HLEN : 0;
    for (std::uint32_t tag = 0;; ++tag) {
      a_.op(BPF_LDX | BPF_W | BPF_IMM, header);
      if (tag == kMostTags) return;
      // To the next tag where it is one of the types, else on.
      for (std::size_t i = 0; i < kTagTypes.size(); ++i) {
        a_.op(BPF_JMP | BPF_JEQ | BPF_K, kTagTypes[i]);
        a_.at(a_.size() - 1).jt = static_cast<std::uint8_t>(kTagTypes.size() - i);
      }
      a_.jump(L::kDispatch);
      load(BPF_H, header + 2);
      header += 4;
    }
  }

  void dispatch() {
    a_.place(L::kDispatch);
    a_.jump_if(ETH_P_IP, L::kIpv4);
    a_.jump_if(ETH_P_IPV6, L::kIpv6);
    a_.jump_if(ETH_P_PPP_SES, L::kPppoe);
    a_.jump_if(ETH_P_MPLS_UC, L::kMpls);
    a_.jump_if(ETH_P_MPLS_MC, L::kMpls);
    // A request goes to everybody, its answer to one: the MAC addresses are no pair.
    a_.jump_if(ETH_P_ARP, L::kZero);
    a_.jump_if(ETH_P_RARP, L::kZero);
    a_.jump(L::kMacs);
  }

  void pppoe() {
    a_.place(L::kPppoe);
    load_behind_x(BPF_H, 6);
    store(kScratch);
    add_to_x(8);
    recall(kScratch);
    a_.jump_if(kPppIpv4, L::kIpv4);
    a_.jump_if(kPppIpv6, L::kIpv6);
    a_.jump(L::kMacs);
  }

  void mpls() {
    a_.place(L::kMpls);
    for (std::uint32_t label = 0; label < kMostLabels; ++label) {
      load_behind_x(BPF_W, 0);
      a_.op(BPF_ALU | BPF_AND | BPF_K, 0x100);  // bottom of the stack
      store(kScratch);
      add_to_x(4);
      recall(kScratch);
      a_.jump_if(0x100, L::kBehindLabels);
    }
    a_.jump(L::kMacs);
    a_.place(L::kBehindLabels);
    load_behind_x(BPF_B, 0);
    a_.op(BPF_ALU | BPF_RSH | BPF_K, 4);
    a_.jump_if(4, L::kIpv4);
    a_.jump_if(6, L::kIpv6);
    a_.jump(L::kMacs);
  }

  // A: the address at X + `at`, of `words` words, as one.
  void fold(std::uint32_t at, std::uint32_t words) {
    load_behind_x(BPF_W, at);
    for (std::uint32_t word = 1; word < words; ++word) {
      a_.op(BPF_ALU | BPF_MUL | BPF_K, kMixWord);
      store(kScratch);
      load_behind_x(BPF_W, at + 4 * word);
      // X is where the header begins, and the other operand: it is put back.
      a_.op(BPF_STX, kKeptX);
      combine(BPF_XOR, kScratch);
      a_.op(BPF_LDX | BPF_MEM, kKeptX);
    }
  }

  void addresses() {
    a_.place(L::kIpv4);
    fold(12, 1);
    store(kOneEnd);
    fold(16, 1);
    store(kOtherEnd);
    a_.jump(L::kMix);

    a_.place(L::kIpv6);
    fold(8, 4);
    store(kOneEnd);
    fold(24, 4);
    store(kOtherEnd);
    a_.jump(L::kMix);

    a_.place(L::kMacs);
    if (!ethernet_) {
      a_.jump(L::kZero);
      return;
    }
    // The last four bytes of each tell stations apart.
    load(BPF_W, 2);
    store(kOneEnd);
    load(BPF_W, 8);
    store(kOtherEnd);
  }

  // Both ends to one number, whichever comes first.
  void mix() {
    a_.place(L::kMix);
    recall(kOneEnd);
    combine(BPF_XOR, kOtherEnd);
    a_.op(BPF_ALU | BPF_MUL | BPF_K, kMixXor);
    store(kScratch);
    recall(kOneEnd);
    combine(BPF_ADD, kOtherEnd);
    a_.op(BPF_ALU | BPF_MUL | BPF_K, kMixSum);
    combine(BPF_XOR, kScratch);
    for (const std::uint32_t shift : {15U, 13U}) {
      store(kScratch);
      a_.op(BPF_ALU | BPF_RSH | BPF_K, shift);
      combine(BPF_XOR, kScratch);
      a_.op(BPF_ALU | BPF_MUL | BPF_K, kMixLast);
    }
    a_.op(BPF_ALU | BPF_RSH | BPF_K, 8);
    a_.op(BPF_RET | BPF_A);
    a_.place(L::kZero);
    a_.op(BPF_RET | BPF_K, 0);
  }

  static constexpr std::uint32_t kKeptX = 3;

  bool ethernet_;
  std::uint32_t base_;
  BpfAssembler a_;
};

}  // namespace

std::vector<sock_filter> fanout_program(FanoutFrames frames) {
  return FanoutProgram(frames).write();
}

}  // namespace panoptes
#endif
