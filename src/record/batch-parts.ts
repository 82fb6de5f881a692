// The parts of a batch as they lie on the wire. Neighbours: wire/ decodes them, check-batch.ts sees that they agree
// with each other, flow-batch.ts reads them.
import type { Piece } from './pieces.js';

/** One column: value = base + scale * stored integer, + plus - times * minus; see the schema's message Column. */
export interface ColumnData {
  readonly id: number;
  /** 0: all rows; n: rowSets[n - 1]. */
  readonly rowSet: number;
  /** Bits a stored integer: 0 to 53, or 64. In a column of doubles 64 are the doubles themselves. */
  readonly width: number;
  readonly base: number;
  readonly scale: number;
  readonly values: Piece;
  /** u16 each, ascending: places in `values` whose stored integer stands in patchValues instead. */
  readonly patchPlaces: Piece;
  /** u32 each, or u64. */
  readonly patchValues: Piece;
  /** u16 each, up to 256: the stored integers, where `values` holds places in here. Empty: it holds them itself. */
  readonly entries: Piece;
  /** Id of the column whose values in the same rows are added; 0: none. */
  readonly plus: number;
  /** Id of the column whose values are taken away, `times` times; 0: none. */
  readonly minus: number;
  readonly times: number;
}

/** The rows of another set, but for some that only one of the two has. One of the two forms is empty. */
export interface RowSet {
  /** 0: the other set has no rows; 1: all; n + 1: rowSets[n - 1], before this one. */
  readonly like: number;
  readonly steps: Piece;
  readonly bitmap: Piece;
}

export interface BatchParts {
  readonly number: number;
  readonly rows: number;
  readonly baseSeconds: number;
  readonly firstRecord: number;
  readonly columns: readonly ColumnData[];
  readonly rowSets: readonly RowSet[];
  readonly ipv4Dictionary: Uint8Array;
  readonly ipv6Dictionary: Uint8Array;
  readonly macDictionary: Uint8Array;
  readonly payload: Uint8Array;
  readonly filteredRows: number;
}
