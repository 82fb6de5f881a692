// What this machine has to capture on, and with.
#pragma once

#include <string>
#include <vector>

namespace panoptes {

std::vector<std::string> interface_names();  // in the system's order; "any" first where it exists
std::string pcap_version();                  // libpcap's own words

}  // namespace panoptes
