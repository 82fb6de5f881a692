// Stored column bytes -> typed views and readers. Above: flow-batch.ts; below: bytes as they came from the wire.
import type { ColumnData, RowSet } from './batch-parts.js';

/** Value of a column in a row, or nothing where it is missing. */
export type NumberReader = (row: number) => number | undefined;

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

// A typed array needs its offset to be a multiple of the element size, and the machine to be little endian.
function prepared(bytes: Uint8Array, elementBytes: number): Uint8Array {
  if (isLittleEndian) return bytes.byteOffset % elementBytes === 0 ? bytes : new Uint8Array(bytes);
  const swapped = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const element = i - (i % elementBytes);
    swapped[element + elementBytes - 1 - (i - element)] = bytes[i] as number;
  }
  return swapped;
}

export function u16View(bytes: Uint8Array): Uint16Array {
  const at = prepared(bytes, 2);
  return new Uint16Array(at.buffer, at.byteOffset, at.length >> 1);
}

export function u32View(bytes: Uint8Array): Uint32Array {
  const at = prepared(bytes, 4);
  return new Uint32Array(at.buffer, at.byteOffset, at.length >> 2);
}

/** The bytes of u16 or u32 values as they are stored. u64 come as pairs of u32, in the order of `u32View`. */
export function toBytes(values: Uint16Array | Uint32Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return isLittleEndian ? bytes : prepared(bytes, values.BYTES_PER_ELEMENT);
}

export function f64View(bytes: Uint8Array): Float64Array {
  const at = prepared(bytes, 8);
  return new Float64Array(at.buffer, at.byteOffset, at.length >> 3);
}

const noBytes = new Uint8Array(0);

// u64 as pairs of u32, low half first; on a big-endian machine the swap of 8 bytes puts the high half first.
const lowHalf = isLittleEndian ? 0 : 1;
function u64Halves(bytes: Uint8Array): Uint32Array {
  const at = prepared(bytes, isLittleEndian ? 4 : 8);
  return new Uint32Array(at.buffer, at.byteOffset, at.length >> 2);
}

/** Bytes that so many values take; undefined: there is no such width. */
export function bytesOfValues(width: number, stored: number): number | undefined {
  const exists = Number.isInteger(width) && ((width >= 0 && width <= 53) || width === 64);
  return exists ? Math.ceil((stored * width) / 8) : undefined;
}

/** Stored integers by their place. */
export type Integers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

// The bytes as words, and one word more, so that a value may be read across the border of two.
function wordsOf(bytes: Uint8Array): Uint32Array {
  const padded = new Uint8Array(((bytes.length + 3) & ~3) + 4);
  padded.set(bytes);
  return u32View(padded);
}

/** `width` bits, at most 32, from the bit `at` on. */
function bitsAt(words: Uint32Array, at: number, width: number): number {
  const word = at >>> 5;
  const shift = at & 31;
  let value = (words[word] as number) >>> shift;
  if (shift + width > 32) value |= (words[word + 1] as number) << (32 - shift);
  return width === 32 ? value >>> 0 : (value & ((1 << width) - 1)) >>> 0;
}

function unpackNarrow(values: Uint8Array, width: number, stored: number): Uint32Array {
  const words = wordsOf(values);
  const unpacked = new Uint32Array(stored);
  for (let n = 0, at = 0; n < stored; n++, at += width) unpacked[n] = bitsAt(words, at, width);
  return unpacked;
}

function unpackWide(values: Uint8Array, width: number, stored: number): Float64Array {
  const words = wordsOf(values);
  const unpacked = new Float64Array(stored);
  for (let n = 0, at = 0; n < stored; n++, at += width) {
    unpacked[n] = bitsAt(words, at, 32) + bitsAt(words, at + 32, width - 32) * 4294967296;
  }
  return unpacked;
}

/** u64 as numbers: beyond 2^53 rounded. */
export function u64View(bytes: Uint8Array): Float64Array {
  const halves = u64Halves(bytes);
  const whole = new Float64Array(halves.length >> 1);
  for (let n = 0; n < whole.length; n++) {
    whole[n] = (halves[2 * n + lowHalf] as number) + (halves[2 * n + 1 - lowHalf] as number) * 4294967296;
  }
  return whole;
}

function unpack(values: Uint8Array, width: number, stored: number): Integers {
  if (width === 8) return values;
  if (width === 16) return u16View(values);
  if (width === 32) return u32View(values);
  if (width === 64) return u64View(values);
  return width < 32 ? unpackNarrow(values, width, stored) : unpackWide(values, width, stored);
}

function entriesAt(places: Integers, entries: Uint16Array): Uint16Array {
  const table = new Uint16Array(256);
  table.set(entries);
  const integers = new Uint16Array(places.length);
  for (let n = 0; n < integers.length; n++) integers[n] = table[places[n] as number] as number;
  return integers;
}

/** So many stored integers of a column, patches in their places and entries for theirs. A view of the column where that
 *  is possible. */
