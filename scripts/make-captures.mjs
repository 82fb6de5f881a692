// Writes the small captures of src/sample/captures.ts into a folder: seeds for the fuzzers, files to try things
// with. Needs a build. Usage: node scripts/make-captures.mjs FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleCaptures } from '../dist/sample/captures.js';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node scripts/make-captures.mjs FOLDER');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
for (const { name, bytes } of sampleCaptures()) writeFileSync(join(folder, name), bytes);
