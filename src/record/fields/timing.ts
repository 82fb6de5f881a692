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

// The schema leaves out the extremes of a single gap, which are that gap.
function extremeGapNs(batch: FlowBatch, side: Side, suffix: 'GapMin' | 'GapMax'): NumberReader {
  const count = gapCount(batch, side);
  const extreme = batch.column(sideColumn(side, suffix));
  const mean = meanGapNs(batch, side);
  return (row) => extreme(row) ?? (count(row) === 1 ? mean(row) : undefined);
}

function deviationNs(batch: FlowBatch, side: Side): NumberReader {
  const count = gapCount(batch, side);
  const m2 = batch.column(sideColumn(side, 'GapM2'));
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
    read: (batch) => scaled(extremeGapNs(batch, side, 'GapMin'), nsPerMs),
  })),
  ...sidedFields('intpktmax', ({ side }) => ({
    label: side === 'src' ? 'SIntPktMax' : 'DIntPktMax',
    width: 12,
    unit: 'ms',
    fractional: true,
    about: `largest gap between packets from ${side}`,
    missing: oneGap(side),
    read: (batch) => scaled(extremeGapNs(batch, side, 'GapMax'), nsPerMs),
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
      read: (batch) => scaled(deviationNs(batch, side), nsPerMs),
    }),
    ['jitter'],
  ),
];
