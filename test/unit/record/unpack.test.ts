// Every width, at every place of a word, gives the integers that were packed, and writes nothing beyond its room.
import { describe, expect, it } from 'vitest';
import { bitsOf, type Piece } from '../../../src/record/pieces.js';
import { spareInts, unpack, unpackTable } from '../../../src/record/unpack.js';
import { packed } from '../support/batches.js';
import { seededRandom } from '../support/random.js';

const counts = [0, 1, 7, 8, 9, 100];
const before = 5;
const untouched = -7;

/** The piece behind `shift` other bytes, all bits of them and of those that follow set. */
function shifted({ bytes, length }: Piece, shift: number): Piece {
  const among = new Uint8Array(length + shift + 9).fill(255);
  among.set(bytes, shift);
  return { bytes: among, at: shift, length };
}

/** What is written from a place on, after a look at what is around it. */
function written(count: number, write: (out: Int32Array, to: number) => void): number[] {
  const out = new Int32Array(before + count + spareInts + 1).fill(untouched);
  write(out, before);
  expect([...out.subarray(0, before)]).toEqual(new Array(before).fill(untouched));
  expect(out[out.length - 1]).toBe(untouched);
  return [...out.subarray(before, before + count)];
}

describe('unpack', () => {
  const random = seededRandom(21);
  const integers = (count: number, limit: number) =>
    Array.from({ length: count }, (_, n) => (n % 3 === 0 ? limit - 1 : Math.floor(random() * limit)));
  const pack = (values: readonly number[], width: number) => packed(values.map(BigInt), width);

  it.each(Array.from({ length: 31 }, (_, n) => n + 1))('reads %i bits', (width) => {
    for (const count of counts) {
      const stored = integers(count, 2 ** width);
      const base = 2 ** 31 - 2 ** width;
      const scale = width < 20 ? 1000 : 1;
      for (let shift = 0; shift < 5; shift++) {
        const bits = bitsOf(shifted(pack(stored, width), shift));
        expect(written(count, (out, to) => unpack(bits, width, count, base, 1, out, to))).toEqual(
          stored.map((value) => base + value),
        );
        expect(written(count, (out, to) => unpack(bits, width, count, 0, scale, out, to))).toEqual(
          stored.map((value) => scale * value),
        );
      }
    }
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('reads places of %i bits in a table', (width) => {
    const table = Int32Array.from({ length: 256 }, (_, n) => 3 * n - 1);
    for (const count of counts) {
      const stored = integers(count, 2 ** width);
      for (let shift = 0; shift < 5; shift++) {
        const bits = bitsOf(shifted(pack(stored, width), shift));
        expect(written(count, (out, to) => unpackTable(bits, width, count, table, out, to))).toEqual(
          stored.map((value) => 3 * value - 1),
        );
      }
    }
  });
});
