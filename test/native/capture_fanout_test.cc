// The program that shares the packets of a link out to several sockets, run as the kernel runs it.
#ifdef __linux__
#include <gtest/gtest.h>

#include <linux/filter.h>
#include <linux/if_ether.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/endian.h"
#include "capture/fanout.h"
#include "frames.h"

namespace panoptes {
namespace {

using frames::Bytes;

// Classic BPF (bpf(4)), as far as the program goes. A load beyond the frame ends it with 0.
class Machine {
 public:
  Machine(const Bytes& frame, std::uint32_t network, std::uint16_t protocol)
      : frame_(frame), network_(network), protocol_(protocol) {}

  std::uint32_t run(const std::vector<sock_filter>& program) {
    std::array<std::uint32_t, BPF_MEMWORDS> memory{};
    std::uint32_t a = 0, x = 0;
    for (std::size_t pc = 0;; ++pc) {
      const sock_filter& op = program.at(pc);
      const std::uint32_t operand = BPF_SRC(op.code) == BPF_X ? x : op.k;
      switch (BPF_CLASS(op.code)) {
        case BPF_LD:
          if (BPF_MODE(op.code) == BPF_MEM) {
            a = memory.at(op.k);
          } else {
            const auto loaded =
                load(op.k + (BPF_MODE(op.code) == BPF_IND ? x : 0), BPF_SIZE(op.code));
            if (!loaded) return 0;
            a = *loaded;
          }
          break;
        case BPF_LDX:
          x = BPF_MODE(op.code) == BPF_MEM ? memory.at(op.k) : op.k;
          break;
        case BPF_ST:
          memory.at(op.k) = a;
          break;
        case BPF_STX:
          memory.at(op.k) = x;
          break;
        case BPF_ALU:
          a = alu(BPF_OP(op.code), a, operand);
          break;
        case BPF_JMP:
          pc += BPF_OP(op.code) == BPF_JA ? op.k : (a == operand ? op.jt : op.jf);
          break;
        case BPF_MISC:
          (BPF_MISCOP(op.code) == BPF_TAX ? x : a) = BPF_MISCOP(op.code) == BPF_TAX ? a : x;
          break;
        default:
          return BPF_RVAL(op.code) == BPF_A ? a : op.k;
      }
    }
  }

 private:
  static std::uint32_t alu(std::uint32_t op, std::uint32_t a, std::uint32_t b) {
    switch (op) {
      case BPF_ADD:
        return a + b;
      case BPF_MUL:
        return a * b;
      case BPF_AND:
        return a & b;
      case BPF_RSH:
        return a >> b;
      case BPF_XOR:
        return a ^ b;
      default:
        ADD_FAILURE() << "operation " << op;
        return 0;
    }
  }
  std::optional<std::uint32_t> load(std::uint32_t k, std::uint32_t size) const {
    const auto at = static_cast<std::int32_t>(k);
    if (at == SKF_AD_OFF + SKF_AD_PROTOCOL) return protocol_;
    std::int64_t offset = at;
    if (at >= SKF_NET_OFF && at < SKF_AD_OFF) {
      offset = std::int64_t{at} - SKF_NET_OFF + network_;
    } else if (at >= SKF_LL_OFF && at < SKF_NET_OFF) {
      offset = std::int64_t{at} - SKF_LL_OFF;
    }
    const std::int64_t bytes = size == BPF_W ? 4 : size == BPF_H ? 2 : 1;
    if (offset < 0 || offset + bytes > static_cast<std::int64_t>(frame_.size())) return {};
    const std::uint8_t* p = frame_.data() + offset;
    return size == BPF_W ? load_be32(p) : size == BPF_H ? load_be16(p) : *p;
  }

