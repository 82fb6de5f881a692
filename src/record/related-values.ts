// Values of columns that are told by other columns of the same batch. Neighbours: flow-batch.ts asks,
// stored-values.ts has what the columns store themselves.
import type { ColumnData } from './batch-parts.js';
import { isConstant, storedIntegers } from './stored-values.js';

/** Whether other columns tell a part of the column's values. */
export function isRelated({ plus, minus }: ColumnData): boolean {
  return plus !== 0 || minus !== 0;
}

/** By row: base + scale * stored integer; 0 where the column has no value, as `places` says (none: it has all). */
export function ownValues(
  column: ColumnData,
  stored: number,
  places: Int16Array | undefined,
  rows: number,
): Float64Array {
  const { base, scale } = column;
  const integers = isConstant(column) ? undefined : storedIntegers(column, stored);
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const place = places === undefined ? row : (places[row] as number);
    if (place >= 0) values[row] = base + scale * (integers === undefined ? 0 : (integers[place] as number));
  }
  return values;
}

/** Adds to the values of a related column what the others tell. No value is below 0: one that would be is 0. */
export function addRelated(
  values: Float64Array,
  places: Int16Array | undefined,
  plus: Float64Array | undefined,
  minus: Float64Array | undefined,
  times: number,
): void {
  for (let row = 0; row < values.length; row++) {
    if (places !== undefined && (places[row] as number) < 0) continue;
    let value = values[row] as number;
    if (plus !== undefined) value += plus[row] as number;
    if (minus !== undefined) value -= times * (minus[row] as number);
    values[row] = value > 0 ? value : 0;
  }
}
