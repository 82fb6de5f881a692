// The values of a batch's columns by row, each column unpacked when somebody asks for it first. Neighbours:
// check-batch.ts makes it of parts that agree, flow-batch.ts reads it, stored-values.ts knows the bytes.
import type { ColumnData } from './batch-parts.js';
import { columns, maxRows } from './columns.js';
import { type Members, placesOf } from './row-sets.js';
import { largestInt, largestStored, readDoubles, readInts, readNumbers } from './stored-values.js';

/** A value for each row. Where there is none, an Int32Array has -1 and a Float64Array NaN. */
export type Numbers = Int32Array | Float64Array;

const doubleIds: ReadonlySet<number> = new Set(
  Object.values(columns).flatMap(({ id, float }) => (float ? [id] : [])),
);

/** Whether other columns tell a part of the column's values. */
export function isRelated({ plus, minus }: ColumnData): boolean {
  return plus !== 0 || minus !== 0;
}

const noValues = new Int32Array(maxRows).fill(-1);

// What one column stores, until it is spread over the rows.
const ints = new Int32Array(maxRows);
const numbers = new Float64Array(maxRows);

export class ColumnValues {
  readonly rows: number;
  readonly #columns: ReadonlyMap<number, ColumnData>;
  /** As columns name them: the first has all rows. */
  readonly #sets: readonly Members[];
  readonly #values = new Map<number, Numbers>();
  readonly #places: (Int16Array | undefined)[] = [];

  constructor(rows: number, columnsById: ReadonlyMap<number, ColumnData>, sets: readonly Members[]) {
    this.rows = rows;
    this.#columns = columnsById;
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
      values = column ? this.#read(column) : noValues;
      this.#values.set(id, values);
    }
    return values;
  }

  #read(column: ColumnData): Numbers {
    const { id, base, scale } = column;
    const set = this.#sets[column.rowSet] as Members;
    if (doubleIds.has(id)) {
      readDoubles(column, set.count, numbers);
      return spreadNumbers(numbers, set, 0, 1, new Float64Array(this.rows));
    }
    const largest = largestStored(column);
    if (largest > largestInt) {
      readNumbers(column, set.count, numbers);
      return this.#addRelated(column, spreadNumbers(numbers, set, base, scale, new Float64Array(this.rows)));
    }
    const fits = base + scale * largest <= largestInt && !isRelated(column);
    if (fits && set.count === this.rows) return wholeInts(column, new Int32Array(this.rows));
    readInts(column, set.count, ints);
    if (!fits) {
      return this.#addRelated(column, spreadInts(ints, set, base, scale, new Float64Array(this.rows)));
    }
    return placeInts(ints, set, base, scale, new Int32Array(this.rows));
  }

  #addRelated(column: ColumnData, values: Float64Array): Float64Array {
    if (!isRelated(column)) return values;
    if (column.plus !== 0) addTimes(values, this.of(column.plus), 1);
    if (column.minus !== 0) addTimes(values, this.of(column.minus), -column.times);
    // No value is below 0: one that would be is 0.
    for (let row = 0; row < values.length; row++) if ((values[row] as number) < 0) values[row] = 0;
    return values;
  }
}

function wholeInts(column: ColumnData, out: Int32Array): Int32Array {
  const { base, scale } = column;
  readInts(column, out.length, out);
  if (scale !== 1) for (let row = 0; row < out.length; row++) out[row] = scale * (out[row] as number);
  if (base !== 0) for (let row = 0; row < out.length; row++) out[row] = base + (out[row] as number);
  return out;
}

// Three times the same, so that each loop knows its arrays: base + scale * stored integer, at the members' rows.

function placeInts(
  stored: Int32Array,
  set: Members,
  base: number,
  scale: number,
  out: Int32Array,
): Int32Array {
  for (let row = 0, place = 0; row < out.length; row++) {
    const isMember = ((set.bits[set.at + (row >>> 5)] as number) >>> (row & 31)) & 1;
    out[row] = isMember ? base + scale * (stored[place] as number) : -1;
    place += isMember;
  }
  return out;
}

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