  const Bytes& frame_;
  std::uint32_t network_;
  std::uint16_t protocol_;
};

std::uint32_t share(const Bytes& frame) {
  return Machine(frame, 14, load_be16(frame.data() + 12))
      .run(fanout_program(FanoutFrames::ethernet));
}
std::uint32_t share(const frames::Frame& frame) { return share(frame.bytes()); }

frames::Frame there() { return frames::ethernet(); }
frames::Frame back() { return frames::ethernet(frames::kServerMac, frames::kClientMac); }
constexpr char kA[] = "10.0.0.9", kB[] = "192.168.7.1";
constexpr char kA6[] = "2001:db8::9", kB6[] = "2001:db8:1:2:3:4:5:6";

TEST(FanoutProgram, IsOneThatTheKernelTakes) {
  for (const auto frames : {FanoutFrames::ethernet, FanoutFrames::network}) {
    const auto program = fanout_program(frames);
    ASSERT_LE(program.size(), std::size_t{BPF_MAXINSNS});
    EXPECT_EQ(BPF_CLASS(program.back().code), BPF_RET);
    for (std::size_t i = 0; i < program.size(); ++i) {
      if (BPF_CLASS(program[i].code) != BPF_JMP) continue;
      const bool always = BPF_OP(program[i].code) == BPF_JA;
      EXPECT_LT(i + 1 + (always ? program[i].k : std::max(program[i].jt, program[i].jf)),
                program.size());
    }
  }
}

TEST(FanoutProgram, KeepsBothDirectionsAndAllFlowsOfTwoHostsTogether) {
  const std::uint32_t one = share(there().ipv4(kA, kB).tcp(40000, 80, 2));
  EXPECT_NE(one, 0U);
  EXPECT_EQ(share(back().ipv4(kB, kA).tcp(80, 40000, 18)), one);
  EXPECT_EQ(share(there().ipv4(kA, kB).udp(1, 2)), one);
  EXPECT_EQ(share(there().ipv4(kA, kB).icmp(8)), one);
  EXPECT_NE(share(there().ipv4(kA, "192.168.7.2").udp(1, 2)), one);

  const std::uint32_t six = share(there().ipv6(kA6, kB6).udp(1, 2));
  EXPECT_NE(six, 0U);
  EXPECT_EQ(share(back().ipv6(kB6, kA6).udp(2, 1)), six);
  EXPECT_NE(share(there().ipv6(kA6, "2001:db8:1:2:3:4:5:7").udp(1, 2)), six);
  EXPECT_NE(share(there().ipv6("2001:db8:1::9", kB6).udp(1, 2)), six);
}

TEST(FanoutProgram, KeepsFragmentsTogether) {
  const std::uint32_t one = share(there().ipv4(kA, kB).udp(1, 2));
  EXPECT_EQ(share(there().ipv4(kA, kB, {.fragment = 0x2000 | 185}).payload(20)), one);
}

TEST(FanoutProgram, SharesOutTunnelsByTheirEnds) {
  // The port that a VXLAN end sends from is that of the flow within, another one in each direction.
  const std::uint32_t one = share(there().ipv4(kA, kB).udp(50111, 4789).payload(60));
  EXPECT_EQ(share(back().ipv4(kB, kA).udp(61222, 4789).payload(60)), one);
}

TEST(FanoutProgram, LooksBehindTagsAndLabels) {
  const std::uint32_t plain = share(there().ipv4(kA, kB).udp(1, 2));
  EXPECT_EQ(share(there().vlan(5).ipv4(kA, kB).udp(1, 2)), plain);
  EXPECT_EQ(share(back().vlan(5, 0, 0x88a8).vlan(6).vlan(7).vlan(8).ipv4(kB, kA).udp(2, 1)), plain);
  const Bytes rest = [] {
    Bytes all = there().ipv4(kA, kB).udp(1, 2).bytes();
    return Bytes(all.begin() + 14, all.end());
  }();
  const auto behind = [&](std::uint16_t type, const Bytes& header) {
    Bytes frame = there().ethertype(type).bytes();
    frame.insert(frame.end(), header.begin(), header.end());
    frame.insert(frame.end(), rest.begin(), rest.end());
    return share(frame);
  };
  EXPECT_EQ(behind(0x8864, {0x11, 0, 0, 9, 0, 30, 0x00, 0x21}), plain) << "PPPoE session";
  EXPECT_EQ(behind(0x8847, {0, 1, 0x11, 64}), plain) << "one label";
  EXPECT_EQ(behind(0x8847, {0, 1, 0x10, 64, 0, 2, 0x10, 64, 0, 3, 0x11, 64}), plain) << "three";
}

TEST(FanoutProgram, TakesTheStationsWhereThereIsNoIp) {
  const std::uint32_t one = share(there().ethertype(0x88b5).payload(40));
  EXPECT_NE(one, 0U);
  EXPECT_EQ(share(back().ethertype(0x88b5).payload(40)), one);
  EXPECT_NE(share(frames::ethernet({2, 0, 0, 0, 0, 9}).ethertype(0x88b5).payload(40)), one);
}

TEST(FanoutProgram, SendsArpToOneSocket) {
  EXPECT_EQ(share(there().arp(1, kA, kB)), 0U);
  EXPECT_EQ(share(back().arp(2, kB, kA)), 0U);
}

TEST(FanoutProgram, EndsWithTheFirstSocketWhereTheFrameIsCut) {
  Bytes frame = there().ipv4(kA, kB).udp(1, 2).bytes();
  for (const std::size_t size : {0U, 13U, 14U, 20U, 33U}) {
    const Bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(Machine(cut, 14, 0x0800).run(fanout_program(FanoutFrames::ethernet)), 0U) << size;
  }
}

TEST(FanoutProgram, AsksTheKernelForTheProtocolWhereThereIsNoMacHeader) {
  const auto network = [](const Bytes& packet, std::uint16_t protocol) {
    return Machine(packet, 0, protocol).run(fanout_program(FanoutFrames::network));
  };
  const std::uint32_t one = network(frames::raw_ip().ipv4(kA, kB).udp(1, 2).bytes(), 0x0800);
  EXPECT_NE(one, 0U);
  EXPECT_EQ(network(frames::raw_ip().ipv4(kB, kA).udp(2, 1).bytes(), 0x0800), one);
  EXPECT_EQ(one, share(there().ipv4(kA, kB).udp(1, 2)));
  Bytes tagged = {0, 5, 0x08, 0x00};  // what is left of a tag at the network header
  const Bytes ip = frames::raw_ip().ipv4(kA, kB).udp(1, 2).bytes();
  tagged.insert(tagged.end(), ip.begin(), ip.end());
  EXPECT_EQ(network(tagged, 0x8100), one);
  EXPECT_EQ(network(frames::raw_ip().ipv4(kA, kB).udp(1, 2).bytes(), 0x88b5), 0U);
}

TEST(FanoutProgram, SpreadsPairsOfHostsEvenly) {
  for (const std::uint32_t sockets : {2U, 3U, 4U, 7U, 16U}) {
    std::vector<int> near(sockets), far(sockets), six(sockets);
    for (int i = 0; i < 2000; ++i) {
      const std::string low = std::to_string(i % 250 + 1), high = std::to_string(i / 250);
      // One server, a network each of clients and servers, and client i with server i.
      ++near[share(there().ipv4("10.1." + high + "." + low, "10.0.0.1").udp(1, 2)) % sockets];
      ++far[share(there().ipv4("10.1." + high + "." + low, "10.2." + high + "." + low).udp(1, 2)) %
            sockets];
      ++six[share(there()
                      .ipv6("2001:db8::" + high + ":" + low, "2001:db8::1:0:" + high + ":" + low)
                      .udp(1, 2)) %
            sockets];
    }
    // 2000 / n with a standard deviation of less than sqrt(2000 / n): six of them.
    const double mean = 2000.0 / sockets;
    for (const auto& counts : {near, far, six}) {
      for (const int count : counts) EXPECT_NEAR(count, mean, 6 * std::sqrt(mean)) << sockets;
    }
  }
}

}  // namespace
}  // namespace panoptes
#endif
