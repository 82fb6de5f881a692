// The columns of a batch by id. Neighbours: check-batch.ts fills it, column-values.ts asks.
import type { ColumnData } from './batch-parts.js';
import { columns } from './columns.js';

const ids = 1 + Math.max(...Object.values(columns).map(({ id }) => id));

export class ColumnTable {
  readonly #known = new Array<ColumnData | undefined>(ids);
  /** Those of later versions. */
  #others: Map<number, ColumnData> | undefined;

  get(id: number): ColumnData | undefined {
    return id < ids ? this.#known[id] : this.#others?.get(id);
  }

  /** There must be none of this id. */
  add(column: ColumnData): void {
    if (column.id < ids) this.#known[column.id] = column;
    else {
      this.#others ??= new Map();
      this.#others.set(column.id, column);
    }
  }
}
