// Option -N: how many records, or which of them.
import { PanoptesError } from '../../errors.js';

/** Of the selected records, `skip` are passed over, then `take` are shown. */
export interface RecordLimit {
  readonly skip: number;
  readonly take: number;
}

export const noLimit: RecordLimit = { skip: 0, take: Number.POSITIVE_INFINITY };

/** `10`: the first ten. `5-8`: the fifth to the eighth. `5+3`: three from the fifth on. */
export function parseRecordLimit(text: string): RecordLimit {
  const match = /^o?(\d+)(?:([-+])(\d+))?$/.exec(text);
  const [, first, sign, second] = match ?? [];
  const [a, b] = [Number(first), Number(second)];
  if (match && sign === undefined) return { skip: 0, take: a };
  if (match && a >= 1 && sign === '+') return { skip: a - 1, take: b };
  if (match && a >= 1 && b >= a) return { skip: a - 1, take: b - a + 1 };
  throw new PanoptesError(
    'bad-option',
    `'${text}' is no record count for -N`,
    'as in: 10, 5-8 or 5+3 (records count from 1)',
  );
}
