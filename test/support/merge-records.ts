// What all records of a flow say together, by the rules that the schema has for merging them.
import type { ColumnName } from '../../src/record/columns.js';
import { asStatistics, readGaps } from '../../src/record/fields/gap-statistics.js';
import { rttM2, rttMeanNs } from '../../src/record/fields/rtt.js';
import { readHistogram } from '../../src/record/fields/sizes.js';
import { findField } from '../../src/record/fields.js';
import type { FlowBatch, Side } from '../../src/record/flow-batch.js';
import { mergeHistograms, mergeStatistics, type Statistics } from '../../src/record/statistics.js';
import type { RecordValues, Run } from './records.js';

const sides = ['src', 'dst'] as const;
const ofEach = (...suffixes: readonly string[]): ColumnName[] =>
  sides.flatMap((side) => suffixes.map((suffix) => `${side}${suffix}` as ColumnName));

/** Counters: the flow has what its records have together. */
const sums: readonly ColumnName[] = [
  ...ofEach('Packets', 'Bytes', 'AppBytes', 'Fragments', 'CePackets', 'Duplicates', 'ZeroWindows'),
  ...ofEach('Retrans', 'RetransBytes', 'Spurious', 'LostBefore', 'OutOfOrder', 'KeepAlives', 'DupAcks'),
  ...ofEach('GapBytes', 'Stalled', 'SynRepeats', 'FastRetrans', 'TimeoutRetrans', 'TcpStrays'),
  ...ofEach('TcpResyncs', 'TcpJumps'),
  'icmpErrors',
];
/** What the last record that says it says. */
const lasts: readonly ColumnName[] = [
  ...ofEach(
    'Ttl',
    'Tos',
    'IpId',
    'Vlan',
    'Mpls',
    'Mac',
    'Mss',
    'WindowShift',
    'TcpBase',
    'TcpOptions',
    'Window',
  ),
  ...ofEach('Address', 'Port'),
  ...(['kind', 'protocol', 'evidence', 'linkContext', 'dnsId', 'innerVlan', 'synack', 'ackdat'] as const),
  ...(['icmpType', 'icmpCode', 'icmpId', 'arpOperation', 'icmpErrorType', 'icmpErrorCode', 'inode'] as const),
  ...(['tunnelType', 'tunnelId', 'tunnelSrc', 'tunnelDst', 'tunnelDepth', 'spi', 'quicVersion'] as const),
];
/** Bits that were set at any time. */
const bits: readonly ColumnName[] = [...ofEach('TcpFlags', 'IpFlags'), 'tcpState'];
const joined: readonly ColumnName[] = ofEach('Payload');

type Value = number | bigint | string | readonly number[] | undefined;

export interface Merged {
  /** Exact. */
  readonly values: Readonly<Record<string, Value>>;
  readonly statistics: Readonly<Record<string, Statistics | undefined>>;
}

/** Flow id -> what its records say together. */
export function mergedFlows(run: Run): Map<number, Merged> {
  const statistics = statisticsOf(run.batches);
  const histograms = histogramsOf(run.batches);
  const flows = new Map<number, RecordValues[]>();
  for (const record of run.records) {
    const id = Number(record.flowId);
    flows.set(id, [...(flows.get(id) ?? []), record]);
  }
  return new Map(
    [...flows].map(([id, records]) => [
      id,
      {
        values: { ...valuesOf(records), ...Object.fromEntries(histograms.get(id) ?? []) },
        statistics: Object.fromEntries(statistics.get(id) ?? []),
      },
    ]),
  );
}

