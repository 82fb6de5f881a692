// Numbers of comparisons: text with an optional unit -> a number in the unit of the field. Used by parser.ts.

const number = /^([+-]?(?:0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))(.*)$/i;

/** Seconds in a unit of time. Case matters: `m` is a minute and `M` a million. */
const seconds = new Map([
  ['ns', 1e-9],
  ['us', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
  ['m', 60],
  ['min', 60],
  ['h', 3600],
  ['d', 86400],
]);
const multiples = new Map([
  ['k', 1e3],
  ['K', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['Ki', 1024],
  ['Mi', 1024 ** 2],
  ['Gi', 1024 ** 3],
  ['Ti', 1024 ** 4],
]);
const fieldTimes = new Map<string, number>([
  ['s', 1],
  ['ms', 1e-3],
]);

/** A value, or why there is none: no number at all, or a unit that the field does not have. */
export type Value =
  | { readonly value: number }
  | { readonly problem: 'no-number' | 'wrong-unit'; readonly units: string };

/** `10ms` for a field in seconds -> 0.01; `5M` for one in bytes -> 5000000. No unit: the field's own. */
export function parseValue(text: string, unit: string): Value {
  const fieldSeconds = fieldTimes.get(unit);
  const table = fieldSeconds === undefined ? multiples : seconds;
  const units = [...table.keys(), ...(unit === '%' ? ['%'] : [])].join(' ');
  const match = number.exec(text);
  const plain = Number(match?.[1]);
  if (!match || !Number.isFinite(plain)) return { problem: 'no-number', units };
  const suffix = match[2] ?? '';
  if (suffix === '' || (suffix === '%' && unit === '%')) return { value: plain };
  const factor = table.get(suffix);
  if (factor === undefined) return { problem: 'wrong-unit', units };
  return { value: scale(plain, factor, fieldSeconds ?? 1) };
}

/** plain * factor / unit, dividing by whole numbers where it can: 10 ms is 0.01 s and not 0.010000000000000002. */
function scale(plain: number, factor: number, unit: number): number {
  const ratio = factor / unit;
  return ratio >= 1 ? plain * Math.round(ratio) : plain / Math.round(unit / factor);
}

/** Does `text` begin like a number? */
export function looksNumeric(text: string): boolean {
  return /^[+-]?\.?\d/.test(text);
}
