// Opening capture files: what is none, filters, pipes, and what the disk says.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <thread>

#include "capture/open.h"
#include "capture_bytes.h"

namespace panoptes::test {
namespace {

using namespace std::string_view_literals;

class CaptureFile : public testing::Test {
 protected:
  CaptureFile() {
    std::string pattern = testing::TempDir() + "captureXXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  ~CaptureFile() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  std::string write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path(name), std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path(name);
  }
  std::string write(const std::string& name, const Bytes& bytes) const {
    return write(name, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  SourceMessage refusal(std::string_view bytes) const {
    SourceMessage error;
    EXPECT_EQ(open_file({write("f", bytes), ""}, error), nullptr);
    return error;
  }

  std::string directory_;
};

// A minimal Ethernet/IPv4 frame.
Bytes ip_frame(std::uint8_t protocol) {
  Bytes bytes(60);
  bytes[12] = 0x08;
  bytes[14] = 0x45;
  bytes[23] = protocol;
  return bytes;
}

TEST_F(CaptureFile, ReadsAFileFromDisk) {
  Writer w = pcap_header();
  for (std::size_t i = 0; i < 5000; ++i) pcap_packet(w, 1, 0, frame(i, 500));
  SourceMessage error;
  const auto source = open_file({write("a.pcap", w.bytes), ""}, error);
  ASSERT_NE(source, nullptr) << error.message;
  EXPECT_FALSE(source->live());
  EXPECT_TRUE(source->stable());
  const Outcome seen = read_all(*source);
  EXPECT_EQ(seen.state, ReadState::end);
  ASSERT_EQ(seen.packets.size(), 5000u);
  EXPECT_EQ(seen.packets[4999].data, frame(4999, 500));
}

TEST_F(CaptureFile, SaysWhatAFileIsInstead) {
  EXPECT_EQ(refusal("").code, "not-a-capture");
  EXPECT_EQ(refusal("").message, path("f") + " is not a capture: it is empty (0 bytes)");
  EXPECT_EQ(refusal("\x1f\x8b\x08\0\0\0"sv).message,
            path("f") + " is not a capture: it is gzip data");
  EXPECT_EQ(refusal("\x7f"
                    "ELF\2\1\1"sv)
                .message,
            path("f") + " is not a capture: it is a program (ELF)");
  EXPECT_EQ(refusal("PANOPTES\1\2"sv).message,
            path("f") + " is not a capture: it is a record file of panoptes");
  EXPECT_EQ(refusal("\x83\x10\0\x20\0\0\0\0\xe5\x71\x2d\xcb\0\0\0\0"sv).message,
            path("f") + " is not a capture: it is a record file of argus");
  EXPECT_EQ(refusal("PK\3\4...."sv).message, path("f") + " is not a capture: it is a zip archive");
  EXPECT_EQ(refusal("\xfd"
                    "7zXZ\0.."sv)
                .message,
            path("f") + " is not a capture: it is xz data");
  EXPECT_EQ(refusal("\x28\xb5\x2f\xfd...."sv).message,
            path("f") + " is not a capture: it is zstd data");
  EXPECT_EQ(refusal("file,packets\n1,2\n"sv).message,
            path("f") + " is not a capture: it is text that begins with \"file,packets\"");
  EXPECT_EQ(refusal("\0\1\2\3\xff"sv).message,
            path("f") + " is not a capture: it begins with the bytes 00 01 02 03 ff");
  EXPECT_EQ(refusal("\xd4"sv).message.find("it is text"), std::string::npos);
}

TEST_F(CaptureFile, MissingFilesAndDirectoriesAreErrorsWithTheirReason) {
  SourceMessage error;
  EXPECT_EQ(open_file({path("none"), ""}, error), nullptr);
  EXPECT_EQ(error.code, "no-such-file");
  EXPECT_EQ(error.message, "cannot open " + path("none") + ": No such file or directory");
  EXPECT_EQ(open_file({directory_, ""}, error), nullptr);
  EXPECT_EQ(error.message, "cannot open " + directory_ + ": Is a directory");
}

TEST_F(CaptureFile, FilterSelectsPackets) {
  Writer w = pcap_header();
  pcap_packet(w, 1, 0, ip_frame(17));
  pcap_packet(w, 2, 0, ip_frame(6));
  pcap_packet(w, 3, 0, ip_frame(17));
  SourceMessage error;
  const auto source = open_file({write("a.pcap", w.bytes), "ip proto 17"}, error);
  ASSERT_NE(source, nullptr) << error.message;
  const Outcome seen = read_all(*source, 1);
  ASSERT_EQ(seen.packets.size(), 2u);
  EXPECT_EQ(seen.packets[1].time_ns, 3'000'000'000);
  EXPECT_EQ(seen.counters.received, 2u);
}

TEST_F(CaptureFile, FilterIsCompiledForTheLinkOfEachInterface) {
  Writer w;
  section(w);
  interface(w, 1);
  interface(w, 101);
  const Bytes udp = ip_frame(17);
  enhanced(w, 0, 1, udp);
  enhanced(w, 1, 2, Bytes(udp.begin() + 14, udp.end()));
  enhanced(w, 1, 3, udp);
  const Outcome seen = read_bytes(w.bytes, 1 << 20, "udp");
  ASSERT_EQ(seen.packets.size(), 2u);
  EXPECT_EQ(seen.packets[1].time_ns, 2000);
}

TEST_F(CaptureFile, FilterThatOneOfTheLinksNeverPassesIsNoError) {
  Writer w;
  section(w);
  interface(w, 101);
  interface(w, 1);
  Bytes arp = ip_frame(0);
  arp[13] = 6;
  enhanced(w, 0, 1, arp);
  enhanced(w, 1, 2, arp);
  const Outcome seen = read_bytes(w.bytes, 1 << 20, "arp");
  EXPECT_EQ(seen.state, ReadState::end) << seen.error.message;
  ASSERT_EQ(seen.packets.size(), 1u);
  EXPECT_EQ(seen.packets[0].time_ns, 2000);
}

TEST_F(CaptureFile, FilterErrorsComeWithLibpcapsWords) {
  SourceMessage error;
  EXPECT_EQ(open_file({write("a.pcap", pcap_header().bytes), "tcp prot 80"}, error), nullptr);
  EXPECT_EQ(error.code, "bad-capture-filter");
  EXPECT_NE(error.message.find("tcp prot 80"), std::string::npos);
  EXPECT_NE(error.message.find("syntax error"), std::string::npos);
}

TEST_F(CaptureFile, FilterThatTheLinkCannotHaveFailsTheFile) {
  SourceMessage error;
  const auto file = write("a.pcap", pcap_header(kMicro, false, 101).bytes);
  EXPECT_EQ(open_file({file, "ether host 1:2:3:4:5:6"}, error), nullptr);
  EXPECT_EQ(error.code, "bad-capture-filter");
}

TEST_F(CaptureFile, ReadsANamedPipeWhoseWriterComesLate) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  SourceMessage error;
  const auto source = open_file({path("fifo"), ""}, error);
  ASSERT_NE(source, nullptr) << error.message;
  Writer w = pcap_header();
  for (std::size_t i = 0; i < 100; ++i) pcap_packet(w, 1, 0, frame(i, 40));
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    write("fifo", w.bytes);
  });
  const Outcome seen = read_all(*source);
  writer.join();
  EXPECT_EQ(seen.state, ReadState::end);
  EXPECT_EQ(seen.packets.size(), 100u);
}

TEST_F(CaptureFile, InterruptEndsTheReadOfASilentPipe) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  SourceMessage error;
  const auto source = open_file({path("fifo"), ""}, error);
  ASSERT_NE(source, nullptr) << error.message;
  std::vector<Seen> packets;
  source->interrupt();  // before the read: not lost
  EXPECT_EQ(source->read(64, see, &packets), ReadState::more);
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    source->interrupt();
  });
  EXPECT_EQ(source->read(64, see, &packets), ReadState::more);
  other.join();
  EXPECT_TRUE(packets.empty());
}

TEST_F(CaptureFile, APipeWithoutACaptureFailsAtItsFirstRead) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  SourceMessage error;
  const auto source = open_file({path("fifo"), ""}, error);
  ASSERT_NE(source, nullptr) << error.message;
  std::thread writer([&] { write("fifo", "hello, world\n"sv); });
  const Outcome seen = read_all(*source);
  writer.join();
  EXPECT_EQ(seen.state, ReadState::failed);
  EXPECT_EQ(seen.error.code, "not-a-capture");
}

}  // namespace
}  // namespace panoptes::test
