// fanout.mjs CLIENTS MESSAGES ROUNDS: CPU us of the serving process for each message to each client, on real
// sockets. Every message is a batch of 64 KiB; the clients are another process, whose CPU does not count.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { benchFolder, root } from '../lib/places.mjs';

const fromDist = (path) => import(join(root, 'dist', path));
const { Hub } = await fromDist('fanout/hub.js');
const { serve } = await fromDist('server/server.js');
const { encodeBatch, encodeFrame } = await fromDist('wire/codec.js');
const { columns } = await fromDist('record/columns.js');
const { constantColumn } = await fromDist('record/stored-values.js');

const [clients, messages, rounds] = process.argv.slice(2).map(Number);
const messageBytes = 64 << 10;
const ahead = 16; // messages on their way at once; below the hub's limit, so that none is dropped
const patienceMs = 60_000;
let number = 0;

/** One batch of about messageBytes: how well records are packed must not matter here. */
function message() {
  number++;
  const none = new Uint8Array(0);
  return encodeBatch({
    number,
    rows: 1,
    baseSeconds: 1_700_000_000,
    firstRecord: number,
    columns: [constantColumn(columns.srcPayload.id, messageBytes)],
    rowSets: [],
    ipv4Dictionary: none,
    ipv6Dictionary: none,
    macDictionary: none,
    payload: new Uint8Array(messageBytes).fill(number & 255),
    filteredRows: 0,
  });
}

const status = { packets: 0, sources: [], undecoded: {} };
const startSeconds = 1_700_000_000;
const welcome = () => ({
  ...{ probeId: 'bench', version: '0', schema: 1, startSeconds, runId: 'bench' },
  ...{ firstBatch: 0, lastBatch: 0, source: 'benchmark' },
});
const hub = new Hub({ welcome });
const server = await serve({
  port: 0,
  host: '127.0.0.1',
  hub,
  status: () => status,
  maxClients: clients + 1,
});
const subscribe = encodeFrame({
  kind: 'subscribe',
  subscribe: { filter: '', after: 0, runId: '', wantPayload: true, wantAll: false },
});
const hex = Buffer.from(subscribe).toString('hex');
const child = fork(join(benchFolder, 'js', 'fanout-clients.mjs'), [
  String(server.port),
  String(clients),
  hex,
]);
let received = 0;
let wake = () => undefined;
child.on('message', (told) => {
  if (typeof told !== 'number') fail(`a client: ${told.error}`);
  received = told;
  wake();
});
child.on('exit', (code) => fail(`the clients ended with ${code}`));

function fail(words) {
  process.stderr.write(`${words}\n`);
  process.exit(1);
}

async function until(test, what) {
  const deadline = performance.now() + patienceMs;
  while (!test()) {
    if (performance.now() > deadline) fail(`${what} took more than ${patienceMs / 1000} s`);
    await Promise.race([
      new Promise((resolve) => {
        wake = resolve;
      }),
      sleep(100),
    ]);
  }
}

async function send(count) {
  const batches = Array.from({ length: count }, message);
  const bytesEach = batches[0].length * clients;
  const start = received;
  const before = process.cpuUsage();
  for (const [i, bytes] of batches.entries()) {
    hub.publish(bytes);
    await until(() => received - start >= (i + 1 - ahead) * bytesEach, 'a message');
  }
  await until(() => received - start >= count * bytesEach, 'the last message');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (count * clients);
}

await until(() => hub.counters.subscribers === clients, 'subscribing');
await sleep(200); // the greetings
await send(Math.min(messages, 32));
const samples = [];
for (let round = 0; round < rounds; round++) {
  await sleep(100);
  samples.push(await send(messages));
}
const { missedBatches } = hub.counters;
if (missedBatches > 0) fail(`${missedBatches} messages were dropped: the figures mean nothing`);
process.stdout.write(`${JSON.stringify({ clients, messages, messageBytes, samples })}\n`, () =>
  process.exit(0),
);
