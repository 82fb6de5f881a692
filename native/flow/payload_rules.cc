#include "flow/payload_rules.h"

#include <algorithm>
#include <utility>

namespace panoptes {
namespace {

constexpr std::uint32_t kMostBytes = 0xffff;  // lengths of a record have 16 bits

}  // namespace

PayloadRules::PayloadRules(std::vector<PayloadRule> rules, std::uint32_t rest, bool mask_all)
    : rules_(std::move(rules)),
      rest_{static_cast<std::uint16_t>(std::min(rest, kMostBytes)), mask_all} {
  // A rule for everything is the rest, and none behind it ever counts.
  const auto all = std::find_if(rules_.begin(), rules_.end(), [](const PayloadRule& r) {
    return r.protocol == PayloadRule::kAnyProtocol && r.port_low == 0;
  });
  if (all != rules_.end()) {
    rest_ = {all->bytes, all->masked || mask_all};
    rules_.erase(all, rules_.end());
  }
  largest_ = rest_.bytes;
  for (PayloadRule& rule : rules_) {
    rule.masked |= mask_all;
    largest_ = std::max<std::uint32_t>(largest_, rule.bytes);
    if (rule.bytes <= rest_.bytes) continue;
    if (rule.port_low == 0) {
      wide_protocols_.set(static_cast<std::uint8_t>(rule.protocol));
    } else {
      for (std::uint32_t port = rule.port_low; port <= rule.port_high; ++port) {
        wide_ports_.set(port);
      }
    }
  }
}

}  // namespace panoptes
