// Row sets as they lie on the wire <-> the rows that are in them. Neighbours: check-batch.ts reads them once for a
// batch, column-values.ts and select-rows.ts ask which rows.
import type { RowSet } from './batch-parts.js';
import { maxRows } from './columns.js';
import { checkWhole, malformed } from './malformed.js';

/** Row r is bit r % 32 of word ⌊r / 32⌋. */
export interface Members {
  readonly bits: Uint32Array;
  readonly count: number;
}

const maxSets = 1024;
const words = maxRows / 32;
const longStep = 255;

function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Every row of so many. */
export function allRows(rows: number): Members {
  const bits = new Uint32Array(words);
  bits.fill(0xffffffff, 0, rows >>> 5);
  if (rows % 32 !== 0) bits[rows >>> 5] = 2 ** (rows % 32) - 1;
  return { bits, count: rows };
}

/** The rows of each set; throws PanoptesError('bad-frame') where one is not well formed. */
export function readRowSets(sets: readonly RowSet[], rows: number): Members[] {
  if (sets.length > maxSets) malformed(`${sets.length} row sets`);
  const all = allRows(rows);
  const bits = new Uint32Array(sets.length * words);
  const read: Members[] = [];
  for (let index = 0; index < sets.length; index++) {
    const set = sets[index] as RowSet;
    checkWhole(`the model of row set ${index + 1}`, set.like, index + 1);
    if (set.steps.length > 0 && set.bitmap.length > 0) malformed(`row set ${index + 1} has both forms`);
    const own = bits.subarray(index * words, (index + 1) * words);
    const model = set.like === 1 ? all : read[set.like - 2];
    if (model !== undefined) own.set(model.bits);
    const before = model === undefined ? 0 : model.count;
    const count =
      set.bitmap.length > 0 ? turnBitmap(own, set.bitmap, rows) : before + turnSteps(own, set.steps, rows);
    if (count < 0) malformed(`row set ${index + 1} names rows beyond the batch`);
    read.push({ bits: own, count });
  }
  return read;
}

// The rows that there are then; below 0: it has not one bit for each row.
function turnBitmap(bits: Uint32Array, bitmap: Uint8Array, rows: number): number {
  if (bitmap.length !== (rows + 7) >> 3) return -1;
  if (rows % 8 !== 0 && (bitmap[bitmap.length - 1] as number) >> (rows % 8) !== 0) return -1;
  for (let i = 0; i < bitmap.length; i++) {
    bits[i >> 2] = (bits[i >> 2] as number) ^ ((bitmap[i] as number) << ((i & 3) * 8));
  }
  let count = 0;
  for (let i = 0; i < words; i++) count += bitsOf(bits[i] as number);
  return count;
}

// How many rows there are more than before; far below 0: one is beyond the batch.
function turnSteps(bits: Uint32Array, steps: Uint8Array, rows: number): number {
  let more = 0;
  let row = 0;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as number;
    row += step;
    if (step === longStep) continue;
    if (row >= rows) return Number.NEGATIVE_INFINITY;
    const word = (bits[row >>> 5] as number) ^ (1 << (row & 31));
    bits[row >>> 5] = word;
    more += (word >>> (row & 31)) & 1 ? 1 : -1;
    row++;
  }
  return more;
}

/** For each row its place among the members, -1 where it is not one of them. */
export function placesOf(members: Members, rows: number): Int16Array {
  const places = new Int16Array(rows);
  let place = 0;
  for (let row = 0; row < rows; row++) {
    const isMember = ((members.bits[row >>> 5] as number) >>> (row & 31)) & 1;
    places[row] = isMember ? place : -1;
    place += isMember;
  }
  return places;
}

const noBytes = new Uint8Array(0);

/** The set of these rows, which ascend, by itself: the shorter of the two forms. */
export function rowSetOf(members: ArrayLike<number>, rows: number): RowSet {
  const bitmapBytes = (rows + 7) >> 3;
  if (members.length + rows / longStep < bitmapBytes) {
    return { like: 0, steps: stepsOf(members), bitmap: noBytes };
  }
  const bitmap = new Uint8Array(bitmapBytes);
  for (let i = 0; i < members.length; i++) {
    const row = members[i] as number;
    bitmap[row >> 3] = (bitmap[row >> 3] as number) | (1 << (row & 7));
  }
  return { like: 0, steps: noBytes, bitmap };
}

function stepsOf(members: ArrayLike<number>): Uint8Array {
  const steps: number[] = [];
  let next = 0;
  for (let i = 0; i < members.length; i++) {
    const row = members[i] as number;
    for (; row - next >= longStep; next += longStep) steps.push(longStep);
    steps.push(row - next);
    next = row + 1;
  }
  return Uint8Array.from(steps);
}
