// RTP and RTCP end to end. Real captures: what tshark says of their streams (skipped where the captures are not beside the
// checkout, see corpus.test.ts). Real sockets: a stream over a virtual cable, whose losses, order and duplicates the
// sender knows, and of which the receiver's RTCP is a second witness (skipped where namespaces cannot be made).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../src/client/stream.js';
import { compileFilter } from '../../src/filter/compile.js';
import { parseFilter } from '../../src/filter/parser.js';
import type { FieldValue } from '../../src/record/field.js';
import { fields } from '../../src/record/fields.js';
import { Cable, type End, inside, namespacesMissing } from './namespaces.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const corpus =
  process.env['PANOPTES_CORPUS'] ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url));

type Row = (name: string) => FieldValue | undefined;

/** All records of a file, of the whole flow each; `filter` selects. */
async function rowsOf(path: string, filter: string): Promise<Row[]> {
  const rows: Row[] = [];
  const signal = new AbortController().signal;
  const tree = parseFilter(filter);
  for await (const item of openSource({ kind: 'file', path }, { signal, probe: { statusInterval: 0 } })) {
    if (item.kind !== 'batch') continue;
    const { batch } = item;
    const selects = compileFilter(tree, batch);
    for (let row = 0; row < batch.rows; row++) {
      if (selects(row)) rows.push((name) => fields.get(name)?.read(batch)(row));
    }
  }
  return rows;
}

interface TsharkStream {
  readonly src: string;
  readonly srcPort: number;
  readonly ssrc: number;
  readonly packets: number;
  readonly lost: number;
  readonly meanJitter: number;
  readonly maxJitter: number;
}

function tsharkStreams(file: string): TsharkStream[] {
  const { rtp_streams_text: lines } = JSON.parse(readFileSync(join(corpus, 'truth', `${file}.json`), 'utf8'));
  return (lines as string[]).flatMap((line) => {
    const found =
      /^ *[\d.]+ +[\d.]+ +(\S+) +(\d+) +\S+ +\d+ +0x(\w+) .* (\d+) +(-?\d+) \(.*%\)((?: +-?[\d.]+){6})/.exec(
        line,
      );
    if (!found) return [];
    const [, src = '', port, ssrc = '', packets, lost, rest = ''] = found;
    const numbers = rest.trim().split(/ +/).map(Number);
    return [
      {
        src,
        srcPort: Number(port),
        ssrc: Number.parseInt(ssrc, 16),
        packets: Number(packets),
        lost: Number(lost),
        meanJitter: numbers[4] as number,
        maxJitter: numbers[5] as number,
      },
    ];
  });
}

