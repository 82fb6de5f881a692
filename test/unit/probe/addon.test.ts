import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addonPaths, loadFrom } from '../../../src/probe/addon.js';
import { fakeModule } from './fake-native.js';

const folder = mkdtempSync(join(tmpdir(), 'panoptes-addon-'));
const first = join(folder, 'first.node');
const second = join(folder, 'second.node');

test('a prebuilt addon comes before one that was built here', () => {
  const [prebuilt, built] = addonPaths('/p/');
  expect(prebuilt).toBe(`/p/prebuilds/${process.platform}-${process.arch}/panoptes.node`);
  expect(built).toBe('/p/build/Release/panoptes.node');
});

test('a missing addon is an error with the command that builds it', () => {
  expect(() => loadFrom([first, second], () => fakeModule)).toThrow(
    expect.objectContaining({ code: 'no-addon', hint: expect.stringContaining('npm run build') }),
  );
});

test('the first file that exists is loaded', () => {
  writeFileSync(second, '');
  const tried: string[] = [];
  const load = (path: string) => {
    tried.push(path);
    return fakeModule;
  };
  expect(loadFrom([first, second], load)).toBe(fakeModule);
  expect(tried).toEqual([second]);
});

test('an addon that does not load says why', () => {
  writeFileSync(second, '');
  const load = () => {
    throw new Error('libpcap.so.0.8: cannot open shared object file');
  };
  expect(() => loadFrom([second], load)).toThrow(
    expect.objectContaining({ code: 'no-addon', message: expect.stringContaining('libpcap.so.0.8') }),
  );
});

test('a prebuilt addon that does not load gives way to one that was built here', () => {
  writeFileSync(first, '');
  writeFileSync(second, '');
  const load = (path: string) => {
    if (path === first) throw new Error('wrong ELF class');
    return fakeModule;
  };
  expect(loadFrom([first, second], load)).toBe(fakeModule);
});
