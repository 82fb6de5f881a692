// What was measured, as tables: the packet cases, the JavaScript cases, the comparison with an earlier run.
import { aimTimes, goalTimes } from './budget.mjs';
import { compareSeries, median, range } from './statistics.mjs';
import { digits, textTable } from './table.mjs';

const medianOf = (samples) => (samples === undefined ? undefined : median(samples));

function spread(samples, places) {
  if (samples === undefined) return undefined;
  const [low, high] = range(samples);
  return `${digits(median(samples), places)} (${digits(low, places)}-${digits(high, places)})`;
}

export function packetTable(results, peerNames) {
  const heading = [
    ...['case', 'panoptes ns/packet', 'floor', 'x floor'],
    ...peerNames.map((name) => `${name}/panoptes`),
    ...['peak MiB', 'records', 'bytes/record', 'without payload'],
  ];
  const rows = results.map(({ name, samples, rssMib, records, bytesPerRecord, bytesPerRecordBare }) => {
    const own = medianOf(samples.panoptes);
    const floor = medianOf(samples.floor);
    return [
      name,
      spread(samples.panoptes, 0),
      digits(floor, 0),
      digits(own / floor, 2),
      ...peerNames.map((peer) => digits(medianOf(samples[peer]) / own, 1)),
      digits(rssMib.panoptes, 0),
      records,
      digits(bytesPerRecord, 1),
      digits(bytesPerRecordBare, 1),
    ];
  });
  return textTable([heading, ...rows]);
}

/** The cost of a packet against what it may be. */
export function budgetTable(results) {
  const heading = ['case', 'panoptes ns/packet', 'floor (range)', 'export', 'x (floor + export)'];
  const rows = results
    .filter(({ budget }) => budget !== undefined)
    .map(({ name, samples, budget }) => [
      name,
      digits(medianOf(samples.panoptes), 0),
      spread(samples.floor, 0),
      digits(budget.exportNs, 0),
      spread(budget.times, 2),
      digits(budget.goalNs, 0),
      digits(budget.aimNs, 0),
      budget.verdict,
    ]);
  return textTable([[...heading, `goal ${goalTimes} x`, `aim ${aimTimes} x`, 'verdict'], ...rows]);
}

export function peerTable(results, peerNames) {
  const rows = results.map(({ name, peerPackets, samples, rssMib }) => [
    name,
    peerPackets,
    ...peerNames.flatMap((peer) => [spread(samples[peer], 0), digits(rssMib[peer], 0)]),
  ]);
  return textTable([
    ['case', 'packets', ...peerNames.flatMap((peer) => [`${peer} ns/packet`, 'MiB'])],
    ...rows,
  ]);
}

export function jsTable(results) {
  const rows = results.map(({ name, about, unit, samples, wanted }) => [
    name,
    spread(samples, unit === 's' ? 2 : 1),
    unit,
    wanted === undefined ? undefined : `<= ${wanted}`,
    // Not a number is no pass.
    wanted === undefined ? undefined : median(samples) <= wanted ? 'met' : 'MISSED',
    about,
  ]);
  return textTable([['case', 'median (range)', 'unit', 'goal', 'verdict', 'of'], ...rows]);
}

/** Round by round: a busy minute hits both. */
const toFloor = ({ samples: { floor, panoptes } }) =>
  panoptes?.length === floor?.length ? panoptes?.map((ns, round) => ns / floor[round]) : undefined;

/** Old against new, case by case: absolute, and in floors, which is what another machine leaves alike. */
export function compareTable(before, after) {
  const rows = [];
  const add = (name, unit, old, now) => {
    if (old === undefined || now === undefined) return;
    const { ratio, verdict } = compareSeries(old, now);
    rows.push([name, unit, spread(old, 2), spread(now, 2), digits(ratio, 2), verdict]);
  };
  for (const result of after.cases) {
    const old = before.cases.find(({ name }) => name === result.name);
    if (old === undefined) continue;
    add(result.name, 'ns/packet', old.samples.panoptes, result.samples.panoptes);
    add(result.name, 'floors', toFloor(old), toFloor(result));
  }
  for (const result of after.js) {
    add(
      result.name,
      result.unit,
      before.js.find(({ name }) => name === result.name)?.samples,
      result.samples,
    );
  }
  return textTable([['case', 'unit', 'old', 'new', 'new/old', 'verdict'], ...rows]);
}
