// Live links by each method: errors everywhere, and the loopback where this process may capture.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>

#include "capture/live_check.h"
#include "capture/open.h"
#include "capture_bytes.h"

namespace panoptes::test {
namespace {

#ifdef __linux__
constexpr const char* kLoopback = "lo";
#else
constexpr const char* kLoopback = "lo0";
#endif

class Live : public testing::TestWithParam<CaptureMethod> {
 protected:
  void SetUp() override {
    std::string why;
    if (!may_capture(why)) GTEST_SKIP() << why;
  }
  static LiveOptions on(const char* interface, const char* filter = "") {
    return {
        .interface = interface, .buffer_bytes = 2 << 20, .filter = filter, .method = GetParam()};
  }
};

std::string method_name(const testing::TestParamInfo<CaptureMethod>& method) {
  switch (method.param) {
    case CaptureMethod::automatic:
      return "Automatic";
    case CaptureMethod::ring:
      return "Ring";
    default:
      return "Pcap";
  }
}

#ifdef __linux__
INSTANTIATE_TEST_SUITE_P(Each, Live,
                         testing::Values(CaptureMethod::automatic, CaptureMethod::ring,
                                         CaptureMethod::pcap),
                         method_name);
// What libpcap does not promise.
class LiveRing : public Live {};
INSTANTIATE_TEST_SUITE_P(Each, LiveRing,
                         testing::Values(CaptureMethod::automatic, CaptureMethod::ring),
                         method_name);
#else
INSTANTIATE_TEST_SUITE_P(Each, Live, testing::Values(CaptureMethod::automatic, CaptureMethod::pcap),
                         method_name);
#endif

std::vector<Seen> read_all(PacketSource& source, std::size_t expected) {
  std::vector<Seen> packets;
  for (int i = 0; i < 100 && packets.size() < expected; ++i) {
    if (source.read(64, see, &packets) == ReadState::idle) source.wait(100);
  }
  return packets;
}

// Sends `count` datagrams with `text` to a port of the loopback where nobody listens.
void send_datagrams(int count, std::uint16_t port, std::string_view text) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int i = 0; i < count; ++i) {
    ::sendto(fd, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  ::close(fd);
}

TEST(LiveNames, LoopbackIsAmongTheInterfaces) {
  const auto names = interface_names();
  EXPECT_NE(std::find(names.begin(), names.end(), kLoopback), names.end());
  EXPECT_NE(pcap_version().find("libpcap"), std::string::npos);
}

TEST_P(Live, UnknownInterfaceIsAnErrorThatSuggests) {
  SourceMessage error;
  EXPECT_EQ(open_live(on("loo"), error), nullptr);
  EXPECT_EQ(error.code, "no-such-interface");
  EXPECT_EQ(error.message, "there is no interface 'loo'");
  EXPECT_EQ(error.hint.rfind(std::string("did you mean ") + kLoopback, 0), 0u) << error.hint;
}

TEST_P(Live, BadFilterIsAnErrorWithLibpcapsWords) {
  SourceMessage error;
  EXPECT_EQ(open_live(on(kLoopback, "port port"), error), nullptr);
  EXPECT_EQ(error.code, "bad-capture-filter");
  EXPECT_NE(error.message.find("syntax error"), std::string::npos) << error.message;
}

TEST_P(Live, DeliversWhatPassesTheFilter) {
  SourceMessage error;
  const auto source = open_live(on(kLoopback, "udp dst port 47321"), error);
  ASSERT_NE(source, nullptr) << error.message;
  EXPECT_TRUE(source->live());
  send_datagrams(20, 47321, "panoptes");
  send_datagrams(20, 47322, "somebody else");
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::vector<Seen> packets = read_all(*source, 20);
  ASSERT_EQ(packets.size(), 20u);
  for (const Seen& packet : packets) {
    EXPECT_EQ(packet.wire, packet.data.size());
    const std::string text(packet.data.end() - 8, packet.data.end());
    EXPECT_EQ(text, "panoptes");
    EXPECT_NEAR(static_cast<double>(packet.time_ns),
                static_cast<double>(std::chrono::nanoseconds(now).count()), 10e9);
  }
  EXPECT_GE(source->counters().received, 20u);  // Linux counts both ways through the loopback
  EXPECT_EQ(source->counters().dropped, 0u);
}

TEST_P(Live, IdleLinkNeverBlocksAndInterruptEndsTheWait) {
  SourceMessage error;
  const auto source = open_live(on(kLoopback, "udp dst port 1"), error);
  ASSERT_NE(source, nullptr) << error.message;
  std::vector<Seen> packets;
  EXPECT_EQ(source->read(64, see, &packets), ReadState::idle);
  std::thread other([&] { source->interrupt(); });
  source->wait(60'000);
  other.join();
  EXPECT_EQ(source->read(64, see, &packets), ReadState::idle);
}

#ifdef __linux__

TEST_P(Live, LoopbackIsReadInPlaceUnlessByLibpcap) {
  SourceMessage error;
  const auto source = open_live(on(kLoopback), error);
  ASSERT_NE(source, nullptr) << error.message;
  EXPECT_EQ(source->stable(), GetParam() != CaptureMethod::pcap);
}

TEST_P(Live, LinkThatIsNoEthernetIsLeftToLibpcap) {
  SourceMessage error;
  const auto source = open_live(on("any"), error);
  if (GetParam() == CaptureMethod::ring) {
    EXPECT_EQ(source, nullptr);
    EXPECT_EQ(error.code, "capture-failed");
    EXPECT_EQ(error.message, "no ring for any: it is no Ethernet");
  } else {
    ASSERT_NE(source, nullptr) << error.message;
    EXPECT_FALSE(source->stable());
  }
}

// The kernel takes no program of more than 4096 steps. libpcap then filters by itself.
TEST_P(Live, FilterThatIsTooLongForTheKernelIsLeftToLibpcap) {
  std::string filter = "udp dst port 47327 and ether[0]";
  for (int i = 0; i < 3000; ++i) filter += " + ether[" + std::to_string(i % 12) + "]";
  filter += " < 1";  // MAC addresses of the loopback are 0
  SourceMessage error;
  const auto source = open_live(on(kLoopback, filter.c_str()), error);
  if (GetParam() == CaptureMethod::ring) {
    EXPECT_EQ(source, nullptr);
    EXPECT_EQ(error.message.rfind("no ring for lo: filter in the kernel: ", 0), 0u)
        << error.message;
    return;
  }
  ASSERT_NE(source, nullptr) << error.message;
  EXPECT_FALSE(source->stable());
  send_datagrams(4, 47327, "panoptes");
  send_datagrams(4, 47328, "others");
  EXPECT_EQ(read_all(*source, 4).size(), 4u);
}

TEST_P(LiveRing, QuietLinkHandsAPacketOverSoon) {
  SourceMessage error;
  const auto source = open_live(on(kLoopback, "udp dst port 47329"), error);
  ASSERT_NE(source, nullptr) << error.message;
  auto best = std::chrono::steady_clock::duration::max();  // of several: the machine may be busy
  for (int i = 0; i < 8; ++i) {
    const auto sent = std::chrono::steady_clock::now();
    send_datagrams(1, 47329, "hello");
    ASSERT_EQ(read_all(*source, 1).size(), 1u);
    best = std::min(best, std::chrono::steady_clock::now() - sent);
  }
  EXPECT_LT(best, std::chrono::milliseconds(50));
}

TEST_P(Live, SnaplenCutsWhatIsCapturedAndNotWhatWasOnTheWire) {
  SourceMessage error;
  LiveOptions options = on(kLoopback, "udp dst port 47323");
  options.snaplen = 64;
  const auto source = open_live(options, error);
  ASSERT_NE(source, nullptr) << error.message;
  send_datagrams(3, 47323, std::string(100, 'x'));
  const std::vector<Seen> packets = read_all(*source, 3);
  ASSERT_EQ(packets.size(), 3u);
  for (const Seen& packet : packets) {
    EXPECT_EQ(packet.data.size(), 64u);
    EXPECT_EQ(packet.wire, 14u + 20 + 8 + 100);
  }
}

// 2 MiB are 8 blocks of 8 such frames: one read takes 7 of them, and what comes then must not be
// written there.
TEST_P(LiveRing, FramesStayAsTheyAreUntilTheNextRead) {
  SourceMessage error;
  const auto source = open_live(on(kLoopback, "udp dst port 47324"), error);
  ASSERT_NE(source, nullptr) << error.message;
  ASSERT_TRUE(source->stable());
  constexpr std::size_t kBytes = 30'000;
  constexpr std::size_t kHeaders = 14 + 20 + 8;
  const auto note = [](void* to, const RawPacket& raw) {
    static_cast<std::vector<RawPacket>*>(to)->push_back(raw);
  };
  std::size_t dropped = 0;
  for (const char letter : {'A', 'B', 'C', 'D'}) {
    send_datagrams(56, 47324, std::string(kBytes, letter));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    std::vector<RawPacket> frames;
    ASSERT_EQ(source->read(64, note, &frames), ReadState::more);
    ASSERT_EQ(frames.size(), 56u);
    send_datagrams(64, 47324, std::string(kBytes, 'x'));
    for (const RawPacket& frame : frames) {
      ASSERT_EQ(frame.captured, kHeaders + kBytes);
      const std::uint8_t* text = frame.data + kHeaders;
      EXPECT_EQ(std::count(text, text + kBytes, static_cast<std::uint8_t>(letter)), kBytes);
    }
    std::vector<Seen> others;
    for (int quiet = 0; quiet < 2;) {
      if (source->read(64, see, &others) != ReadState::idle) continue;
      ++quiet;
      source->wait(100);
    }
    dropped += 64 - others.size();
  }
  EXPECT_GT(dropped, 0u);
  EXPECT_EQ(source->counters().dropped, dropped);
}

TEST_P(Live, FullBufferDropsCountsAndGoesOn) {
  SourceMessage error;
  const auto source = open_live(on(kLoopback, "udp dst port 47326"), error);
  ASSERT_NE(source, nullptr) << error.message;
  constexpr int kSent = 400;  // of 30000 bytes: 12 MB into 2
  send_datagrams(kSent, 47326, std::string(30000, 'x'));
  std::vector<Seen> packets;
  for (int quiet = 0; quiet < 3;) {
    if (source->read(64, see, &packets) != ReadState::idle) continue;
    ++quiet;
    source->wait(100);
  }
  const std::size_t first = packets.size();
  EXPECT_GT(first, 20u);
  EXPECT_LT(first, std::size_t{kSent} / 2);
  const SourceCounters counters = source->counters();
  if (GetParam() == CaptureMethod::pcap) {
    EXPECT_GE(counters.dropped, kSent - first);  // libpcap counts both ways through the loopback
  } else {
    EXPECT_EQ(counters.dropped, kSent - first);
    EXPECT_EQ(counters.received, std::uint64_t{kSent});
  }
  send_datagrams(5, 47326, "afterwards");
  EXPECT_EQ(read_all(*source, 5).size(), 5u);
  EXPECT_EQ(source->counters().dropped, counters.dropped);  // asking again does not forget
}

#endif

}  // namespace
}  // namespace panoptes::test
