// What a field of a flow record is: one entry of the field table. Neighbours: fields/*.ts make them; printing, filtering,
// sorting, JSON and the docs read them.
import type { FlowBatch, Side } from './flow-batch.js';

export type FieldValue = number | string;

export type Unit = 'packets' | 'bytes' | 's' | 'ms' | 'bit/s' | 'packets/s' | 'hops' | '%' | 'none';

export interface RecordTime {
  /** Since 1970. */
  readonly seconds: number;
  readonly nanos: number;
}

/** How far names give way to numbers in tables: ra's -n count. 1: ports, 2: protocols too, 3: hosts too. */
export type Numeric = 0 | 1 | 2 | 3;

export type RowReader<Value> = (row: number) => Value | undefined;

export interface Field {
  /** argus's name; also the JSON name and the filter's word. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** Column heading. */
  readonly label: string;
  /** Print width of a table cell. */
  readonly width: number;
  readonly unit: Unit;
  /** time: seconds since 1970, exact with `readTime`. */
  readonly type: 'number' | 'text' | 'time';
  readonly align: 'left' | 'right';
  /** Numbers that are not whole: tables print them with the digits of -p. */
  readonly fractional: boolean;
  /** Long text that tables cut at the width. */
  readonly cut: boolean;
  /** Left out of JSON unless it is asked for. */
  readonly onRequest: boolean;
  /** One line: what it says. */
  readonly about: string;
  /** One line: when it has no value. */
  readonly missing: string;
  /** The section of docs/metrics.md that says how it is measured, and what others measure: the heading's anchor. */
  readonly more?: string;
  /** Binds the field to a batch; the reader gives values in `unit`. */
  read(batch: FlowBatch): RowReader<FieldValue>;
  readTime?(batch: FlowBatch): RowReader<RecordTime>;
  /** The value as JSON prints it: an array of whole numbers. */
  readList?(batch: FlowBatch): RowReader<readonly number[]>;
  /** What tables print where it differs from the value: service names, argus's hex ICMP types, aligned arrows. */
  readTable?(batch: FlowBatch, numeric: Numeric): RowReader<string>;
}

type Required = Pick<Field, 'name' | 'label' | 'width' | 'about' | 'missing' | 'read'>;

/** What a field's entry says; the rest follows from it. Numbers are the default. */
export type FieldEntry = Required & Partial<Omit<Field, keyof Required>>;

export function makeField(entry: FieldEntry): Field {
  const type = entry.type ?? 'number';
  return {
    aliases: [],
    unit: 'none',
    type,
    align: 'right',
    fractional: false,
    cut: false,
    onRequest: false,
    ...entry,
  };
}

/** Names of the two ends in the two fields of a pair. */
export interface SideNames {
  readonly side: Side;
  readonly letter: 's' | 'd';
  /** The other end. */
  readonly other: Side;
}

/** The pair of fields that say the same of src and of dst; `name` and aliases get the letter s or d in front. */
export function sidedFields(
  name: string,
  make: (names: SideNames) => Omit<FieldEntry, 'name' | 'aliases'>,
  aliases: readonly string[] = [],
): Field[] {
  const sides: SideNames[] = [
    { side: 'src', letter: 's', other: 'dst' },
    { side: 'dst', letter: 'd', other: 'src' },
  ];
  return sides.map((names) =>
    makeField({
      ...make(names),
      name: names.letter + name,
      aliases: aliases.map((alias) => names.letter + alias),
    }),
  );
}
