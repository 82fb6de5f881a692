// What was measured on the link, as a table, and held against the goals.
import { peerTimes } from './live-measure.mjs';
import { median } from './statistics.mjs';
import { digits, textTable } from './table.mjs';

export const goals = {
  floors: 2.5, // CPU of a packet on the link, in floors from a file
  argusTimes: 8, // argus's CPU at the common rate in ours
  idleShare: 0.005, // of a core
  firstRecordSeconds: 0.3,
};

const kpps = (pps) => digits(pps / 1000, 0);
const percent = (share, places) => `${digits(share * 100, places)} %`;
/** Not a number is no pass. */
const verdict = (good) => (good ? 'met' : 'MISSED');

export function rateTable({ search, common }) {
  const own = common.panoptes;
  const rows = Object.entries(search).map(([name, { pps, atLimit, disturbed, tried }]) => {
    const { nsPerPacket, arrived, lost, dropped } = common[name];
    return [
      name,
      `${kpps(pps)}${atLimit ? ' (sender)' : disturbed ? ' (disturbed)' : ''}`,
      digits(search.panoptes.pps / pps, 1),
      tried.length,
      digits(nsPerPacket, 0),
      digits(nsPerPacket / own.nsPerPacket, 1),
      percent(lost / arrived, 2),
      dropped,
    ];
  });
  const heading = ['reader', 'kpps without loss', 'panoptes/it', 'trials', 'CPU ns/packet at 200 kpps'];
  return textTable([[...heading, 'it/panoptes', 'lost there', 'dropped by the kernel'], ...rows]);
}

/** [{ goal, wanted, measured, verdict }]; verdict undefined where a peer is missing. */
export function judge({ overload, common, fileNs, floorNs, idleShare, firstRecord, peersBest }) {
  const live = overload.nsPerPacket;
  const lostAll = overload.lost + (overload.dropped ?? 0) + (overload.missedByClient ?? 0);
  const rate = overload.atLimit
    ? "the sender's limit"
    : `${peerTimes} x the best peer's ${kpps(peersBest)} kpps`;
  const argus = common.argus?.nsPerPacket / common.panoptes.nsPerPacket;
  const first = median(firstRecord.recordFile);
  const firstOfCapture = median(firstRecord.capture);
  const seconds = digits(overload.seconds, 0);
  return [
    {
      goal: `packets lost in ${seconds} s at ${kpps(overload.pps)} kpps (${rate})`,
      wanted: '0',
      measured: `${overload.lost} lost, ${overload.dropped} dropped, client missed ${overload.missedByClient}`,
      verdict: verdict(lostAll === 0),
    },
    {
      goal: `CPU of a packet there (${digits(live, 0)} ns) in floors from a file (${digits(floorNs, 0)} ns)`,
      wanted: `<= ${goals.floors}`,
      measured: digits(live / floorNs, 2),
      verdict: verdict(live / floorNs <= goals.floors),
    },
    {
      goal: `the same in the probe's own CPU from a file (${digits(fileNs, 0)} ns)`,
      wanted: '',
      measured: digits(live / fileNs, 2),
      verdict: undefined,
    },
    {
      goal: "argus's CPU at 200 kpps in the probe's",
      wanted: `>= ${goals.argusTimes}`,
      measured: digits(argus, 1),
      verdict: common.argus === undefined ? undefined : verdict(argus >= goals.argusTimes),
    },
    {
      goal: 'CPU of the probe without packets, of a core',
      wanted: `<= ${percent(goals.idleShare, 1)}`,
      measured: percent(idleShare, 2),
      verdict: verdict(idleShare <= goals.idleShare),
    },
    {
      goal: 'seconds from the start to the first record of a record file',
      wanted: `<= ${goals.firstRecordSeconds}`,
      measured: digits(first, 2),
      verdict: verdict(first <= goals.firstRecordSeconds),
    },
    {
      goal: 'seconds from the start to the first record of a capture',
      wanted: `<= ${goals.firstRecordSeconds}`,
      measured: digits(firstOfCapture, 2),
      verdict: verdict(firstOfCapture <= goals.firstRecordSeconds),
    },
  ];
}

export function goalTable(judged) {
  return textTable([
    ['goal', 'wanted', 'measured', 'verdict'],
    ...judged.map(({ goal, wanted, measured, verdict: said }) => [goal, wanted, measured, said]),
  ]);
}
