// The meters of TCP against real kernels: what the sender's and the receiver's TCP counted, what the routers lost, and
// what the probe between them says, must be the same numbers. Skipped, and reported so, where namespaces cannot be
// made. PANOPTES_REAL_STACK_RUNS=20 runs more of the lossy connections, PANOPTES_REAL_STACK_SEED=n others.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { type ColumnName, columns } from '../../src/record/columns.js';
import { type Conversation, converse, type Job } from './conversation.js';
import { type Losses, Path, pathMissing } from './path.js';
import { endHelpers } from './path-processes.js';
import { equalAtOnce, needless, type Segment, tell } from './tcp-witness.js';

const missing = pathMissing();
const runs = Number(process.env['PANOPTES_REAL_STACK_RUNS'] ?? 8);
const firstSeed = Number(process.env['PANOPTES_REAL_STACK_SEED'] ?? 1);

/** Of 1000 segments. Before the probe is before it in the direction of the data. */
const placements: readonly { where: string; near?: Losses; far?: Losses }[] = [
  { where: 'before the probe', near: { toReceiver: 25 } },
  { where: 'behind the probe', far: { toReceiver: 25 } },
  { where: 'on both sides', near: { toReceiver: 20 }, far: { toReceiver: 20 } },
  { where: 'of the ACKs', near: { toSender: 100 }, far: { toSender: 100 } },
  { where: 'everywhere', near: { toReceiver: 20, toSender: 50 }, far: { toReceiver: 20, toSender: 50 } },
];

const lossy = Array.from({ length: runs }, (_, run) => ({
  family: (['v4', 'v6'] as const)[run & 1] ?? 'v4',
  sack: (run >> 1) & 1,
  timestamps: (run >> 2) & 1,
  // After eight runs each has another place.
  placement: placements[(run + (run >> 3)) % placements.length] ?? { where: 'nowhere' },
  seed: firstSeed + run,
}));

const ofSender = (segment: Segment) => segment.target === 8080;
const ofReceiver = (segment: Segment) => segment.source === 8080;

const sides = [
  { side: 'src', of: ofSender, stack: 'sender', tap: 'atSender', router: 'near', way: 'toReceiver' },
  { side: 'dst', of: ofReceiver, stack: 'receiver', tap: 'atReceiver', router: 'far', way: 'toSender' },
] as const;

// Losses are random, and now and then leave no evidence on the wire of what was sent again and what was overtaken, or is
// a keep-alive. Such a run is repeated with other losses; what is wrong would be wrong again.
const repeats = { retry: 2 };

