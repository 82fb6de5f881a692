// Numbers as values of options. For the files that declare options.
import { InvalidArgumentError } from 'commander';

export function numberIn(low: number, high: number, whole = false): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= low && value <= high && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`a ${whole ? 'whole ' : ''}number from ${low} to ${high} is needed.`);
  };
}
