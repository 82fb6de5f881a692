// The cases of the JavaScript side: decode, filter, fan-out, the delay of the event loop.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cases } from './cases.mjs';
import { makeCapture, panoptes } from './packet-case.mjs';
import { benchFolder, say } from './places.mjs';
import { run, runJson } from './process.mjs';

const script = (name) => join(benchFolder, 'js', name);
const mix = cases.find(({ name }) => name === 'mix-100k');
const decodePackets = 1_000_000;
const delayPackets = 10_000_000;
// more clients, fewer messages each: every row moves about as many bytes
const fanouts = [
  { clients: 1, messages: 2000 },
  { clients: 10, messages: 500 },
  { clients: 100, messages: 100 },
  { clients: 500, messages: 30 },
];

export const jsCaseNames = ['decode', 'fanout', 'event-loop'];

async function decode({ packets, rounds, scratch }) {
  const capture = await makeCapture(mix, Math.min(decodePackets, packets), scratch);
  const file = join(scratch, 'decode.pan');
  const { code, err } = await run(panoptes('probe', '-r', capture.path, '-w', file));
  if (code !== 0) throw new Error(`panoptes probe ended with ${code}: ${err.trim()}`);
  const { records, samples } = await runJson([process.execPath, script('decode.mjs'), file, String(rounds)]);
  capture.remove();
  rmSync(file);
  const about = `${records} records of mix-100k`;
  return [
    { name: 'decode', about: `${about}, 4 columns summed`, unit: 'ns/record', samples: samples.decode },
    { name: 'filter', about: `${about}, decoded and matched`, unit: 'ns/record', samples: samples.filter },
  ];
}

async function fanout({ rounds }) {
  const results = [];
  for (const { clients, messages } of fanouts) {
    say(`fanout: ${clients} clients`);
    const args = [clients, messages, rounds].map(String);
    const { samples } = await runJson([process.execPath, script('fanout.mjs'), ...args]);
    results.push({
      name: `fanout-${clients}`,
      about: `64 KiB batches to ${clients} clients`,
      unit: 'us/message',
      samples,
    });
  }
  return results;
}

async function eventLoop({ packets, rounds, scratch }) {
  const capture = await makeCapture(mix, Math.min(delayPackets, packets), scratch);
  const longest = [];
  const usual = [];
  for (let round = 0; round < rounds; round++) {
    say(`event-loop: round ${round + 1} of ${rounds}`);
    const { maxMs, p99Ms } = await runJson([process.execPath, script('event-loop.mjs'), capture.path]);
    longest.push(maxMs);
    usual.push(p99Ms);
  }
  capture.remove();
  const about = `${capture.packets} packets read`;
  return [
    { name: 'event-loop', about: `longest delay, ${about}`, unit: 'ms', samples: longest },
    { name: 'event-loop-p99', about: `delay that 99 % stay below, ${about}`, unit: 'ms', samples: usual },
  ];
}

const runners = { decode, fanout, 'event-loop': eventLoop };

/** [{ name, about, unit, samples }] of one group; throws when it cannot be measured. */
export async function runJsCase(name, options) {
  say(`${name}: begins`);
  return runners[name](options);
}
