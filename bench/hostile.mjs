// node bench/hostile.mjs [kind...]: instructions a packet of traffic that was made to be dear, flow tables and all,
// counted by callgrind beside a packet of the mixed benchmark. Exit 1 where one costs more than 20 of those.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { instructions } from './lib/callgrind.mjs';
import { cases } from './lib/cases.mjs';
import { hostileTable, judge, mostTimes } from './lib/hostile-report.mjs';
import { makeCapture, makeEmptyCapture } from './lib/packet-case.mjs';
import { findProgram } from './lib/peers.mjs';
import { say } from './lib/places.mjs';
import { run, runJson } from './lib/process.mjs';
import { makeScratch } from './lib/scratch.mjs';
import { tool } from './lib/tools.mjs';

const commonPackets = 100_000;

async function commonCost(pipeline, idle, scratch) {
  const capture = await makeCapture(cases[0], commonPackets, scratch);
  const counted = await instructions(pipeline, capture.path);
  capture.remove();
  return (counted - idle) / commonPackets;
}

async function costOf({ name, packets, maxFlows }, { generator, pipeline, idle, scratch }) {
  const path = join(scratch, `${name}.pcap`);
  const { code, err } = await run([generator, name, path]);
  if (code !== 0) throw new Error(`hostile ${name}: ${err.trim()}`);
  const counted = await instructions(pipeline, path, ...(maxFlows > 0 ? [maxFlows] : []));
  rmSync(path);
  return (counted - idle) / packets;
}

async function main(only) {
  if (findProgram('valgrind') === undefined) {
    say('not judged: valgrind is not installed');
    return 0;
  }
  const scratch = makeScratch(200e6);
  const [generator, pipeline] = [await tool('hostile'), await tool('pipeline')];
  const all = await runJson([generator, '--list']);
  const unknown = only.find((name) => !all.some((kind) => kind.name === name));
  if (unknown !== undefined) {
    say(`no kind '${unknown}'; there are ${all.map((kind) => kind.name).join(', ')}`);
    return 2;
  }
  const idle = await instructions(pipeline, makeEmptyCapture(scratch));
  const common = await commonCost(pipeline, idle, scratch);
  const kinds = [];
  for (const kind of all.filter(({ name }) => only.length === 0 || only.includes(name))) {
    kinds.push({ ...kind, perPacket: await costOf(kind, { generator, pipeline, idle, scratch }) });
  }
  const judged = judge(common, kinds);
  process.stdout.write(`${hostileTable(common, judged)}\n`);
  if (judged.tooDear.length === 0) return 0;
  say(`more than ${mostTimes} common packets: ${judged.tooDear.join(', ')}`);
  return 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(`hostile: ${error.message}`);
  process.exitCode = 1;
}
