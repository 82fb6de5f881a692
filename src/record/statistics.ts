// Statistics of some values that merge without loss: count, mean, sum of the squared deviations from it, extremes.
// Neighbours: the fields of gaps join their two classes with it, aggregation whole records; pure.

/** Of at least one value, in one unit. */
export interface Statistics {
  readonly count: number;
  readonly mean: number;
  /** Σ(value - mean)². The standard deviation of the values is √(m2 / count). */
  readonly m2: number;
  readonly min: number;
  readonly max: number;
}

/** Those of both together (Chan, Golub and LeVeque 1979); undefined: there is nothing. */
export function mergeStatistics(a: Statistics, b: Statistics): Statistics;
export function mergeStatistics(a: Statistics | undefined, b: Statistics | undefined): Statistics | undefined;
export function mergeStatistics(
  a: Statistics | undefined,
  b: Statistics | undefined,
): Statistics | undefined {
  if (!a || !b) return a ?? b;
  const count = a.count + b.count;
  const between = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (between * b.count) / count,
    m2: a.m2 + b.m2 + (between ** 2 * a.count * b.count) / count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

/** Counters of the same bins, added. */
export function mergeHistograms(a: readonly number[], b: readonly number[]): number[] {
  return a.map((count, bin) => count + (b[bin] ?? 0));
}

/** The standard deviation of two values and more; of fewer there is none. */
export function deviation({ count, m2 }: Statistics): number | undefined {
  return count < 2 || m2 < 0 ? undefined : Math.sqrt(m2 / count);
}
