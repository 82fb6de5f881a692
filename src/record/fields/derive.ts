// Readers that several groups of the field table build on. Neighbours: columns below, fields/*.ts above.
import type { ColumnName } from '../columns.js';
import type { RowReader } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';

/** Column names of one side: sideColumn('src', 'Packets') is 'srcPackets'. */
type SideSuffix = ColumnName extends infer Name
  ? Name extends `src${infer Suffix}`
    ? Suffix
    : never
  : never;

export function sideColumn(side: Side, suffix: SideSuffix): ColumnName {
  return `${side}${suffix}`;
}

/** A column of one side as it is. */
export function readSide(side: Side, suffix: SideSuffix): (batch: FlowBatch) => NumberReader {
  const name = sideColumn(side, suffix);
  return (batch) => batch.column(name);
}

/** A counter of both sides, added. */
export function readBoth(suffix: SideSuffix): (batch: FlowBatch) => NumberReader {
  return (batch) => {
    const src = batch.column(sideColumn('src', suffix));
    const dst = batch.column(sideColumn('dst', suffix));
    return (row) => (src(row) ?? 0) + (dst(row) ?? 0);
  };
}

/** ns above START of one side's last packet; missing if it sent none. */
export function sideEndNs(batch: FlowBatch, side: Side): NumberReader {
  const first = batch.column(sideColumn(side, 'First'));
  const span = batch.column(sideColumn(side, 'Span'));
  return (row) => {
    const start = first(row);
    return start === undefined ? undefined : start + (span(row) ?? 0);
  };
}

/** Nanoseconds from the first to the last packet of a side; the schema leaves out that it is 0 for a single packet. */
export function spanNs(batch: FlowBatch, side: Side): NumberReader {
  const first = batch.column(sideColumn(side, 'First'));
  const span = batch.column(sideColumn(side, 'Span'));
  return (row) => (first(row) === undefined ? undefined : (span(row) ?? 0));
}

/** ns from the first to the last packet of the record, of either side. */
export function durationNs(batch: FlowBatch): RowReader<number> {
  const src = sideEndNs(batch, 'src');
  const dst = sideEndNs(batch, 'dst');
  return (row) => Math.max(src(row) ?? 0, dst(row) ?? 0);
}

export const nsPerSecond = 1e9;
export const nsPerMs = 1e6;

/** A reader in another unit. */
export function scaled(read: NumberReader, divisor: number): NumberReader {
  return (row) => {
    const value = read(row);
    return value === undefined ? undefined : value / divisor;
  };
}

export function quotient(upper: NumberReader, lower: NumberReader): NumberReader {
  return (row) => {
    const divisor = lower(row);
    const value = upper(row);
    return value === undefined || !divisor ? undefined : value / divisor;
  };
}

export const ipProtocol = { icmp: 1, tcp: 6, udp: 17, icmp6: 58, sctp: 132 } as const;
