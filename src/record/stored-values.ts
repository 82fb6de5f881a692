// Stored column bytes -> typed views and readers. Above: flow-batch.ts; below: bytes as they came from the wire.
import type { ColumnData, ColumnWidth, RowSet } from './batch-parts.js';

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
  switch (width) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 8:
      return stored * width;
    case 9:
      return stored * 8;
    case 10:
      return (stored + 1) >> 1;
    case 11:
      return stored * 6;
    default:
      return undefined;
  }
}

/** Reads stored integers of at most 4 bytes. */
function narrowReader(width: ColumnWidth, values: Uint8Array): (n: number) => number {
  switch (width) {
    case 10:
      return (n) => ((values[n >> 1] as number) >> ((n & 1) << 2)) & 15;
    case 1:
      return (n) => values[n] as number;
    case 2: {
      const view = u16View(values);
      return (n) => view[n] as number;
    }
    case 3:
      return (n) =>
        (values[3 * n] as number) |
        ((values[3 * n + 1] as number) << 8) |
        ((values[3 * n + 2] as number) << 16);
    default: {
      const view = u32View(values);
      return (n) => view[n] as number;
    }
  }
}

/** The same column of so many stored values without patches: in a width that holds the patches too. */
export function withoutPatches(column: ColumnData, stored: number): ColumnData {
  if (column.patchPlaces.length === 0) return column;
  const read = narrowReader(column.width, column.values);
  const wide = new Uint32Array(stored * 2);
  for (let n = 0; n < stored; n++) wide[2 * n + lowHalf] = read(n);
  const places = u16View(column.patchPlaces);
  const isWide = column.patchValues.length === places.length * 8;
  const patches = isWide ? u64Halves(column.patchValues) : u32View(column.patchValues);
  for (let i = 0; i < places.length; i++) {
    const at = 2 * (places[i] as number);
    if (isWide) {
      wide[at] = patches[2 * i] as number;
      wide[at + 1] = patches[2 * i + 1] as number;
    } else {
      wide[at + lowHalf] = patches[i] as number;
    }
  }
  return { ...column, width: 8, values: toBytes(wide), patchPlaces: noBytes, patchValues: noBytes };
}

// Doubles of which the lower two bytes were left out.
function shortDoubles(bytes: Uint8Array): Float64Array {
  const stored = bytes.length / 6;
  const whole = new Uint8Array(stored * 8);
  for (let n = 0; n < stored; n++) {
    for (let k = 0; k < 6; k++) whole[8 * n + 2 + k] = bytes[6 * n + k] as number;
  }
  return f64View(whole);
}

/** Reads the n-th of so many stored values of a column; n counts rows of its row set. Not a number: nothing. */
export function storedReader(patched: ColumnData, stored: number, isFloat: boolean): NumberReader {
  const column = withoutPatches(patched, stored);
  const { width, base, scale, values } = column;
  switch (width) {
    case 0: {
      const constant = isFloat ? column.baseFloat : base;
      const value = Number.isFinite(constant) ? constant : undefined;
      return () => value;
    }
    case 8: {
      const halves = u64Halves(values);
      const high = 1 - lowHalf;
      return (n) =>
        base + scale * ((halves[2 * n + lowHalf] as number) + (halves[2 * n + high] as number) * 4294967296);
    }
    case 9:
    case 11: {
      const view = width === 9 ? f64View(values) : shortDoubles(values);
      return (n) => {
        const value = view[n] as number;
        return Number.isFinite(value) ? value : undefined;
      };
    }
    default: {
      const read = narrowReader(width, values);
      return base === 0 && scale === 1 ? read : (n) => base + scale * read(n);
    }
  }
}

// The loops of these checks run over every batch that arrives, so each has one array type to itself.
function totalsOf8(values: Uint8Array): { sum: number; largest: number } {
  let sum = 0;
  let largest = 0;
  for (let n = 0; n < values.length; n++) {
    const value = values[n] as number;
    sum += value;
    if (value > largest) largest = value;
  }
  return { sum, largest };
}

function totalsOf16(values: Uint16Array): { sum: number; largest: number } {
  let sum = 0;
  let largest = 0;
  for (let n = 0; n < values.length; n++) {
    const value = values[n] as number;
    sum += value;
    if (value > largest) largest = value;
  }
  return { sum, largest };
}

/** Sum and largest of so many stored integers of a column, before base and scale. */
export function storedTotals(column: ColumnData, stored: number): { sum: number; largest: number } {
  if (column.width === 0) return { sum: 0, largest: 0 };
  if (column.patchPlaces.length > 0) return storedTotals(withoutPatches(column, stored), stored);
  if (column.width === 1) return totalsOf8(column.values);
  if (column.width === 2) return totalsOf16(u16View(column.values));
  const read = storedReader({ ...column, base: 0, scale: 1 }, stored, false);
  let sum = 0;
  let largest = 0;
  for (let n = 0; n < stored; n++) {
    const value = read(n) as number;
    sum += value;
    largest = Math.max(largest, value);
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
