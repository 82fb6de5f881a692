// One packet case: makes the captures, runs panoptes, the floor and the peers in turn, returns the samples.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { budget } from './budget.mjs';
import { sizesOf } from './cases.mjs';
import { cliPath, say } from './places.mjs';
import { run, runJson } from './process.mjs';
import { weigh } from './record-file.mjs';
import { tool } from './tools.mjs';

const patienceMs = 240_000;

/** Command line of the product; undefined while it is not built. */
export function panoptes(...args) {
  return existsSync(cliPath) ? [process.execPath, cliPath, ...args] : undefined;
}

/** Writes the capture of a generated case: { flows, notes }. */
async function generate(entry, path, packets) {
  const summary = `${path}.truth`;
  const options = ['--packets', packets, '--out', path, '--summary', summary];
  const { code, err } = await run([await tool('traffic'), ...entry.traffic, ...options].map(String));
  if (code !== 0) throw new Error(`traffic ${entry.name}: ${err.trim()}`);
  const { flows } = JSON.parse(readFileSync(summary, 'utf8'));
  return { flows, notes: [] };
}

/** The capture of a case, made once: { path, packets, flows, notes, remove }. */
export async function makeCapture(entry, packets, scratch) {
  const path = join(scratch, `${entry.name}-${packets}.pcap`);
  const summary = `${path}.json`;
  if (!existsSync(path)) {
    const made = await (entry.make ? entry.make(path, packets) : generate(entry, path, packets));
    writeFileSync(summary, JSON.stringify(made));
  }
  const made = JSON.parse(readFileSync(summary, 'utf8'));
  return { path, packets, ...made, remove: () => rmSync(path, { force: true }) };
}

/** CPU ns a packet and peak memory of a command that read `packets`. */
export async function costOf(command, packets, scratch) {
  const log = join(scratch, 'output.log');
  const cost = await runJson([await tool('cpu_time'), log, ...command], { timeoutMs: patienceMs });
  if (cost.exitCode !== 0) {
    throw new Error(
      `${command[0]} ended with ${cost.exitCode}: ${readFileSync(log, 'utf8').trim().slice(-400)}`,
    );
  }
  return {
    nsPerPacket: ((cost.userSeconds + cost.systemSeconds) * 1e9) / packets,
    rssMib: cost.maxRssKib / 1024,
  };
}

/** The floor's table holds twice as many flows as the capture has. */
const log2Slots = (flows) => Math.max(16, Math.ceil(Math.log2(flows * 2)));

async function floorCost({ path, flows }) {
  return runJson([await tool('floor'), path, String(log2Slots(flows))]);
}

/** Records and their size, with payload (the default) and without, from the short capture. */
async function recordSizes(capture, scratch) {
  const file = join(scratch, 'records.pan');
  const measure = async (...options) => {
    await costOf(panoptes('probe', '-r', capture.path, '-w', file, ...options), capture.packets, scratch);
    const weight = await weigh(file);
    rmSync(file);
    return weight;
  };
  const whole = await measure();
  const bare = await measure('-U', '0');
  return {
    records: whole.records,
    recordsPackets: capture.packets,
    bytesPerRecord: whole.bytesPerRecord,
    bytesPerRecordBare: bare.bytesPerRecord,
  };
}

/** { name, sizes, flows, samples: subject -> ns a packet of each round, rssMib, records..., budget, notes, failures } */
export async function runPacketCase(entry, { packets, rounds, peers, scratch, withProduct }) {
  const sizes = sizesOf(entry, packets);
  say(`${entry.name}: making ${sizes.packets} packets (${entry.about})`);
  const large = await makeCapture(entry, sizes.packets, scratch);
  const small = await makeCapture({ ...entry, ...entry.forPeers }, sizes.peerPackets, scratch);
  const forFloor = await makeCapture(entry, sizes.floorPackets, scratch);
  const subjects = [
    { name: 'floor', capture: forFloor, cost: () => floorCost(forFloor) },
    ...(withProduct
      ? [
          {
            name: 'panoptes',
            capture: large,
            command: panoptes('probe', '-r', large.path, '-w', '/dev/null'),
          },
        ]
      : []),
    ...peers.map((peer) => {
      const [, ...args] = peer.command(small.path, { scratch, flows: small.flows });
      return { name: peer.name, capture: small, command: [peer.path, ...args] };
    }),
  ];
  const samples = {};
  const rssMib = {};
  const failures = [];
  for (let round = 0; round < rounds; round++) {
    for (const { name, capture, command, cost } of subjects) {
      if (failures.some((failure) => failure.startsWith(`${name} `))) continue;
      say(`${entry.name}: round ${round + 1} of ${rounds}, ${name}`);
      try {
        const result = await (cost ? cost() : costOf(command, capture.packets, scratch));
        samples[name] = [...(samples[name] ?? []), result.nsPerPacket];
        rssMib[name] = Math.max(rssMib[name] ?? 0, result.rssMib ?? result.maxRssKib / 1024);
      } catch (error) {
        failures.push(`${name} on ${entry.name}: ${error.message}`);
      }
    }
  }
  let records = {};
  if (samples.panoptes) {
    try {
      records = await recordSizes(small, scratch);
    } catch (error) {
      failures.push(`panoptes -w on ${entry.name}: ${error.message}`);
    }
  }
  for (const capture of [large, small, forFloor]) capture.remove();
  rmSync(join(scratch, 'nfpcapd'), { recursive: true, force: true });
  return {
    name: entry.name,
    about: entry.about,
    ...sizes,
    flows: large.flows,
    samples,
    rssMib,
    ...records,
    budget: budget({ flows: large.flows, packets: sizes.packets, samples }),
    notes: large.notes,
    failures,
  };
}

/** A capture without packets: what reads it costs only its start. */
export function makeEmptyCapture(scratch) {
  const path = join(scratch, 'empty.pcap');
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(0x00040002, 4); // version 2.4
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(1, 20); // Ethernet
  writeFileSync(path, header);
  return path;
}

/** CPU ms of the product before it does anything. */
export async function startupMs(scratch, rounds) {
  const path = makeEmptyCapture(scratch);
  const samples = [];
  for (let round = 0; round < rounds; round++) {
    const { nsPerPacket } = await costOf(panoptes('probe', '-r', path, '-w', '/dev/null'), 1, scratch);
    samples.push(nsPerPacket / 1e6);
  }
  return samples;
}
