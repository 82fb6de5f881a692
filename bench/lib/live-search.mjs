// Finds the highest rate without loss in few trials. Knows nothing of links, so that it can be tested.

/** A rate counts as reached when so much of it was sent. */
const reached = 0.97;
/** The answer is known well enough when the next higher rate that lost is so near. */
const near = 1.12;
/** Clocks of two counters are not read at once: so much is no loss. */
export const mostLost = 1e-4;

export const isLossless = ({ arrived, lost }) => arrived > 0 && lost <= mostLost * arrived;

/** The sender is a process among others: so often may it fall short of a rate that it can do. */
const mostShort = 2;

/**
 * `attempt(pps)` sends at that rate: { pps: what was sent, arrived, lost }. `limit`: what the sender can do. Doubles or
 * halves from `start` to the first change, then bisects. Returns { pps, atLimit, disturbed, tried }: the highest rate
 * without loss (0: none), whether the sender and not the reader set it, whether the sender was kept from its rates, and
 * every trial. `more()` false ends it early.
 */
export async function highestRate(attempt, { start, limit, trials = 8, more = () => true }) {
  const tried = [];
  let best = 0;
  let worst = Number.POSITIVE_INFINITY;
  let short = 0;
  let next = Math.min(start, limit);
  while (tried.length < trials && more()) {
    const result = await attempt(next);
    const lossless = isLossless(result);
    tried.push({ wanted: next, ...result, lossless });
    if (lossless) best = Math.max(best, Math.min(result.pps, next));
    else worst = Math.min(worst, next);
    if (lossless && result.pps < reached * next) {
      short++;
      if (short > mostShort) break;
      continue; // the same again
    }
    if (lossless && next >= limit) return { pps: best, atLimit: true, disturbed: false, tried };
    if (worst / best < near) break;
    next = Number.isFinite(worst) ? (best > 0 ? (best + worst) / 2 : worst / 2) : Math.min(next * 2, limit);
  }
  return { pps: best, atLimit: false, disturbed: short > mostShort, tried };
}
