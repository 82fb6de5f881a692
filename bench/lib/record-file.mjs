// What a record file holds, told by the product's own reader.
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

const fromDist = (path) => import(join(root, 'dist', path));

/** The encoded batches of a file, in order, as whole frames. */
export async function readBatches(path) {
  const { FrameSplitter } = await fromDist('wire/file-format.js');
  const { peekFrame } = await fromDist('wire/peek.js');
  const splitter = new FrameSplitter();
  const batches = [];
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    for (const bytes of splitter.push(chunk)) {
      const { kind, rows } = peekFrame(bytes);
      if (kind === 'batch') batches.push({ bytes, rows });
    }
  }
  return batches;
}

/** Records of a file, and bytes a record with everything that the file holds. */
export async function weigh(path) {
  const batches = await readBatches(path);
  const records = batches.reduce((sum, { rows }) => sum + rows, 0);
  return { records, bytesPerRecord: statSync(path).size / records };
}
