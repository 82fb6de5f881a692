// What a packet may cost: a multiple of the floor's cost and of the export of the flows, which the floor does not do.
import { median } from './statistics.mjs';

/** What a good encoder needs for the record of a flow. */
export const exportNsPerFlow = 150;
export const goalTimes = 1.6;
export const aimTimes = 1.3;

/**
 * `result`: { flows, packets, samples: { floor, panoptes } } of a case, ns a packet of each round.
 * Returns { exportNs, allowedNs, times, goalNs, aimNs, verdict }: `allowedNs` is floor + export, `times` the cost in
 * it round by round (a busy minute hits both). Undefined where one of the two was not measured.
 */
export function budget({ flows, packets, samples: { floor, panoptes } }) {
  if (floor === undefined || panoptes === undefined || floor.length !== panoptes.length) return undefined;
  const exportNs = (exportNsPerFlow * flows) / packets;
  const allowedNs = median(floor) + exportNs;
  const ratio = median(panoptes) / allowedNs;
  // Not a number is no pass.
  const verdict = ratio <= aimTimes ? 'aim' : ratio <= goalTimes ? 'goal' : 'MISSED';
  return {
    exportNs,
    allowedNs,
    times: panoptes.map((ns, round) => ns / (floor[round] + exportNs)),
    goalNs: goalTimes * allowedNs,
    aimNs: aimTimes * allowedNs,
    verdict,
  };
}
