#include "capture/capture_facts.h"

#include <pcap/pcap.h>

#include "capture/link_types.h"

namespace panoptes {

std::string decimal_unit(unsigned exponent) {
  switch (exponent) {
    case 0:
      return "seconds";
    case 3:
      return "milliseconds";
    case 6:
      return "microseconds";
    case 9:
      return "nanoseconds";
    default:
      return "10^-" + std::to_string(exponent) + " s";
  }
}

LinkTypeName link_type_name(std::uint16_t link_type) {
  if (link_type == kLinkTypeUndescribed) return {};
  const int dlt = dlt_of_link_type(link_type);
  const char* name = pcap_datalink_val_to_name(dlt);
  const char* about = pcap_datalink_val_to_description(dlt);
  return {name == nullptr ? "" : name, about == nullptr ? "" : about};
}

}  // namespace panoptes