describe.skipIf(missing !== undefined)(`real TCP${missing ? ` (skipped: ${missing})` : ''}`, repeats, () => {
  let path: Path;
  beforeAll(() => {
    path = new Path();
  });
  afterEach(endHelpers);
  afterAll(() => path?.remove());

  /** The segments of a connection that failed its test can be looked at afterwards. */
  async function held(job: Job): Promise<Conversation> {
    const seen = await converse(path, job);
    onTestFailed(() => {
      const file = join(tmpdir(), `panoptes-real-tcp-${process.pid}-${job.seed}.json`);
      const bigints = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value);
      const names = Object.keys(columns) as ColumnName[];
      const record = Object.fromEntries(names.map((name) => [name, seen.record(name)]));
      writeFileSync(file, JSON.stringify({ job, ...seen, record }, bigints));
      console.error(`seed ${job.seed}: what each tap and kernel saw is in ${file}`);
    });
    expect(seen.receiver.received).toBe(job.bytes);
    expect(seen.status.dropped).toBe(0);
    return seen;
  }

  for (const { family, sack, timestamps, placement, seed } of lossy) {
    const options = `${sack ? 'SACK' : 'no SACK'}, ${timestamps ? 'timestamps' : 'no timestamps'}`;
    test(`counts what the kernels count: IP${family}, ${options}, losses ${placement.where} (seed ${seed})`, async () => {
      path.tune({ 'net.ipv4.tcp_sack': sack, 'net.ipv4.tcp_timestamps': timestamps });
      path.lose(placement);
      const seen = await held({
        family,
        bytes: 300_000 + (seed % 20) * 10_000,
        seed,
        pieces: [200, 20_000],
        // No more than 8 segments of what is under way are lost at once: the probe follows so many holes.
        receiveBuffer: 48_000,
      });
      const { record } = seen;
      const sideCopies = { src: 0, dst: 0 };
      for (const { side, of, stack, tap, router, way } of sides) {
        const sent = tell(seen[tap], of);
        const passed = tell(seen.atProbe, of);
        const lost = { packets: sent.packets - passed.packets, bytes: sent.bytes - passed.bytes };
        const lostCarrying = sent.carrying - passed.carrying;
        // A kernel that resends puts segments together: of two, the first lost before the probe, one comes again.
        const joined = sent.carrying - sent.again - (passed.carrying - passed.again);
        // The taps saw what the routers and the kernels counted.
        expect(lost.packets, `${side}: lost before the probe`).toBe(path.lost(router)[way]);
        expect(seen[stack].totalRetrans, `${side}: resent`).toBe(sent.again);
        expect(seen[stack].bytesRetrans, `${side}: resent bytes`).toBe(sent.againBytes);

        // On a way this short a resend comes within 3 ms, on an idle machine within 1. Without SACK, and without an IP id
        // where the ACK with the SACK came too late or not at all, nothing on the wire tells it from a segment that was
        // overtaken: docs/metrics.md.
        const tells = sack && family === 'v4';
        const lostBefore = record(`${side}LostBefore`);
        const outOfOrder = record(`${side}OutOfOrder`);
        // Without an IP id a resend within a millisecond is what a copy made by the capture looks like, unless SACK
        // asked for it: docs/metrics.md.
        const copies = record(`${side}Duplicates`);
        const atOnce = family === 'v6' ? equalAtOnce(seen.atProbe.filter(of)).sort((a, b) => a - b) : [];
        expect(copies, `${side}: copies`).toBeLessThanOrEqual(atOnce.length);
        const bytesOf = (some: readonly number[]) => some.reduce((sum, bytes) => sum + bytes, 0);
        const copiedBytes = seen[stack].bytesRetrans - lost.bytes - record(`${side}RetransBytes`);
        expect(copiedBytes, `${side}: copied bytes`).toBeGreaterThanOrEqual(bytesOf(atOnce.slice(0, copies)));
        const largest = atOnce.slice(atOnce.length - copies);
        expect(copiedBytes, `${side}: copied bytes`).toBeLessThanOrEqual(bytesOf(largest));
        sideCopies[side] = copies;
        const counted = {
          packets: record(`${side}Packets`),
          retrans: record(`${side}Retrans`) + copies,
          lostBefore: lostBefore + (tells ? 0 : outOfOrder),
          appBytes: record(`${side}AppBytes`),
          synRepeats: record(`${side}SynRepeats`),
          outOfOrder: tells ? outOfOrder : 0,
          keepAlives: record(`${side}KeepAlives`),
          gapBytes: record(`${side}GapBytes`),
          strays: record(`${side}TcpStrays`),
          resyncs: record(`${side}TcpResyncs`),
        };
        expect(counted, side).toEqual({
          packets: passed.packets,
          // Each number is sent once and then again; what was lost before the probe is missing from one or the other,
          // and in the end all of it has passed.
          retrans: seen[stack].totalRetrans - lostCarrying + joined,
          lostBefore: passed.filling,
          appBytes: seen[stack].bytesSent - lost.bytes,
          synRepeats: passed.synAgain,
          outOfOrder: 0,
          keepAlives: 0,
          gapBytes: 0,
          strays: 0,
          resyncs: 0,
        });
      }
      // Needless resends: no more than there were, and all that the receiver told its sender of by DSACK (RFC 2883).
      const spurious = needless(seen.atProbe.filter(ofSender), seen.atReceiver.filter(ofSender));
      expect(record('srcSpurious'), 'spurious').toBeLessThanOrEqual(spurious);
      expect(record('srcSpurious') + sideCopies.src, 'spurious').toBeGreaterThanOrEqual(
        seen.sender.dsackDups,
      );
      // That all of it is of one connection in one record.
      expect(seen.status.tcpHolesOverflow).toBe(0);
      expect(seen.status.tcpSkipped).toBe(0);
    });
  }
});
