// node bench/instructions.mjs [--update]: instructions a packet of the native pipeline, counted by callgrind, and
// compared with bench/instructions.json. Instructions do not hear a noisy neighbour, so 3 % is a finding; they do
// not see cache misses either, so they do not replace `npm run bench`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instructions } from './lib/callgrind.mjs';
import { cases } from './lib/cases.mjs';
import { makeCapture, makeEmptyCapture } from './lib/packet-case.mjs';
import { findProgram } from './lib/peers.mjs';
import { benchFolder, say } from './lib/places.mjs';
import { makeScratch } from './lib/scratch.mjs';
import { digits, textTable } from './lib/table.mjs';
import { compilerVersion, tool } from './lib/tools.mjs';

const packets = 100_000;
const tolerance = 0.03;
const baselinePath = join(benchFolder, 'instructions.json');

async function count() {
  const scratch = makeScratch(200e6);
  const pipeline = await tool('pipeline');
  const idle = await instructions(pipeline, makeEmptyCapture(scratch));
  const perPacket = {};
  for (const entry of cases) {
    say(`${entry.name}: counting`);
    const capture = await makeCapture(entry, packets, scratch);
    perPacket[entry.name] = Math.round((await instructions(pipeline, capture.path)) - idle) / packets;
    capture.remove();
  }
  return { compiler: await compilerVersion(), packets, perPacket };
}

/** 0: within the tolerance or better; 1: a case needs more instructions than before. */
function compare(before, after) {
  const rows = Object.entries(after.perPacket).map(([name, now]) => {
    const old = before.perPacket[name];
    const ratio = now / old;
    const verdict = !(ratio > 1 + tolerance) ? (ratio < 1 - tolerance ? 'better: --update' : 'ok') : 'WORSE';
    return [name, digits(old, 1), digits(now, 1), digits(ratio, 3), verdict];
  });
  process.stdout.write(`${textTable([['case', 'baseline', 'now', 'ratio', 'verdict'], ...rows])}\n`);
  if (before.compiler !== after.compiler) {
    say(`the baseline is of another compiler (${before.compiler}): nothing is judged`);
    return 0;
  }
  return rows.some((row) => row.at(-1) === 'WORSE') ? 1 : 0;
}

async function main(args) {
  const [option] = args;
  if (args.length > 1 || (option !== undefined && option !== '--update')) {
    say('usage: node bench/instructions.mjs [--update]');
    return 2;
  }
  if (findProgram('valgrind') === undefined) {
    say('valgrind is not installed: instructions are not counted');
    return 0;
  }
  const counted = await count();
  if (option === '--update' || !existsSync(baselinePath)) {
    writeFileSync(baselinePath, `${JSON.stringify(counted, null, 2)}\n`);
    say(`written: ${baselinePath}`);
    return 0;
  }
  return compare(JSON.parse(readFileSync(baselinePath, 'utf8')), counted);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(`instructions: ${error.message}`);
  process.exitCode = 1;
}
