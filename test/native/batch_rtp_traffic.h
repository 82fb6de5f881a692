// A call whose RTP loses and reorders packets, with RTCP on its ports, and RTCP on ports of its
// own. For the golden batches.
#pragma once

#include "rtp_support.h"

namespace panoptes {

// send(seconds, frame)
template <typename Send>
void rtp_traffic(double now, const Send& send) {
  constexpr std::uint64_t kNtp = 0xe0000001'80000000;
  constexpr std::uint32_t kMiddle = 0x00018000, kAnswer = 0x0a0a0a0a;
  for (std::uint16_t i = 0; i < 60; ++i) {
    if (i == 20 || i == 21) continue;
    // One is overtaken, one comes twice, and speech pauses once.
    const auto sequence = static_cast<std::uint16_t>(i == 30 ? 31 : i == 31 ? 30 : i);
    const std::uint32_t pause = i >= 50 ? 4000 : 0;
    const RtpFields f{
        .sequence = sequence, .timestamp = sequence * 160U + pause, .marker = i == 50};
    const double at = now + (i * 160 + pause) / 8000.0 + (i % 7 == 3 ? 0.004 : 0);
    send(at, datagram(rtp_bytes(f), false, i));
    if (i == 40) send(at + 0.002, datagram(rtp_bytes(f), false, 1000));
    if (i % 2 == 0) {  // the other way a dynamic type, of which the clock is not known
      const RtpFields back{.sequence = static_cast<std::uint16_t>(i / 2),
                           .timestamp = i * 48U,
                           .type = 111,
                           .ssrc = kAnswer};
      send(at + 0.005, datagram(rtp_bytes(back), true, i));
    }
  }
  send(now + 2, datagram(sender_report(kSsrc, kNtp, 16000)));
  send(now + 2.1,
       datagram(receiver_report(
                    kAnswer,
                    {{.fraction = 8, .lost = -2, .jitter = 24, .last_sr = kMiddle, .delay = 3277}}),
                true));
  const auto own = [&](double at, const frames::Bytes& report, bool back) {
    send(at, datagram(report, back, 1, kRtpPort + 1));
  };
  own(now + 2.2, sender_report(kSsrc, kNtp, 0) + description(kSsrc), false);
  own(now + 2.3, receiver_report(kAnswer, {{.lost = 3}}) + description(kAnswer), true);
}

}  // namespace panoptes
