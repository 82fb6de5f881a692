// A capture in, text out: what `panoptes ra` prints of the captures that the project makes. README.md says where
// the captures come from and how the texts were checked. Needs a build (npm run build).
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sampleCaptures } from '../../src/sample/captures.js';

const main = fileURLToPath(new URL('../../bin/panoptes.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'panoptes-golden-'));

/** Other formats of a capture that is here already have no text of their own. */
const captures = sampleCaptures().filter(({ name }) => !name.startsWith('format'));

async function ra(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'ra', ...words], {
    maxBuffer: 1 << 26,
  });
  return stdout;
}

test.each(captures)('$name', { timeout: 60_000 }, async ({ name, bytes }) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const stem = name.replace(/\.\w+$/, '');
  await expect(await ra('-r', path, '-n')).toMatchFileSnapshot(`${stem}.txt`);
  // The folder differs with every run, and how many batches wait for the event loop is up to the machine.
  const printed = await ra('-r', path, '-M', 'json', 'man');
  const json = printed.replaceAll(path, name).replace(/"(queuedBatches|queuedBytes)":\d+/g, '"$1":0');
  await expect(json).toMatchFileSnapshot(`${stem}.jsonl`);
});

test('the formats of one capture print the same', { timeout: 60_000 }, async () => {
  const names = ['format-us', 'format-us-be', 'format.pcapng', 'format-be.pcapng', 'format-unknown.pcapng'];
  const texts = new Set<string>();
  for (const { name, bytes } of sampleCaptures()) {
    if (!names.some((known) => name === known || name === `${known}.pcap`)) continue;
    const path = join(folder, name);
    writeFileSync(path, bytes);
    texts.add(await ra('-r', path, '-n'));
  }
  expect(texts.size).toBe(1);
});
