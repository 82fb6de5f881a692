// Headers of a side that may be RTP or RTCP, until others tell. They stand in the flow itself,
// where TCP has its state, so that suspicion costs no memory, and a flood of it none either.
#pragma once

#include <cstdint>

namespace panoptes {

// Two of them: of streams that take turns one is found soon. All 0: none.
struct RtpCandidates {
  std::uint32_t ssrc[2];
  std::uint32_t timestamp[2];
  std::uint32_t time[2];  // in steps of 16 ns, modulo 68 s
  std::uint16_t sequence[2];
  std::uint8_t second[2];  // second byte of the header: marker and payload type, or type of RTCP
  std::uint8_t fine;       // 4 bits each: the rest of the time
  std::uint8_t count : 2;
  std::uint8_t misses : 5;  // headers that did not go on where others were
  std::uint8_t oldest : 1;  // to be replaced next

  void set_time(int i, std::int64_t time_ns) {
    time[i] = static_cast<std::uint32_t>(time_ns >> 4);
    const auto rest = static_cast<unsigned>(time_ns & 15);
    fine = static_cast<std::uint8_t>((fine & (0xf0 >> 4 * i)) | rest << 4 * i);
  }
  std::int64_t time_ns(int i, std::int64_t now_ns) const {
    const auto ago = static_cast<std::uint32_t>(now_ns >> 4) - time[i];
    return ((now_ns >> 4) - static_cast<std::int32_t>(ago)) * 16 + (fine >> 4 * i & 15);
  }
};
static_assert(sizeof(RtpCandidates) == 32);

}  // namespace panoptes
