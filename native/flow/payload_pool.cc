#include "flow/payload_pool.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "flow/free_list.h"
#include "flow/payload_mask.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kSmallBytes = 64;  // of flows that only rules keep something of
constexpr std::uint32_t kSmallOf32Flows = 3, kLeastSmall = 1024;
constexpr std::uint32_t kFlowsPerLarge = 256, kLeastLarge = 64;

void store(std::uint8_t* to, const std::uint8_t* from, std::uint32_t n, bool masked) {
  if (masked) {
    copy_masked(to, from, n);
  } else {
    std::memcpy(to, from, n);
  }
}

}  // namespace

std::vector<PayloadClass> payload_classes(const PayloadRules& rules, std::uint32_t max_flows) {
  if (rules.largest() == 0) return {};
  std::uint32_t small = rules.rest().bytes;
  if (small == 0) {
    small = kSmallBytes;
    for (const PayloadRule& rule : rules.rules()) {
      if (rule.bytes != 0) small = std::min<std::uint32_t>(small, rule.bytes);
    }
  }
  std::vector<PayloadClass> classes = {
      {small, std::max(max_flows / 32 * kSmallOf32Flows, kLeastSmall)}};
  std::array<std::uint32_t, 17> largest{};  // by power of two
  for (const PayloadRule& rule : rules.rules()) {
    if (rule.bytes <= small) continue;
    std::uint32_t& bytes = largest[static_cast<std::size_t>(std::bit_width(rule.bytes - 1U))];
    bytes = std::max<std::uint32_t>(bytes, rule.bytes);
  }
  for (const std::uint32_t bytes : largest) {
    if (bytes != 0) classes.push_back({bytes, std::max(max_flows / kFlowsPerLarge, kLeastLarge)});
  }
  return classes;
}

PayloadPool::Area::Area(PayloadClass of)
    : size{of.bytes, std::min(of.buffers, kNumberMask)},
      stride(buffer_bytes(of.bytes)),
      arena(std::size_t{size.buffers} * stride) {}

// `small` is at least 1, so there are at most 16 powers of two above it and it: 16 areas fit.
PayloadPool::PayloadPool(const std::vector<PayloadClass>& classes) {
  for (const PayloadClass& one : classes) {
    const Area& area = areas_.emplace_back(one);
    places_[areas_.size() - 1] = {reinterpret_cast<std::uint8_t*>(area.arena.data()), area.stride,
                                  area.size.bytes};
  }
}

std::uint32_t PayloadPool::allocate_in(std::uint32_t number) {
  Area& area = areas_[number];
  std::uint32_t handle = area.free;
  if (handle != 0) {
    area.free = head(handle).next_free;
  } else {
    if (area.fresh == area.size.buffers) return 0;
    handle = ++area.fresh | number << kAreaShift;
    area.arena.populate(area.fresh * area.stride);
  }
  return handle;
}

std::uint32_t PayloadPool::allocate(PayloadLimit limit) {
  if (areas_.empty()) return 0;
  const std::uint32_t handle = allocate_in(0);
  if (handle == 0) return 0;
  Head& h = head(handle);
  h = {};
  h.limit = limit.bytes;
  h.masked = limit.masked;
  return handle;
}

void PayloadPool::release(std::uint32_t handle) {
  Area& area = areas_[handle >> kAreaShift];
  head(handle).next_free = area.free;
  area.free = handle;
}

void PayloadPool::give_back() {
  for (std::uint32_t number = 0; number < areas_.size(); ++number) {
    Area& area = areas_[number];
    const auto handle_of = [number](std::uint32_t own) { return own | number << kAreaShift; };
    area.fresh = sort_free(
        std::exchange(area.free, 0) & kNumberMask, area.fresh,
        [&](std::uint32_t own) { return head(handle_of(own)).next_free & kNumberMask; },
        [&](std::uint32_t own) { release(handle_of(own)); });
    area.arena.release_behind(area.fresh * area.stride);
  }
}

void PayloadPool::prefault() {
  if (!areas_.empty()) areas_.front().arena.populate(areas_.front().arena.size());
}

