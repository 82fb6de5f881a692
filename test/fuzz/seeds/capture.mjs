// Seeds of capture_fuzz: the project's own captures behind the byte that chooses the size of the pieces (and,
// where it is a multiple of 32, a filter). Usage: node test/fuzz/seeds/capture.mjs FOLDER
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleCaptures } from '../../../dist/sample/captures.js';

const folder = process.argv[2];
for (const { name, bytes } of sampleCaptures()) {
  if (bytes.length >= 65_536) continue; // longer than the inputs of a run
  for (const first of [0, 255])
    writeFileSync(join(folder, `${name}-${first}`), Buffer.from([first, ...bytes]));
}
