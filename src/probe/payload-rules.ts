// How much of the first payload a probe keeps of which flows. Checked here as part of ProbeOptions, resolved by the addon
// once a flow.
import { PanoptesError } from '../errors.js';

/** How much is kept of flows like these; without protocols and ports: of every flow. */
export interface PayloadRule {
  /** IP protocols by number; none: any. */
  readonly protocols?: readonly number[] | undefined;
  /** From one port to another, of either end, 1 to 65535; none: any, and what has no ports. */
  readonly ports?: readonly [number, number] | undefined;
  /** First bytes of each direction's stream. */
  readonly bytes: number;
  /** Letters become x, digits 9; punctuation, blanks and line ends stay; every other byte becomes 0. */
  readonly mask?: boolean | undefined;
}

export const mostPayloadBytes = 4096;
/** Those given; each is looked at for each flow. */
export const mostPayloadRules = 32;
/** Of a DNS message, whose names are what it is about, more than of a stream that goes on. */
const usualRules: readonly PayloadRule[] = [{ ports: [53, 53], bytes: 4096 }];

/** Fills in the default where no size for everything is given. Throws 'bad-option'. */
export function checkPayloadRules(
  given: readonly PayloadRule[] | undefined,
  hasSizeForAll: boolean,
): readonly PayloadRule[] {
  const rules = given ?? [];
  if (rules.length > mostPayloadRules + 1) refuse(`${rules.length} rules are more than ${mostPayloadRules}`);
  for (const [index, rule] of rules.entries()) {
    const problem = problemOf(rule);
    if (problem !== undefined) refuse(`[${index}]: ${problem}`);
  }
  return hasSizeForAll ? rules : [...rules, ...usualRules];
}

function problemOf({ protocols, ports, bytes }: PayloadRule): string | undefined {
  if (!isWhole(bytes, 0, mostPayloadBytes))
    return `bytes are not a whole number from 0 to ${mostPayloadBytes}`;
  if (protocols?.length === 0 || protocols?.some((number) => !isWhole(number, 0, 255))) {
    return 'protocols are not numbers from 0 to 255';
  }
  if (ports && !(isWhole(ports[0], 1, 65535) && isWhole(ports[1], ports[0], 65535))) {
    return 'ports do not go from one of 1 to 65535 to a higher one';
  }
  return undefined;
}

const isWhole = (value: unknown, low: number, high: number): boolean =>
  Number.isInteger(value) && (value as number) >= low && (value as number) <= high;

function refuse(problem: string): never {
  throw new PanoptesError('bad-option', `payloadRules${problem.startsWith('[') ? '' : ': '}${problem}`);
}