bool PayloadPool::move_to_limit(std::uint32_t& handle) {
  const std::uint32_t limit = head(handle).limit;
  std::uint32_t number = (handle >> kAreaShift) + 1;
  while (number < areas_.size() && areas_[number].size.bytes < limit) ++number;
  if (number >= areas_.size()) return false;
  const std::uint32_t to = allocate_in(number);
  if (to == 0) return false;
  Head& from = head(handle);
  Head& until = head(to);
  until = from;
  for (const bool high : {false, true}) {
    const std::uint32_t used = std::max(from.length[high], from.ahead_to[high]);
    std::memcpy(bytes(until, to, high), bytes(from, handle, high), used);
  }
  release(handle);
  handle = to;
  return true;
}

PayloadPool::Placed PayloadPool::place(std::uint32_t& handle, bool high, std::uint32_t at,
                                       const std::uint8_t* data, std::uint32_t n) {
  Head& h = head(handle);
  const std::uint32_t limit = h.limit, before = h.length[high];
  if (at >= limit) return Placed::nothing;
  const std::uint32_t end = std::min(at + n, limit);
  if (end <= before) return Placed::nothing;
  if (at > before || h.ahead_to[high] != 0 || end > capacity(handle)) [[unlikely]]
    return place_oddly(handle, high, at, data, end);
  store(bytes(h, handle, high) + before, data + (before - at), end - before, h.masked);
  h.length[high] = static_cast<std::uint16_t>(end);
  return end == limit ? Placed::full : Placed::grown;
}

// Beyond a hole, up to one, or more than the buffer holds. `end` is within the limit.
PayloadPool::Placed PayloadPool::place_oddly(std::uint32_t& handle, bool high, std::uint32_t at,
                                             const std::uint8_t* data, std::uint32_t end) {
  const bool fits = end <= capacity(handle) || move_to_limit(handle);
  Head& h = head(handle);
  const std::uint32_t limit = fits ? h.limit : capacity(handle), before = h.length[high];
  end = std::min(end, limit);
  std::uint8_t* to = bytes(h, handle, high);
  if (at > before) {
    if (at < end) hold_ahead(h, to, high, at, end, data);
    return Placed::nothing;
  }
  const auto copy = [&](std::uint32_t from, std::uint32_t until) {
    if (from < until) store(to + from, data + (from - at), until - from, h.masked);
  };
  if (h.ahead_to[high] != 0 && end >= h.ahead_from[high]) {
    copy(before, h.ahead_from[high]);
    copy(h.ahead_to[high], end);
    end = std::max<std::uint32_t>(end, h.ahead_to[high]);
    h.ahead_from[high] = h.ahead_to[high] = 0;
  } else {
    copy(before, end);
  }
  h.length[high] = static_cast<std::uint16_t>(end);
  if (!fits) return Placed::no_room;
  return end == limit ? Placed::full : Placed::grown;
}

// One run; what touches it makes it longer, and of two that do not touch the nearer one stays.
void PayloadPool::hold_ahead(Head& h, std::uint8_t* to, bool high, std::uint32_t at,
                             std::uint32_t end, const std::uint8_t* data) {
  std::uint32_t from = h.ahead_from[high], until = h.ahead_to[high];
  if (until == 0 || end < from) {
    store(to + at, data, end - at, h.masked);
    from = at;
    until = end;
  } else if (at <= until) {
    if (at < from) {
      store(to + at, data, from - at, h.masked);
      from = at;
    }
    if (end > until) {
      store(to + until, data + (until - at), end - until, h.masked);
      until = end;
    }
  }
  h.ahead_from[high] = static_cast<std::uint16_t>(from);
  h.ahead_to[high] = static_cast<std::uint16_t>(until);
}

std::span<const std::uint8_t> PayloadPool::take(std::uint32_t handle, bool high) {
  Head& h = head(handle);
  const std::uint32_t from = h.taken[high];
  h.taken[high] = h.length[high];
  return {bytes(h, handle, high) + from, h.length[high] - from};
}

}  // namespace panoptes
