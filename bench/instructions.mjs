// node bench/instructions.mjs [--update]: instructions a packet of the native pipeline, counted by callgrind, and
// held against those that were accepted (bench/instructions.json); a part of `npm test`. Instructions do not hear a
// noisy neighbour, so 3 % is a finding; they do not see cache misses either, so they do not replace `npm run bench`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { instructions } from './lib/callgrind.mjs';
import { cases } from './lib/cases.mjs';
import { compare, gateTable } from './lib/instruction-gate.mjs';
import { makeCapture, makeEmptyCapture } from './lib/packet-case.mjs';
import { findProgram } from './lib/peers.mjs';
import { benchFolder, say } from './lib/places.mjs';
import { makeScratch } from './lib/scratch.mjs';
import { compilerTarget, compilerVersion, tool } from './lib/tools.mjs';

const packets = 100_000;
const acceptedPath = join(benchFolder, 'instructions.json');
const update = 'npm run bench:instructions -- --update';

async function count() {
  const scratch = makeScratch(200e6);
  const pipeline = await tool('pipeline');
  await tool('traffic'); // before two cases want it at once
  const idle = await instructions(pipeline, makeEmptyCapture(scratch));
  const counted = new Map();
  const waiting = [...cases];
  const countCases = async () => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
      say(`${entry.name}: counting`);
      const capture = await makeCapture(entry, packets, scratch);
      counted.set(entry.name, ((await instructions(pipeline, capture.path)) - idle) / packets);
      capture.remove();
    }
  };
  await Promise.all(cpus().map(countCases));
  const inOrder = cases.filter(({ name }) => counted.has(name)).map(({ name }) => [name, counted.get(name)]);
  return {
    compiler: await compilerVersion(),
    target: await compilerTarget(),
    packets,
    perPacket: Object.fromEntries(inOrder),
  };
}

/** Says what there is to say; 1 where a case needs more instructions than was accepted. */
function judge(accepted, counted) {
  const { rows, notJudged, bad, better } = compare(accepted, counted);
  process.stdout.write(`${gateTable(rows)}\n`);
  if (notJudged !== undefined) {
    say(`not judged: ${notJudged}`);
    return 0;
  }
  if (better.length > 0) say(`better: ${better.join(', ')}; keep it so with ${update}`);
  if (bad.length === 0) return 0;
  say(`more instructions than accepted: ${bad.join(', ')}; if that is right, accept them with ${update}`);
  return 1;
}

async function main(args) {
  const [option] = args;
  if (args.length > 1 || (option !== undefined && option !== '--update')) {
    say('usage: node bench/instructions.mjs [--update]');
    return 2;
  }
  if (findProgram('valgrind') === undefined) {
    say('not judged: valgrind is not installed');
    return 0;
  }
  const counted = await count();
  if (option === '--update') {
    writeFileSync(acceptedPath, `${JSON.stringify(counted, null, 2)}\n`);
    say(`written: ${acceptedPath}`);
    return 0;
  }
  if (!existsSync(acceptedPath)) {
    say(`there are no accepted counts in ${acceptedPath}; make them with ${update}`);
    return 1;
  }
  return judge(JSON.parse(readFileSync(acceptedPath, 'utf8')), counted);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(`instructions: ${error.message}`);
  process.exitCode = 1;
}
