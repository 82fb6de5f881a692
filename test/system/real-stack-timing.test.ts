// What a real kernel knows beside losses (real-stacks.test.ts), against what the probe says: round trips, closed
// windows, keep-alives, marks of congestion. The path loses nothing here. Skipped, and reported so, where namespaces
// cannot be made.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../src/client/stream.js';
import { pcapFile } from '../../src/sample/capture-writer.js';
import { tcpFrame } from '../../src/sample/packet.js';
import { type Conversation, converse } from './conversation.js';
import { Path, pathMissing } from './path.js';
import { endHelpers, type RecordOf } from './path-processes.js';
import { closedWindows, roundTrips, type Segment, tell } from './tcp-witness.js';

const missing = pathMissing();
const patience = 120_000;
const ofSender = (segment: Segment) => segment.target === 8080;
const ofReceiver = (segment: Segment) => segment.source === 8080;

/** Smoothed as in RFC 6298 2. */
const smoothed = (samples: readonly number[]) =>
  samples.reduce((srtt, sample) => (Number.isNaN(srtt) ? sample : srtt + (sample - srtt) / 8), Number.NaN);
const sum = (samples: readonly number[]) => samples.reduce((total, one) => total + one, 0);

/** The only TCP record of a capture of these segments, with the times that they have. */
async function measured(segments: readonly Segment[]): Promise<RecordOf> {
  const [near, far] = [
    { mac: '02:00:00:00:00:01', ip: '10.0.0.1' },
    { mac: '02:00:00:00:00:02', ip: '10.0.0.2' },
  ];
  const packets = segments.map((segment) => {
    const [from, to] = ofSender(segment) ? [near, far] : [far, near];
    const tcp = {
      srcPort: segment.source,
      dstPort: segment.target,
      sequence: segment.seq,
      acknowledgment: segment.ack,
      flags: segment.flags,
      window: segment.window,
      payload: new Uint8Array(segment.bytes),
    };
    const bytes = tcpFrame({ srcMac: from.mac, dstMac: to.mac }, { src: from.ip, dst: to.ip }, tcp);
    return {
      seconds: Number(segment.timeNs / 1_000_000_000n),
      nanos: Number(segment.timeNs % 1_000_000_000n),
      bytes,
    };
  });
  const folder = mkdtempSync(join(tmpdir(), 'panoptes-witness-'));
  try {
    const path = join(folder, 'witness.pcap');
    writeFileSync(path, pcapFile(packets, { nanoseconds: true }));
    const { signal } = new AbortController();
    for await (const item of openSource({ kind: 'file', path }, { signal, probe: { statusInterval: 0 } })) {
      if (item.kind !== 'batch') continue;
      expect(item.batch.rows).toBe(1);
      return (column) => item.batch.column(column)(0) ?? Number.NaN;
    }
    throw new Error('no record');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(missing !== undefined)(`time of real TCP${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let path: Path;
  beforeAll(() => {
    path = new Path();
    path.lose({});
  });
  afterEach(endHelpers);
  afterAll(() => path?.remove());

  const trips = (seen: Conversation, tap: 'atSender' | 'atProbe') =>
    roundTrips(seen[tap].filter(ofSender), seen[tap].filter(ofReceiver));

  test.each(['v4', 'v6'] as const)(
    'the round trip to the receiver is that of the sender less its own way, IP%s',
    async (family) => {
      // A receiver that gets small segments one at a time delays its ACKs after the first few.
      const pieces = 30;
      const seen = await converse(path, {
        family,
        bytes: pieces * 100,
        seed: 1,
        pieces: [100, 100],
        stepwise: true,
      });
      const atProbe = trips(seen, 'atProbe');
      expect(atProbe).toHaveLength(pieces + 2); // SYN and FIN
      expect(seen.record('dstRttCount')).toBe(atProbe.length);
      // The kernel stamps a packet for the tap and for the probe one after the other: on a busy machine microseconds
      // lie between, of trips that take a tenth of a millisecond.
      const apart = (column: 'dstRttMin' | 'dstRttMax' | 'dstRttSum', ns: number) =>
        Math.abs(seen.record(column) - ns);
      const betweenStampsNs = 100_000;
      expect(apart('dstRttMin', Math.min(...atProbe))).toBeLessThan(betweenStampsNs);
      expect(apart('dstRttMax', Math.max(...atProbe))).toBeLessThan(betweenStampsNs);
      expect(apart('dstRttSum', sum(atProbe))).toBeLessThan(betweenStampsNs * atProbe.length);
      // With the tap's own stamps they are the same to the nanosecond.
      const record = await measured(seen.atProbe);
      expect(record('dstRttCount')).toBe(atProbe.length);
      expect(record('dstRttMin')).toBe(Math.min(...atProbe));
      expect(record('dstRttMax')).toBe(Math.max(...atProbe));
      expect(record('dstRttSum')).toBe(sum(atProbe));
      // Each trip that the sender's kernel measures holds the probe's.
      const atSender = trips(seen, 'atSender');
      atSender.forEach((trip, index) => {
        expect(trip).toBeGreaterThanOrEqual(atProbe[index] ?? Number.NaN);
      });
      expect(seen.sender.minRtt * 1000).toBeGreaterThanOrEqual(seen.record('dstRttMin') - 1000);
      // Its clock stops when the ACK is looked at, on a busy machine later than it came.
      const rtt = smoothed(atSender) / 1000;
      expect(seen.sender.rtt).toBeGreaterThan(rtt - 1000);
      expect(seen.sender.rtt).toBeLessThan(rtt * 1.05 + 5000);
    },
    patience,
  );

  test.each(['v4', 'v6'] as const)(
    'a receiver that stops reading closes its window as often and as long as its kernel says, IP%s',
    async (family) => {
      const pauseMs = 2500;
      const seen = await converse(path, {
        family,
        bytes: 400_000,
        seed: 2,
        pieces: [20_000, 20_000],
        receiveBuffer: 30_000,
        receiverPauseMs: pauseMs,
      });
      const { record } = seen;
      const closed = closedWindows(seen.atProbe.filter(ofReceiver));
      expect(record('dstZeroWindows')).toBe(tell(seen.atProbe, ofReceiver).zeroWindows);
      expect(record('dstStalled')).toBeCloseTo(closed.ns, -3);
      // Each probe of the closed window is one keep-alive, and is answered with a closed window.
      const probes = seen.sender.kernel['TcpExtTCPWinProbe'] ?? 0;
      expect(probes).toBeGreaterThan(1);
      expect(record('srcKeepAlives')).toBe(probes);
      expect(closed.times).toBe(seen.receiver.kernel['TcpExtTCPToZeroWindowAdv']);
      expect(closed.times).toBe(seen.receiver.kernel['TcpExtTCPFromZeroWindowAdv']);
      expect(record('dstZeroWindows')).toBeGreaterThanOrEqual(probes);
      expect(record('dstZeroWindows')).toBeLessThanOrEqual(closed.times + probes);
      // The sender's kernel counts how long it could not send, in jiffies, the receiver how long it did not read.
      const stalledMs = record('dstStalled') / 1e6;
      expect(Math.abs(stalledMs - seen.sender.rwndLimited / 1000)).toBeLessThan(0.2 * pauseMs);
      expect(stalledMs).toBeGreaterThan(0.5 * pauseMs);
      expect(record('srcRetrans')).toBe(seen.sender.totalRetrans);
    },
    patience,
  );

  test.each(['v4', 'v6'] as const)(
    'keep-alives are those that the kernel sent, and their answers are no duplicate ACKs, IP%s',
    async (family) => {
      const seen = await converse(path, {
        family,
        bytes: 1000,
        seed: 3,
        pieces: [1000, 1000],
        keepAlives: true,
        senderPauseMs: 3600,
      });
      const sent = seen.sender.kernel['TcpExtTCPKeepAlive'];
      expect(sent).toBeGreaterThanOrEqual(2);
      expect(seen.record('srcKeepAlives')).toBe(sent);
      expect(seen.record('dstDupAcks')).toBe(0);
      expect(seen.record('srcRetrans')).toBe(0);
    },
    patience,
  );

  test(
    'marks of congestion are those that a router set and the receiver counted',
    async () => {
      path.tune({ 'net.ipv4.tcp_ecn': 1 });
      path.lose({ markNear: 100 });
      const seen = await converse(path, { family: 'v4', bytes: 300_000, seed: 4, pieces: [1000, 20_000] });
      path.tune({ 'net.ipv4.tcp_ecn': 2 });
      const { marked } = path.lost('near');
      path.lose({});
      expect(marked).toBeGreaterThan(0);
      expect(seen.receiver.kernel['IpExtInCEPkts']).toBe(marked);
      expect(seen.record('srcCePackets')).toBe(marked);
      expect(seen.record('dstCePackets')).toBe(0);
    },
    patience,
  );
});
