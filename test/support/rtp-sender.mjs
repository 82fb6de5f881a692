// A sender and a receiver of RTP over real sockets, with known loss, order, duplicates and jitter, and with RTCP between
// them as a witness. Plain Node, no dependencies.
//
//   node test/support/rtp-sender.mjs receive --bind 127.0.0.1:16384
//   node test/support/rtp-sender.mjs send --to 127.0.0.1:16384 --packets 500 --lose 0.02 --reorder 0.02 --jitter 6
//
// Both print one line of JSON when they end: what the sender did, and what the receiver saw. The receiver first prints
// {"listening":PORT}; it ends with the sender's BYE, or with its stdin. In a network namespace:
// `ip netns exec NS node test/support/rtp-sender.mjs ...`; loss and delay of the network (tc netem) come on top.
//
// Options of `send`: --to HOST:PORT; --packets 500; --interval 20 (ms); --type 0 (payload type); --clock 8000 (Hz); --ssrc N;
// --seed 1 (all choices follow from it); --lose, --reorder, --duplicate (share of packets, 0 to 1); --jitter 0 (ms: each
// packet leaves up to so much later than it should); --rtcp mux | next | none (on the same ports, on the next ones, not at
// all); --reports 1000 (ms between sender reports); --linger 300 (ms to wait for the last report).
// Of `receive`: --bind ADDRESS:PORT (port 0: any), --rtcp as the sender's.
//
// A lost packet is a sequence number that is not sent. A reordered one leaves one and a half intervals late, behind its
// successor. A duplicate leaves again 5 ms later, so that no capture takes it for a copy. The first four packets and the
// last two are left alone. The sender's `jitter*` are those of RFC 3550 by the times at which it really sent: over a
// loopback what a probe measures, but for some 0.1 ms; the receiver's are by the times of arrival.
//
// Result of `send`: ssrc, type, sent (distinct), lost, outOfOrder, duplicates, expected, jitterMs, jitterMeanMs, jitterMaxMs,
// reports: [{ fraction, lost, jitterMs, rttMs }] as receiver reports came. Of `receive`: ssrc, received (distinct), expected,
// lost, outOfOrder, duplicates, jitterMs, jitterMeanMs, jitterMaxMs, senderReports.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as rtp from './rtp-packets.mjs';

const ntpEpoch = 2_208_988_800; // 1970 in seconds since 1900
const receiverSsrc = 0x5ec0bd01;

const nowMs = () => performance.timeOrigin + performance.now();

