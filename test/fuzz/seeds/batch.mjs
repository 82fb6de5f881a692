// Seeds of batch_fuzz: the short frames of each of the project's own captures, each behind its length and a step
// of time. Usage: node test/fuzz/seeds/batch.mjs FOLDER
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleCaptures } from '../../../dist/sample/captures.js';
import { framesOf } from './support/frames.mjs';

const folder = process.argv[2];
const perSeed = 40;
const ethernet = 1;

for (const { name, bytes } of sampleCaptures()) {
  const pieces = [];
  for (const { link, frame } of framesOf(bytes)) {
    if (link !== ethernet || pieces.length === perSeed) continue;
    const short = frame.subarray(0, 255);
    pieces.push(Buffer.from([short.length, 10 + (pieces.length % 40)]), short);
  }
  if (pieces.length > 0) writeFileSync(join(folder, name), Buffer.concat(pieces));
}
