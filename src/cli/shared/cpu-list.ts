// `--cpus`: CPUs by number, as `2,3` or `2-5` or both. Between the command line and ProbeOptions, which checks them.
import { InvalidArgumentError } from 'commander';

const most = 1023;

/** Throws InvalidArgumentError, which says what is wrong with which part. */
export function parseCpus(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const found = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part.trim());
    if (!found) throw new InvalidArgumentError(`'${part}' is no CPU and no range of CPUs, as in 2,3 or 2-5.`);
    const first = Number(found[1]);
    const last = Number(found[2] ?? found[1]);
    if (last > most) throw new InvalidArgumentError(`'${part}': CPUs have numbers from 0 to ${most}.`);
    if (last < first) throw new InvalidArgumentError(`'${part}' goes from high to low.`);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
