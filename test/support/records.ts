// Records of a whole run as plain values, to be compared with those of another run.
import type { ProbeOptions } from '../../src/probe/options.js';
import { Probe } from '../../src/probe/probe.js';
import { statusOf } from '../../src/probe/status.js';
import { addressColumns, type ColumnName, columns } from '../../src/record/columns.js';
import type { FlowBatch } from '../../src/record/flow-batch.js';
import { pcapFile } from '../../src/sample/capture-writer.js';
import { decodeFrame } from '../../src/wire/codec.js';
import type { ProbeStatus } from '../../src/wire/frames.js';
import type { Packets } from './transform-capture.js';

/** Column -> value: numbers, addresses and payload in hex, START in nanoseconds since 1970. Missing ones are not there. */
export type RecordValues = { readonly [Name in ColumnName]?: number | bigint | string };

export interface Run {
  readonly batches: readonly FlowBatch[];
  readonly records: readonly RecordValues[];
  readonly status: ProbeStatus;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const addresses: ReadonlySet<string> = new Set(addressColumns);
const macs: ReadonlySet<string> = new Set(['srcMac', 'dstMac']);
const payloads: ReadonlySet<string> = new Set(['srcPayload', 'dstPayload']);

/** What a probe makes of these captures, one file after the other. */
export async function measure(
  captures: readonly Packets[],
  options: Omit<ProbeOptions, 'sources'> = {},
): Promise<Run> {
  const sources = captures.map((packets, index) => ({
    kind: 'feed' as const,
    name: `capture ${index}`,
    live: false,
    bytes: async function* () {
      yield pcapFile(packets, { nanoseconds: true });
    },
  }));
  const probe = Probe.open({ ...options, sources });
  const batches: FlowBatch[] = [];
  for await (const item of probe) {
    if (!('bytes' in item)) throw new Error(item.message);
    const frame = decodeFrame(item.bytes);
    if (frame.kind === 'batch') batches.push(frame.batch);
  }
  return { batches, records: recordsOf(batches), status: statusOf(probe) };
}

/** In the order of flows, then of time: when a record goes out is no part of what it says. */
function recordsOf(batches: readonly FlowBatch[]): RecordValues[] {
  const records = batches.flatMap((batch) => {
    const readers = (Object.keys(columns) as ColumnName[]).map(
      (name) => [name, reader(batch, name)] as const,
    );
    return Array.from({ length: batch.rows }, (_, row) => {
      const values = readers.map(([name, read]) => [name, read(row)] as const);
      return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as RecordValues;
    });
  });
  const key = (of: RecordValues) => [Number(of.flowId), Number(of.start), Number(of.cause)] as const;
  return records.sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    const at = left.findIndex((value, index) => value !== right[index]);
    return at < 0 ? 0 : (left[at] as number) - (right[at] as number);
  });
}

function reader(batch: FlowBatch, name: ColumnName): (row: number) => number | bigint | string | undefined {
  if (addresses.has(name)) {
    const read = batch.address(name as (typeof addressColumns)[number]);
    return (row) => hex(read(row)) || undefined;
  }
  const side = name.startsWith('src') ? 'src' : 'dst';
  const bytes = macs.has(name) ? batch.mac(side) : payloads.has(name) ? batch.payload(side) : undefined;
  if (bytes) {
    return (row) => {
      const value = bytes(row);
      return value && hex(value);
    };
  }
  const column = batch.column(name);
  if (name === 'start') {
    return (row) => BigInt(batch.baseSeconds) * 1_000_000_000n + BigInt(column(row) ?? 0);
  }
  return column;
}

/** The records without some of what they say. */
export function without(records: readonly RecordValues[], ...names: readonly ColumnName[]): RecordValues[] {
  return records.map(
    (record) =>
      Object.fromEntries(
        Object.entries(record).filter(([name]) => !names.includes(name as ColumnName)),
      ) as RecordValues,
  );
}
