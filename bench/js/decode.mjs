// decode.mjs FILE.pan ROUNDS: CPU ns a record to decode batches and sum five columns, and to filter them.
import { join } from 'node:path';
import { root } from '../lib/places.mjs';
import { readBatches } from '../lib/record-file.mjs';

const { decodeFrame } = await import(join(root, 'dist', 'wire', 'codec.js'));
const { parseFilter } = await import(join(root, 'dist', 'filter', 'parser.js'));
const { matchRows } = await import(join(root, 'dist', 'filter', 'compile.js'));

const [file, rounds] = process.argv.slice(2);
const leastSeconds = 0.5;
const summed = ['srcAddress', 'dstAddress', 'dstPort', 'srcBytes', 'dstBytes'];
const filter = parseFilter('tcp and port 443 and src pkts gt 5');

const batches = await readBatches(file);
const records = batches.reduce((sum, { rows }) => sum + rows, 0);
let sink = 0;

function decodeAndSum(bytes) {
  const { batch } = decodeFrame(bytes);
  for (const name of summed) {
    const read = batch.column(name);
    let sum = 0;
    for (let row = 0; row < batch.rows; row++) sum += read(row) ?? 0;
    sink += sum;
  }
}

function decodeAndFilter(bytes) {
  sink += matchRows(filter, decodeFrame(bytes).batch).length;
}

function nsPerRecord(work) {
  const before = process.cpuUsage();
  let spent = 0;
  let done = 0;
  while (spent < leastSeconds) {
    for (const { bytes } of batches) work(bytes);
    done += records;
    const { user, system } = process.cpuUsage(before);
    spent = (user + system) / 1e6;
  }
  return (spent * 1e9) / done;
}

const works = { decode: decodeAndSum, filter: decodeAndFilter };
const samples = { decode: [], filter: [] };
for (const work of Object.values(works)) nsPerRecord(work); // the compiler's share
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, work] of Object.entries(works)) samples[name].push(nsPerRecord(work));
}
if (!Number.isFinite(sink)) throw new Error('nothing was summed');
process.stdout.write(`${JSON.stringify({ records, batches: batches.length, samples })}\n`);
