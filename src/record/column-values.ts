// The values of a batch's columns by row, each column unpacked when somebody asks for it first. Neighbours:
// check-batch.ts makes it of parts that agree, flow-batch.ts reads it, stored-values.ts knows the bytes.
import type { ColumnData } from './batch-parts.js';
import type { ColumnTable } from './column-table.js';
import { counterIds, doubleIds, maxRows } from './columns.js';
import { room } from './room.js';
import { type Members, placesOf } from './row-sets.js';
import {
  isConstant,
  largestInt,
  largestStored,
  readDoubles,
  readInts,
  readNumbers,
} from './stored-values.js';
import { spareInts } from './unpack.js';

/** A value for each row. Where there is none, a counter has 0, else an Int32Array -1 and a Float64Array NaN. */
export type Numbers = Int32Array | Float64Array;

/** Whether other columns tell a part of the column's values. */
export function isRelated({ plus, minus }: ColumnData): boolean {
  return plus !== 0 || minus !== 0;
}

const noValues = new Int32Array(maxRows).fill(-1);
const noCounts = new Int32Array(maxRows);

// What one column stores, until it is spread over the rows.
const ints = new Int32Array(maxRows + spareInts);
const numbers = new Float64Array(maxRows);

export class ColumnValues {
  readonly rows: number = 0;
  readonly #columns: ColumnTable;
  /** As columns name them: the first has all rows. */
  readonly #sets: readonly Members[];
  readonly #values = new Map<number, Numbers>();
  readonly #places: (Int16Array | undefined)[] = [];

  constructor(rows: number, table: ColumnTable, sets: readonly Members[]) {
    this.rows = rows;
    this.#columns = table;
    this.#sets = sets;
  }

  column(id: number): ColumnData | undefined {
    return this.#columns.get(id);
  }

  /** Place of each row in a row set, -1 where it is not in it. */
  places(rowSet: number): Int16Array {
    let places = this.#places[rowSet];
    if (!places) {
      places = placesOf(this.#sets[rowSet] as Members, this.rows);
      this.#places[rowSet] = places;
    }
    return places;
  }

  /** Values that a column of this row set stores. */
  storedIn(rowSet: number): number {
    return (this.#sets[rowSet] as Members).count;
  }

  /** By row, and there may be more of them than rows. Do not write. */
  of(id: number): Numbers {
    let values = this.#values.get(id);
    if (!values) {
      const column = this.#columns.get(id);
      values = column ? this.#read(column) : counterIds.has(id) ? noCounts : noValues;
      this.#values.set(id, values);
    }
    return values;
  }

  /** Of all values of a column; those that are missing are 0. */
  sumOf(id: number): number {
    const column = this.#columns.get(id);
    if (!column) return 0;
    const { count } = this.#sets[column.rowSet] as Members;
    if (isConstant(column)) return column.base * count;
    if (fitsInts(column)) {
      readInts(column, column.base, column.scale, count, ints, 0);
      return sumInts(ints, count);
    }
    let sum = 0;
    for (const value of this.of(id)) if (value >= 0) sum += value;
    return sum;
  }

  #read(column: ColumnData): Numbers {
    const { id, base, scale } = column;
    const set = this.#sets[column.rowSet] as Members;
    if (doubleIds.has(id)) {
      readDoubles(column, set.count, numbers);
      return spreadNumbers(numbers, set, 0, 1, new Float64Array(this.rows));
    }
    if (fitsInts(column)) return this.#readInts(column, set);
    const values = new Float64Array(this.rows);
    if (largestStored(column) > largestInt) {
      readNumbers(column, set.count, numbers);
      spreadNumbers(numbers, set, base, scale, values);
    } else {
      readInts(column, 0, 1, set.count, ints, 0);
      spreadInts(ints, set, base, scale, values);
    }
    if (column.plus !== 0) addTimes(values, this.of(column.plus), 1);
    if (column.minus !== 0) addTimes(values, this.of(column.minus), -column.times);
    raise(values, counterIds.has(id) ? 0 : Number.NaN);
    return values;
  }

  #readInts(column: ColumnData, set: Members): Int32Array {
    const { base, scale } = column;
    const { rows } = this;
    const from = room.take(rows + spareInts);
    const { ints: out } = room;
    if (set.count === rows) readInts(column, base, scale, rows, out, from);
    else {
      readInts(column, base, scale, set.count, ints, 0);
      placeInts(ints, set, rows, counterIds.has(column.id) ? 0 : -1, out, from);
    }
    return new Int32Array(out.buffer, 4 * from, rows);
  }
}

/** Whether a value is `limit` or more. */
export function reaches(values: Numbers, limit: number): boolean {
  if (values instanceof Float64Array) return values.some((value) => value >= limit);
  // Without a branch for each value: indexes grow along the rows, so that none of them would be foreseen.
  const last = limit - 1;
  let differences = 0;
  for (let row = 0; row < values.length; row++) differences |= last - (values[row] as number);
  return differences < 0;
}

/** Whether all values of the column are values of an Int32Array. */
function fitsInts(column: ColumnData): boolean {
  if (isRelated(column)) return false;
  const largest = largestStored(column);
  return largest <= largestInt && column.base + column.scale * largest <= largestInt;
}

function sumInts(values: Int32Array, count: number): number {
  let sum = 0;
  for (let n = 0; n < count; n++) sum += values[n] as number;
  return sum;
}

/** The members' values at their rows, `missing` at the others, from out[from] on. */
function placeInts(
  values: Int32Array,
  set: Members,
  rows: number,
  missing: number,
  out: Int32Array,
  from: number,
): void {
  let place = 0;
  for (let row = 0; row < rows; row += 32) {
    const word = set.bits[set.at + (row >>> 5)] as number;
    const to = from + row;
    const end = from + Math.min(row + 32, rows);
    if (word === -1) for (let n = to; n < end; n++) out[n] = values[place++] as number;
    else {
      for (let n = to, bits = word; n < end; n++, bits >>>= 1) {
        out[n] = bits & 1 ? (values[place] as number) : missing;
        place += bits & 1;
      }
    }
  }
}

// Twice the same, so that each loop knows its arrays: base + scale * stored integer, at the members' rows.

function spreadInts(
  stored: Int32Array,
  set: Members,
  base: number,
  scale: number,
  out: Float64Array,
): Float64Array {
  for (let row = 0, place = 0; row < out.length; row++) {
    const isMember = ((set.bits[set.at + (row >>> 5)] as number) >>> (row & 31)) & 1;
    out[row] = isMember ? base + scale * (stored[place] as number) : Number.NaN;
    place += isMember;
  }
  return out;
}

function spreadNumbers(
  stored: Float64Array,
  set: Members,
  base: number,
  scale: number,
  out: Float64Array,
): Float64Array {
  for (let row = 0, place = 0; row < out.length; row++) {
    const isMember = ((set.bits[set.at + (row >>> 5)] as number) >>> (row & 31)) & 1;
    out[row] = isMember ? base + scale * (stored[place] as number) : Number.NaN;
    place += isMember;
  }
  return out;
}

function addTimes(values: Float64Array, others: Numbers, times: number): void {
  for (let row = 0; row < values.length; row++) {
    const other = others[row] as number;
    if (other >= 0) values[row] = (values[row] as number) + times * other;
  }
}

/** No value is below 0: one that would be is 0. */
function raise(values: Float64Array, missing: number): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (!(value >= 0)) values[row] = value < 0 ? 0 : missing;
  }
}
