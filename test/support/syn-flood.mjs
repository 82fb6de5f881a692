// syn-flood.mjs [--quiet=SECONDS] MAX_FLOWS SYNS...: known connections in a flood of SYNs from as many clients, through the probe of dist/.
// Says as JSON what its memory was after each number of SYNs, its last counters, and what the records say of the known
// connections beside what they sent. With --quiet it says as well what its memory is so long after all of it, with a packet a
// second. Run with --expose-gc.
//     node --expose-gc test/support/syn-flood.mjs 20000 5000000 10000000
import { setTimeout as sleep } from 'node:timers/promises';

const dist = new URL('../../dist/', import.meta.url);
const { Probe } = await import(new URL('probe/probe.js', dist));
const { statusOf } = await import(new URL('probe/status.js', dist));
const { decodeFrame } = await import(new URL('wire/codec.js', dist));

const words = process.argv.slice(2);
const quietSeconds = words[0]?.startsWith('--quiet=') ? Number(words.shift().slice('--quiet='.length)) : 0;
const [maxFlows, ...marks] = words.map(Number);
const connections = 200;
const firstPort = 20_000;
const stepNs = 5000;
const frameBytes = 54;
const recordBytes = 16 + frameBytes;
const chunkPackets = 50_000;
const [fin, syn, ack] = [1, 2, 16];

let sent = 0;
let quietNs = 0;
const truth = new Map();
const measured = new Map();
const addTo = (map, port, direction, packets, bytes) => {
  const sums = map.get(port) ?? [0, 0, 0, 0];
  sums[direction] += packets;
  sums[2 + direction] += bytes;
  map.set(port, sums);
};

/** Writes a frame of IPv4 and TCP behind its pcap header; `extra` bytes were on the wire and not captured. */
function put(view, at, { src, dst, srcPort, dstPort, seq, ackNumber, flags, extra = 0 }) {
  const nanos = sent * stepNs + quietNs;
  view.setUint32(at, 1_700_000_000 + Math.floor(nanos / 1e9), true);
  view.setUint32(at + 4, Math.floor((nanos % 1e9) / 1000), true);
  view.setUint32(at + 8, frameBytes, true);
  view.setUint32(at + 12, frameBytes + extra, true);
  const ip = at + 16 + 14;
  view.setUint16(ip - 2, 0x0800);
  view.setUint16(ip, 0x4500);
  view.setUint16(ip + 2, 40 + extra);
  view.setUint16(ip + 4, sent & 0xffff);
  view.setUint16(ip + 8, 0x4006);
  view.setUint32(ip + 12, src);
  view.setUint32(ip + 16, dst);
  view.setUint16(ip + 20, srcPort);
  view.setUint16(ip + 22, dstPort);
  view.setUint32(ip + 24, seq);
  view.setUint32(ip + 28, ackNumber);
  view.setUint8(ip + 32, 0x50);
  view.setUint8(ip + 33, flags);
  view.setUint16(ip + 34, 1000);
  sent++;
}

const [client, server, victim] = [0x0a000009, 0x0a000001, 0xac100001];

/** A frame of a known connection. */
function known(view, at, port, fromServer, seq, ackNumber, flags, extra = 0) {
  const ends = fromServer
    ? { src: server, dst: client, srcPort: 80, dstPort: port }
    : { src: client, dst: server, srcPort: port, dstPort: 80 };
  put(view, at, { ...ends, seq, ackNumber, flags, extra });
  addTo(truth, port, fromServer ? 1 : 0, 1, frameBytes + extra);
}

const ports = Array.from({ length: connections }, (_, index) => firstPort + index);

/** A chunk of `count` frames, made by `make(view, place, index)`. */
function chunkOf(count, make) {
  const chunk = new Uint8Array(count * recordBytes);
  const view = new DataView(chunk.buffer);
  for (let index = 0; index < count; index++) make(view, index * recordBytes, index);
  return chunk;
}

