import { describe, expect, it } from 'vitest';
import {
  always,
  and,
  negate,
  never,
  no,
  or,
  type RowTest,
  type Truth,
  unknown,
  yes,
} from '../../../src/filter/truth.js';

const values = [no, yes, unknown] as const;
const constant =
  (truth: Truth): RowTest =>
  () =>
    truth;

describe('three-valued logic', () => {
  it('negates what is known and leaves the unknown unknown', () => {
    expect(values.map((value) => negate(constant(value))(0))).toEqual([yes, no, unknown]);
  });

  it('makes `and` false by one false, true only by two true', () => {
    const table = values.map((left) => values.map((right) => and(constant(left), constant(right))(0)));
    expect(table).toEqual([
      [no, no, no],
      [no, yes, unknown],
      [no, unknown, unknown],
    ]);
  });

  it('makes `or` true by one true, false only by two false', () => {
    const table = values.map((left) => values.map((right) => or(constant(left), constant(right))(0)));
    expect(table).toEqual([
      [no, yes, unknown],
      [yes, yes, yes],
      [unknown, yes, unknown],
    ]);
  });

  it('asks the second side only when the first does not decide', () => {
    const never: RowTest = () => {
      throw new Error('asked');
    };
    expect(and(constant(no), never)(0)).toBe(no);
    expect(or(constant(yes), never)(0)).toBe(yes);
  });
});

describe('tests that say the same of every row', () => {
  const some = constant(unknown);

  it('fold away', () => {
    expect(negate(never)).toBe(always);
    expect(negate(always)).toBe(never);
    expect([and(never, some), and(some, never)]).toEqual([never, never]);
    expect([and(always, some), and(some, always)]).toEqual([some, some]);
    expect([or(always, some), or(some, always)]).toEqual([always, always]);
    expect([or(never, some), or(some, never)]).toEqual([some, some]);
  });

  it('say what their names say', () => {
    expect([never(0), always(0)]).toEqual([no, yes]);
  });
});
