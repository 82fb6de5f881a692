// Round trips of ICMP echo and DNS in real captures, against a plain reading of the same packets: each answer minus the
// first query of its addresses, ports and number. The captures belong to others: test/support/corpus.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSource } from '../../src/client/stream.js';
import { findField } from '../../src/record/fields.js';
import { corpus, hasCapture } from '../support/corpus.js';

interface Frame {
  readonly ns: bigint;
  readonly bytes: Buffer;
}

/** The frames of a little-endian pcap of Ethernet. */
function ethernetFrames(file: string): Frame[] {
  const data = readFileSync(join(corpus, file));
  const perTick = { 2712847316: 1000n, 2712812621: 1n }[data.readUInt32LE(0)];
  if (perTick === undefined || data.readUInt32LE(20) !== 1)
    throw new Error(`${file} is another kind of file`);
  const frames: Frame[] = [];
  for (let at = 24; at < data.length; ) {
    const captured = data.readUInt32LE(at + 8);
    const ns = BigInt(data.readUInt32LE(at)) * 1_000_000_000n + BigInt(data.readUInt32LE(at + 4)) * perTick;
    frames.push({ ns, bytes: data.subarray(at + 16, at + 16 + captured) });
    at += 16 + captured;
  }
  return frames;
}

interface Message {
  readonly from: string;
  readonly to: string;
  readonly number: string;
  readonly answer: boolean;
}

/** An echo of IPv4 or a DNS message over UDP; no fragments, no extension headers. */
function readMessage(frame: Buffer, what: 'echo' | 'dns'): Message | undefined {
  if (frame.length < 42) return undefined;
  const six = frame.readUInt16BE(12) === 0x86dd;
  if (!six && frame.readUInt16BE(12) !== 0x0800) return undefined;
  const ip = frame.subarray(14);
  if (!six && (ip.readUInt16BE(6) & 0x3fff) !== 0) return undefined;
  const [at, size] = six ? [8, 16] : [12, 4];
  const [src, dst] = [at, at + size].map((from) => ip.subarray(from, from + size).toString('hex'));
  const protocol = ip[six ? 6 : 9];
  const inner = ip.subarray(six ? 40 : ((ip[0] as number) & 15) * 4);
  if (what === 'echo' && protocol === 1 && (inner[0] === 8 || inner[0] === 0)) {
    return {
      from: `${src}`,
      to: `${dst}`,
      number: inner.subarray(4, 8).toString('hex'),
      answer: inner[0] === 0,
    };
  }
  if (what === 'dns' && protocol === 17 && inner.length >= 20) {
    const ports = [inner.readUInt16BE(0), inner.readUInt16BE(2)];
    if (!ports.includes(53)) return undefined;
    return {
      from: `${src}:${ports[0]}`,
      to: `${dst}:${ports[1]}`,
      number: inner.subarray(8, 10).toString('hex'),
      answer: ((inner[10] as number) & 0x80) !== 0,
    };
  }
  return undefined;
}

/** Milliseconds from the first query to the first answer, of every query that was answered. */
function expected(file: string, what: 'echo' | 'dns'): number[] {
  const asked = new Map<string, bigint>();
  const times: number[] = [];
  for (const { ns, bytes } of ethernetFrames(file)) {
    const message = readMessage(bytes, what);
    if (message === undefined) continue;
    const { from, to, number, answer } = message;
    const key = answer ? `${to} ${from} ${number}` : `${from} ${to} ${number}`;
    const since = asked.get(key);
    if (!answer) {
      if (since === undefined) asked.set(key, ns);
    } else if (since !== undefined) {
      times.push(Number(ns - since) / 1e6);
      asked.delete(key);
    }
  }
  return times;
}

interface Measured {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

async function measured(file: string, kind: 'echo' | 'dns'): Promise<Measured[]> {
  const column = (name: string) => findField(name) ?? expect.fail(`there is no field ${name}`);
  const out: Measured[] = [];
  const source = openSource(
    { kind: 'file', path: join(corpus, file) },
    { signal: new AbortController().signal, probe: { statusInterval: 5 } },
  );
  for await (const item of source) {
    if (item.kind !== 'batch') continue;
    const [count, mean, min, max, by] = ['drttn', 'drttavg', 'drttmin', 'drttmax', 'rttkind'].map((name) =>
      column(name).read(item.batch),
    );
    for (let row = 0; row < item.batch.rows; row++) {
      if (by?.(row) !== kind) continue;
      out.push({
        count: count?.(row) as number,
        mean: mean?.(row) as number,
        min: min?.(row) as number,
        max: max?.(row) as number,
      });
    }
  }
  return out;
}

const cases = [
  ['icmp_pings.pcap', 'echo'],
  ['dns_a_aaaa_mx.pcap', 'dns'],
  ['dns_dnssec.pcap', 'dns'],
  ['dns_mixed.pcap', 'dns'],
  ['dns_nxdomain.pcap', 'dns'],
  ['dns_ptr_cname.pcap', 'dns'],
  ['dns_txt.pcap', 'dns'],
  ['dns_tunnel.pcap', 'dns'],
] as const;

describe('response times', () => {
  test.each(cases)('of %s are those of its %s messages', async (file, what) => {
    if (!hasCapture(file)) return;
    const want = expected(file, what);
    const rows = await measured(file, what);
    expect(want.length).toBeGreaterThan(0);
    expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(want.length);
    const sum = want.reduce((total, ms) => total + ms, 0);
    expect(rows.reduce((total, row) => total + row.count * row.mean, 0)).toBeCloseTo(sum, 4);
    expect(Math.min(...rows.map((row) => row.min))).toBeCloseTo(Math.min(...want), 6);
    expect(Math.max(...rows.map((row) => row.max))).toBeCloseTo(Math.max(...want), 6);
  });
});
