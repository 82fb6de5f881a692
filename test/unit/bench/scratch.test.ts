import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const module = (name: string) => new URL(`../../../bench/lib/${name}`, import.meta.url).href;
const cwd = fileURLToPath(new URL('../../../', import.meta.url));

/** A benchmark that makes its folder, prints it, and waits. */
function start() {
  const code = `
    await import(${JSON.stringify(module('process.mjs'))});
    const { makeScratch } = await import(${JSON.stringify(module('scratch.mjs'))});
    console.log(makeScratch(1));
    setInterval(() => undefined, 1000);`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function folderOf(child: ReturnType<typeof start>): Promise<string> {
  const [chunk] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return String(chunk).trim();
}

describe('the folder of the captures', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('is gone after %s', async (signal) => {
    const child = start();
    const folder = await folderOf(child);
    expect(existsSync(folder)).toBe(true);
    child.kill(signal);
    const [code] = await once(child, 'exit');
    expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(existsSync(folder)).toBe(false);
  });

  it('that a killed benchmark left is removed by the next one', async () => {
    const killed = start();
    const left = await folderOf(killed);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(existsSync(left)).toBe(true);
    const next = start();
    await folderOf(next);
    expect(existsSync(left)).toBe(false);
    next.kill('SIGTERM');
    await once(next, 'exit');
  });
});
