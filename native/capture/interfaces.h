// What this machine has to capture on, and with.
#pragma once

#include <string>
#include <vector>

namespace panoptes {

std::vector<std::string> interface_names();  // in the system's order; "any" first where it exists
bool may_be_interface(const std::string& name);  // a quick look; "any" may be one
std::string pcap_version();                      // libpcap's own words

}  // namespace panoptes
