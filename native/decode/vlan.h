// Stacks of VLAN tags (802.1Q, 802.1ad) and what they add to a flow's key. Used by link.cc.
#pragma once

#include <cstdint>

namespace panoptes {

// FlowKey::link_context of a stack of tags: the first VLAN id in bits 0 to 11, the second in 12 to
// 23, all deeper ones mixed into 24 to 31. Id 0 is a priority tag, not a VLAN: it is left out.
class VlanStack {
 public:
  void add(std::uint32_t id) {
    if (id == 0) return;
    if (depth_ < 2) {
      context_ |= id << (12 * depth_);
    } else {
      mixed_ = (mixed_ + id) * 0x9e3779b1U;
      context_ = (context_ & 0xffffff) | (mixed_ & 0xff000000);
    }
    ++depth_;
  }
  std::uint32_t context() const { return context_; }

 private:
  std::uint32_t context_ = 0;
  std::uint32_t mixed_ = 0;
  std::uint32_t depth_ = 0;
};

}  // namespace panoptes
