// Fields: gaps between the packets of one direction, and their deviation (jitter). Neighbour: fields.ts.
import { type Field, sidedFields } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';
import { nsPerMs, scaled, sideColumn } from './derive.js';

/** Gaps in this record: one less than packets, one more if the flow had a packet in this direction before. */
export function gapCount(batch: FlowBatch, side: Side): NumberReader {
  const packets = batch.column(sideColumn(side, 'Packets'));
  const lead = batch.column(sideColumn(side, 'GapLead'));
  return (row) => {
    const count = packets(row) ?? 0;
    if (count === 0) return 0;
    return count - (lead(row) === undefined ? 1 : 0);
  };
}

function meanGapNs(batch: FlowBatch, side: Side): NumberReader {
  const count = gapCount(batch, side);
  const span = batch.column(sideColumn(side, 'Span'));
  const lead = batch.column(sideColumn(side, 'GapLead'));
  return (row) => {
    const gaps = count(row) as number;
    return gaps === 0 ? undefined : ((span(row) ?? 0) + (lead(row) ?? 0)) / gaps;
  };
}

// The schema leaves out what the sum of one gap, or of two and the smaller one, say.
function smallestGapNs(batch: FlowBatch, side: Side): NumberReader {
  const count = gapCount(batch, side);
  const smallest = batch.column(sideColumn(side, 'GapMin'));
  const mean = meanGapNs(batch, side);
  return (row) => smallest(row) ?? (count(row) === 1 ? mean(row) : undefined);
}

function largestGapNs(batch: FlowBatch, side: Side): NumberReader {
  const count = gapCount(batch, side);
  const largest = batch.column(sideColumn(side, 'GapMax'));
  const smallest = smallestGapNs(batch, side);
  const mean = meanGapNs(batch, side);
  return (row) => {
    const known = largest(row);
    if (known !== undefined) return known;
    const gaps = count(row) as number;
    if (gaps === 1) return mean(row);
    const [least, average] = [smallest(row), mean(row)];
    return gaps !== 2 || least === undefined || average === undefined ? undefined : 2 * average - least;
  };
}

/** Sum of the squared deviations of the gaps from their mean, ns^2. */
export function gapM2(batch: FlowBatch, side: Side): NumberReader {
  const count = gapCount(batch, side);
  const m2 = batch.column(sideColumn(side, 'GapM2'));
  const [smallest, largest] = [smallestGapNs(batch, side), largestGapNs(batch, side)];
  return (row) => {
    const known = m2(row);
    if (known !== undefined) return known;
    const gaps = count(row) as number;
    if (gaps === 1) return 0;
    const [least, most] = [smallest(row), largest(row)];
    return gaps !== 2 || least === undefined || most === undefined ? undefined : (most - least) ** 2 / 2;
  };
}

function deviationNs(batch: FlowBatch, side: Side): NumberReader {
  const count = gapCount(batch, side);
  const m2 = gapM2(batch, side);
  return (row) => {
    const gaps = count(row) as number;
    const squares = m2(row);
    return squares === undefined || squares < 0 || gaps < 2 ? undefined : Math.sqrt(squares / gaps);
  };
}

const oneGap = (side: Side): string => `${side} sent no two packets`;

export const timingFields: readonly Field[] = [
  ...sidedFields(
    'intpkt',
    ({ side }) => ({
      label: side === 'src' ? 'SIntPkt' : 'DIntPkt',
      width: 12,
      unit: 'ms',
      fractional: true,
      about: `mean gap between packets from ${side}, also across the records of a flow`,
      missing: oneGap(side),
      more: 'gaps-between-packets-and-jitter',
      read: (batch) => scaled(meanGapNs(batch, side), nsPerMs),
    }),
    ['inter'],
  ),
  ...sidedFields('intpktmin', ({ side }) => ({
    label: side === 'src' ? 'SIntPktMin' : 'DIntPktMin',
    width: 12,
    unit: 'ms',
    fractional: true,
    about: `smallest gap between packets from ${side}`,
    missing: oneGap(side),
    more: 'gaps-between-packets-and-jitter',
    read: (batch) => scaled(smallestGapNs(batch, side), nsPerMs),
  })),
  ...sidedFields('intpktmax', ({ side }) => ({
    label: side === 'src' ? 'SIntPktMax' : 'DIntPktMax',
    width: 12,
    unit: 'ms',
    fractional: true,
    about: `largest gap between packets from ${side}`,
    missing: oneGap(side),
    more: 'gaps-between-packets-and-jitter',
    read: (batch) => scaled(largestGapNs(batch, side), nsPerMs),
  })),
  ...sidedFields(
    'jit',
    ({ side }) => ({
      label: side === 'src' ? 'SrcJitter' : 'DstJitter',
      width: 12,
      unit: 'ms',
      fractional: true,
      about: `standard deviation of the gaps between packets from ${side}`,
      missing: 'there are less than two gaps',
      more: 'gaps-between-packets-and-jitter',
      read: (batch) => scaled(deviationNs(batch, side), nsPerMs),
    }),
    ['jitter'],
  ),
];
