// Live links: errors everywhere, and the loopback where this process may capture.
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

LiveOptions loopback(const std::string& filter = "") {
#ifdef __linux__
  return {.interface = "lo", .buffer_bytes = 2 << 20, .filter = filter};
#else
  return {.interface = "lo0", .buffer_bytes = 2 << 20, .filter = filter};
#endif
}

class Live : public testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    if (!may_capture(why)) GTEST_SKIP() << why;
  }
};

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
  EXPECT_NE(std::find(names.begin(), names.end(), loopback().interface), names.end());
  EXPECT_NE(pcap_version().find("libpcap"), std::string::npos);
}

TEST_F(Live, UnknownInterfaceIsAnErrorThatSuggests) {
  SourceMessage error;
  EXPECT_EQ(open_live({.interface = "loo", .filter = ""}, error), nullptr);
  EXPECT_EQ(error.code, "no-such-interface");
  EXPECT_EQ(error.message, "there is no interface 'loo'");
  EXPECT_EQ(error.hint.rfind("did you mean " + loopback().interface, 0), 0u) << error.hint;
}

TEST_F(Live, BadFilterIsAnErrorWithLibpcapsWords) {
  SourceMessage error;
  EXPECT_EQ(open_live(loopback("port port"), error), nullptr);
  EXPECT_EQ(error.code, "bad-capture-filter");
  EXPECT_NE(error.message.find("syntax error"), std::string::npos) << error.message;
}

TEST_F(Live, DeliversWhatPassesTheFilter) {
  SourceMessage error;
  const auto source = open_live(loopback("udp dst port 47321"), error);
  ASSERT_NE(source, nullptr) << error.message;
  EXPECT_TRUE(source->live());
  EXPECT_FALSE(source->stable());
  send_datagrams(20, 47321, "panoptes");
  send_datagrams(20, 47322, "somebody else");
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::vector<Seen> packets;
  for (int i = 0; i < 100 && packets.size() < 20; ++i) {
    if (source->read(64, see, &packets) == ReadState::idle) source->wait(100);
  }
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

TEST_F(Live, IdleLinkNeverBlocksAndInterruptEndsTheWait) {
  SourceMessage error;
  const auto source = open_live(loopback("udp dst port 1"), error);
  ASSERT_NE(source, nullptr) << error.message;
  std::vector<Seen> packets;
  EXPECT_EQ(source->read(64, see, &packets), ReadState::idle);
  std::thread other([&] { source->interrupt(); });
  source->wait(60'000);
  other.join();
  EXPECT_EQ(source->read(64, see, &packets), ReadState::idle);
}

}  // namespace
}  // namespace panoptes::test
