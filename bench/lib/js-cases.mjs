// The cases of the JavaScript side and of the whole process, and of encoding: decode, filter, fan-out, the delay of the event loop,
// memory, the time to the first record.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cases } from './cases.mjs';
import { firstRecord } from './first-record.mjs';
import { makeCapture, panoptes } from './packet-case.mjs';
import { benchFolder, say } from './places.mjs';
import { run, runJson } from './process.mjs';
import { tool } from './tools.mjs';

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

export const jsCaseNames = ['encode', 'decode', 'fanout', 'event-loop', 'memory', 'first-record'];

/** The C++ side of the same records: account to batch. */
async function encode({ packets, rounds, scratch }) {
  const capture = await makeCapture(mix, Math.min(decodePackets, packets), scratch);
  const command = [await tool('encoder'), capture.path, String(Math.max(rounds, 5))];
  const { records, bytesPerRecord, samples } = await runJson(command);
  capture.remove();
  const about = `${records} records of mix-100k to batches, ${bytesPerRecord} bytes each`;
  return [{ name: 'encode', about, unit: 'ns/record', samples, wanted: 200 }];
}

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
    {
      name: 'decode',
      about: `${about}, 5 columns summed`,
      unit: 'ns/record',
      samples: samples.decode,
      wanted: 50,
    },
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

const mib = 2 ** 20;
const manyFlows = { packets: 3_000_000, flows: 950_000, epoch: 1_700_000_000, seconds: 20 };
const flood = { packets: 5_000_000, epoch: manyFlows.epoch + 2 * manyFlows.seconds };

/** Memory does not depend on the machine's mood: one round. */
async function memory({ packets, scratch }) {
  const traffic = (name, most, args) =>
    makeCapture({ name, traffic: args }, Math.min(most, packets), scratch);
  const flowArgs = ['--flows', manyFlows.flows, '--snap', 96, '--seconds', manyFlows.seconds];
  const many = await traffic('memory-flows', manyFlows.packets, [
    ...['--mode', 'scatter-uniform', '--epoch', manyFlows.epoch],
    ...flowArgs,
  ]);
  const floodArgs = ['--mode', 'synflood', '--pps', 5e6, '--epoch', flood.epoch];
  const syns = await traffic('memory-flood', flood.packets, floodArgs);
  const command = [process.execPath, '--expose-gc', script('memory.mjs'), many.path, syns.path];
  const { points, duringFlood, maxFlows } = await runJson(command);
  many.remove();
  syns.remove();
  const full = duringFlood.filter(({ flows }) => flows >= 0.99 * maxFlows).map(({ rss }) => rss);
  const perFlow = (points.flows.rss - points.start.rss) / points.flows.flows;
  const growth = full.length < 2 ? Number.NaN : (Math.max(...full, points.flood.rss) - full[0]) / mib;
  const kept = (points.quiet.rss - points.start.rss) / mib;
  const row = (name, about, unit, value, wanted) => ({ name, about, unit, samples: [value], wanted });
  return [
    row('memory-flow', `memory of each of ${points.flows.flows} flows`, 'bytes', perFlow),
    row('memory-flood', `growth in a flood of SYNs with all ${maxFlows} flows in use`, 'MiB', growth, 8),
    row(
      'memory-after',
      `kept ten quiet minutes later, ${points.quiet.flows} flows in memory`,
      'MiB',
      kept,
      64,
    ),
  ];
}

async function firstRecordCase({ rounds, scratch }) {
  const { capture, recordFile } = await firstRecord(scratch, Math.max(rounds, 3));
  return [
    {
      name: 'first-record',
      about: 'from the start of `ra -r` to the first record of a record file',
      unit: 's',
      samples: recordFile,
      wanted: 0.3,
    },
    {
      name: 'first-of-capture',
      about: 'the same of a capture',
      unit: 's',
      samples: capture,
      wanted: 0.3,
    },
  ];
}

const runners = { encode, decode, fanout, 'event-loop': eventLoop, memory, 'first-record': firstRecordCase };

/**
 * [{ name, about, unit, samples, wanted? }] of one group; `wanted`: the most that the median may be. Throws when it
 * cannot be measured.
 */
export async function runJsCase(name, options) {
  say(`${name}: begins`);
  return runners[name](options);
}
