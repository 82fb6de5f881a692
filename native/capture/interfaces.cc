// Lists the network interfaces of this machine.
#include "capture/interfaces.h"

#include <net/if.h>
#include <pcap/pcap.h>

namespace panoptes {

std::vector<std::string> interface_names() {
  std::vector<std::string> names;
#ifdef __linux__
  names.emplace_back("any");
#endif
  struct if_nameindex* all = ::if_nameindex();
  if (all == nullptr) return names;
  for (const struct if_nameindex* one = all; one->if_index != 0; ++one) {
    names.emplace_back(one->if_name);
  }
  ::if_freenameindex(all);
  return names;
}

bool may_be_interface(const std::string& name) {
  return name == "any" || ::if_nametoindex(name.c_str()) != 0;
}

std::string pcap_version() { return pcap_lib_version(); }

}  // namespace panoptes