export function storedIntegers(column: ColumnData, stored: number): Integers {
  const packed = unpack(column.values, column.width, stored);
  if (column.entries.length > 0) return entriesAt(packed, u16View(column.entries));
  if (column.patchPlaces.length === 0) return packed;
  const places = u16View(column.patchPlaces);
  const isWide = column.patchValues.length === places.length * 8;
  const patches = isWide ? u64View(column.patchValues) : u32View(column.patchValues);
  const whole =
    isWide || packed instanceof Float64Array ? Float64Array.from(packed) : Uint32Array.from(packed);
  for (let i = 0; i < places.length; i++) whole[places[i] as number] = patches[i] as number;
  return whole;
}

/** The column of these integers, below 2^53, and nothing else, in the width of the largest. */
export function packIntegers(column: ColumnData, integers: Integers): ColumnData {
  let largest = 0;
  for (let n = 0; n < integers.length; n++) largest = Math.max(largest, integers[n] as number);
  const width = largest < 4294967296 ? 32 - Math.clz32(largest) : Math.floor(Math.log2(largest)) + 1;
  const words = new Uint32Array(((integers.length * width + 31) >>> 5) + 1);
  for (let n = 0, at = 0; n < integers.length; n++, at += width) {
    const value = integers[n] as number;
    putBits(words, at, value >>> 0);
    if (width > 32) putBits(words, at + 32, Math.floor(value / 4294967296));
  }
  const values = toBytes(words).subarray(0, Math.ceil((integers.length * width) / 8));
  return { ...column, width, values, patchPlaces: noBytes, patchValues: noBytes, entries: noBytes };
}

function putBits(words: Uint32Array, at: number, value: number): void {
  const word = at >>> 5;
  const shift = at & 31;
  words[word] = (words[word] as number) | (value << shift);
  if (shift > 0) words[word + 1] = (words[word + 1] as number) | (value >>> (32 - shift));
}

/** Of a column of doubles: the values as they are, none where there is no number. */
function doubles(column: ColumnData, stored: number): NumberReader {
  const values = column.width === 64 ? f64View(column.values) : fromUpperBits(column, stored);
  return (n) => {
    const value = values[n] as number;
    return Number.isFinite(value) ? value : undefined;
  };
}

// Of 44 upper bits of a double, 32 are its high word.
function fromUpperBits(column: ColumnData, stored: number): Float64Array {
  const integers = storedIntegers(column, stored);
  const halves = new Uint32Array(stored * 2);
  for (let n = 0; n < stored; n++) {
    const bits = column.base + column.scale * (integers[n] as number);
    halves[2 * n + lowHalf] = (bits % 4096) << 20;
    halves[2 * n + 1 - lowHalf] = Math.floor(bits / 4096);
  }
  return new Float64Array(halves.buffer);
}

/** Whether all of the stored integers are 0. */
export function isConstant({ width, patchPlaces, entries }: ColumnData): boolean {
  return width === 0 && patchPlaces.length === 0 && entries.length === 0;
}

/** Reads the n-th of so many stored values of a column; n counts rows of its row set. Not a number: nothing. */
export function storedReader(column: ColumnData, stored: number, isFloat: boolean): NumberReader {
  if (isFloat) return doubles(column, stored);
  const { base, scale } = column;
  if (isConstant(column)) return () => base;
  const integers = storedIntegers(column, stored);
  return base === 0 && scale === 1
    ? (n) => integers[n] as number
    : (n) => base + scale * (integers[n] as number);
}

/** Sum and largest of so many stored integers of a column, before base and scale. */
export function storedTotals(column: ColumnData, stored: number): { sum: number; largest: number } {
  const integers = storedIntegers(column, stored);
  let sum = 0;
  let largest = 0;
  for (let n = 0; n < stored; n++) {
    const value = integers[n] as number;
    sum += value;
    if (value > largest) largest = value;
  }
  return { sum, largest };
}

const bitsOfByte = Uint8Array.from({ length: 256 }, (_, byte) => {
  let bits = 0;
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
});

export function countBits(bitmap: Uint8Array): number {
  let bits = 0;
  for (let i = 0; i < bitmap.length; i++) bits += bitsOfByte[bitmap[i] as number] as number;
  return bits;
}

/** How many rows are in a row set. */
export function membersOf(set: RowSet): number {
  return set.bitmap.length === 0 ? set.rowNumbers.length >> 1 : countBits(set.bitmap);
}

/** Rows of a row set, ascending. */
export function rowsOf(set: RowSet, rows: number): Uint16Array {
  if (set.bitmap.length === 0) return u16View(set.rowNumbers);
  const found = new Uint16Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (((set.bitmap[row >> 3] as number) >> (row & 7)) & 1) found[count++] = row;
  }
  return found.subarray(0, count);
}

/** For each row its place in the row set, -1 where it is not in it. */
export function placesOf(set: RowSet, rows: number): Int16Array {
  const places = new Int16Array(rows).fill(-1);
  const members = rowsOf(set, rows);
  for (let place = 0; place < members.length; place++) places[members[place] as number] = place;
  return places;
}
