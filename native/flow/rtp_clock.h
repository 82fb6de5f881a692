// Clock rates of RTP timestamps: of static payload types by RFC 3551, of others by watching them
// run against arrival times. Used by rtp_stream.cc and rtp_reports.cc.
#pragma once

#include <cstdint>

namespace panoptes {

// Hz; 0: dynamic, unassigned or reserved (RFC 3551 6).
inline std::uint32_t static_clock_rate(std::uint8_t payload_type) {
  switch (payload_type) {
    case 0:   // PCMU
    case 3:   // GSM
    case 4:   // G723
    case 5:   // DVI4
    case 7:   // LPC
    case 8:   // PCMA
    case 9:   // G722, which samples at 16 kHz
    case 12:  // QCELP
    case 13:  // CN (RFC 3389)
    case 15:  // G728
    case 18:  // G729
    case 19:  // CN before RFC 3389
      return 8000;
    case 6:  // DVI4
      return 16000;
    case 10:  // L16
    case 11:
      return 44100;
    case 16:  // DVI4
      return 11025;
    case 17:
      return 22050;
    case 14:  // MPA
    case 25:  // CelB
    case 26:  // JPEG
    case 28:  // nv
    case 31:  // H261
    case 32:  // MPV
    case 33:  // MP2T
    case 34:  // H263
      return 90000;
    default:
      return 0;
  }
}

// The rate in use that is within 2 % of the measured one, 0: none.
inline std::uint32_t nearest_clock_rate(double measured) {
  for (const std::uint32_t rate :
       {8000U, 11025U, 16000U, 22050U, 24000U, 32000U, 44100U, 48000U, 90000U}) {
    const double off = measured - rate;
    if (off < 0.02 * rate && off > -0.02 * rate) return rate;
  }
  return 0;
}

}  // namespace panoptes