function valuesOf(records: readonly RecordValues[]): Merged['values'] {
  const values: Record<string, Value> = {};
  const defined = <T>(of: (record: RecordValues) => T | undefined): T[] =>
    records.map(of).filter((value) => value !== undefined) as T[];
  const numbers = (name: ColumnName) => defined((record) => record[name]).map(Number);
  for (const name of sums) values[name] = numbers(name).reduce((sum, value) => sum + value, 0);
  for (const name of lasts) values[name] = defined((record) => record[name]).at(-1);
  for (const name of bits) values[name] = numbers(name).reduce((all, value) => all | value, 0);
  for (const name of joined) values[name] = defined((record) => record[name]).join('');
  const start = (record: RecordValues) => BigInt(record.start ?? 0);
  // A record without packets has the time of something else.
  const starts = records
    .filter((record) => Number(record.srcPackets) + Number(record.dstPackets) > 0)
    .map(start);
  values['start'] = starts.sort((a, b) => Number(a - b))[0];
  for (const side of sides) {
    const of = (record: RecordValues, suffix: string) => record[`${side}${suffix}` as ColumnName];
    const first = defined((r) =>
      of(r, 'First') === undefined ? undefined : start(r) + BigInt(of(r, 'First') ?? 0),
    );
    const last = defined((r) =>
      of(r, 'First') === undefined
        ? undefined
        : start(r) + BigInt(of(r, 'First') ?? 0) + BigInt(of(r, 'Span') ?? 0),
    );
    values[`${side} first`] = first[0];
    values[`${side} last`] = last.at(-1);
    const extreme = (name: string, pick: (...all: number[]) => number, otherwise: string) => {
      const all = defined((r) =>
        of(r, 'First') === undefined ? undefined : (of(r, name) ?? of(r, otherwise)),
      );
      values[`${side}${name}`] = all.length === 0 ? undefined : pick(...all.map(Number));
    };
    extreme('MinSize', Math.min, 'Bytes');
    extreme('MaxSize', Math.max, 'Bytes');
    extreme('TtlMin', Math.min, 'Ttl');
    extreme('TtlMax', Math.max, 'Ttl');
  }
  return values;
}

type Reader = (batch: FlowBatch, side: Side) => (row: number) => Statistics | undefined;

// In milliseconds, as the fields are.
const readRoundTrips: Reader = (batch, side) => {
  const field = (word: string) => findField(`${side.slice(0, 1)}rtt${word}`)?.read(batch);
  const [count, min, max] = [field('n'), field('min'), field('max')];
  const [mean, m2] = [rttMeanNs(batch, side), rttM2(batch, side)];
  return (row) => {
    const samples = Number(count?.(row) ?? 0);
    if (samples === 0) return undefined;
    return {
      count: samples,
      mean: (mean(row) ?? Number.NaN) / 1e6,
      m2: (m2(row) ?? Number.NaN) / 1e12,
      min: Number(min?.(row)),
      max: Number(max?.(row)),
    };
  };
};

const kinds: Readonly<Record<string, Reader>> = {
  gaps: (batch, side) => gaps(batch, side, 'all'),
  'active gaps': (batch, side) => gaps(batch, side, 'active'),
  'idle gaps': (batch, side) => gaps(batch, side, 'idle'),
  'round trips': readRoundTrips,
};

function gaps(batch: FlowBatch, side: Side, of: 'all' | 'active' | 'idle') {
  const read = readGaps(batch, side, of);
  return (row: number) => asStatistics(read(row));
}

function statisticsOf(batches: readonly FlowBatch[]): Map<number, Map<string, Statistics>> {
  const flows = new Map<number, Map<string, Statistics>>();
  for (const batch of batches) {
    const id = batch.column('flowId');
    for (const side of sides) {
      for (const [kind, bind] of Object.entries(kinds)) {
        const read = bind(batch, side);
        for (let row = 0; row < batch.rows; row++) {
          const value = read(row);
          if (!value) continue;
          const flow = flows.get(id(row) ?? 0) ?? new Map<string, Statistics>();
          const known = flow.get(`${side} ${kind}`);
          flow.set(`${side} ${kind}`, known ? mergeStatistics(known, value) : value);
          flows.set(id(row) ?? 0, flow);
        }
      }
    }
  }
  return flows;
}

/** Frames by size. */
function histogramsOf(batches: readonly FlowBatch[]): Map<number, Map<string, readonly number[]>> {
  const flows = new Map<number, Map<string, readonly number[]>>();
  for (const batch of batches) {
    const id = batch.column('flowId');
    for (const side of sides) {
      const read = readHistogram(batch, side);
      for (let row = 0; row < batch.rows; row++) {
        const value = read(row);
        if (!value) continue;
        const flow = flows.get(id(row) ?? 0) ?? new Map<string, readonly number[]>();
        const known = flow.get(`${side} sizes`);
        flow.set(`${side} sizes`, known ? mergeHistograms(known, value) : value);
        flows.set(id(row) ?? 0, flow);
      }
    }
  }
  return flows;
}
