// How much of the first payload a flow keeps, and whether it is masked: a short list of rules, the
// first that matches counts. Given by the options; asked by flow/payload_keeper.h once a flow, by
// the worker for how much of a packet is worth copying.
#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include "decode/flow_key.h"

namespace panoptes {

// Of a payload, what the meters look at whatever the rules say. But for UDP that may be RTP or
// RTCP: they say at their end how much is padding, or are judged as a whole (RFC 3550 5.1, A.2).
inline constexpr std::uint32_t kMeteredBytes = 64;

struct PayloadRule {
  static constexpr std::int16_t kAnyProtocol = -1;

  std::int16_t protocol = kAnyProtocol;  // of IP
  std::uint16_t port_low = 0;            // of either end; 0: whatever the ports are
  std::uint16_t port_high = 0;
  std::uint16_t bytes = 0;  // kept of each direction
  bool masked = false;
};

struct PayloadLimit {
  std::uint16_t bytes;
  bool masked;
};

class PayloadRules {
 public:
  // `rest`: bytes of flows that no rule matches. `mask_all`: of whatever rule.
  PayloadRules(std::vector<PayloadRule> rules, std::uint32_t rest, bool mask_all);

  PayloadLimit of(const FlowKey& key) const {
    for (const PayloadRule& rule : rules_) {
      if (matches(rule, key)) return {rule.bytes, rule.masked};
    }
    return rest_;
  }
  // At least what of() would give; in the same time, however many rules there are.
  std::uint32_t most(const FlowKey& key) const {
    const bool wide =
        wide_ports_[key.low_port] || wide_ports_[key.high_port] || wide_protocols_[key.protocol];
    return wide ? largest_ : rest_.bytes;
  }

  const std::vector<PayloadRule>& rules() const { return rules_; }
  PayloadLimit rest() const { return rest_; }
  std::uint32_t largest() const { return largest_; }

 private:
  static bool matches(const PayloadRule& rule, const FlowKey& key) {
    if (rule.protocol != PayloadRule::kAnyProtocol && rule.protocol != key.protocol) return false;
    if (rule.port_low == 0) return true;
    const auto within = [&](std::uint16_t port) {
      return port >= rule.port_low && port <= rule.port_high;
    };
    return within(key.low_port) || within(key.high_port);
  }

  std::vector<PayloadRule> rules_;
  PayloadLimit rest_;
  std::uint32_t largest_;
  // Of rules that keep more than the rest does.
  std::bitset<65536> wide_ports_;
  std::bitset<256> wide_protocols_;
};

}  // namespace panoptes
