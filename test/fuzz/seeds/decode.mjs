// Seeds of decode_fuzz: frames of the project's own captures behind their link type and a count of bytes that
// the capture cut off, 2 bytes each, little endian. Usage: node test/fuzz/seeds/decode.mjs FOLDER
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleCaptures } from '../../../dist/sample/captures.js';

const folder = process.argv[2];
const perCapture = 60; // frames of one capture are much alike

/** Frames of a little endian pcap file, which all but the cases of the format are. */
function* framesOf(bytes) {
  const file = Buffer.from(bytes);
  if (![0xa1b2c3d4, 0xa1b23c4d].includes(file.readUInt32LE(0))) return;
  const link = file.readUInt32LE(20) & 0xffff;
  for (let at = 24; at + 16 <= file.length; ) {
    const [captured, wire] = [file.readUInt32LE(at + 8), file.readUInt32LE(at + 12)];
    at += 16;
    if (at + captured > file.length) return;
    yield { link, cut: Math.min(wire - captured, 0xffff), frame: file.subarray(at, at + captured) };
    at += captured;
  }
}

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
