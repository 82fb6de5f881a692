// What the kernel is asked to copy of a frame, and that the decoders find the same in it.
#ifdef __linux__
#include "capture/frame_trim.h"

#include <gtest/gtest.h>

#include <pcap/pcap.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "capture/pcap_link.h"
#include "decode_support.h"
#include "frames.h"

namespace panoptes {
namespace {

using frames::Bytes;
using frames::ethernet;
using frames::Frame;

constexpr std::uint32_t kSnaplen = 262144, kPayload = 64;
const FrameTrim kDns{kPayload, {{53, 53}}};

std::vector<FilterStep> program(const FrameTrim& trim = kDns) {
  std::vector<FilterStep> steps;
  trim_frames(steps, trim, kSnaplen);
  return steps;
}

std::uint32_t run(const std::vector<FilterStep>& steps, const Bytes& frame) {
  std::vector<bpf_insn> code;
  for (const FilterStep& s : steps) code.push_back({s.code, s.jump_true, s.jump_false, s.value});
  const auto size = static_cast<u_int>(frame.size());
  EXPECT_TRUE(bpf_validate(code.data(), static_cast<int>(code.size())));
  return bpf_filter(code.data(), frame.data(), size, size);
}
std::uint32_t kept(const Bytes& frame, const FrameTrim& trim = kDns) {
  return run(program(trim), frame);
}
std::uint32_t kept(const Frame& frame) { return kept(frame.bytes()); }

Frame ipv4() { return ethernet().ipv4("10.0.0.1", "10.0.0.2"); }
Frame ipv6() { return ethernet().ipv6("fd00::1", "fd00::2"); }
Frame tcp(Frame in, std::size_t payload = 1000) { return in.tcp(4000, 80, 0x18).payload(payload); }
const Bytes kShortHeader = {0x41, 1, 2, 3};  // of QUIC

TEST(FrameTrim, TcpBehindIpAndATag) {
  EXPECT_EQ(kept(tcp(ipv4())), 14U + 20 + 20 + kPayload);
  EXPECT_EQ(kept(tcp(ipv6())), 14U + 40 + 20 + kPayload);
  EXPECT_EQ(kept(tcp(ethernet().vlan(7).ipv4("10.0.0.1", "10.0.0.2"))), 18U + 20 + 20 + kPayload);
  EXPECT_EQ(kept(tcp(ethernet().vlan(7).ipv6("fd00::1", "fd00::2"))), 18U + 40 + 20 + kPayload);
  frames::Ipv4Fields long_header;
  long_header.options = Bytes(40, 1);
  frames::TcpFields options;
  options.options = Bytes(40, 1);
  EXPECT_EQ(kept(ethernet()
                     .ipv4("10.0.0.1", "10.0.0.2", long_header)
                     .tcp(4000, 80, 0x18, options)
                     .payload(1000)),
            14U + 60 + 60 + kPayload);
}

TEST(FrameTrim, EncryptedQuic) {
  const auto datagram = [](std::uint16_t from, std::uint16_t to, const Bytes& begin) {
    return kept(ipv4().udp(from, to).bytes_as_they_are(begin).payload(1000));
  };
  constexpr std::uint32_t kCut = 14 + 20 + 8 + kPayload;
  EXPECT_EQ(datagram(50000, 443, kShortHeader), kCut);
  EXPECT_EQ(datagram(443, 50000, kShortHeader), kCut);
  EXPECT_EQ(datagram(443, 443, kShortHeader), kSnaplen);
  EXPECT_EQ(datagram(443, 4789, kShortHeader), kSnaplen);    // a port of VXLAN
  EXPECT_EQ(datagram(443, 50000, {0x80, 96}), kSnaplen);     // looks like RTP
  EXPECT_EQ(datagram(443, 50000, {0xc0, 0, 0}), kSnaplen);   // long header
  EXPECT_EQ(datagram(50000, 5000, kShortHeader), kSnaplen);  // not its port
  EXPECT_EQ(kept(ipv6().udp(50000, 443).bytes_as_they_are(kShortHeader).payload(1000)), kCut + 20);
}

TEST(FrameTrim, AllOfWhatMayHoldMore) {
  frames::Ipv4Fields first, last;
  first.fragment = 0x2000;
  last.fragment = 5;
  EXPECT_EQ(kept(tcp(ethernet().ipv4("10.0.0.1", "10.0.0.2", first))), kSnaplen);
  EXPECT_EQ(kept(tcp(ethernet().ipv4("10.0.0.1", "10.0.0.2", last))), kSnaplen);
  EXPECT_EQ(kept(ipv4().udp(4000, 4789).payload(1000)), kSnaplen);
  EXPECT_EQ(kept(ipv4().protocol(47).payload(1000)), kSnaplen);
  EXPECT_EQ(kept(tcp(ipv6().extension(0))), kSnaplen);
  EXPECT_EQ(kept(tcp(ipv6().ipv6_fragment(0, true))), kSnaplen);
  EXPECT_EQ(kept(tcp(ethernet().vlan(7).vlan(8).ipv4("10.0.0.1", "10.0.0.2"))), kSnaplen);
  EXPECT_EQ(kept(ethernet().ethertype(0x88b5).payload(1000)), kSnaplen);
}

TEST(FrameTrim, PortsOfWhichMoreIsKept) {
  const FrameTrim trim{kPayload, {{53, 53}, {8000, 8100}, {65535, 65535}}};
  const auto cut = [&](std::uint16_t from, std::uint16_t to) {
    return kept(ipv4().tcp(from, to, 0x18).payload(1000).bytes(), trim) != kSnaplen;
  };
  EXPECT_TRUE(cut(52, 54));
  EXPECT_FALSE(cut(53, 4000));
  EXPECT_FALSE(cut(4000, 53));
  EXPECT_TRUE(cut(7999, 8101));
  EXPECT_FALSE(cut(8000, 4000));
  EXPECT_FALSE(cut(4000, 8100));
  EXPECT_FALSE(cut(8050, 4000));
  EXPECT_FALSE(cut(0, 65535));
  EXPECT_TRUE(cut(0, 65534));
}

TEST(FrameTrim, WhereThereIsNothingToWin) {
  std::vector<FilterStep> steps;
  trim_frames(steps, {}, kSnaplen);
  trim_frames(steps, {65535, {}}, kSnaplen);
  EXPECT_TRUE(steps.empty());
  EXPECT_EQ(kept(tcp(ipv4(), 20)), kSnaplen);
}

TEST(FrameTrim, BehindACaptureFilter) {
  pcap_t* const dead = pcap_open_dead(DLT_EN10MB, static_cast<int>(kSnaplen));
  bpf_program compiled{};
  ASSERT_EQ(pcap_compile(dead, &compiled, "tcp port 80 or arp", 1, PCAP_NETMASK_UNKNOWN), 0);
  std::vector<FilterStep> steps;
  for (u_int i = 0; i < compiled.bf_len; ++i) {
    const bpf_insn& s = compiled.bf_insns[i];
    steps.push_back({s.code, s.jt, s.jf, s.k});
  }
  pcap_freecode(&compiled);
  pcap_close(dead);
  trim_frames(steps, kDns, kSnaplen);
  EXPECT_EQ(run(steps, tcp(ipv4()).bytes()), 14U + 20 + 20 + kPayload);
  EXPECT_EQ(run(steps, ipv4().tcp(1, 2, 0x18).payload(1000).bytes()), 0U);
  EXPECT_EQ(run(steps, ethernet().arp(1, "10.0.0.1", "10.0.0.2").payload(500).bytes()), kSnaplen);
}

// Whatever stands in a frame: none is lost, and what is left of it decodes to the same.
TEST(FrameTrim, NothingElseChanges) {
  const std::vector<Bytes> seeds = {
      tcp(ipv4(), 600).bytes(), tcp(ipv6(), 600).bytes(),
      tcp(ethernet().vlan(7).ipv4("10.0.0.1", "10.0.0.2"), 600).bytes(),
      ipv4().udp(50000, 443).bytes_as_they_are(kShortHeader).payload(600).bytes(),
      ipv4().udp(4000, 53).dns(7, true).payload(600).bytes()};
  const std::vector<FilterStep> steps = program();
  std::mt19937 random(7);
  std::size_t cut = 0;
  for (int round = 0; round < 20'000; ++round) {
    Bytes frame = seeds[random() % seeds.size()];
    for (unsigned changes = random() % 4; changes > 0; --changes) {
      frame[random() % 100] = static_cast<std::uint8_t>(random());
    }
    if (random() % 8 == 0) frame.resize(random() % frame.size());
    const std::uint32_t keep = run(steps, frame);
    ASSERT_NE(keep, 0U);
    if (keep >= frame.size()) continue;
    ++cut;
    const auto wire = static_cast<std::uint32_t>(frame.size());
    const Decoded whole(frame, 1, wire);
    const Decoded part(Bytes(frame.begin(), frame.begin() + keep), 1, wire);
    ASSERT_EQ(part.reason, whole.reason);
    if (whole.reason != Undecoded::none) continue;
    const Packet &a = whole.packet, &b = part.packet;
    ASSERT_EQ(std::memcmp(&a.key, &b.key, sizeof a.key), 0);
    ASSERT_EQ(b.layers, a.layers);
    ASSERT_EQ(b.wire_bytes, a.wire_bytes);
    ASSERT_EQ(b.payload_bytes, a.payload_bytes);
    ASSERT_GE(b.payload_captured, std::min(a.payload_captured, kPayload));
    ASSERT_EQ(part.payload(), whole.payload().substr(0, b.payload_captured));
    if ((a.layers & kHasTcp) == 0) continue;
    ASSERT_EQ(b.options_captured, a.options_captured);
    ASSERT_EQ(b.tcp_options, a.tcp_options);
    ASSERT_EQ(PacketHeader::of(b), PacketHeader::of(a));
  }
  EXPECT_GT(cut, 10'000U);
}

}  // namespace
}  // namespace panoptes
#endif
