// Opens a capture file, a pipe or stdin.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>

#include "capture/byte_input.h"
#include "capture/file_source.h"
#include "capture/open.h"
#include "capture/packet_filter.h"

namespace panoptes {
namespace {

SourceMessage cannot_open(const std::string& path, int code) {
  const bool denied = code == EACCES || code == EPERM;
  return {denied ? "no-permission" : "no-such-file",
          "cannot open " + path + ": " + std::generic_category().message(code),
          denied ? "this user may not read it" : "name a pcap or pcapng file, or - for stdin"};
}

}  // namespace

std::unique_ptr<PacketSource> open_file(const FileOptions& options, SourceMessage& error) try {
  error = {};
  auto filter = make_filter(options.filter, error);
  if (!error.code.empty()) return nullptr;
  const bool is_stdin = options.path == "-";
  // Non-blocking, or opening a named pipe would wait for its writer where nothing can interrupt it.
  const int fd = is_stdin ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                          : ::open(options.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    error = cannot_open(options.path, errno);
    return nullptr;
  }
  auto input = std::make_unique<FdInput>(fd);
  struct stat status {};
  if (::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    error = cannot_open(options.path, EISDIR);
    return nullptr;
  }
  const bool regular = input->regular();
  auto source = std::make_unique<FileSource>(is_stdin ? "stdin" : options.path, std::move(input),
                                             std::move(filter));
  if (regular && !source->identify()) {
    error = source->error();
    return nullptr;
  }
  return source;
} catch (const std::exception& failure) {
  error = {"capture-failed", "cannot open " + options.path + ": " + failure.what(), ""};
  return nullptr;
}

}  // namespace panoptes
