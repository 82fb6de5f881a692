// The time of a row against option -t. Called by run.ts once a batch.
import type { FlowBatch } from '../../record/flow-batch.js';
import type { TimeRange } from './time-range.js';

/** Does any part of the record lie in the range? Compared in ns above the batch's base, where numbers are exact. */
export function inTimeRange(batch: FlowBatch, range: TimeRange): (row: number) => boolean {
  const start = batch.column('start');
  const ends = (['src', 'dst'] as const).map((side) => {
    const first = batch.column(`${side}First`);
    const span = batch.column(`${side}Span`);
    return (row: number) => (first(row) ?? 0) + (span(row) ?? 0);
  });
  const from = (range.from - batch.baseSeconds) * 1e9;
  const to = (range.to - batch.baseSeconds) * 1e9;
  return (row) => {
    const begin = start(row) ?? 0;
    return begin < to && begin + Math.max(...ends.map((end) => end(row))) >= from;
  };
}
