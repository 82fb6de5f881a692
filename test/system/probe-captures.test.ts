// The whole way from capture bytes to records, on the captures that the project makes: what is measured must be
// what was made. Needs the built addon.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ProbeOptions } from '../../src/probe/options.js';
import { Probe } from '../../src/probe/probe.js';
import { printAddress } from '../../src/record/address.js';
import type { FlowBatch } from '../../src/record/flow-batch.js';
import { pcapFile } from '../../src/sample/capture-writer.js';
import { sampleCaptures } from '../../src/sample/captures.js';
import { type FlowCount, FlowTruth, samplePackets } from '../../src/sample/sample-traffic.js';
import { decodeFrame } from '../../src/wire/codec.js';
import type { ProbeStatus } from '../../src/wire/frames.js';

const folder = mkdtempSync(join(tmpdir(), 'panoptes-captures-'));

interface Measured {
  readonly batches: FlowBatch[];
  readonly status: ProbeStatus;
  readonly notices: string[];
}

async function measure(options: ProbeOptions): Promise<Measured> {
  const batches: FlowBatch[] = [];
  const notices: string[] = [];
  let status: ProbeStatus | undefined;
  for await (const item of Probe.open(options)) {
    if (!('bytes' in item)) {
      notices.push(item.code);
      continue;
    }
    const frame = decodeFrame(item.bytes);
    if (frame.kind === 'batch') batches.push(frame.batch);
    if (frame.kind === 'status') status = frame.status;
  }
  if (!status) throw new Error('there was no status');
  return { batches, status, notices };
}

/** Packets in records, and those that were counted by name. */
function accounted({ batches, status }: Measured): number {
  let packets = 0;
  for (const batch of batches) {
    const src = batch.column('srcPackets');
    const dst = batch.column('dstPackets');
    for (let row = 0; row < batch.rows; row++) packets += (src(row) ?? 0) + (dst(row) ?? 0);
  }
  return packets + Object.values(status.undecoded).reduce((sum, count) => sum + count, 0);
}

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const captures = sampleCaptures();

test.each(captures)('every packet of $name is in one record or counter', async ({ name, packets, bytes }) => {
  const measured = await measure({ sources: [{ kind: 'file', path: file(name, bytes) }] });
  expect(measured.status.packets).toBe(packets);
  expect(measured.status.last).toBe(true);
  expect(accounted(measured)).toBe(packets);
  expect(measured.notices).toEqual(name.includes('cut') ? ['cut-file'] : []);
});

test('all formats of one capture give the same flows', async () => {
  const same = captures.filter(({ name }) =>
    /^format(-us|-ns|-be|-us-be|-ns-be|-two|-unknown)?\.pcap/.test(name),
  );
  expect(same.length).toBeGreaterThan(6);
  const counts = [];
  for (const { name, bytes } of same) {
    const { batches, status } = await measure({
      sources: [{ kind: 'file', path: file(name, bytes) }],
      statusInterval: 0,
    });
    const volume = batches.map((batch) => {
      const [srcBytes, dstBytes] = [batch.column('srcBytes'), batch.column('dstBytes')];
      return Array.from({ length: batch.rows }, (_, row) => [srcBytes(row), dstBytes(row)]);
    });
    counts.push({ flows: status.flowsOpened, bytes: status.bytes, volume });
  }
  for (const count of counts) expect(count).toEqual(counts[0]);
});

test('a gzipped file gives what the plain one gives, and several files are one run', async () => {
  const mixed = captures.find(({ name }) => name === 'mixed.pcap');
  const bytes = mixed?.bytes ?? new Uint8Array(0);
  const plain = file('plain.pcap', bytes);
  const packed = file('packed.pcap.gz', gzipSync(bytes));
  const measured = await measure({
    sources: [
      { kind: 'file', path: packed },
      { kind: 'file', path: plain },
    ],
  });
  expect(measured.notices).toEqual([]);
  expect(accounted(measured)).toBe(2 * (mixed?.packets ?? 0));
  expect(measured.status.sources.map((source) => source.received)).toEqual([mixed?.packets, mixed?.packets]);
});

test('a file that is not there costs the others nothing', async () => {
  const path = file('there.pcap', captures[0]?.bytes ?? new Uint8Array(0));
  const sources = [
    join(folder, 'absent.pcap'),
    file('words.txt', Buffer.from('no capture at all, just words')),
    path,
  ];
  const measured = await measure({ sources: sources.map((each) => ({ kind: 'file', path: each })) });
  expect(measured.notices).toEqual(['no-such-file', 'not-a-capture']);
  expect(measured.status.packets).toBe(captures[0]?.packets);
});

test('five minutes of sample traffic: packets and bytes of each flow and direction are those that were sent', async () => {
  const truth = new FlowTruth();
  const packets = [];
  for (const packet of samplePackets({ seed: 21 })) {
    if (packets.length === 40_000) break;
    packets.push(packet);
    truth.add(packet);
  }
  const path = file('sample.pcap', pcapFile(packets, { nanoseconds: true }));
  const measured = await measure({ sources: [{ kind: 'file', path }] });
  expect(accounted(measured)).toBe(packets.length);
  expect(measuredFlows(measured.batches)).toEqual(trueFlows(truth.flows()));
});

type Sums = Record<string, readonly number[]>;

function add(sums: Sums, key: string, counts: readonly number[]): void {
  const before = sums[key] ?? [0, 0, 0, 0];
  sums[key] = before.map((value, index) => value + (counts[index] ?? 0));
}

/** Key -> packets and bytes from src, packets and bytes from dst; the direction is a part of the key. */
function trueFlows(flows: readonly FlowCount[]): Sums {
  const sums: Sums = {};
  for (const { flow, packets, bytes } of flows) {
    const key = `${flow.protocol} ${flow.src} ${flow.srcPort} ${flow.dst} ${flow.dstPort}`;
    add(sums, key, [packets[0], bytes[0], packets[1], bytes[1]]);
  }
  return sums;
}

function measuredFlows(batches: readonly FlowBatch[]): Sums {
  const sums: Sums = {};
  for (const batch of batches) {
    const [src, dst] = [batch.address('src'), batch.address('dst')];
    const number = (name: Parameters<FlowBatch['column']>[0]) => {
      const read = batch.column(name);
      return (row: number) => read(row) ?? 0;
    };
    const [protocol, srcPort, dstPort] = [number('protocol'), number('srcPort'), number('dstPort')];
    const counts = [number('srcPackets'), number('srcBytes'), number('dstPackets'), number('dstBytes')];
    for (let row = 0; row < batch.rows; row++) {
      const ends = [printAddress(src(row)), srcPort(row), printAddress(dst(row)), dstPort(row)].join(' ');
      add(
        sums,
        `${protocol(row)} ${ends}`,
        counts.map((read) => read(row)),
      );
    }
  }
  return sums;
}
