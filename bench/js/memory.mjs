// memory.mjs FLOWS.pcap FLOOD.pcap: resident memory of a probe while it meets traffic with many flows, a flood that
// fills its table many times over, and ten minutes with hardly a packet. Run with --expose-gc. Prints JSON.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../lib/places.mjs';

const { Probe } = await import(join(root, 'dist', 'probe', 'probe.js'));
const { statusOf } = await import(join(root, 'dist', 'probe', 'status.js'));

const [flowsPath, floodPath] = process.argv.slice(2);
const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
const quietSeconds = 600; // longer than any flow may be idle
const settleMs = 2000;
const sampleEveryBytes = 64 << 20;

const status = () => statusOf(probe);

function residentBytes() {
  globalThis.gc();
  return process.memoryUsage.rss();
}

/** Memory once everything that was fed has been accounted. */
async function point() {
  let before = -1;
  for (let now = status().packets; now !== before; now = status().packets) {
    before = now;
    await sleep(100);
  }
  await sleep(settleMs);
  return { rss: residentBytes(), flows: status().flows, packets: status().packets };
}

/** A frame that belongs to no flow with addresses: it only says what time it is. */
function tick(seconds) {
  const record = Buffer.alloc(recordHeaderBytes + 60);
  record.writeUInt32LE(seconds, 0);
  record.writeUInt32LE(60, 8);
  record.writeUInt32LE(60, 12);
  record.writeUInt16BE(0x88b5, recordHeaderBytes + 12); // an EtherType for experiments
  return record;
}

const points = {};
const duringFlood = [];

async function* traffic() {
  let lastSeconds = 0;
  const chunks = async function* (path, skip) {
    let rest = skip;
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      yield rest > 0 ? chunk.subarray(rest) : chunk;
      rest = Math.max(0, rest - chunk.length);
    }
  };
  points.start = await point();
  for await (const bytes of chunks(flowsPath, 0)) yield bytes;
  points.flows = await point();
  let fed = 0;
  for await (const bytes of chunks(floodPath, fileHeaderBytes)) {
    if (fed === 0) lastSeconds = bytes.readUInt32LE(0);
    if (Math.floor((fed + bytes.length) / sampleEveryBytes) > Math.floor(fed / sampleEveryBytes)) {
      duringFlood.push({ rss: residentBytes(), flows: status().flows });
    }
    fed += bytes.length;
    yield bytes;
  }
  points.flood = await point();
  for (let second = 60; second <= 60 + quietSeconds; second++) yield tick(lastSeconds + second);
  points.quiet = await point();
}

const probe = Probe.open({
  sources: [{ kind: 'feed', name: 'memory', live: false, bytes: traffic }],
  queueBatches: 64,
});
for await (const item of probe) {
  if (item.kind === 'error') throw new Error(item.message);
}
const { maxFlows } = status();
process.stdout.write(`${JSON.stringify({ points, duringFlood, maxFlows })}\n`);