const handshakes = () =>
  chunkOf(3 * connections, (view, at, index) => {
    const port = ports[index % connections];
    if (index < connections) known(view, at, port, false, 100, 0, syn);
    else if (index < 2 * connections) known(view, at, port, true, 500, 101, syn | ack);
    else known(view, at, port, false, 101, 501, ack);
  });

/** A segment and its acknowledgement of each connection. */
const talk = (round) =>
  chunkOf(2 * connections, (view, at, index) => {
    const port = ports[index % connections];
    const size = 1 + (port % 900);
    if (index < connections) known(view, at, port, false, 101 + round * size, 501, ack, size);
    else known(view, at, port, true, 501, 101 + (round + 1) * size, ack);
  });

const farewell = (rounds) =>
  chunkOf(connections, (view, at, index) => {
    const port = ports[index];
    known(view, at, port, false, 101 + rounds * (1 + (port % 900)), 501, fin | ack);
  });

const flood = (first, count) =>
  chunkOf(count, (view, at, index) => {
    const src = 0x01000000 + first + index;
    put(view, at, { src, dst: victim, srcPort: 5000, dstPort: 80, seq: 1, ackNumber: 0, flags: syn });
  });

/** Memory once all that was fed is accounted, and what batches held is given back. */
async function settled() {
  while (statusOf(probe).packets < sent) await sleep(20);
  for (let times = 0; times < 3; times++) {
    await sleep(200);
    globalThis.gc();
  }
  await sleep(200);
  return { rss: process.memoryUsage.rss(), flows: statusOf(probe).flows };
}

const points = [];

async function* traffic() {
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, 0xa1b2c3d4, true);
  header.setUint32(4, 0x00040002, true);
  header.setUint32(16, 262_144, true);
  header.setUint32(20, 1, true);
  yield new Uint8Array(header.buffer);
  yield handshakes();
  let syns = 0;
  let round = 0;
  for (const mark of marks) {
    while (syns < mark) {
      const count = Math.min(chunkPackets, mark - syns);
      yield flood(syns, count);
      syns += count;
      yield talk(round++);
    }
    points.push({ syns, ...(await settled()) });
  }
  yield farewell(round);
  if (quietSeconds === 0) return;
  for (let second = 0; second < quietSeconds; second++) {
    quietNs += 1e9;
    yield flood(syns, 1);
  }
  points.push({ syns, ...(await settled()) });
}

const probe = Probe.open({
  sources: [{ kind: 'feed', name: 'flood', live: false, bytes: traffic }],
  maxFlows,
  statusInterval: 1,
  payloadBytes: 0,
});

let inRecords = 0;
let evictedKnown = 0;
const evicted = 5; // EndReason
for await (const item of probe) {
  if (item.kind === 'error') throw new Error(item.message);
  if (item.kind !== 'batch') continue;
  const { batch } = decodeFrame(item.bytes);
  const [port, toPort, reason] = ['srcPort', 'dstPort', 'reason'].map((name) => batch.column(name));
  const counts = ['srcPackets', 'dstPackets', 'srcBytes', 'dstBytes'].map((name) => batch.column(name));
  for (let row = 0; row < batch.rows; row++) {
    const [there, back, thereBytes, backBytes] = counts.map((count) => count(row) ?? 0);
    inRecords += there + back;
    if (port(row) < firstPort || toPort(row) !== 80) continue;
    addTo(measured, port(row), 0, there, thereBytes);
    addTo(measured, port(row), 1, back, backBytes);
    if (reason(row) === evicted) evictedKnown++;
  }
}
const { packets, flowsOpened, batchesDropped, evicted: evictedFlows, undecoded } = statusOf(probe);
const say = {
  points,
  sent,
  inRecords,
  status: { packets, flowsOpened, evicted: evictedFlows, batchesDropped, undecoded },
  evictedKnown,
  connections,
  truth: [...truth],
  measured: [...measured].sort(([a], [b]) => a - b),
};
process.stdout.write(`${JSON.stringify(say)}\n`);