describe.skipIf(!existsSync(join(corpus, 'manifest.csv')))('RTP in real captures', () => {
  const measured = async (file: string) => {
    const rows = await rowsOf(join(corpus, file), 'rtp');
    return (stream: TsharkStream) => {
      for (const row of rows) {
        for (const letter of ['s', 'd']) {
          if (row(`${letter}addr`) !== stream.src || row(`${letter}port`) !== stream.srcPort) continue;
          return (name: string) => row(`${letter}rtp${name}`) as number | undefined;
        }
      }
      throw new Error(`no RTP from ${stream.src}`);
    };
  };

  test.each(['rtp_jitter_exact.pcap', 'rtp_sip.pcap'])('%s: all is as tshark says', async (file) => {
    const find = await measured(file);
    const streams = tsharkStreams(file);
    expect(streams).toHaveLength(1);
    for (const stream of streams) {
      const ours = find(stream);
      expect([ours('ssrc'), ours('pkts'), ours('loss')]).toEqual([stream.ssrc, stream.packets, stream.lost]);
      expect(ours('jitavg')).toBeCloseTo(stream.meanJitter, 3);
      expect(ours('jitmax')).toBeCloseTo(stream.maxJitter, 3);
    }
  });

  test('rtp_stream.pcapng: three calls, two streams of one direction', async () => {
    const find = await measured('rtp_stream.pcapng');
    const streams = tsharkStreams('rtp_stream.pcapng');
    expect(streams).toHaveLength(5);
    for (const stream of streams) {
      const ours = find(stream);
      const together = streams.filter(({ src }) => src === stream.src);
      expect(ours('pkts')).toBe(together.reduce((sum, { packets }) => sum + packets, 0));
      expect(ours('streams')).toBe(together.length);
      expect(ours('loss')).toBe(0);
      const busiest = Math.max(...together.map(({ packets }) => packets));
      if (stream.packets === busiest) expect(ours('ssrc')).toBe(stream.ssrc);
      // Of dynamic types tshark has none, and here they last less than a second. Of video it leaves out marked packets
      // in the mean.
      if (stream.maxJitter > 0) expect(ours('jitmax')).toBeCloseTo(stream.maxJitter, 3);
      else expect(ours('jit')).toBeUndefined();
    }
  });

  test('rtp_fax.pcap: loss and SSRC; the packets that tshark takes for T.38 by SDP are RTP', async () => {
    const find = await measured('rtp_fax.pcap');
    const streams = tsharkStreams('rtp_fax.pcap');
    const misread = 27; // "malformed" T.38
    for (const stream of streams) {
      const ours = find(stream);
      expect([ours('ssrc'), ours('loss')]).toEqual([stream.ssrc, stream.lost]);
      expect(ours('pkts')).toBe(stream.packets + (stream.src === '10.35.60.100' ? misread : 0));
      expect(ours('jitavg')).toBeCloseTo(stream.meanJitter, 2);
      expect(ours('jitmax')).toBeGreaterThan(stream.maxJitter * 0.9);
      expect(ours('jitmax')).toBeLessThan(stream.maxJitter * 1.1);
    }
  });

  test('rtp_sip.pcap: RTCP on ports of its own', async () => {
    const [row, ...more] = await rowsOf(join(corpus, 'rtp_sip.pcap'), 'rtcp and udp');
    expect(more).toEqual([]);
    expect([row?.('proto'), row?.('sport'), row?.('srtcppkts')]).toEqual(['rtcp', 30001, 1]);
  });

  test('no other capture has any', async () => {
    const names = readFileSync(join(corpus, 'manifest.csv'), 'utf8').split('\n').slice(1);
    const files = names.map((line) => line.split(',')[0] ?? '').filter((file) => /\.pcap/.test(file));
    expect(files.length).toBeGreaterThan(90);
    for (const file of files.filter((name) => !name.startsWith('rtp_'))) {
      expect(await rowsOf(join(corpus, file), 'rtp or rtcp'), file).toEqual([]);
    }
  }, 300_000);
});

const missing = namespacesMissing();
const program = join(project, 'test/support/rtp-sender.mjs');

function start(end: End, ...args: string[]): ChildProcess {
  return spawn('ip', ['netns', 'exec', end.namespace, process.execPath, ...args], {
    cwd: project,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

async function* jsonLines(child: ChildProcess): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream }))
    yield JSON.parse(line);
}

/** What rtp-sender.mjs prints of both ends. */
interface Seen {
  readonly ssrc: number;
  readonly lost: number;
  readonly outOfOrder: number;
  readonly duplicates: number;
  readonly jitterMeanMs: number;
}

interface Streamed {
  readonly sender: Seen & {
    readonly sent: number;
    readonly reports: readonly { readonly lost: number; readonly jitterMs: number }[];
  };
  readonly receiver: Seen;
  readonly rows: readonly Row[];
}

