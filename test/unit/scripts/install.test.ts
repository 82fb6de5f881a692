// The install step and the build on a machine without a compiler: a copy of the scripts, and a PATH that has
// node and nothing else.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'panoptes-install-'));
  for (const path of ['scripts', 'package.json', 'package-lock.json', 'binding.gyp', 'native/sources.json']) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const made of ['bin', 'home']) mkdirSync(join(folder, made));
  symlinkSync(process.execPath, join(folder, 'bin/node'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function script(name: string, args: string[] = [], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [join(folder, 'scripts', name), ...args], {
    cwd: folder,
    env: { PATH: join(folder, 'bin'), HOME: join(folder, 'home'), CXX: 'no-such-compiler', ...env },
    encoding: 'utf8',
  });
}

describe('without a compiler', () => {
  it('an install ends well and says in one line what would help', () => {
    const { status, stdout, stderr } = script('install.mjs');
    expect(status).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^panoptes: no native addon \(a C\+\+20 compiler.*clients work.*npm rebuild panoptes\n$/,
    );
  });

  it('a checkout names its own command', () => {
    mkdirSync(join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'tsconfig.json'), '{}');
    expect(script('install.mjs').stderr).toMatch(/npm run build\n$/);
  });

  it('npx inside a checkout builds nothing and says nothing', () => {
    const { status, stderr } = script('install.mjs', [], { npm_command: 'exec' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('a build fails and says what to install', () => {
    const { status, stderr } = script('build.mjs', ['native']);
    expect(status).toBe(1);
    expect(stderr).toContain('the addon cannot be built');
    expect(stderr).toContain('install with: ');
  });

  it('a build refuses a part that there is not', () => {
    const { status, stderr } = script('build.mjs', ['natvie']);
    expect(status).toBe(2);
    expect(stderr).toContain("no part 'natvie'; there are: proto, native, ts");
  });
});
