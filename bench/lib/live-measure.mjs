// What is measured on the link: the highest rate without loss of each reader, CPU at a fixed rate, the probe at a rate
// that the others cannot take, the same packets from a file, and the probe that has nothing to do.
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds } from './cpu-seconds.mjs';
import { firstRecord } from './first-record.mjs';
import { highestRate } from './live-search.mjs';
import { costOf, makeEmptyCapture, panoptes } from './packet-case.mjs';
import { say } from './places.mjs';
import { runJson } from './process.mjs';
import { median } from './statistics.mjs';
import { tool } from './tools.mjs';

export const commonPps = 200_000;
export const peerTimes = 4;
const overloadSeconds = 10;
const idleSeconds = 10;
const settleMs = 15_000;
const searchSeconds = 70; // for one reader
const fileRounds = 3;
const kpps = (pps) => `${Math.round(pps / 1000)} kpps`;

/** Waits until a process has done what it still had to do: ring and queues are empty. */
async function settle(pid) {
  for (let before = cpuSeconds(pid), tries = 0; tries < 25; tries++) {
    await sleep(200);
    const now = cpuSeconds(pid);
    if (now - before <= 0.02) return;
    before = now;
  }
}

/** One reader, one rate: { pps, arrived, seen, lost, dropped, nsPerPacket, ...of the sender }. */
async function trial(reader, { link, pps, seconds, ...settings }) {
  const running = await reader.start(settings);
  try {
    await sleep(300);
    const before = cpuSeconds(running.pid);
    const sent = await link.send(pps, seconds);
    await settle(running.pid);
    const spent = cpuSeconds(running.pid) - before;
    const counts = await running.counts?.();
    const last = await running.stop();
    const { packets: seen, dropped, droppedLater = 0, missedByClient, lost } = counts ?? last;
    return {
      ...sent,
      seen,
      lost: lost ?? Math.max(0, sent.arrived - seen) + droppedLater,
      dropped,
      missedByClient,
      nsPerPacket: (spent * 1e9) / seen, // what was dropped cost the reader nothing
      cpuShare: spent / sent.seconds,
    };
  } catch (error) {
    await running.stop().catch(() => undefined);
    throw error;
  }
}

async function idleShare(reader, settings) {
  const running = await reader.start(settings);
  await sleep(settleMs); // a runtime loads and tidies up for seconds after its start
  const before = cpuSeconds(running.pid);
  await sleep(idleSeconds * 1000);
  const share = (cpuSeconds(running.pid) - before) / idleSeconds;
  await running.stop();
  return share;
}

/** CPU ns a packet of the same capture from a file, without the start of the runtime; and the floor's. */
async function fromFile(capture, scratch) {
  const empty = makeEmptyCapture(scratch);
  const floor = await tool('floor');
  const slots = String(Math.max(16, Math.ceil(Math.log2(capture.flows * 2))));
  const samples = { panoptes: [], floor: [] };
  for (let round = 0; round < fileRounds; round++) {
    const cost = (path, packets) =>
      costOf(panoptes('probe', '-r', path, '-w', '/dev/null'), packets, scratch);
    const start = (await cost(empty, 1)).nsPerPacket;
    const { nsPerPacket } = await cost(capture.path, capture.packets);
    samples.panoptes.push(nsPerPacket - start / capture.packets);
    samples.floor.push((await runJson([floor, capture.path, slots])).nsPerPacket);
  }
  return samples;
}

/**
 * `settings`: { link, pin, pinClient, scratch }. Returns { limit, search: name -> highestRate's, common: name ->
 * trial, overload: trial, peersBest, idleShare, file, firstRecord }.
 */
export async function measure({ found, seconds, capture, ...settings }) {
  const panoptesReader = found.find(({ name }) => name === 'panoptes');
  const peers = found.filter((reader) => reader !== panoptesReader);
  say('live: the sender beside the probe, as fast as it can');
  const limit = (await trial(panoptesReader, { ...settings, pps: 0, seconds })).pps;
  const search = {};
  for (const reader of found) {
    const begun = Date.now();
    const attempt = (pps) => {
      say(`live: ${reader.name} at ${kpps(pps)}`);
      return trial(reader, { ...settings, pps, seconds });
    };
    const start = reader === panoptesReader ? limit : commonPps;
    const more = () => Date.now() - begun < searchSeconds * 1000;
    search[reader.name] = await highestRate(attempt, { start, limit, more });
  }
  const common = {};
  for (const reader of found) {
    say(`live: ${reader.name} at ${kpps(commonPps)}, its CPU`);
    common[reader.name] = await trial(reader, { ...settings, pps: commonPps, seconds: Math.max(5, seconds) });
  }
  const peersBest = Math.max(0, ...peers.map(({ name }) => search[name].pps));
  const wanted = peerTimes * peersBest;
  const atLimit = peers.length === 0 || wanted >= limit;
  say(`live: panoptes for ${overloadSeconds} s at ${atLimit ? 'the limit of the sender' : kpps(wanted)}`);
  const pps = atLimit ? 0 : wanted;
  const overload = await trial(panoptesReader, { ...settings, pps, seconds: overloadSeconds });
  say(`live: panoptes without packets for ${idleSeconds} s`);
  const idle = await idleShare(panoptesReader, settings);
  say('live: the same packets from a file');
  const file = await fromFile(capture, settings.scratch);
  const first = await firstRecord(settings.scratch, fileRounds + 2);
  return {
    limit,
    search,
    common,
    peersBest,
    overload: { ...overload, atLimit },
    idleShare: idle,
    file,
    fileNs: median(file.panoptes),
    floorNs: median(file.floor),
    firstRecord: first,
  };
}
