// The one error of parts of a batch that contradict each other.
import { PanoptesError } from '../errors.js';

export function malformed(what: string): never {
  throw new PanoptesError('bad-frame', `malformed batch: ${what}`);
}

/** Refuses what is no whole number from 0 to the limit. */
export function checkWhole(name: string, value: number, limit: number): void {
  if (!(Number.isInteger(value) && value >= 0 && value <= limit)) malformed(`${name} is ${value}`);
}
