// Syntax tree + batch -> a test of rows: closures over the batch's column readers, built once a batch. Between the
// parser and whatever selects rows (cli, client, fanout).
import type { FlowBatch } from '../record/flow-batch.js';
import { castTest, etherHostTest, hostTest, netTest, otherAddressTest } from './address-terms.js';
import type { Filter } from './ast.js';
import { compareTest, hasTest } from './compare-terms.js';
import {
  classTest,
  ethertypeTest,
  portTest,
  protocolTest,
  sideStateTest,
  stateTest,
  tunnelTest,
  vlanTest,
} from './state-terms.js';
import { always, and, negate, or, type RowTest, yes } from './truth.js';

/** Whether a row is selected; what is unknown is not. */
export type RowPredicate = (row: number) => boolean;

export function compileFilter(filter: Filter, batch: FlowBatch): RowPredicate {
  if (filter.kind === 'all') return () => true;
  const test = compileTest(filter, batch);
  return (row) => test(row) === yes;
}

/** Numbers of the rows that a filter selects, ascending. */
export function matchRows(filter: Filter, batch: FlowBatch): Uint16Array {
  const selected = compileFilter(filter, batch);
  const rows = new Uint16Array(batch.rows);
  let count = 0;
  for (let row = 0; row < batch.rows; row++) if (selected(row)) rows[count++] = row;
  return rows.subarray(0, count);
}

/** The three-valued test behind a filter. */
export function compileTest(filter: Filter, batch: FlowBatch): RowTest {
  switch (filter.kind) {
    case 'all':
      return always;
    case 'and':
      return and(compileTest(filter.left, batch), compileTest(filter.right, batch));
    case 'or':
      return or(compileTest(filter.left, batch), compileTest(filter.right, batch));
    case 'not':
      return negate(compileTest(filter.of, batch));
    case 'protocol':
      return protocolTest(batch, filter);
    case 'class':
      return classTest(batch, filter.word);
    case 'ethertype':
      return ethertypeTest(batch, filter);
    case 'host':
      return hostTest(batch, filter);
    case 'ether-host':
      return etherHostTest(batch, filter);
    case 'net':
      return netTest(batch, filter);
    case 'port':
      return portTest(batch, filter);
    case 'vlan':
      return vlanTest(batch, filter.id);
    case 'tunnel':
      return tunnelTest(batch, filter.type);
    case 'address':
      return otherAddressTest(batch, filter);
    case 'cast':
      return castTest(batch, filter);
    case 'side-state':
      return sideStateTest(batch, filter);
    case 'state':
      return stateTest(batch, filter.word);
    case 'compare':
      return compareTest(batch, filter);
    case 'has':
      return hasTest(batch, filter.what);
  }
}
