// Integers of equal width that lie bit by bit behind each other -> an Int32Array. Neighbours: pieces.ts finds the words,
// stored-values.ts knows what the integers mean. Each takes as many integers as a window of 32 bits holds at once.
import { type Bits, windowAt } from './pieces.js';

/** So many integers may be written beyond the last: what is not wanted of the last window. */
export const spareInts = 3;

/** Widths from 1 to 31: base + scale * integer, from out[to] on. No such value is above an Int32Array's largest. */
export function unpack(
  bits: Bits,
  width: number,
  count: number,
  base: number,
  scale: number,
  out: Int32Array,
  to: number,
): void {
  if (width <= 8) unpackFours(bits, width, count, base, scale, out, to);
  else if (width <= 16) unpackPairs(bits, width, count, base, scale, out, to);
  else unpackEach(bits, width, count, base, scale, out, to);
}

function unpackFours(
  { words, first }: Bits,
  width: number,
  count: number,
  base: number,
  scale: number,
  out: Int32Array,
  to: number,
): void {
  const mask = -1 >>> (32 - width);
  for (let n = to, at = first; n < to + count; n += 4, at += 4 * width) {
    let window = windowAt(words, at);
    out[n] = base + Math.imul(scale, window & mask);
    window >>>= width;
    out[n + 1] = base + Math.imul(scale, window & mask);
    window >>>= width;
    out[n + 2] = base + Math.imul(scale, window & mask);
    window >>>= width;
    out[n + 3] = base + Math.imul(scale, window & mask);
  }
}

function unpackPairs(
  { words, first }: Bits,
  width: number,
  count: number,
  base: number,
  scale: number,
  out: Int32Array,
  to: number,
): void {
  const mask = -1 >>> (32 - width);
  for (let n = to, at = first; n < to + count; n += 2, at += 2 * width) {
    const window = windowAt(words, at);
    out[n] = base + Math.imul(scale, window & mask);
    out[n + 1] = base + Math.imul(scale, (window >>> width) & mask);
  }
}

function unpackEach(
  { words, first }: Bits,
  width: number,
  count: number,
  base: number,
  scale: number,
  out: Int32Array,
  to: number,
): void {
  const mask = -1 >>> (32 - width);
  for (let n = to, at = first; n < to + count; n++, at += width) {
    out[n] = base + Math.imul(scale, windowAt(words, at) & mask);
  }
}

/** Widths from 1 to 8: what the table holds at the place that each integer names. */
export function unpackTable(
  { words, first }: Bits,
  width: number,
  count: number,
  table: Int32Array,
  out: Int32Array,
  to: number,
): void {
  const mask = -1 >>> (32 - width);
  for (let n = to, at = first; n < to + count; n += 4, at += 4 * width) {
    let window = windowAt(words, at);
    out[n] = table[window & mask] as number;
    window >>>= width;
    out[n + 1] = table[window & mask] as number;
    window >>>= width;
    out[n + 2] = table[window & mask] as number;
    window >>>= width;
    out[n + 3] = table[window & mask] as number;
  }
}
