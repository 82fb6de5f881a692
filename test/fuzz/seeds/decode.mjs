// Seeds of decode_fuzz: frames of the project's own captures behind their link type and a count of bytes that
// the capture cut off, 2 bytes each, little endian. Usage: node test/fuzz/seeds/decode.mjs FOLDER
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleCaptures } from '../../../dist/sample/captures.js';
import { framesOf } from './support/frames.mjs';

const folder = process.argv[2];
const perCapture = 60; // frames of one capture are much alike

for (const { name, bytes } of sampleCaptures()) {
  let number = 0;
  for (const { link, cut, frame } of framesOf(bytes)) {
    if (number === perCapture) break;
    const head = Buffer.alloc(4);
    head.writeUInt16LE(link, 0);
    head.writeUInt16LE(cut, 2);
    writeFileSync(join(folder, `${name}-${number++}`), Buffer.concat([head, frame]));
  }
}
