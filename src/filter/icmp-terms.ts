// Tests of ICMP: of flows that are ICMP, and of flows that drew an ICMP error. Called by state-terms.ts.
import type { FlowBatch } from '../record/flow-batch.js';
import type { StateWord } from './ast.js';
import { or, type RowTest, rowTest } from './truth.js';

const icmp4 = 1;
const icmp6 = 58;

/** Types of ICMP and of ICMPv6. */
const icmpTypes = new Map<StateWord, readonly [number[], number[]]>([
  [
    'echo',
    [
      [8, 0],
      [128, 129],
    ],
  ],
  ['unreach', [[3], [1]]],
  ['redirect', [[5], [137]]],
  ['timexed', [[11], [3]]],
]);

const [unreachable4, unreachable6] = [3, 1];
/** Codes of destination unreachable: of ICMP (RFC 792, RFC 1812) and of ICMPv6 (RFC 4443). */
const unreachableCodes = new Map<StateWord, readonly [number[], number[]]>([
  ['unrnet', [[0, 6, 9, 11], [0]]],
  ['unrhost', [[1, 7, 10, 12], [3]]],
  ['unrport', [[3], [4]]],
]);

/** The test of a word that speaks of ICMP; nothing for other words. */
export function icmpStateTest(batch: FlowBatch, word: StateWord): RowTest | undefined {
  const types = icmpTypes.get(word);
  if (types) return icmpTest(batch, ...types);
  const codes = unreachableCodes.get(word);
  return codes && errorTest(batch, [unreachable4], [unreachable6], ...codes);
}

/** The flow is ICMP of such a type, or drew an ICMP error of such a type. */
function icmpTest(batch: FlowBatch, types4: readonly number[], types6: readonly number[]): RowTest {
  const protocol = batch.column('protocol');
  const type = batch.column('icmpType');
  const ofFlow = rowTest((row) => {
    const number = protocol(row);
    const types = number === icmp4 ? types4 : number === icmp6 ? types6 : undefined;
    return types?.includes(type(row) ?? -1) ?? false;
  });
  return batch.has('icmpErrorType') ? or(ofFlow, errorTest(batch, types4, types6)) : ofFlow;
}

/** The flow drew an ICMP error of such a type, and where codes are given, of such a code. */
function errorTest(
  batch: FlowBatch,
  types4: readonly number[],
  types6: readonly number[],
  codes4?: readonly number[],
  codes6?: readonly number[],
): RowTest {
  const type = batch.column('icmpErrorType');
  const code = batch.column('icmpErrorCode');
  const reporter = batch.address('inode');
  return rowTest((row) => {
    const number = type(row);
    if (number === undefined) return false;
    const is6 = reporter(row).length === 16;
    const codes = is6 ? codes6 : codes4;
    return (is6 ? types6 : types4).includes(number) && (codes?.includes(code(row) ?? -1) ?? true);
  });
}
