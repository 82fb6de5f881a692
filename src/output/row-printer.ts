// What every printer of records is given and gives. Neighbours: table.ts, csv.ts, json.ts; commands call them row by row.
import type { Field, Numeric } from '../record/field.js';
import type { FlowBatch } from '../record/flow-batch.js';

/** A field to print, and how wide. */
export interface FieldSelection {
  readonly field: Field;
  readonly width: number;
  /** The width was asked for: text that is longer is cut, with `*` at the end. */
  readonly cut?: boolean;
}

export interface PrintOptions {
  readonly fields: readonly FieldSelection[];
  /** -n: 1 ports as numbers, 2 protocols too, 3 hosts too (they always are). Tables only. */
  readonly numeric: Numeric;
  /** -u: times as seconds since 1970. */
  readonly unix: boolean;
  /** -p: digits behind the decimal point, also of seconds in times; 6 unless said otherwise. */
  readonly precision: number;
  /** -c: this character between the cells of a table, and no padding. */
  readonly delimiter?: string;
  /** -H: large whole numbers in tables with K, M, G, T. */
  readonly abbreviate?: boolean;
}

/** Lines end in a newline; a format without a header has ''. */
export interface RowPrinter {
  header(): string;
  row(batch: FlowBatch, row: number): string;
}

export const defaultPrecision = 6;
