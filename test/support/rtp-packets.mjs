// RTP and RTCP packets (RFC 3550 5.1, 6.4, 6.5, 6.6), written and read. For rtp-sender.mjs and the seeds of rtp_fuzz.

export function rtpPacket({ sequence, timestamp, ssrc, type = 0, marker = false, payload = 160 }) {
  const packet = Buffer.alloc(12 + payload, 0xd5);
  packet[0] = 0x80;
  packet[1] = (marker ? 0x80 : 0) | type;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(timestamp >>> 0, 4);
  packet.writeUInt32BE(ssrc >>> 0, 8);
  return packet;
}

function rtcpPacket(type, count, body) {
  const head = Buffer.from([0x80 | count, type, 0, 0]);
  head.writeUInt16BE(body.length / 4, 2);
  return Buffer.concat([head, body]);
}

function reportBlock({ ssrc, fraction = 0, lost = 0, highest = 0, jitter = 0, lastSr = 0, delay = 0 }) {
  const block = Buffer.alloc(24);
  block.writeUInt32BE(ssrc >>> 0, 0);
  block.writeUInt32BE((lost & 0xffffff) >>> 0, 4);
  block[4] = fraction;
  [highest, jitter, lastSr, delay].forEach((value, i) => {
    block.writeUInt32BE(Math.round(value) >>> 0, 8 + 4 * i);
  });
  return block;
}

/** `ntp`: { seconds, fraction }, 32 bits each. */
export function senderReport({ ssrc, ntp, timestamp, packets = 0, bytes = 0, blocks = [] }) {
  const body = Buffer.alloc(24);
  [ssrc, ntp.seconds, ntp.fraction, timestamp, packets, bytes].forEach((value, i) => {
    body.writeUInt32BE(value >>> 0, 4 * i);
  });
  return rtcpPacket(200, blocks.length, Buffer.concat([body, ...blocks.map(reportBlock)]));
}

export function receiverReport({ ssrc, blocks }) {
  const body = Buffer.alloc(4);
  body.writeUInt32BE(ssrc >>> 0);
  return rtcpPacket(201, blocks.length, Buffer.concat([body, ...blocks.map(reportBlock)]));
}

/** SDES with a CNAME. */
export function description(ssrc, name = 'test@host') {
  const text = Buffer.from(name);
  const body = Buffer.alloc(Math.ceil((4 + 2 + text.length + 1) / 4) * 4);
  body.writeUInt32BE(ssrc >>> 0);
  body[4] = 1;
  body[5] = text.length;
  text.copy(body, 6);
  return rtcpPacket(202, 1, body);
}

export function bye(ssrc) {
  const body = Buffer.alloc(4);
  body.writeUInt32BE(ssrc >>> 0);
  return rtcpPacket(203, 1, body);
}

export const isRtcp = (packet) => packet.length >= 8 && packet[1] >= 192 && packet[1] <= 223;

export function readRtp(packet) {
  return {
    type: packet[1] & 0x7f,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
  };
}

/** What of a compound sender and receiver need: { lastSr } of a sender report, { block } of a receiver report, { bye }. */
export function readRtcp(compound) {
  const found = {};
  for (let at = 0; at + 8 <= compound.length; at += (compound.readUInt16BE(at + 2) + 1) * 4) {
    const type = compound[at + 1];
    if (type === 200) found.lastSr = compound.readUInt32BE(at + 10); // the middle 32 bits of the NTP time
    if (type === 203) found.bye = true;
    if (type !== 201 || (compound[at] & 31) === 0) continue;
    const block = at + 8;
    found.block = {
      fraction: compound[block + 4],
      lost: (compound.readUInt32BE(block + 4) << 8) >> 8,
      jitter: compound.readUInt32BE(block + 12),
      lastSr: compound.readUInt32BE(block + 16),
      delay: compound.readUInt32BE(block + 20),
    };
  }
  return found;
}
