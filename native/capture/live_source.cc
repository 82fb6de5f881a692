// libpcap with memory-mapped kernel buffers: non-blocking dispatch, and poll() between. With a
// blocking dispatch an idle link may keep it for ever.
#include "capture/live_source.h"

#include <net/if.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <utility>

#include "capture/fanout.h"

namespace panoptes {
namespace {

constexpr int kTimeoutMs = 100;  // the kernel hands over a buffer that is not full after that

}  // namespace

struct LiveSource::Delivery {
  PacketSink sink;
  void* context;
  std::int64_t fraction_ns;
  std::uint16_t link_type;
};

LiveSource::LiveSource(const LiveOptions& options) : options_(options), link_(options) {}

bool LiveSource::fail(std::string code, const std::string& message, std::string hint) {
  error_ = {std::move(code), message, std::move(hint)};
  failed_ = true;
  return false;
}

bool LiveSource::open() {
  if (!link_.open(kTimeoutMs) || !link_.set_filter()) {
    error_ = link_.error();
    failed_ = true;
    return false;
  }
  warning_ = link_.warning();
  const std::string& interface = options_.interface;
  pcap* const pcap = link_.handle();
  char message[PCAP_ERRBUF_SIZE] = "";
  if (pcap_setnonblock(pcap, 1, message) != 0) {
    return fail("capture-failed", "cannot capture on " + interface + ": " + message, "");
  }
  fd_ = pcap_get_selectable_fd(pcap);
  if (std::string why;
      options_.fanout_group >= 0 && !join_fanout(pcap_fileno(pcap), options_.fanout_group, why)) {
    return fail("capture-failed", "cannot capture on " + interface + ": " + why,
                "one thread needs no sharing: --threads 1");
  }
  index_ = ::if_nametoindex(interface.c_str());
  link_type_ = link_.link_type();
  if (pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO) fraction_ns_ = 1;
  return true;
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
  const int n =
      pcap_dispatch(link_.handle(), static_cast<int>(std::min<std::size_t>(most, 1 << 16)),
                    on_packet, reinterpret_cast<unsigned char*>(&delivery));
  if (n > 0) return ReadState::more;
  return n == 0 ? ReadState::idle : lost();
}

ReadState LiveSource::lost() {
  const std::string& interface = options_.interface;
  const std::string text = pcap_geterr(link_.handle());
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
  if (pcap_stats(link_.handle(), &stats) != 0) return counters_;
  const std::uint32_t now[3] = {stats.ps_recv, stats.ps_drop, stats.ps_ifdrop};
  std::uint64_t* const sums[3] = {&counters_.received, &counters_.dropped, &counters_.if_dropped};
  for (int i = 0; i < 3; ++i) *sums[i] += now[i] - std::exchange(last_[i], now[i]);
  return counters_;
}

SourceMessage LiveSource::take_warning() { return std::exchange(warning_, {}); }

}  // namespace panoptes
