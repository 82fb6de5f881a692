// Comparisons of the field table's numbers: the only terms that can be unknown, when the value is missing.
// Called by compile.ts.
import type { Field } from '../record/field.js';
import type { FlowBatch } from '../record/flow-batch.js';
import type { Comparator, FilterOf, Operand } from './ast.js';
import { operandFields } from './operands.js';
import { and, no, or, type RowTest, unknown, yes } from './truth.js';

export function compareTest(batch: FlowBatch, { what, comparator, value }: FilterOf<'compare'>): RowTest {
  const holds = comparisons[comparator];
  const fields = operandFields(what);
  if (what.of === 'total') {
    const sum = totalReader(batch, fields);
    return testOf(sum, (read) => holds(read, value));
  }
  return joined(what, fields, (field) => {
    const read = field.read(batch);
    return testOf(
      (row) => {
        const found = read(row);
        return typeof found === 'number' ? found : undefined;
      },
      (found) => holds(found, value),
    );
  });
}

/** `has`: yes where there is a value, no where there is none; never unknown. */
export function hasTest(batch: FlowBatch, what: Operand): RowTest {
  return joined(what, operandFields(what), (field) => {
    const read = field.read(batch);
    return (row) => (read(row) === undefined ? no : yes);
  });
}

const comparisons: Record<Comparator, (found: number, value: number) => boolean> = {
  eq: (found, value) => found === value,
  ne: (found, value) => found !== value,
  lt: (found, value) => found < value,
  lte: (found, value) => found <= value,
  gt: (found, value) => found > value,
  gte: (found, value) => found >= value,
};

function testOf(read: (row: number) => number | undefined, holds: (found: number) => boolean): RowTest {
  return (row) => {
    const found = read(row);
    return found === undefined ? unknown : holds(found) ? yes : no;
  };
}

function joined(what: Operand, fields: readonly Field[], test: (field: Field) => RowTest): RowTest {
  const [first, second] = fields.map(test);
  if (!first) return () => unknown;
  if (!second) return first;
  return what.of === 'both' ? and(first, second) : or(first, second);
}

/** The sum of what exists; an end without the value adds nothing, both without: missing. */
function totalReader(batch: FlowBatch, fields: readonly Field[]): (row: number) => number | undefined {
  const readers = fields.map((field) => field.read(batch));
  return (row) => {
    let sum: number | undefined;
    for (const read of readers) {
      const found = read(row);
      if (typeof found === 'number') sum = (sum ?? 0) + found;
    }
    return sum;
  };
}
