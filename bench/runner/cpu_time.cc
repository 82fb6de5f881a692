// cpu_time LOG COMMAND...: runs a command with its output in the file LOG and prints what it cost,
// children that it waited for included, as one line of JSON.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace {

volatile sig_atomic_t child = 0;

void pass_on(int signal_number) {
  if (child > 0) kill(static_cast<pid_t>(child), signal_number);
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

[[noreturn]] void become(const char* log, char** command) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a killed benchmark leaves nobody behind
#endif
  const int in = open("/dev/null", O_RDONLY);
  const int out = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (in >= 0 && out >= 0) {
    dup2(in, 0);
    dup2(out, 1);
    dup2(out, 2);
    execvp(command[0], command);
    std::perror(command[0]);
  }
  _exit(127);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: cpu_time LOG COMMAND...\n", stderr);
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const pid_t pid = fork();
  if (pid < 0) {
    std::perror("fork");
    return 1;
  }
  if (pid == 0) become(argv[1], argv + 2);
  child = pid;
  std::signal(SIGINT, pass_on);
  std::signal(SIGTERM, pass_on);
  int status = 0;
  rusage usage{};
  while (wait4(pid, &status, 0, &usage) < 0) {
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
#ifdef __APPLE__
  const long rss_kib = usage.ru_maxrss / 1024;
#else
  const long rss_kib = usage.ru_maxrss;
#endif
  std::printf(
      "{\"userSeconds\":%.6f,\"systemSeconds\":%.6f,\"wallSeconds\":%.6f,\"maxRssKib\":%ld,"
      "\"exitCode\":%d}\n",
      seconds(usage.ru_utime), seconds(usage.ru_stime), wall.count(), rss_kib, code);
  return 0;
}
