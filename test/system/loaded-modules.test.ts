// What a short run loads is most of what it costs: this holds the list, which does not depend on how busy the machine is. Needs a
// build (npm run build).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sampleCaptures } from '../../src/sample/captures.js';

const main = fileURLToPath(new URL('../../bin/panoptes.js', import.meta.url));
const hook = fileURLToPath(new URL('../support/loaded-modules.cjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'panoptes-loaded-'));
const capture = join(folder, 'a.pcap');
writeFileSync(capture, sampleCaptures()[0]?.bytes ?? new Uint8Array(0));

/** Modules of node that a run loads and an empty script does not, and the files of the command. */
function loadedBy(...words: string[]): { builtin: string[]; files: string[] } {
  const nothing = run(['-e', '0']);
  const all = run([main, ...words]);
  return {
    builtin: all.builtin.filter((name) => !nothing.builtin.includes(name)),
    files: all.files.map((path) => basename(path)),
  };
}

function run(words: readonly string[]): { builtin: string[]; files: string[] } {
  const list = join(folder, 'loaded.json');
  const { status, stderr } = spawnSync(process.execPath, ['--require', hook, ...words], {
    env: { ...process.env, PANOPTES_LOADED: list },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(readFileSync(list, 'utf8'));
}

// Each of them costs milliseconds and brings others: sockets, streams, readline.
const costly = ['stream', 'net', 'fs/promises', 'child_process', 'zlib', 'crypto', 'http', 'timers/promises'];

test('a probe writes the records of a file without streams, sockets and the decoder', () => {
  const { builtin, files } = loadedBy('probe', '-r', capture, '-w', join(folder, 'a.pan'));
  expect(costly.filter((name) => builtin.includes(name))).toEqual([]);
  expect(files.filter((name) => name.endsWith('.cjs')).sort()).toEqual([
    'base.cjs',
    'loaded-modules.cjs',
    'main.cjs',
    'probe-run.cjs',
    'probe.cjs',
    'records.cjs',
    'rolldown-runtime.cjs',
  ]);
});

test('records are printed without sockets of the server, compression and promises of files', () => {
  const { builtin, files } = loadedBy('ra', '-r', join(folder, 'a.pan'), '-N', '1');
  for (const name of ['fs/promises', 'child_process', 'zlib', 'crypto', 'http'])
    expect(builtin).not.toContain(name);
  for (const name of ['server.cjs', 'server-source.cjs', 'probe.cjs', 'panoptes.node'])
    expect(files).not.toContain(name);
});
