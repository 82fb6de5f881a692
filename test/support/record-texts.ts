// All that records say, for tests that compare two ways of measuring the same. What depends on how flows were numbered
// and how records were packed into batches is left out.
import { type ColumnName, columns } from '../../src/record/columns.js';
import { fields } from '../../src/record/fields.js';
import type { FlowBatch } from '../../src/record/flow-batch.js';

export interface RecordTexts {
  /** What is exact, as one text. */
  readonly text: string;
  /** Sums of squares and what is made of them: a batch rounds them to 36 bits or more. */
  readonly rounded: readonly number[];
  /** Times in microseconds: a batch over more than 104 days rounds them to some nanoseconds. */
  readonly times: readonly number[];
}

/** Ids of flows, offsets from the batch's base time, and indexes into the batch's dictionaries: fields read them. */
const packed = /^(flowId|start|inode|(src|dst)(Address|Mac)|tunnel(Src|Dst))$/;
/** The number of a flow, and that of a record among all. */
const numbered = ['fid', 'seq'];
const isRounded = (name: string) =>
  /M2$|Jitter/.test(name) || /^[sd]?(jit|rtpjit|rttdev)|^(sjit|djit)/.test(name);

const columnNames = (Object.keys(columns) as ColumnName[]).filter((name) => !packed.test(name));
const valueFields = [...fields.values()].filter(
  ({ name, fractional, readTime }) => !numbered.includes(name) && !readTime && !fractional,
);
const fractions = [...fields.values()].filter(({ fractional, readTime }) => fractional && !readTime);
const timeFields = [...fields.values()].filter(({ readTime }) => readTime !== undefined);

type Reader = (row: number) => unknown;

/** One for each record. */
export function recordTexts(batch: FlowBatch): RecordTexts[] {
  const exact: (readonly [string, Reader])[] = [
    ...columnNames
      .filter((name) => batch.has(name) && !isRounded(name))
      .map((name) => [name, batch.column(name)] as const),
    ...valueFields.map((field) => [`(${field.name})`, field.read(batch)] as const),
    ['src payload', hex(batch.payload('src'))],
    ['dst payload', hex(batch.payload('dst'))],
  ];
  const rounded: Reader[] = [
    ...columnNames.filter(isRounded).map((name) => batch.column(name)),
    ...fractions.map((field) => field.read(batch)),
  ];
  const times = timeFields.map((field) => field.readTime?.(batch));
  return Array.from({ length: batch.rows }, (_, row) => ({
    text: exact
      .map(([name, read]) => [name, read(row)] as const)
      // A counter that is left out of a batch is 0 in all its rows.
      .filter(([name, value]) => value !== undefined && !(value === 0 && isCounter(name)))
      .map(([name, value]) => `${name}=${String(value)}`)
      .join(' '),
    rounded: rounded.map((read) => numberOf(read(row))),
    times: times.map((read) => {
      const time = read?.(row);
      return time === undefined ? -1 : time.seconds * 1e6 + time.nanos / 1e3;
    }),
  }));
}

const hex = (read: (row: number) => Uint8Array | undefined) => (row: number) => {
  const bytes = read(row);
  return bytes && Buffer.from(bytes).toString('hex');
};
const numberOf = (value: unknown) => (typeof value === 'number' ? value : -1);
const isCounter = (name: string) => name in columns && columns[name as ColumnName].counter;

/** Records that only one of the two has, `<` the first, `>` the other; none if both have the same in any order. */
export function difference(one: readonly RecordTexts[], other: readonly RecordTexts[]): string[] {
  const [left, right] = [one.toSorted(byAll), other.toSorted(byAll)];
  const found: string[] = [];
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    const [a, b] = [left[l], right[r]];
    if (a && b && isSame(a, b)) {
      l++;
      r++;
    } else if (a && (!b || byAll(a, b) <= 0)) {
      found.push(`< ${wordsOf(a)}`);
      l++;
    } else {
      found.push(`> ${wordsOf(b)}`);
      r++;
    }
  }
  return found;
}

function byAll(a: RecordTexts, b: RecordTexts): number {
  if (a.text !== b.text) return a.text < b.text ? -1 : 1;
  return compare(a.times, b.times) || compare(a.rounded, b.rounded);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function isSame(a: RecordTexts, b: RecordTexts): boolean {
  return (
    a.text === b.text &&
    a.times.every((time, index) => Math.abs(time - (b.times[index] ?? 0)) <= 1) &&
    a.rounded.every((value, index) => Math.abs(value - (b.rounded[index] ?? 0)) <= 1e-9 * Math.abs(value))
  );
}

const wordsOf = (record: RecordTexts | undefined) =>
  `${record?.text} times ${record?.times.join(' ')} rounded ${record?.rounded.join(' ')}`;
