// Whether the native pipeline needs more instructions a packet than was accepted (bench/instructions.json).
import { digits, textTable } from './table.mjs';

/** So much more than the accepted count is a failure; so much less asks for new ones to be accepted. */
export const tolerance = 0.03;

function verdictOf(old, now) {
  if (old === undefined) return 'NEW';
  if (now === undefined) return 'NOT COUNTED';
  const ratio = now / old;
  // Not a number is no pass.
  if (!(ratio <= 1 + tolerance)) return 'WORSE';
  return ratio < 1 - tolerance ? 'better' : 'ok';
}

const isBad = (verdict) => ['NEW', 'NOT COUNTED', 'WORSE'].includes(verdict);

/** Why the two cannot be held against each other; undefined: they can. */
function difference(before, after) {
  for (const [key, what] of [
    ['compiler', 'the compiler'],
    ['target', 'the processor'],
    ['packets', 'the number of packets'],
  ]) {
    if (before[key] !== after[key]) return `${what} differs: accepted ${before[key]}, here ${after[key]}`;
  }
  return undefined;
}

/**
 * `before`, `after`: { compiler, target, packets, perPacket: { case: instructions } }.
 * Returns { rows: { name, old, now, ratio, verdict }[], notJudged, bad, better }: `notJudged` says why nothing was
 * judged, and then nothing is bad; `bad` and `better` are names of cases.
 */
export function compare(before, after) {
  const names = [...new Set([...Object.keys(before.perPacket), ...Object.keys(after.perPacket)])];
  const notJudged = difference(before, after);
  const rows = names.map((name) => {
    const [old, now] = [before.perPacket[name], after.perPacket[name]];
    return { name, old, now, ratio: now / old, verdict: notJudged ? undefined : verdictOf(old, now) };
  });
  const named = (test) => rows.filter(({ verdict }) => verdict && test(verdict)).map(({ name }) => name);
  return { rows, notJudged, bad: named(isBad), better: named((verdict) => verdict === 'better') };
}

export function gateTable(rows) {
  return textTable([
    ['case', 'accepted', 'now', 'ratio', 'verdict'],
    ...rows.map(({ name, old, now, ratio, verdict }) => [
      name,
      digits(old, 1),
      digits(now, 1),
      digits(ratio, 3),
      verdict,
    ]),
  ]);
}
