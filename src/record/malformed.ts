// The one error of parts of a batch that contradict each other.
import { PanoptesError } from '../errors.js';

export function malformed(what: string): never {
  throw new PanoptesError('bad-frame', `malformed batch: ${what}`);
}

/** Whether this is a whole number from 0 to the limit. */
export function isWhole(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= limit;
}

export function checkWhole(name: string, value: number, limit: number): void {
  if (!isWhole(value, limit)) malformed(`${name} is ${value}`);
}
