// libpcap with memory-mapped kernel buffers: non-blocking dispatch, and poll() between. With a
// blocking dispatch an idle link may keep it for ever.
#include "capture/live_source.h"

#include <net/if.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "capture/link_types.h"
#include "capture/live_check.h"
#include "capture/packet_filter.h"

namespace panoptes {
namespace {

constexpr int kTimeoutMs = 100;  // the kernel hands over a buffer that is not full after that
constexpr std::size_t kMostNames = 12;

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

// "did you mean eth0? there are: eth0, lo"
std::string suggest_interface(const std::string& wanted) {
  std::vector<std::string> names = interface_names();
  std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    return edit_distance(wanted, a) < edit_distance(wanted, b);
  });
  if (names.empty()) return "";
  std::string hint;
  if (edit_distance(wanted, names[0]) < std::min<std::size_t>(wanted.size(), 3))
    hint = "did you mean " + names[0] + "? ";
  hint += "there are: ";
  for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i) {
    hint += (i > 0 ? ", " : "") + names[i];
  }
  if (names.size() > kMostNames) hint += " ...";
  return hint;
}

}  // namespace

struct LiveSource::Delivery {
  PacketSink sink;
  void* context;
  std::int64_t fraction_ns;
  std::uint16_t link_type;
};

LiveSource::LiveSource(const LiveOptions& options) : options_(options) {}

LiveSource::~LiveSource() {
  if (pcap_ != nullptr) pcap_close(pcap_);
}

bool LiveSource::fail(std::string code, const std::string& message, std::string hint) {
  error_ = {std::move(code), message, std::move(hint)};
  failed_ = true;
  return false;
}

bool LiveSource::open() { return set_up() && activate() && set_filter(); }

bool LiveSource::set_up() {
  char message[PCAP_ERRBUF_SIZE] = "";
  pcap_ = pcap_create(options_.interface.c_str(), message);
  if (pcap_ == nullptr) {
    return fail("capture-failed", "cannot capture on " + options_.interface + ": " + message, "");
  }
  pcap_set_snaplen(pcap_, options_.snaplen);
  pcap_set_promisc(pcap_, options_.promiscuous ? 1 : 0);
  pcap_set_buffer_size(pcap_, options_.buffer_bytes);
  pcap_set_timeout(pcap_, kTimeoutMs);
  pcap_set_immediate_mode(pcap_, 0);
  pcap_set_tstamp_precision(pcap_, PCAP_TSTAMP_PRECISION_NANO);  // or microseconds: asked below
  return true;
}

bool LiveSource::activate() {
  const std::string& interface = options_.interface;
  const int status = pcap_activate(pcap_);
  if (status < 0) {
    std::string text = pcap_geterr(pcap_);
    if (text.empty()) text = pcap_statustostr(status);
    switch (status) {
      case PCAP_ERROR_NO_SUCH_DEVICE:
        return fail("no-such-interface", "there is no interface '" + interface + "'",
                    suggest_interface(interface));
      case PCAP_ERROR_PERM_DENIED:
      case PCAP_ERROR_PROMISC_PERM_DENIED: {
        std::string why;
        if (may_capture(why)) why = text;
        return fail("no-permission", "cannot capture on " + interface + ": " + why,
                    capture_right_hint());
      }
      case PCAP_ERROR_IFACE_NOT_UP:
        return fail("capture-failed", "cannot capture on " + interface + ": it is down",
                    "bring it up: ip link set " + interface + " up");
      default:
        return fail("capture-failed", "cannot capture on " + interface + ": " + text, "");
    }
  }
  if (status > 0 && status != PCAP_WARNING_TSTAMP_TYPE_NOTSUP) {
    std::string text = pcap_geterr(pcap_);
    if (text.empty()) text = pcap_statustostr(status);
    warning_ = {"capture-failed", interface + ": " + text, "capturing goes on without it"};
  }
  char message[PCAP_ERRBUF_SIZE] = "";
  if (pcap_setnonblock(pcap_, 1, message) != 0) {
    return fail("capture-failed", "cannot capture on " + interface + ": " + message, "");
  }
  fd_ = pcap_get_selectable_fd(pcap_);
  index_ = ::if_nametoindex(interface.c_str());
  link_type_ = link_type_of_dlt(pcap_datalink(pcap_));
  if (pcap_get_tstamp_precision(pcap_) == PCAP_TSTAMP_PRECISION_NANO) fraction_ns_ = 1;
  return true;
}

