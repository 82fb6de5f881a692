// Fields: how many frames of each size. Neighbour: fields.ts.
import { type Field, sidedFields } from '../field.js';
import type { FlowBatch, Side } from '../flow-batch.js';
import { sideColumn } from './derive.js';

const bins = ['Size0', 'Size64', 'Size128', 'Size256', 'Size512', 'Size1024', 'Size2048'] as const;
/** What is left of the packets stands in the bin of the largest frame; the last bin has no other frames. */
const lastBin = bins.length;

/** Below 64 bytes, 64 to 127, 128 to 255 ... 2048 to 4095, 4096 and more. */
export function sizeBin(bytes: number): number {
  return Math.min(Math.max(Math.floor(Math.log2(bytes)) - 5, 0), lastBin);
}

/** The sizes of a single frame are its bytes, which the schema does not repeat. */
export function readSize(
  batch: FlowBatch,
  side: Side,
  suffix: 'MinSize' | 'MaxSize',
): (row: number) => number | undefined {
  const size = batch.column(sideColumn(side, suffix));
  const packets = batch.column(sideColumn(side, 'Packets'));
  const bytes = batch.column(sideColumn(side, 'Bytes'));
  return (row) => size(row) ?? (packets(row) === 1 ? bytes(row) : undefined);
}

/** Frames by size; undefined: the side sent nothing, or the probe does not say it. */
export function readHistogram(batch: FlowBatch, side: Side): (row: number) => readonly number[] | undefined {
  const counts = bins.map((bin) => batch.column(sideColumn(side, bin)));
  const packets = batch.column(sideColumn(side, 'Packets'));
  const [smallest, largest] = [readSize(batch, side, 'MinSize'), readSize(batch, side, 'MaxSize')];
  return (row) => {
    const [min, max, total] = [smallest(row), largest(row), packets(row)];
    if (!total || min === undefined || max === undefined) return undefined;
    const histogram = [...counts.map((count) => count(row) ?? 0), 0];
    const rest = total - histogram.reduce((sum, count) => sum + count, 0);
    histogram[sizeBin(max)] = rest;
    return rest > 0 && (histogram[sizeBin(min)] as number) > 0 ? histogram : undefined;
  };
}

export const sizeFields: readonly Field[] = sidedFields('pktsz', ({ side, letter }) => ({
  label: `${letter.toUpperCase()}PktSz`,
  width: 24,
  type: 'text',
  about: `frames from ${side} by size, in bytes: below 64, 64 to 127, 128 to 255, 256 to 511, 512 to 1023, 1024 to 2047, 2048 to 4095, more; JSON: an array`,
  missing: `${side} sent nothing`,
  more: 'frame-sizes',
  read: (batch) => {
    const histogram = readHistogram(batch, side);
    return (row) => histogram(row)?.join(':');
  },
  readList: (batch) => readHistogram(batch, side),
}));
