// Statistics of the gaps between the packets of one direction, in all and by class: what the columns say, and what the
// schema leaves out because the rest implies it. Neighbours: columns below, timing.ts and aggregation above.
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';
import { mergeStatistics, type Statistics } from '../statistics.js';
import { ipProtocol, m2OfThree, sideColumn } from './derive.js';

/** Active gaps end with data behind data that is not acknowledged yet; idle ones are all others of TCP. */
export type GapClass = 'all' | 'active' | 'idle';

/** Of at least one gap, ns. */
export interface GapValues {
  readonly count: number;
  readonly sum: number;
  /** undefined, as below: the batch is of a probe that does not say it. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Sum of the squared deviations from the mean, ns^2. */
  readonly m2: number | undefined;
}

/** undefined: there are no such gaps, or it is not known. */
export type GapReader = (row: number) => GapValues | undefined;

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

/** Active ones of them; undefined: the probe could not tell. */
export function activeGapCount(batch: FlowBatch, side: Side): NumberReader {
  const all = gapCount(batch, side);
  const active = batch.column(sideColumn(side, 'GapActiveCount'));
  const state = batch.column('tcpState');
  const protocol = batch.column('protocol');
  return (row) => {
    if (state(row) === undefined) return protocol(row) === ipProtocol.tcp ? undefined : all(row);
    const count = active(row);
    return count === 0 ? undefined : (count ?? 0);
  };
}

type Known = Pick<GapValues, 'min' | 'max' | 'm2'>;

// A few values say by their sum, and then by their minimum, what is not stored.
function complete(count: number, sum: number, known: Known): GapValues | undefined {
  if (count === 0) return undefined;
  if (count === 1) return { count, sum, min: sum, max: sum, m2: known.m2 ?? 0 };
  const { min } = known;
  const max = count === 2 && min !== undefined ? sum - min : known.max;
  return { count, sum, min, max, m2: known.m2 ?? m2OfFew(count, sum, min, max) };
}

function m2OfFew(
  count: number,
  sum: number,
  min: number | undefined,
  max: number | undefined,
): number | undefined {
  if (count > 3 || min === undefined || max === undefined) return undefined;
  return count === 2 ? (max - min) ** 2 / 2 : m2OfThree(min, max, sum);
}

export function readGaps(batch: FlowBatch, side: Side, of: GapClass): GapReader {
  const column = (suffix: Parameters<typeof sideColumn>[1]) => batch.column(sideColumn(side, suffix));
  const count = gapCount(batch, side);
  const activeCount = activeGapCount(batch, side);
  const [span, lead, activeSum] = [column('Span'), column('GapLead'), column('GapActiveSum')];
  const all = { min: column('GapMin'), max: column('GapMax'), m2: column('GapM2') };
  const active = { min: column('GapActiveMin'), max: column('GapActiveMax'), m2: column('GapActiveM2') };
  const idle = { min: column('GapIdleMin'), max: column('GapIdleMax'), m2: column('GapIdleM2') };
  const sumOf = (row: number): number => (span(row) ?? 0) + (lead(row) ?? 0);

  // Of a row with both classes. An extreme that is that of all gaps as well is not repeated.
  const classOfMixed = (row: number, actives: number, sum: number, wanted: 'active' | 'idle') => {
    const stored = wanted === 'active' ? active : idle;
    const known = {
      min: stored.min(row) ?? all.min(row),
      max: stored.max(row) ?? all.max(row),
      m2: stored.m2(row),
    };
    if (wanted === 'active') return complete(actives, sum, known);
    return complete((count(row) ?? 0) - actives, sumOf(row) - sum, known);
  };
  const m2OfMixed = (row: number): number | undefined => {
    const [actives, sum] = [activeCount(row), activeSum(row)];
    if (actives === undefined || sum === undefined) return undefined;
    const classes = (['active', 'idle'] as const).map((wanted) => classOfMixed(row, actives, sum, wanted));
    const [one, other] = classes.map(asStatistics);
    return one && other ? mergeStatistics(one, other).m2 : undefined;
  };
  const ofAll: GapReader = (row) => {
    const m2 = all.m2(row) ?? m2OfMixed(row);
    return complete(count(row) ?? 0, sumOf(row), { min: all.min(row), max: all.max(row), m2 });
  };
  if (of === 'all') return ofAll;
  return (row) => {
    const [gaps, actives] = [count(row) ?? 0, activeCount(row)];
    if (actives === undefined) return undefined;
    const number = of === 'active' ? actives : gaps - actives;
    if (number <= 0) return undefined;
    if (number === gaps) return ofAll(row);
    const sum = activeSum(row);
    return sum === undefined ? undefined : classOfMixed(row, actives, sum, of);
  };
}

/** To merge with those of other records; undefined where some of it is missing. */
export function asStatistics(gaps: GapValues | undefined): Statistics | undefined {
  if (gaps?.min === undefined || gaps.max === undefined || gaps.m2 === undefined) return undefined;
  const { count, sum, min, max, m2 } = gaps;
  return { count, mean: sum / count, m2, min, max };
}
