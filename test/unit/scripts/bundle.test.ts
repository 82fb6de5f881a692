// The command as it is shipped: few files, each command with those that it uses. Needs a build (npm run build).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../dist/command', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.cjs'));
const texts = new Map(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

/** What a file loads at once; what it loads later stands behind a `=>`. */
const loadedBy = (name: string): string[] =>
  [...(texts.get(name) ?? '').matchAll(/^(?:.*= )?require\("([^"]+)"\);$/gm)]
    .filter(([line]) => !line.includes('=>'))
    .map(([, to = '']) => to.replace(/^\.\//, ''));

/** All that is loaded with some files. */
function loadedWith(...names: string[]): string[] {
  const all = new Set(names);
  for (const name of all) for (const next of loadedBy(name)) all.add(next);
  return [...all].sort();
}

const packagesIn = (names: readonly string[]) =>
  names.filter((name) => !name.endsWith('.cjs') && !name.startsWith('node:'));

describe('the bundled command', () => {
  it('says what it is with the arguments and nothing of records', () => {
    expect(loadedWith('main.cjs').filter((name) => name.endsWith('.cjs'))).toEqual([
      'base.cjs',
      'main.cjs',
      'rolldown-runtime.cjs',
    ]);
  });

  it('measures a file without the field table, the filters, the server and its libraries', () => {
    const loaded = loadedWith('main.cjs', 'probe.cjs');
    expect(loaded).toContain('records.cjs');
    for (const absent of ['fields.cjs', 'ra.cjs', 'server.cjs', 'lossless-hub.cjs']) {
      expect(loaded).not.toContain(absent);
    }
    expect(packagesIn(loaded)).toEqual([]);
    for (const costly of ['node:crypto', 'node:http', 'node:zlib']) expect(loaded).not.toContain(costly);
  });

  it('prints records without the server and its libraries', () => {
    const loaded = loadedWith('main.cjs', 'ra.cjs');
    expect(loaded).toContain('fields.cjs');
    expect(loaded).not.toContain('server.cjs');
    expect(packagesIn(loaded)).toEqual([]);
  });

  it('serves records without the library of metrics', () => {
    expect(packagesIn(loadedWith('main.cjs', 'server.cjs', 'lossless-hub.cjs'))).toEqual(['ws']);
  });

  it('has no files that need one another', () => {
    for (const name of files) {
      const others = loadedBy(name).filter((other) => other.endsWith('.cjs'));
      for (const other of others) expect(loadedWith(other), `${name} loads ${other}`).not.toContain(name);
    }
  });

  it('names the licences of the libraries within', () => {
    const licences = readFileSync(join(folder, 'licenses.md'), 'utf8');
    for (const name of ['commander', 'protobufjs']) expect(licences).toContain(`## ${name} - `);
  });
});
