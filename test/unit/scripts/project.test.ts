import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isCurrent, packagesAreCurrent } from '../../../scripts/lib/project.mjs';
import { differences } from '../../../scripts/list-sources.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'panoptes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, seconds: number): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  utimesSync(path, seconds, seconds);
  return path;
}

describe('what is current', () => {
  it('is what was made after all of its inputs', () => {
    const [early, made, late] = [file('a', 1000), file('b', 2000), file('c', 3000)];
    expect(isCurrent(made, [early])).toBe(true);
    expect(isCurrent(made, [early, late])).toBe(false);
  });

  it('is nothing that does not exist, and nothing whose input is gone', () => {
    const made = file('a', 1000);
    expect(isCurrent(join(folder, 'none'), [made])).toBe(false);
    expect(isCurrent(made, [join(folder, 'none')])).toBe(false);
  });
});

describe('installed packages', () => {
  const lock = (packages: object) => JSON.stringify({ packages });
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  };

  it('are current when every one that is not optional has the version of the lock file', () => {
    mkdirSync(join(folder, 'node_modules'));
    const has = (packages: object) =>
      writeFileSync(join(folder, 'node_modules/.package-lock.json'), lock(packages));
    writeFileSync(join(folder, 'package-lock.json'), lock(wanted));
    expect(packagesAreCurrent(folder)).toBe(false);
    has({ 'node_modules/a': { version: '1.0.0' } });
    expect(packagesAreCurrent(folder)).toBe(true);
    has({ 'node_modules/a': { version: '1.0.1' } });
    expect(packagesAreCurrent(folder)).toBe(false);
  });
});

describe('the list of sources', () => {
  it('differs where a source is missing or not listed', () => {
    const listed = { base: ['base/a.cc', 'base/gone.cc'] };
    const onDisk = { base: ['base/a.cc'], flow: ['flow/new.cc'] };
    expect(differences(listed, onDisk)).toEqual([
      'listed, but not there: native/base/gone.cc',
      'there, but not listed: native/flow/new.cc',
    ]);
    expect(differences(onDisk, onDisk)).toEqual([]);
  });
});