bool LiveSource::set_filter() {
  if (options_.filter.empty()) return true;
  bpf_program program{};
  const bool set =
      pcap_compile(pcap_, &program, options_.filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) == 0 &&
      pcap_setfilter(pcap_, &program) == 0;
  if (!set) {
    fail("bad-capture-filter",
         "the capture filter '" + options_.filter + "' is not understood: " + pcap_geterr(pcap_),
         kFilterHint);
  }
  pcap_freecode(&program);
  return set;
}

void LiveSource::on_packet(unsigned char* delivery, const pcap_pkthdr* header,
                           const unsigned char* data) {
  const auto& to = *reinterpret_cast<const Delivery*>(delivery);
  const std::int64_t time_ns = std::int64_t{header->ts.tv_sec} * 1'000'000'000 +
                               std::int64_t{header->ts.tv_usec} * to.fraction_ns;
  to.sink(to.context, RawPacket{data, header->caplen, header->len, time_ns, to.link_type});
}

ReadState LiveSource::read(std::size_t most, PacketSink sink, void* context) {
  if (failed_) return ReadState::failed;
  Delivery delivery{sink, context, fraction_ns_, link_type_};
  const int n = pcap_dispatch(pcap_, static_cast<int>(std::min<std::size_t>(most, 1 << 16)),
                              on_packet, reinterpret_cast<unsigned char*>(&delivery));
  if (n > 0) return ReadState::more;
  return n == 0 ? ReadState::idle : lost();
}

ReadState LiveSource::lost() {
  const std::string& interface = options_.interface;
  const std::string text = pcap_geterr(pcap_);
  if (index_ != 0 && ::if_nametoindex(interface.c_str()) != index_) {
    fail("interface-gone", "interface " + interface + " has disappeared",
         "what was captured before is kept");
  } else {
    fail("capture-failed", "capturing on " + interface + " failed: " + text, "");
  }
  return ReadState::failed;
}

void LiveSource::wait(int timeout_ms) {
  // Some links without a descriptor to poll, and those whose poll() does not see all: short slices.
  wakeup_.wait(fd_, timeout_ms < 0 ? kTimeoutMs : std::min(timeout_ms, kTimeoutMs));
  wakeup_.take();
}

SourceCounters LiveSource::counters() {
  pcap_stat stats{};
  if (pcap_ == nullptr || pcap_stats(pcap_, &stats) != 0) return counters_;
  const std::uint32_t now[3] = {stats.ps_recv, stats.ps_drop, stats.ps_ifdrop};
  std::uint64_t* const sums[3] = {&counters_.received, &counters_.dropped, &counters_.if_dropped};
  for (int i = 0; i < 3; ++i) *sums[i] += now[i] - std::exchange(last_[i], now[i]);
  return counters_;
}

SourceMessage LiveSource::take_warning() { return std::exchange(warning_, {}); }

std::unique_ptr<PacketSource> open_live(const LiveOptions& options, SourceMessage& error) try {
  error = {};
  auto source = std::make_unique<LiveSource>(options);
  if (source->open()) return source;
  error = source->error();
  return nullptr;
} catch (const std::exception& failure) {
  error = {"capture-failed", "cannot capture on " + options.interface + ": " + failure.what(), ""};
  return nullptr;
}

}  // namespace panoptes
