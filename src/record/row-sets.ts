// Row sets as they lie on the wire <-> the rows that are in them. Neighbours: check-batch.ts reads them once for a
// batch, column-values.ts and select-rows.ts ask which rows.
import type { RowSet } from './batch-parts.js';
import { maxRows } from './columns.js';
import { isWhole, malformed } from './malformed.js';
import { bitsOf, noPiece, type Piece, pieceOf, u8At, windowAt } from './pieces.js';
import { room } from './room.js';

/** Row r is bit r % 32 of word `at` + ⌊r / 32⌋. */
export interface Members {
  readonly bits: Int32Array;
  readonly at: number;
  readonly count: number;
}

const maxSets = 1024;
const words = maxRows / 32;
const longStep = 255;

function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** All rows, then the rows of each set; throws PanoptesError('bad-frame') where one is not well formed. */
export function readRowSets(sets: readonly RowSet[], rows: number): Members[] {
  if (sets.length > maxSets) malformed(`${sets.length} row sets`);
  const first = room.take((sets.length + 1) * words);
  const bits = room.ints;
  bits.fill(-1, first, first + (rows >>> 5));
  if (rows % 32 !== 0) bits[first + (rows >>> 5)] = 2 ** (rows % 32) - 1;
  const read: Members[] = [{ bits, at: first, count: rows }];
  for (let index = 1; index <= sets.length; index++) {
    const { like, steps, bitmap } = sets[index - 1] as RowSet;
    if (!isWhole(like, index)) malformed(`the model of row set ${index} is ${like}`);
    if (steps.length > 0 && bitmap.length > 0) malformed(`row set ${index} has both forms`);
    const at = first + index * words;
    const model = like === 0 ? undefined : (read[like - 1] as Members);
    if (model) for (let i = 0; i < words; i++) bits[at + i] = bits[model.at + i] as number;
    let count = model ? model.count : 0;
    if (bitmap.length > 0) count = turnBitmap(bits, at, bitmap, rows);
    else if (steps.length > 0) count += turnSteps(bits, at, steps, rows);
    if (count < 0) malformed(`row set ${index} names rows beyond the batch`);
    read.push({ bits, at, count });
  }
  return read;
}

// The rows that there are then; below 0: it has not one bit for each row.
function turnBitmap(bits: Int32Array, at: number, bitmap: Piece, rows: number): number {
  if (bitmap.length !== (rows + 7) >> 3) return -1;
  if (rows % 8 !== 0 && u8At(bitmap, bitmap.length - 1) >> (rows % 8) !== 0) return -1;
  const { words: turns, first } = bitsOf(bitmap);
  let count = 0;
  for (let row = 0; row < rows; row += 32) {
    let turn = windowAt(turns, first + row);
    if (rows - row < 32) turn &= (1 << (rows - row)) - 1;
    const word = (bits[at + (row >>> 5)] as number) ^ turn;
    bits[at + (row >>> 5)] = word;
    count += countBits(word);
  }
  return count;
}

// How many rows there are more than before; far below 0: one is beyond the batch.
function turnSteps(bits: Int32Array, at: number, steps: Piece, rows: number): number {
  const { bytes } = steps;
  const end = steps.at + steps.length;
  let more = 0;
  let row = 0;
  for (let i = steps.at; i < end; i++) {
    const step = bytes[i] as number;
    row += step;
    if (step === longStep) continue;
    if (row >= rows) return -maxRows - 1;
    const word = at + (row >> 5);
    const turned = (bits[word] as number) ^ (1 << (row & 31));
    bits[word] = turned;
    more += ((turned >> (row & 31)) & 1) * 2 - 1;
    row++;
  }
  return more;
}

/** For each row its place among the members, -1 where it is not one of them. */
export function placesOf(members: Members, rows: number): Int16Array {
  const places = new Int16Array(rows);
  let place = 0;
  for (let row = 0; row < rows; row++) {
    const isMember = ((members.bits[members.at + (row >>> 5)] as number) >>> (row & 31)) & 1;
    places[row] = isMember ? place : -1;
    place += isMember;
  }
  return places;
}

/** The set of these rows, which ascend, by itself: the shorter of the two forms. */
export function rowSetOf(members: ArrayLike<number>, rows: number): RowSet {
  const bitmapBytes = (rows + 7) >> 3;
  if (members.length + rows / longStep < bitmapBytes) {
    return { like: 0, steps: pieceOf(stepsOf(members)), bitmap: noPiece };
  }
  const bitmap = new Uint8Array(bitmapBytes);
  for (let i = 0; i < members.length; i++) {
    const row = members[i] as number;
    bitmap[row >> 3] = (bitmap[row >> 3] as number) | (1 << (row & 7));
  }
  return { like: 0, steps: noPiece, bitmap: pieceOf(bitmap) };
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
