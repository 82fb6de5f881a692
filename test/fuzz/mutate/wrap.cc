#include "wrap.h"

#include "onion.h"

namespace panoptes::mutate {
namespace {

// Names the network layer of `packet` for the link that it is on.
void name_network(MutatedPacket& packet, const Network& network, std::uint32_t type) {
  if (network.type_at == network.at) return;
  std::uint32_t name = type;
  if (packet.link_type == 0 || packet.link_type == 108) name = type == kIpv6 ? 30 : 2;
  if (packet.link_type == 9 || packet.link_type == 50 || packet.link_type == 166)
    name = type == kIpv6 ? 0x57 : type == kMpls ? 0x281 : 0x21;
  store_be16(packet.bytes.data() + network.type_at, name);
}

void replace_network(MutatedPacket& packet, const Network& network,
                     std::span<const std::uint8_t> with, std::uint32_t type) {
  packet.resize(network.at + static_cast<std::uint32_t>(with.size()));
  std::copy(with.begin(), with.end(), packet.bytes.begin() + network.at);
  name_network(packet, network, type);
}

}  // namespace

void wrap(MutatedPacket& packet, Random& random, std::uint32_t depth) {
  const Network network = find_network(packet);
  const std::uint32_t header = ip_header_bytes(packet, network.at);
  if (header == 0 || packet.size() > kMostBytes / 2) return;
  const std::uint32_t type = packet.bytes[network.at] >> 4 == 4 ? kIpv4 : kIpv6;
  Onion onion(std::span(packet.bytes).subspan(network.at), type, random);
  for (std::uint32_t i = 0; i < depth && onion.has_room(); ++i) onion.add_tunnel();
  if (random.one_in(4)) onion.add_shims();
  replace_network(packet, network, onion.bytes(), onion.type());
}

void nest(MutatedPacket& packet, std::uint32_t copies) {
  const Network network = find_network(packet);
  const std::uint32_t header = ip_header_bytes(packet, network.at);
  if (header == 0) return;
  const bool four = packet.bytes[network.at] >> 4 == 4;
  const std::uint32_t rest = packet.size() - network.at;
  if (rest + copies * header > kMostBytes - 100) return;
  std::vector<std::uint8_t> nested;
  nested.reserve(rest + copies * header);
  const auto own = packet.bytes.begin() + network.at;
  for (std::uint32_t i = 0; i < copies; ++i) {
    nested.insert(nested.end(), own, own + header);
    std::uint8_t* at = nested.data() + nested.size() - header;
    const std::uint32_t total = rest + (copies - i) * header;
    store_be16(at + (four ? 2 : 4), four ? total : total - 40);
    at[four ? 9 : 6] = four ? 4 : 41;
  }
  nested.insert(nested.end(), own, packet.bytes.end());
  replace_network(packet, network, nested, four ? kIpv4 : kIpv6);
}

}  // namespace panoptes::mutate
