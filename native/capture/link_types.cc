// LINKTYPE_ <-> DLT_. The two differ only where systems gave one number to different links.
#include "capture/link_types.h"

#include <pcap/pcap.h>

#include <algorithm>

namespace panoptes {
namespace {

struct Pair {
  int dlt;
  std::uint16_t link_type;
};

constexpr Pair kPairs[] = {
    {DLT_FDDI, 10},       {DLT_ATM_RFC1483, 100}, {DLT_RAW, kLinkTypeRaw}, {DLT_SLIP_BSDOS, 102},
    {DLT_PPP_BSDOS, 103}, {DLT_C_HDLC, 104},      {DLT_FRELAY, 107},       {DLT_LOOP, 108},
#ifdef DLT_ATM_CLIP
    {DLT_ATM_CLIP, 106},
#endif
#ifdef DLT_PFSYNC
    {DLT_PFSYNC, 246},
#endif
#ifdef DLT_PKTAP
    {DLT_PKTAP, 258},
#endif
};

}  // namespace

std::uint16_t link_type_of_file(std::uint16_t number) {
  // 12 is raw IP nearly everywhere, 14 on OpenBSD.
  return number == 12 || number == 14 ? kLinkTypeRaw : number;
}

std::uint16_t link_type_of_dlt(int dlt) {
  for (const Pair& pair : kPairs) {
    if (pair.dlt == dlt) return pair.link_type;
  }
  return static_cast<std::uint16_t>(dlt);
}

int dlt_of_link_type(std::uint16_t link_type) {
  for (const Pair& pair : kPairs) {
    if (pair.link_type == link_type) return pair.dlt;
  }
  return link_type;
}

std::string describe_link_type(std::uint16_t link_type) {
  const char* name = pcap_datalink_val_to_name(dlt_of_link_type(link_type));
  const std::string number = std::to_string(link_type);
  return name == nullptr ? number : name + (" (" + number + ")");
}

void UnknownLinkTypes::note(std::uint16_t link_type) {
  if (link_type == kLinkTypeUndescribed) return;  // its reader has said so
  if (seen_.size() == kMost || std::find(seen_.begin(), seen_.end(), link_type) != seen_.end()) {
    return;
  }
  seen_.push_back(link_type);
}

SourceMessage UnknownLinkTypes::take_warning(const std::string& source) {
  if (said_ == seen_.size()) return {};
  const std::string type = describe_link_type(seen_[said_++]);
  return {"unknown-link-type", source + ": packets of link type " + type + " cannot be decoded",
          "they are in no flow, but counted: undecoded, unknown_link_type"};
}

}  // namespace panoptes
