// ARP (RFC 826, 2390) in the forms of all link layers, RARP (RFC 903), and every other frame as a
// flow between two MACs.
#include "decode/non_ip.h"

#include "decode/key_builder.h"

namespace panoptes {
namespace {

AddressWords mac_words(const std::uint8_t* mac) {
  std::uint64_t word = 0;
  std::memcpy(&word, mac, 6);
  return {word, 0};
}

// Of ARP, RARP, dynamic RARP and inverse ARP: 1 asks, 2 answers, 0 neither.
std::uint8_t request_sense(std::uint16_t operation) {
  switch (operation) {
    case 1:
    case 3:
    case 5:
    case 8:
      return 1;
    case 2:
    case 4:
    case 6:
    case 9:
      return 2;
    default:
      return 0;
  }
}

// Hardware types (ar$hrd) whose ARP does not have the common form.
constexpr std::uint32_t kHardwareAtm = 19, kHardwareIeee1394 = 24;

bool put_arp(const LinkEnd& link, std::uint16_t operation, const std::uint8_t* sender,
             const std::uint8_t* target, Packet& out) {
  out.arp_operation = operation;
  out.request_sense = request_sense(operation);
  put_ipv4_key(out, load_le32(sender), load_le32(target), link.link_context, {}, 0, FlowKind::arp);
  return true;
}

// RFC 2225 6: numbers and subaddresses, each with its length, 0 where it is not known.
bool decode_atm_arp(const LinkEnd& link, Packet& out) {
  constexpr std::uint8_t kNoAddress[4] = {};
  constexpr std::uint8_t kLength = 0x3f;  // above it the kind of number
  const std::uint8_t* arp = link.network.peek(12);
  if (arp == nullptr || arp[8] != 4 || (arp[11] != 4 && arp[11] != 0)) return false;
  const std::uint32_t sender = 12U + (arp[4] & kLength) + (arp[5] & kLength);
  const std::uint32_t target = sender + 4 + (arp[9] & kLength) + (arp[10] & kLength);
  if (link.network.peek(target + arp[11]) == nullptr) return false;
  return put_arp(link, load_be16(arp + 6), arp + sender, arp[11] == 4 ? arp + target : kNoAddress,
                 out);
}

bool decode_arp(const LinkEnd& link, Packet& out) {
  const std::uint8_t* arp = link.network.peek(8);
  if (arp == nullptr || load_be16(arp + 2) != kEtherIpv4) return false;
  const std::uint32_t type = load_be16(arp);
  if (type == kHardwareAtm) return decode_atm_arp(link, out);
  const std::uint32_t hardware = arp[4];
  const std::uint32_t sender = 8 + hardware;
  // RFC 2734 4: no hardware address of the target.
  const std::uint32_t target = sender + 4 + (type == kHardwareIeee1394 ? 0 : hardware);
  if (arp[5] != 4 || link.network.peek(target + 4) == nullptr) return false;
  return put_arp(link, load_be16(arp + 6), arp + sender, arp + target, out);
}

bool decode_rarp(const LinkEnd& link, Packet& out) {
  const std::uint8_t* rarp = link.network.peek(24);
  if (rarp == nullptr || rarp[4] != 6 || rarp[5] > 4) return false;
  out.arp_operation = load_be16(rarp + 6);
  out.request_sense = request_sense(out.arp_operation);
  put_wide_key(out, mac_words(rarp + 8), mac_words(rarp + 14U + rarp[5]), link.link_context, {}, 0,
               FlowKind::rarp);
  return true;
}

}  // namespace

Undecoded decode_non_ip(const LinkEnd& link, Packet& out) {
  set_payload(out, link.network, link.network.length());  // none: payload is what IP carries
  if (link.protocol == kEtherArp && decode_arp(link, out)) return Undecoded::none;
  if (link.protocol == kEtherRarp && decode_rarp(link, out)) return Undecoded::none;
  if ((out.layers & kHasMac) == 0) return Undecoded::unknown_network;
  put_wide_key(out, mac_words(out.mac_src), mac_words(out.mac_dst), link.link_context,
               {.aux = static_cast<std::uint16_t>(link.protocol)}, 0, FlowKind::ethernet);
  return Undecoded::none;
}

}  // namespace panoptes
