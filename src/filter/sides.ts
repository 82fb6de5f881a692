// One test for an end -> a test for the ends that a term speaks of. Shared by the tests that compile.ts builds.
import type { Side } from '../record/flow-batch.js';
import type { Sides } from './ast.js';
import { and, or, type RowTest } from './truth.js';

export function onSides(sides: Sides, test: (side: Side) => RowTest): RowTest {
  switch (sides) {
    case 'src':
    case 'dst':
      return test(sides);
    case 'either':
      return or(test('src'), test('dst'));
    case 'both':
      return and(test('src'), test('dst'));
  }
}