function ntpTime(ms) {
  const seconds = Math.floor(ms / 1000);
  return { seconds: seconds + ntpEpoch, fraction: Math.floor(((ms / 1000) % 1) * 2 ** 32) };
}
const middleOf = ({ seconds, fraction }) => (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;

/** Random numbers below 1 that follow from a seed (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Interarrival jitter of RFC 3550 6.4.1, order, duplicates and loss of one stream, packet by packet. */
class Witness {
  #clock;
  #last;
  #seen = new Set();
  #first;
  #highest;
  #sum = 0;
  #samples = 0;
  #max = 0;
  jitter = 0;
  outOfOrder = 0;
  duplicates = 0;

  constructor(clock) {
    this.#clock = clock;
  }

  /** `sequence` is extended: it does not wrap. */
  take(sequence, timestamp, atMs) {
    if (this.#seen.has(sequence)) {
      this.duplicates++;
      return;
    }
    this.#seen.add(sequence);
    this.#first = Math.min(this.#first ?? sequence, sequence);
    if (sequence < (this.#highest ?? sequence)) this.outOfOrder++;
    this.#highest = Math.max(this.#highest ?? sequence, sequence);
    if (this.#last) {
      const ticks = (timestamp - this.#last.timestamp) | 0;
      const difference = Math.abs(atMs - this.#last.atMs - (ticks * 1000) / this.#clock);
      this.jitter += (difference - this.jitter) / 16;
      this.#sum += this.jitter;
      this.#max = Math.max(this.#max, this.jitter);
      this.#samples++;
    }
    this.#last = { timestamp, atMs };
  }

  get received() {
    return this.#seen.size;
  }
  get expected() {
    return this.#seen.size === 0 ? 0 : this.#highest - this.#first + 1;
  }
  get highest() {
    return this.#highest ?? 0;
  }
  result() {
    return {
      expected: this.expected,
      lost: this.expected - this.received,
      outOfOrder: this.outOfOrder,
      duplicates: this.duplicates,
      jitterMs: this.jitter,
      jitterMeanMs: this.#samples === 0 ? 0 : this.#sum / this.#samples,
      jitterMaxMs: this.#max,
    };
  }
}

/** When each packet leaves, in ms from the start: [{ at, index }], in that order. */
function schedule(options) {
  const { packets, interval, seed, lose, reorder, duplicate, jitter } = options;
  const random = randomFrom(seed);
  const plan = [];
  let isLate = false;
  for (let index = 0; index < packets; index++) {
    const mayFail = index >= 4 && index < packets - 2 && !isLate;
    const [chance, again, delay] = [random(), random(), random() * jitter];
    isLate = false;
    if (mayFail && chance < lose) continue;
    isLate = mayFail && chance < lose + reorder;
    const at = index * interval + (isLate ? 1.5 * interval : Math.min(delay, interval * 0.45));
    plan.push({ at, index });
    if (index < packets - 2 && index >= 4 && again < duplicate) plan.push({ at: at + 5, index });
  }
  return plan.sort((a, b) => a.at - b.at);
}

async function bound(port, address) {
  const socket = createSocket('udp4');
  socket.bind(port, address);
  await once(socket, 'listening');
  return socket;
}

/** Sends a stream; resolves to what it did. */
export async function send(given) {
  const options = { packets: 500, interval: 20, type: 0, clock: 8000, ssrc: 0x7e57ab1e, seed: 1, ...given };
  const { host, port, type, clock, ssrc, rtcp = 'mux', reports: everyMs = 1000, linger = 300 } = options;
  const plan = schedule({ lose: 0, reorder: 0, duplicate: 0, jitter: 0, ...options });
  const media = await bound(0);
  const control = rtcp === 'next' ? await bound(0) : media;
  const random = randomFrom(options.seed + 1);
  const firstSequence = Math.floor(random() * 65536);
  const firstTimestamp = Math.floor(random() * 2 ** 32);
  const witness = new Witness(clock);
  const reports = [];
  control.on('message', (message) => {
    const at = nowMs();
    const { block } = rtp.isRtcp(message) ? rtp.readRtcp(message) : {};
    if (!block) return;
    const waited = (middleOf(ntpTime(at)) - block.lastSr - block.delay) | 0;
    reports.push({
      fraction: block.fraction / 256,
      lost: block.lost,
      jitterMs: (block.jitter * 1000) / clock,
      rttMs: block.lastSr === 0 ? undefined : (waited * 1000) / 65536,
    });
  });
  const deliver = (socket, packet, to) =>
    new Promise((resolve, reject) => {
      socket.send(packet, to, host, (error) => (error ? reject(error) : resolve()));
    });
  const ticksPerPacket = Math.round((clock * options.interval) / 1000);
  const start = nowMs() + 20;
  const report = (last = false) => {
    const at = nowMs();
    const timestamp = firstTimestamp + Math.round(((at - start) * clock) / 1000);
    const parts = [
      rtp.senderReport({ ssrc, ntp: ntpTime(at), timestamp, packets: witness.received }),
      rtp.description(ssrc),
      ...(last ? [rtp.bye(ssrc)] : []),
    ];
    return deliver(control, Buffer.concat(parts), rtcp === 'next' ? port + 1 : port);
  };
  let nextReport = start + everyMs / 2;
  for (const { at, index } of plan) {
    if (rtcp !== 'none' && nowMs() >= nextReport) {
      await report();
      nextReport += everyMs;
    }
    const wait = start + at - nowMs();
    if (wait > 1) await sleep(wait - 1);
    while (nowMs() < start + at); // timers are too coarse for the last millisecond
    const timestamp = (firstTimestamp + index * ticksPerPacket) >>> 0;
    const packet = rtp.rtpPacket({ sequence: firstSequence + index, timestamp, ssrc, type });
    witness.take(firstSequence + index, timestamp, nowMs());
    await deliver(media, packet, port);
  }
  if (rtcp !== 'none') await report();
  await sleep(linger);
  if (rtcp !== 'none') await report(true);
  media.close();
  if (control !== media) control.close();
  return { ssrc, type, sent: witness.received, ...witness.result(), reports };
}

/** Receives one stream; `done` resolves to what it saw, after the BYE or stop(). */
export async function receive({ port = 0, address = '127.0.0.1', rtcp = 'mux', clock = 8000 } = {}) {
  const media = await bound(port, address);
  const control = rtcp === 'next' ? await bound(media.address().port + 1, address) : media;
  const witness = new Witness(clock);
  let ssrc;
  let senderReports = 0;
  const before = { expected: 0, received: 0 };
  let stop;
  const stopped = new Promise((resolve) => {
    stop = resolve;
  });
  const answer = (lastSr, cameAt, to) => {
    const expected = witness.expected - before.expected;
    const lost = expected - (witness.received - before.received);
    Object.assign(before, { expected: witness.expected, received: witness.received });
    const block = {
      ssrc,
      fraction: expected > 0 && lost > 0 ? Math.floor((lost * 256) / expected) : 0,
      lost: witness.expected - witness.received,
      highest: witness.highest,
      jitter: (witness.jitter * clock) / 1000,
      lastSr,
      delay: ((nowMs() - cameAt) * 65536) / 1000,
    };
    const parts = [
      rtp.receiverReport({ ssrc: receiverSsrc, blocks: [block] }),
      rtp.description(receiverSsrc),
    ];
    control.send(Buffer.concat(parts), to.port, to.address);
  };
  const take = (message, from) => {
    const at = nowMs();
    if (rtp.isRtcp(message)) {
      const { lastSr, bye } = rtp.readRtcp(message);
      if (lastSr !== undefined) senderReports++;
      // Not at once, so that there is a delay to be told.
      if (lastSr !== undefined && ssrc !== undefined && !bye) setTimeout(answer, 50, lastSr, at, from);
      if (bye) stop();
      return;
    }
    const header = rtp.readRtp(message);
    ssrc ??= header.ssrc;
    if (header.ssrc !== ssrc) return;
    const ahead = ((header.sequence - witness.highest) << 16) >> 16;
    witness.take(witness.received === 0 ? header.sequence : witness.highest + ahead, header.timestamp, at);
  };
  media.on('message', take);
  if (control !== media) control.on('message', take);
  const done = stopped.then(() => {
    media.close();
    if (control !== media) control.close();
    return { ssrc, received: witness.received, ...witness.result(), senderReports };
  });
  return { port: media.address().port, done, stop };
}

const number = { type: 'string' };

async function main([mode, ...args]) {
  const names = [
    'packets',
    'interval',
    'type',
    'clock',
    'ssrc',
    'seed',
    'lose',
    'reorder',
    'duplicate',
    'jitter',
  ];
  const numbers = [...names, 'reports', 'linger'];
  const { values } = parseArgs({
    args,
    options: {
      to: { type: 'string' },
      bind: { type: 'string' },
      rtcp: { type: 'string' },
      ...Object.fromEntries(numbers.map((name) => [name, number])),
    },
  });
  const options = { rtcp: values.rtcp };
  for (const name of numbers) if (values[name] !== undefined) options[name] = Number(values[name]);
  if (options.rtcp === undefined) delete options.rtcp;
  const [host, port] = (values.to ?? values.bind ?? '').split(':');
  if (mode === 'send' && values.to) {
    process.stdout.write(`${JSON.stringify(await send({ ...options, host, port: Number(port) }))}\n`);
  } else if (mode === 'receive' && values.bind) {
    const receiver = await receive({ ...options, address: host, port: Number(port) });
    process.stdout.write(`${JSON.stringify({ listening: receiver.port })}\n`);
    process.stdin.on('end', receiver.stop).resume();
    process.stdout.write(`${JSON.stringify(await receiver.done)}\n`);
    process.exit(0);
  } else {
    process.stderr.write(
      'usage: rtp-sender.mjs send --to HOST:PORT ... | receive --bind ADDRESS:PORT; see its head\n',
    );
    process.exitCode = 2;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