describe.skipIf(missing !== undefined)(`RTP over a cable${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cable: Cable;
  let folder: string;
  beforeAll(() => {
    cable = new Cable();
    folder = mkdtempSync(join(tmpdir(), 'panoptes-rtp-'));
  });
  afterAll(() => {
    cable?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** From the far end to the near one, where the probe listens. */
  async function stream(name: string, ...options: string[]): Promise<Streamed> {
    const { near, far } = cable;
    const file = join(folder, `${name}.pan`);
    const probe = start(near, 'bin/panoptes.js', 'probe', '-i', near.interface, '-w', file, '-S', '0');
    const sockets = () => inside(near.namespace, 'cat', '/proc/net/packet').trim().split('\n').length - 1;
    for (let tries = 0; tries < 400 && sockets() < 1; tries++) await sleep(25);
    const rtcp = options.includes('next') ? ['--rtcp', 'next'] : [];
    const receiver = start(near, program, 'receive', '--bind', `${near.address}:16384`, ...rtcp);
    const seen = jsonLines(receiver);
    await seen.next(); // it listens
    const sender = start(far, program, 'send', '--to', `${near.address}:16384`, ...options);
    const sent = (await jsonLines(sender).next()).value;
    const received = (await seen.next()).value;
    await sleep(400);
    probe.kill('SIGINT');
    await once(probe, 'exit');
    return {
      sender: sent as Streamed['sender'],
      receiver: received as Streamed['receiver'],
      rows: await rowsOf(file, 'udp'),
    };
  }

  test('losses, order, duplicates and jitter are those of the sender and of the receiver', async () => {
    const options = ['--packets', '200', '--lose', '0.05', '--reorder', '0.05', '--duplicate', '0.04'];
    const { sender, receiver, rows } = await stream('mux', ...options, '--jitter', '6', '--reports', '700');
    expect(rows).toHaveLength(1);
    const row = rows[0] as Row;
    expect(row('proto')).toBe('rtp');
    expect(sender.lost).toBeGreaterThan(0);
    expect(sender.outOfOrder).toBeGreaterThan(0);
    expect({
      ssrc: row('srtpssrc'),
      received: row('srtppkts'),
      lost: row('srtploss'),
      outOfOrder: row('srtpooo'),
      duplicates: row('srtpdup'),
      sloss: row('sloss'),
    }).toEqual({
      ssrc: sender.ssrc,
      received: sender.sent,
      lost: sender.lost,
      outOfOrder: sender.outOfOrder,
      duplicates: sender.duplicates,
      sloss: sender.lost,
    });
    expect(receiver.lost).toBe(sender.lost);
    // Sender, probe and receiver have their own clocks and their own delays, of a few ms on a busy machine.
    const mean = row('srtpjitavg') as number;
    expect(mean).toBeGreaterThan(Math.min(sender.jitterMeanMs, receiver.jitterMeanMs) - 2);
    expect(mean).toBeLessThan(Math.max(sender.jitterMeanMs, receiver.jitterMeanMs) + 2);
  });

  test('RTCP on the same ports says what the receiver saw', async () => {
    const { sender, rows } = await stream('rtcp', '--packets', '150', '--lose', '0.08', '--reports', '700');
    const row = rows[0] as Row;
    const last = sender.reports.at(-1);
    expect(sender.reports.length).toBeGreaterThanOrEqual(3);
    expect(row('drtcppkts')).toBe(sender.reports.length);
    expect(row('srtcplost')).toBe(last?.lost);
    expect(row('srtcplost')).toBe(row('srtploss'));
    expect(row('srtcpjit')).toBeCloseTo(last?.jitterMs as number, 3);
    // The way to the near end is none; what the receiver needs to read and to answer is in it.
    expect(row('drtcprttn')).toBe(sender.reports.length);
    expect(row('drtcprtt')).toBeLessThan(50);
    expect(row('srtcprtt')).toBeUndefined();
  });

  test('RTCP on the next ports is a flow of its own', async () => {
    const { sender, rows } = await stream('next', '--rtcp', 'next', '--packets', '150', '--reports', '700');
    const of = (proto: string) => rows.find((row) => row('proto') === proto) as Row;
    expect(rows).toHaveLength(2);
    expect(of('rtp')('srtppkts')).toBe(150);
    expect(of('rtp')('srtcppkts')).toBeUndefined();
    expect(of('rtcp')('drtcppkts')).toBe(sender.reports.length);
    expect(of('rtcp')('srtcplost')).toBe(0);
    expect(of('rtcp')('drtcprttn')).toBe(sender.reports.length);
  });
});
