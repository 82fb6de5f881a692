// Three-valued logic (Kleene): what a filter says of a row whose values may be missing. Used by compile.ts.

export type Truth = 0 | 1 | 2;
export const no: Truth = 0;
export const yes: Truth = 1;
export const unknown: Truth = 2;

/** What a compiled term says of one row. */
export type RowTest = (row: number) => Truth;

/** Tests that say the same of every row, such as an address that a batch does not have; the others fold them away. */
export const never: RowTest = () => no;
export const always: RowTest = () => yes;

export function negate(test: RowTest): RowTest {
  if (test === never) return always;
  if (test === always) return never;
  return (row) => {
    const truth = test(row);
    return truth === unknown ? unknown : truth === yes ? no : yes;
  };
}

export function and(left: RowTest, right: RowTest): RowTest {
  if (left === never || right === never) return never;
  if (left === always) return right;
  if (right === always) return left;
  return (row) => {
    const first = left(row);
    if (first === no) return no;
    const second = right(row);
    return second === no ? no : first === yes ? second : unknown;
  };
}

export function or(left: RowTest, right: RowTest): RowTest {
  if (left === always || right === always) return always;
  if (left === never) return right;
  if (right === never) return left;
  return (row) => {
    const first = left(row);
    if (first === yes) return yes;
    const second = right(row);
    return second === yes ? yes : first === no ? second : unknown;
  };
}

/** A test that is never unknown. */
export const rowTest =
  (holds: (row: number) => boolean): RowTest =>
  (row) =>
    holds(row) ? yes : no;
