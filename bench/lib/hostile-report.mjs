// What a packet of each hostile kind costs beside a common one, and which of them cost too much.
import { digits, textTable } from './table.mjs';

/** A packet of an attacker may cost as much as so many common ones. */
export const mostTimes = 20;

/**
 * `common`: instructions of a packet of the mixed benchmark; `kinds`: { name, about, perPacket }[].
 * Returns { rows: the same with `times`, the dearest first, tooDear: names }.
 */
export function judge(common, kinds, limit = mostTimes) {
  const rows = kinds
    .map((kind) => ({ ...kind, times: kind.perPacket / common }))
    .sort((a, b) => b.times - a.times);
  // Not a number is no pass.
  return { rows, tooDear: rows.filter(({ times }) => !(times <= limit)).map(({ name }) => name) };
}

export function hostileTable(common, { rows, tooDear }) {
  return textTable([
    ['kind', 'instructions', 'times', 'verdict'],
    ['common: a packet of the mixed benchmark', digits(common, 0), '1.0', ''],
    ...rows.map(({ name, about, perPacket, times }) => [
      `${name}: ${about}`,
      digits(perPacket, 0),
      digits(times, 1),
      tooDear.includes(name) ? 'TOO DEAR' : 'ok',
    ]),
  ]);
}
