// `npm run bench:live`: the probe, argus and softflowd on a link. Makes two network namespaces with a virtual cable
// between them; on one core a sender, on another the reader. docs/performance.md explains the figures.
// The outer process makes the namespaces and cleans up, the inner one (--inside) measures: with it, everything in its
// namespace of processes ends, whatever happens.
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cases } from './lib/cases.mjs';
import { Link } from './lib/live-link.mjs';
import { measure } from './lib/live-measure.mjs';
import { installedReaders, readers } from './lib/live-readers.mjs';
import { goalTable, judge, rateTable } from './lib/live-report.mjs';
import { machine } from './lib/machine.mjs';
import { makeCapture, panoptes } from './lib/packet-case.mjs';
import { findProgram } from './lib/peers.mjs';
import { root, say } from './lib/places.mjs';
import { runVisibly } from './lib/process.mjs';
import { makeScratch } from './lib/scratch.mjs';
import { tool } from './lib/tools.mjs';
import { readWords, UsageError } from './lib/usage.mjs';

const schema = 1;
const packets = 2_000_000;
const senderCpu = 0;
const readerCpu = 1;
const needs = ['unshare', 'nsenter', 'taskset', 'nice', 'ip'];

const usage = `npm run bench:live -- [options]     (as root; takes about five minutes)
  --seconds T      how long each rate is sent (default 3)
  --peers LIST     all (default), none, or names: argus,softflowd
  --probe=OPTIONS  more options for the probe, in one word: --probe='--snaplen 128'
  --json           JSON on stdout in place of the tables; the tables go to stderr
`;

function parse(args) {
  const options = {
    seconds: { type: 'string', default: '3' },
    peers: { type: 'string', default: 'all' },
    probe: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    inside: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  };
  const values = readWords(args, options);
  const seconds = Number(values.seconds);
  if (!(seconds >= 1 && seconds <= 60))
    throw new UsageError(`--seconds takes 1 to 60, not '${values.seconds}'`);
  const names = readers.map(({ name }) => name).filter((name) => name !== 'panoptes');
  const peers = { all: names, none: [] }[values.peers] ?? values.peers.split(',');
  const unknown = peers.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`unknown peer '${unknown}'; there are ${names.join(', ')}`);
  return { ...values, seconds, peers, probe: values.probe.split(/\s+/).filter(Boolean) };
}

/** Why it cannot be measured here; undefined: it can. */
function impossible() {
  if (process.platform !== 'linux') return 'network namespaces are Linux only';
  if (process.getuid?.() !== 0) return 'making network namespaces needs root: run it with sudo';
  const missing = needs.filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) return `${missing.join(' and ')} not installed (util-linux, iproute2)`;
  if (cpus().length < 2) return 'the sender and the reader need a core each, and there is one';
  return panoptes() === undefined ? 'panoptes is not built (npm run build)' : undefined;
}

/** Runs this script in namespaces of its own; resolves to its exit code. Whoever kills `unshare` kills all in them. */
function enclose(args, scratch) {
  const script = fileURLToPath(import.meta.url);
  const namespaces = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return runVisibly(['unshare', ...namespaces, process.execPath, script, ...args, '--inside', scratch]);
}

/**
 * The reader has its core to itself, as the sender has its own: before whatever else runs on this machine, and with room
 * for a thread that it puts before its others. The client is away from both where there are cores, else beside the
 * reader, as good as that: it stands for another machine.
 */
function pins() {
  const rest = cpus().length > 2 ? `2-${cpus().length - 1}` : String(readerCpu);
  const pin = (list) => ['nice', '-n', '-10', 'taskset', '-c', list];
  return { pin: pin(String(readerCpu)), pinClient: pin(rest) };
}

/** The first process of its namespace: when it exits, all others in it are gone. So it goes with the outer one. */
async function measureAndExit(options) {
  process.stdin.on('end', () => process.exit(1)).resume();
  let code = 1;
  try {
    code = await inside(options);
  } catch (error) {
    say(`bench:live: ${error.message}`);
  }
  process.exit(code);
}

async function inside({ seconds, peers, probe, json, inside: scratch }) {
  const { found, missing } = installedReaders(peers);
  const capture = await makeCapture(cases[0], packets, scratch);
  const link = await Link.open({ cpu: senderCpu, capture: capture.path });
  const figures = await measure({ found, seconds, capture, link, scratch, probe, ...pins() });
  link.close();
  const judged = judge(figures);
  const { cpu, cpus: count, node, kernel } = machine();
  const options = probe.length > 0 ? `; ${probe.join(' ')}` : '';
  const text = [
    `${count} x ${cpu}, node ${node}, kernel ${kernel}; ${cases[0].about}; ${seconds} s a trial${options}`,
    rateTable(figures),
    `the sender alone sets the limit at ${Math.round(figures.limit / 1000)} kpps of whole frames`,
    goalTable(judged),
    ...missing,
  ].join('\n\n');
  const result = {
    schema,
    date: new Date().toISOString(),
    machine: machine(),
    seconds,
    ...figures,
    goals: judged,
  };
  if (json) process.stderr.write(`${text}\n`);
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : `${text}\n`);
  return 0;
}

async function main(args) {
  const options = parse(args);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  process.chdir(root);
  if (options.inside !== undefined) return measureAndExit(options);
  const why = impossible();
  if (why !== undefined) {
    say(`bench:live: not measured: ${why}`);
    return 1;
  }
  const scratch = makeScratch(400e6);
  for (const name of ['traffic', 'sender', 'floor', 'cpu_time']) await tool(name);
  return enclose(args, scratch);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const wrong = error instanceof UsageError;
  say(`bench:live: ${error.message}${wrong ? `\n${usage}` : ''}`);
  process.exitCode = wrong ? 2 : 1;
}
