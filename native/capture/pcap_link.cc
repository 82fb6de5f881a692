// Errors of libpcap become codes, messages and hints here.
#include "capture/pcap_link.h"

#include <net/if.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capture/interfaces.h"
#include "capture/link_types.h"
#include "capture/live_check.h"
#include "capture/packet_filter.h"

namespace panoptes {
namespace {

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

PcapLink::~PcapLink() {
  if (pcap_ != nullptr) pcap_close(pcap_);
}

bool PcapLink::fail(std::string code, const std::string& message, std::string hint) {
  error_ = {std::move(code), message, std::move(hint)};
  return false;
}

bool PcapLink::open(int timeout_ms) {
  char message[PCAP_ERRBUF_SIZE] = "";
  pcap_ = pcap_create(options_.interface.c_str(), message);
  if (pcap_ == nullptr) {
    return fail("capture-failed", "cannot capture on " + options_.interface + ": " + message, "");
  }
  pcap_set_snaplen(pcap_, options_.snaplen);
  pcap_set_promisc(pcap_, options_.promiscuous ? 1 : 0);
  pcap_set_buffer_size(pcap_, options_.buffer_bytes);
  pcap_set_timeout(pcap_, timeout_ms);
  pcap_set_immediate_mode(pcap_, 0);
  // Or microseconds: whoever reads asks for what it is.
  pcap_set_tstamp_precision(pcap_, PCAP_TSTAMP_PRECISION_NANO);
  return activate();
}

bool PcapLink::activate() {
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
  return true;
}

std::uint16_t PcapLink::link_type() const { return link_type_of_dlt(pcap_datalink(pcap_)); }

bool PcapLink::compile(bpf_program& program) {
  if (pcap_compile(pcap_, &program, options_.filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) == 0) {
    return true;
  }
  return fail(
      "bad-capture-filter",
      "the capture filter '" + options_.filter + "' is not understood: " + pcap_geterr(pcap_),
      kFilterHint);
}

bool PcapLink::compile(std::vector<FilterStep>& steps) {
  steps.clear();
  if (options_.filter.empty()) return true;
  bpf_program program{};
  if (!compile(program)) return false;
  for (const bpf_insn& step : std::span(program.bf_insns, program.bf_len)) {
    steps.push_back({step.code, step.jt, step.jf, step.k});
  }
  pcap_freecode(&program);
  return true;
}

bool PcapLink::set_filter() {
  if (options_.filter.empty()) return true;
  bpf_program program{};
  if (!compile(program)) return false;
  const bool set = pcap_setfilter(pcap_, &program) == 0;
  pcap_freecode(&program);
  return set || fail("bad-capture-filter",
                     "the capture filter '" + options_.filter +
                         "' is not understood: " + pcap_geterr(pcap_),
                     kFilterHint);
}

}  // namespace panoptes
