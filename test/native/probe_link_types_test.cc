// One capture, interfaces of several link types: each packet is decoded by its own, and what cannot
// be decoded is said once and counted.
#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "capture_bytes.h"
#include "frames.h"
#include "probe/probe.h"

namespace panoptes {
namespace {

TEST(ProbeLinkTypes, EachPacketIsDecodedByItsInterface) {
  test::Writer w(false);
  test::section(w);
  test::interface(w, 1);    // Ethernet
  test::interface(w, 101);  // raw IP
  test::interface(w, 189);  // USB
  test::interface(w, 1);
  test::interface(w, 253);  // netlink
  const frames::Bytes ethernet =
      frames::ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload("x").bytes();
  const frames::Bytes raw = frames::raw_ip().ipv4("10.0.0.3", "10.0.0.4").udp(1, 2).bytes();
  const std::pair<std::uint32_t, const frames::Bytes*> packets[] = {
      {0, &ethernet}, {1, &raw}, {2, &raw}, {3, &ethernet}, {2, &raw}, {4, &raw}, {1, &raw}};
  for (const auto& [interface, frame] : packets) test::enhanced(w, interface, 0, *frame);
  const std::string path =
      testing::TempDir() + "panoptes-links-" + std::to_string(::getpid()) + ".pcapng";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(w.bytes.data()),
             static_cast<std::streamsize>(w.bytes.size()));

  ProbeOptions options;
  options.sources.emplace_back();
  options.sources[0].name = path;
  Probe probe(
      std::move(options), [] {}, [] {});
  probe.start();
  std::vector<std::string> warnings;
  std::uint64_t decoded = 0;
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  for (bool ended = false; !ended; std::this_thread::sleep_for(std::chrono::milliseconds(1))) {
    ASSERT_LT(std::chrono::steady_clock::now(), patience);
    Item item;
    while (probe.take(item)) {
      if (item.kind == Item::Kind::batch) decoded += item.batch->packets;
      if (item.kind == Item::Kind::warning) {
        EXPECT_EQ(item.message.code, "unknown-link-type");
        warnings.push_back(item.message.message);
      }
      if (item.kind == Item::Kind::end) ended = true;
    }
  }
  std::remove(path.c_str());
  EXPECT_EQ(decoded, 4U);
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0], path + ": packets of link type USB_LINUX (189) cannot be decoded");
  EXPECT_EQ(warnings[1], path + ": packets of link type NETLINK (253) cannot be decoded");
}

}  // namespace
}  // namespace panoptes
