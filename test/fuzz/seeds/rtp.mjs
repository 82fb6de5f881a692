// Seeds of rtp_fuzz: streams with losses, changed places and events, video, RTCP of both ends, on shared and on own
// ports. Usage: node test/fuzz/seeds/rtp.mjs FOLDER
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as rtp from '../../support/rtp-packets.mjs';

const folder = process.argv[2];
const back = 1;
const otherPorts = 2;
const cut = 4;

/** A datagram as rtp_fuzz reads it, so many units of 64 us after the one before. */
const datagram = (payload, flags = 0, step = 312) =>
  Buffer.concat([Buffer.from([payload.length, flags, step >> 8, step & 255]), payload]);

const stream = (change = () => ({}), flags = 0) =>
  Array.from({ length: 30 }, (_, i) =>
    datagram(
      rtp.rtpPacket({ sequence: 65520 + i, timestamp: 160 * i, ssrc: 7, payload: 20, ...change(i) }),
      flags,
    ),
  );

const ntp = { seconds: 0xe0000001, fraction: 0x80000000 };
const block = { ssrc: 7, fraction: 9, lost: -1, jitter: 40, lastSr: 0x00018000, delay: 655 };
const reports = (flags) => [
  datagram(Buffer.concat([rtp.senderReport({ ssrc: 7, ntp, timestamp: 1 }), rtp.description(7)]), flags),
  datagram(rtp.receiverReport({ ssrc: 8, blocks: [block] }), flags | back),
  datagram(rtp.receiverReport({ ssrc: 8, blocks: [block, { ...block, ssrc: 9 }] }), flags | back),
  datagram(Buffer.concat([rtp.receiverReport({ ssrc: 8, blocks: [block] }), rtp.bye(8)]), flags | back),
];

const seeds = {
  audio: stream(),
  both: stream().flatMap((one, i) => [one, stream(undefined, back)[i]]),
  lossy: stream((i) => ({ sequence: i < 9 ? i : i % 5 === 0 ? i - 2 : 2 * i })),
  video: stream((i) => ({ type: 34, timestamp: 3000 * (i >> 2), marker: i % 4 === 3 })),
  dynamic: stream((i) => ({ type: 96, timestamp: 960 * i })),
  events: stream((i) => (i > 9 && i < 15 ? { type: 101, timestamp: 1600 } : {})),
  sources: stream((i) => ({ ssrc: i % 3, sequence: i })),
  cut: stream(undefined, cut),
  rtcp: reports(otherPorts),
  mux: [...stream(), ...reports(0), ...stream((i) => ({ sequence: 65550 + i, timestamp: 160 * (30 + i) }))],
};
for (const [name, datagrams] of Object.entries(seeds)) {
  writeFileSync(join(folder, name), Buffer.concat(datagrams));
}
