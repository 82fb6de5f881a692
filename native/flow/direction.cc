#include "flow/direction.h"

#include <algorithm>

namespace panoptes {
namespace {

// Registered ports above 1023 that servers are met on; a port below 1024 needs no list.
constexpr std::array<std::uint16_t, 30> kServerPorts = {
    1080, 1194, 1433, 1521, 1723, 1812, 1883, 2049, 2375, 3128, 3268, 3306, 3389, 3478,  4500,
    5060, 5061, 5222, 5432, 5672, 5900, 6379, 6443, 8000, 8080, 8443, 9092, 9200, 11211, 27017};
static_assert(std::is_sorted(kServerPorts.begin(), kServerPorts.end()));

bool known(std::uint16_t port) {
  return (port < 1024 && port != 0) ||
         std::binary_search(kServerPorts.begin(), kServerPorts.end(), port);
}

}  // namespace

Direction decide_direction(const Packet& first, const LearnedServers& servers) {
  if ((first.layers & kHasTcp) != 0 && (first.tcp_flags & kSyn) != 0) {
    return (first.tcp_flags & kAck) != 0 ? Direction{false, Evidence::syn_ack}
                                         : Direction{true, Evidence::syn};
  }
  if (first.request_sense != 0) return {first.request_sense == 1, Evidence::request};
  if ((first.layers & kHasPorts) != 0) {
    const bool sender_learned = servers.knows_sender(first);
    const bool receiver_learned = servers.knows_receiver(first);
    if (sender_learned != receiver_learned) return {receiver_learned, Evidence::learned_port};
    const std::uint16_t sender_port = first.from_high ? first.key.high_port : first.key.low_port;
    const std::uint16_t receiver_port = first.from_high ? first.key.low_port : first.key.high_port;
    if (known(sender_port) != known(receiver_port)) {
      return {known(receiver_port), Evidence::known_port};
    }
  }
  return {true, Evidence::first_packet};
}

}  // namespace panoptes
