// `npm run bench`: makes its traffic, runs panoptes beside the floor and the peers that are installed, prints
// what a packet costs each; then the cases of the JavaScript side. docs/performance.md explains the figures.
import { existsSync, readFileSync } from 'node:fs';
import { sizesOf } from './lib/cases.mjs';
import { corpusCase, corpusMissing } from './lib/corpus.mjs';
import { runJsCase } from './lib/js-cases.mjs';
import { machine } from './lib/machine.mjs';
import { parseOptions, usage } from './lib/options.mjs';
import { panoptes, runPacketCase, startupMs } from './lib/packet-case.mjs';
import { choosePeers } from './lib/peers.mjs';
import { root, say } from './lib/places.mjs';
import { budgetTable, compareTable, jsTable, packetTable, peerTable } from './lib/report.mjs';
import { makeScratch } from './lib/scratch.mjs';
import { median } from './lib/statistics.mjs';
import { UsageError } from './lib/usage.mjs';

const schema = 1;

/** Bytes of the largest case: its captures and what is written beside them. */
function roomFor({ packetCases, jsCases, packets }) {
  const bytes = packetCases.map((entry) => {
    const sizes = sizesOf(entry, packets);
    return (sizes.packets + 2 * sizes.peerPackets) * entry.bytesPerPacket;
  });
  if (jsCases.length > 0) bytes.push(Math.min(10e6, packets) * 105);
  return Math.max(0, ...bytes) * 1.2;
}

function readEarlier(path) {
  if (path === undefined) return undefined;
  if (!existsSync(path)) throw new UsageError(`there is no file ${path}`);
  const earlier = JSON.parse(readFileSync(path, 'utf8'));
  if (earlier.schema !== schema) throw new UsageError(`${path} is not a result of this benchmark`);
  return earlier;
}

/** CPU ms of starting, or undefined and a note if the product is not there or does not run. */
async function tryProduct(scratch, rounds, notes) {
  if (panoptes() === undefined) {
    notes.push('panoptes is not built (npm run build): only the floor and the peers were measured');
    return undefined;
  }
  try {
    return await startupMs(scratch, rounds);
  } catch (error) {
    notes.push(`panoptes does not run, only the floor and the peers were measured: ${error.message}`);
    return undefined;
  }
}

/** The cases that can be measured here; says of the others why not. */
function possible(options, notes) {
  const missing = options.packetCases.includes(corpusCase) ? corpusMissing() : undefined;
  if (missing === undefined) return options;
  notes.push(missing);
  return { ...options, packetCases: options.packetCases.filter((entry) => entry !== corpusCase) };
}

async function measure(wanted, { installed, missing }) {
  const notes = missing.map((name) => `${name} is not installed: no comparison with it`);
  const options = possible(wanted, notes);
  const scratch = makeScratch(roomFor(options));
  const result = { schema, date: new Date().toISOString(), machine: machine(), cases: [], js: [], notes };
  const settings = { ...options, scratch, peers: installed };
  const product = await tryProduct(scratch, options.rounds, notes);
  if (product) result.startupMs = product;
  for (const entry of options.packetCases) {
    const {
      failures,
      notes: said,
      ...figures
    } = await runPacketCase(entry, {
      ...settings,
      withProduct: product !== undefined,
    });
    result.cases.push(figures);
    notes.push(...said, ...failures);
  }
  for (const name of product ? options.jsCases : []) {
    try {
      result.js.push(...(await runJsCase(name, settings)));
    } catch (error) {
      notes.push(`${name}: ${error.message}`);
    }
  }
  return result;
}

function report(result, peerNames, earlier) {
  const { cpu, cpus: count, node, kernel } = result.machine;
  const parts = [`${count} x ${cpu}, node ${node}, kernel ${kernel}`];
  if (result.cases.length > 0) parts.push(packetTable(result.cases, peerNames));
  if (result.cases.some((one) => one.budget)) parts.push(budgetTable(result.cases));
  if (result.cases.length > 0 && peerNames.length > 0) parts.push(peerTable(result.cases, peerNames));
  if (result.startupMs && result.cases.length > 0) {
    const [first] = result.cases;
    const ms = median(result.startupMs);
    const share = ((ms * 1e6) / first.packets).toFixed(1);
    parts.push(
      `starting costs ${ms.toFixed(0)} ms of CPU, included above: ${share} ns a packet of ${first.name}`,
    );
  }
  if (result.js.length > 0) parts.push(jsTable(result.js));
  if (earlier) parts.push(compareTable(earlier, result));
  if (result.notes.length > 0) parts.push(result.notes.join('\n'));
  return parts.join('\n\n');
}

async function main() {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const earlier = readEarlier(options.compare);
  const peers = choosePeers(options.peers);
  process.chdir(root);
  const result = await measure(options, peers);
  const names = peers.installed.map(({ name }) => name);
  const text = `${report(result, names, earlier)}\n`;
  if (options.json) process.stderr.write(text);
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : text);
  const failed = result.notes.some((note) => note.startsWith('panoptes '));
  return failed ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const wrong = error instanceof UsageError || error instanceof RangeError;
  say(`bench: ${error.message}${wrong ? `\n${usage}` : ''}`);
  process.exitCode = wrong ? 2 : 1;
}
