// Medians and what may be said about two series of measurements.

/** Middle value; mean of the two middle ones; NaN of nothing. */
export function median(values) {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const range = (values) => [Math.min(...values), Math.max(...values)];

/**
 * Two series of costs: the ratio of their medians, and a verdict. Where the ranges overlap the difference may be
 * noise; only ranges that do not touch tell faster from slower, and of fewer than three rounds each not even those.
 */
export function compareSeries(before, after) {
  const ratio = median(after) / median(before);
  const [lowBefore, highBefore] = range(before);
  const [lowAfter, highAfter] = range(after);
  if (Math.min(before.length, after.length) < 3) return { ratio, verdict: 'too few rounds' };
  const verdict = highAfter < lowBefore ? 'faster' : lowAfter > highBefore ? 'slower' : 'within noise';
  return { ratio, verdict };
}
