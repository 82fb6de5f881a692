// The bytes of one column <-> its numbers. Above: column-values.ts and select-rows.ts; below: bytes as they came from
// the wire.
import type { ColumnData } from './batch-parts.js';
import { isWhole } from './malformed.js';
import { bitsAt, bitsOf, bytesOf, noPiece, pieceOf, u16At, u32At, u64At } from './pieces.js';
import { unpack, unpackTable } from './unpack.js';

/** The largest integer of an Int32Array. */
export const largestInt = 0x7fffffff;

/** Bytes that so many values take; undefined: there is no such width. */
export function bytesOfValues(width: number, stored: number): number | undefined {
  return isWhole(width, 53) || width === 64 ? (stored * width + 7) >>> 3 : undefined;
}

/** The largest integer of so many bits. */
export function largestOfWidth(width: number): number {
  return width < 31 ? (1 << width) - 1 : 2 ** width - 1;
}

/** Whether all of the stored integers are 0. */
export function isConstant({ width, patchPlaces, entries }: ColumnData): boolean {
  return width === 0 && patchPlaces.length === 0 && entries.length === 0;
}

/** The column that has this value in all rows. */
export function constantColumn(id: number, value: number): ColumnData {
  return {
    id,
    rowSet: 0,
    width: 0,
    base: value,
    scale: 1,
    values: noPiece,
    patchPlaces: noPiece,
    patchValues: noPiece,
    entries: noPiece,
    plus: 0,
    minus: 0,
    times: 0,
  };
}

function hasWidePatches({ patchPlaces, patchValues }: ColumnData): boolean {
  return patchValues.length > patchPlaces.length * 2;
}

/** No stored integer is larger. */
export function largestStored(column: ColumnData): number {
  const { width, entries, patchValues } = column;
  if (entries.length > 0) return 0xffff;
  let largest = width === 64 ? Number.MAX_VALUE : largestOfWidth(width);
  if (hasWidePatches(column)) return Number.MAX_VALUE;
  for (let at = 0; at < patchValues.length; at += 4) largest = Math.max(largest, u32At(patchValues, at));
  return largest;
}

const table = new Int32Array(256);

/**
 * base + scale * stored integer of the first `count`, from out[to] on; none of them is above `largestInt`. As many as
 * `spareInts` are written beyond.
 */
export function readInts(
  column: ColumnData,
  base: number,
  scale: number,
  count: number,
  out: Int32Array,
  to: number,
): void {
  const { values, width, entries, patchPlaces, patchValues } = column;
  // For the compiler: where one column has a base of 2^40, it calculates with doubles for all of them.
  const low = base | 0;
  const step = scale | 0;
  if (entries.length > 0) {
    const places = 1 + largestOfWidth(width);
    const known = Math.min(places, entries.length >>> 1);
    for (let n = 0; n < known; n++) table[n] = low + Math.imul(step, u16At(entries, 2 * n));
    table.fill(low, known, places);
    if (width === 0) out.fill(table[0] as number, to, to + count);
    else unpackTable(bitsOf(values), width, count, table, out, to);
  } else if (width === 0) out.fill(low, to, to + count);
  else unpack(bitsOf(values), width, count, low, step, out, to);
  for (let i = 0; 2 * i < patchPlaces.length; i++) {
    out[to + u16At(patchPlaces, 2 * i)] = low + Math.imul(step, u32At(patchValues, 4 * i));
  }
}

/** The first `count` stored integers of a column, whatever they are. */
export function readNumbers(column: ColumnData, count: number, out: Float64Array): void {
  const { values, width, patchPlaces, patchValues } = column;
  const { words, first } = bitsOf(values);
  for (let n = 0, at = first; n < count; n++, at += width) {
    const high = width > 32 ? bitsAt(words, at + 32, width - 32) * 4294967296 : 0;
    out[n] = high + bitsAt(words, at, Math.min(width, 32));
  }
  if (column.entries.length > 0) {
    for (let n = 0; n < count; n++) {
      const entry = 2 * (out[n] as number);
      out[n] = entry < column.entries.length ? u16At(column.entries, entry) : 0;
    }
  }
  const isWide = hasWidePatches(column);
  for (let i = 0; 2 * i < patchPlaces.length; i++) {
    out[u16At(patchPlaces, 2 * i)] = isWide ? u64At(patchValues, 8 * i) : u32At(patchValues, 4 * i);
  }
}

const doubles = new DataView(new ArrayBuffer(8));

/** The first `count` values of a column of doubles; those that are no numbers are NaN. */
export function readDoubles(column: ColumnData, count: number, out: Float64Array): void {
  if (column.width !== 64) readNumbers(column, count, out);
  for (let n = 0; n < count; n++) {
    if (column.width === 64) {
      doubles.setUint32(0, u32At(column.values, 8 * n), true);
      doubles.setUint32(4, u32At(column.values, 8 * n + 4), true);
    } else {
      // Of 44 upper bits of a double, 32 are its high word.
      const bits = column.base + column.scale * (out[n] as number);
      doubles.setUint32(0, (bits % 4096) << 20, true);
      doubles.setUint32(4, Math.floor(bits / 4096), true);
    }
    const value = doubles.getFloat64(0, true);
    out[n] = Number.isFinite(value) ? value : Number.NaN;
  }
}

/** The column of these integers, below 2^53, and nothing else, in the width of the largest. */
export function packIntegers(column: ColumnData, integers: ArrayLike<number>): ColumnData {
  let largest = 0;
  for (let n = 0; n < integers.length; n++) largest = Math.max(largest, integers[n] as number);
  const width = largest < 4294967296 ? 32 - Math.clz32(largest) : Math.floor(Math.log2(largest)) + 1;
  const words = new Uint32Array(((integers.length * width + 31) >>> 5) + 1);
  for (let n = 0, at = 0; n < integers.length; n++, at += width) {
    const value = integers[n] as number;
    putBits(words, at, value >>> 0);
    if (width > 32) putBits(words, at + 32, Math.floor(value / 4294967296));
  }
  const values = pieceOf(bytesOf(words).subarray(0, Math.ceil((integers.length * width) / 8)));
  return { ...column, width, values, patchPlaces: noPiece, patchValues: noPiece, entries: noPiece };
}

function putBits(words: Uint32Array, at: number, value: number): void {
  const word = at >>> 5;
  const shift = at & 31;
  words[word] = (words[word] as number) | (value << shift);
  if (shift > 0) words[word + 1] = (words[word + 1] as number) | (value >>> (32 - shift));
}
