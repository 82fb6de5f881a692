// The bytes of one column <-> its numbers. Above: column-values.ts and select-rows.ts; below: bytes as they came from
// the wire.
import type { ColumnData } from './batch-parts.js';

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const noBytes = new Uint8Array(0);

/** Bytes that so many values take; undefined: there is no such width. */
export function bytesOfValues(width: number, stored: number): number | undefined {
  const exists = Number.isInteger(width) && ((width >= 0 && width <= 53) || width === 64);
  return exists ? Math.ceil((stored * width) / 8) : undefined;
}

/** Little endian. */
export function u16At(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

export function u32At(bytes: Uint8Array, at: number): number {
  return (u16At(bytes, at) | (u16At(bytes, at + 2) << 16)) >>> 0;
}

/** u64 as a number: beyond 2^53 rounded. */
export function u64At(bytes: Uint8Array, at: number): number {
  return u32At(bytes, at) + u32At(bytes, at + 4) * 4294967296;
}

// The bytes as words, and two words more, so that a value may be read across the border of two.
function wordsOf(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(((bytes.length + 3) >>> 2) + 2);
  new Uint8Array(words.buffer).set(bytes);
  if (!isLittleEndian) swapWords(words);
  return words;
}

function swapWords(words: Uint32Array): void {
  const bytes = new DataView(words.buffer);
  for (let n = 0; n < words.length; n++) words[n] = bytes.getUint32(4 * n, true);
}

/** The bytes of u32 values as they are stored. */
function bytesOf(words: Uint32Array): Uint8Array {
  if (!isLittleEndian) swapWords(words);
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** `width` bits, at most 32, from the bit `at` on. */
function bitsAt(words: Uint32Array, at: number, width: number): number {
  const word = at >>> 5;
  const shift = at & 31;
  let value = (words[word] as number) >>> shift;
  if (shift + width > 32) value |= (words[word + 1] as number) << (32 - shift);
  return width === 32 ? value >>> 0 : (value & ((1 << width) - 1)) >>> 0;
}

// Each loop writes base + scale * stored integer.
function unpack8(values: Uint8Array, base: number, scale: number, out: Float64Array): void {
  for (let n = 0; n < out.length; n++) out[n] = base + scale * (values[n] as number);
}

function unpackNarrow(
  values: Uint8Array,
  width: number,
  base: number,
  scale: number,
  out: Float64Array,
): void {
  const words = wordsOf(values);
  const mask = (1 << width) - 1;
  for (let n = 0, at = 0; n < out.length; n++, at += width) {
    const word = at >>> 5;
    const shift = at & 31;
    let value = (words[word] as number) >>> shift;
    if (shift + width > 32) value |= (words[word + 1] as number) << (32 - shift);
    out[n] = base + scale * (value & mask);
  }
}

function unpackWide(values: Uint8Array, width: number, base: number, scale: number, out: Float64Array): void {
  const words = wordsOf(values);
  for (let n = 0, at = 0; n < out.length; n++, at += width) {
    const high = width > 32 ? bitsAt(words, at + 32, width - 32) * 4294967296 : 0;
    out[n] = base + scale * (high + bitsAt(words, at, Math.min(width, 32)));
  }
}

function unpack(column: ColumnData, out: Float64Array): void {
  const { values, width, base, scale } = column;
  if (width === 0) out.fill(base);
  else if (width === 8) unpack8(values, base, scale, out);
  else if (width < 31) unpackNarrow(values, width, base, scale, out);
  else unpackWide(values, width, base, scale, out);
}

// Places in the entries, `width` bits each.
function unpackEntries(column: ColumnData, out: Float64Array): void {
  const { values, entries, width, base, scale } = column;
  const table = new Float64Array(256).fill(base);
  for (let n = 0; 2 * n < entries.length; n++) table[n] = base + scale * u16At(entries, 2 * n);
  const words = wordsOf(values);
  for (let n = 0, at = 0; n < out.length; n++, at += width)
    out[n] = table[bitsAt(words, at, width)] as number;
}

/** Writes base + scale * stored integer of each of the stored integers, of which `out` has room for all. */
export function readStored(column: ColumnData, out: Float64Array): void {
  if (column.entries.length > 0) {
    unpackEntries(column, out);
    return;
  }
  unpack(column, out);
  const { patchPlaces, patchValues, base, scale } = column;
  if (patchPlaces.length === 0) return;
  const isWide = patchValues.length === patchPlaces.length * 4;
  for (let i = 0; 2 * i < patchPlaces.length; i++) {
    const patch = isWide ? u64At(patchValues, 8 * i) : u32At(patchValues, 4 * i);
    out[u16At(patchPlaces, 2 * i)] = base + scale * patch;
  }
}

/** Whether all of the stored integers are 0. */
export function isConstant({ width, patchPlaces, entries }: ColumnData): boolean {
  return width === 0 && patchPlaces.length === 0 && entries.length === 0;
}

// u64 as pairs of u32, low half first; on a big-endian machine the high half is.
const lowHalf = isLittleEndian ? 0 : 1;

/** The values of a column of doubles; those that are no numbers are NaN. */
export function readDoubles(column: ColumnData, out: Float64Array): void {
  const halves = new Uint32Array(out.buffer, out.byteOffset, out.length * 2);
  if (column.width === 64) {
    for (let n = 0; n < out.length; n++) {
      halves[2 * n + lowHalf] = u32At(column.values, 8 * n);
      halves[2 * n + 1 - lowHalf] = u32At(column.values, 8 * n + 4);
    }
  } else {
    readStored(column, out);
    // Of 44 upper bits of a double, 32 are its high word.
    for (let n = 0; n < out.length; n++) {
      const bits = out[n] as number;
      halves[2 * n + lowHalf] = (bits % 4096) << 20;
      halves[2 * n + 1 - lowHalf] = Math.floor(bits / 4096);
    }
  }
  for (let n = 0; n < out.length; n++) if (!Number.isFinite(out[n])) out[n] = Number.NaN;
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
  const values = bytesOf(words).subarray(0, Math.ceil((integers.length * width) / 8));
  return { ...column, width, values, patchPlaces: noBytes, patchValues: noBytes, entries: noBytes };
}

function putBits(words: Uint32Array, at: number, value: number): void {
  const word = at >>> 5;
  const shift = at & 31;
  words[word] = (words[word] as number) | (value << shift);
  if (shift > 0) words[word + 1] = (words[word + 1] as number) | (value >>> (32 - shift));
}
