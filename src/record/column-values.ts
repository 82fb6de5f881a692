// The values of a batch's columns by row, each column unpacked when somebody asks for it first. Neighbours:
// check-batch.ts makes it of parts that agree, flow-batch.ts reads it, stored-values.ts knows the bytes.
import type { ColumnData } from './batch-parts.js';
import { columns } from './columns.js';
import { allRows, type Members, placesOf } from './row-sets.js';
import { readDoubles, readStored } from './stored-values.js';

const doubleIds: ReadonlySet<number> = new Set(
  Object.values(columns).flatMap(({ id, float }) => (float ? [id] : [])),
);

/** Whether other columns tell a part of the column's values. */
export function isRelated({ plus, minus }: ColumnData): boolean {
  return plus !== 0 || minus !== 0;
}

export class ColumnValues {
  readonly rows: number;
  readonly #columns: ReadonlyMap<number, ColumnData>;
  readonly #sets: readonly Members[];
  readonly #values = new Map<number, Float64Array>();
  readonly #places: (Int16Array | undefined)[] = [];

  constructor(rows: number, columnsById: ReadonlyMap<number, ColumnData>, sets: readonly Members[]) {
    this.rows = rows;
    this.#columns = columnsById;
    this.#sets = sets;
  }

  column(id: number): ColumnData | undefined {
    return this.#columns.get(id);
  }

  /** The rows of a row set: 0 all, else as columns name them. */
  members(rowSet: number): Members {
    return this.#sets[rowSet - 1] ?? allRows(this.rows);
  }

  /** Place of each row in a row set, -1 where it is not in it. */
  places(rowSet: number): Int16Array {
    let places = this.#places[rowSet];
    if (!places) {
      places = placesOf(this.members(rowSet), this.rows);
      this.#places[rowSet] = places;
    }
    return places;
  }

  /** Values that a column of this row set stores. */
  storedIn(rowSet: number): number {
    return rowSet === 0 ? this.rows : this.members(rowSet).count;
  }

  /** By row; NaN where the column has no value. Do not write. */
  of(id: number): Float64Array {
    let values = this.#values.get(id);
    if (!values) {
      values = this.#read(this.#columns.get(id));
      this.#values.set(id, values);
    }
    return values;
  }

  #read(column: ColumnData | undefined): Float64Array {
    const values = new Float64Array(this.rows);
    if (!column) return values.fill(Number.NaN);
    const { rowSet } = column;
    const stored = rowSet === 0 ? values : new Float64Array(this.storedIn(rowSet));
    if (doubleIds.has(column.id)) readDoubles(column, stored);
    else readStored(column, stored);
    if (rowSet !== 0) spread(stored, this.members(rowSet).bits, values);
    if (column.plus !== 0) addTimes(values, this.of(column.plus), 1);
    if (column.minus !== 0) addTimes(values, this.of(column.minus), -column.times);
    if (isRelated(column)) raise(values);
    return values;
  }
}

function spread(stored: Float64Array, bits: Uint32Array, values: Float64Array): void {
  let place = 0;
  for (let row = 0; row < values.length; row++) {
    const isMember = ((bits[row >>> 5] as number) >>> (row & 31)) & 1;
    values[row] = isMember ? (stored[place] as number) : Number.NaN;
    place += isMember;
  }
}

function addTimes(values: Float64Array, others: Float64Array, times: number): void {
  for (let row = 0; row < values.length; row++) {
    const other = others[row] as number;
    if (!Number.isNaN(other)) values[row] = (values[row] as number) + times * other;
  }
}

// No value is below 0: one that would be is 0.
function raise(values: Float64Array): void {
  for (let row = 0; row < values.length; row++) if ((values[row] as number) < 0) values[row] = 0;
}
