// The sender of `npm run bench:live`, over a virtual cable: what it says that it sent is what arrives, whole frames, with
// other addresses in every loop. Skipped, and reported so, where namespaces cannot be made or nothing compiles.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tool } from '../../bench/lib/tools.mjs';
import { Cable, inside, namespacesMissing } from './namespaces.js';

const { CXX = 'g++' } = process.env;
const missing =
  namespacesMissing() ?? (spawnSync(CXX, ['--version']).status === 0 ? undefined : 'no compiler');
const live = fileURLToPath(new URL('../../bench/live.mjs', import.meta.url));

describe('bench:live', () => {
  it.each([[['--seconds', '0']], [['--seconds', 'x']], [['--peers', 'nprobe']], [['--rate', '5']]])(
    'refuses %j with 2 and says what there is',
    (args) => {
      const { status, stderr } = spawnSync(process.execPath, [live, ...args], { encoding: 'utf8' });
      expect(stderr).toMatch(/^bench:live: .*\nnpm run bench:live/);
      expect(status).toBe(2);
    },
  );
});

describe.skipIf(missing)(`the sender${missing ? ` (${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'panoptes-sender-'));
  const capture = join(folder, 'traffic.pcap');
  const packets = 500;
  let sender: string;
  let cable: Cable;

  beforeAll(async () => {
    sender = await tool('sender');
    const traffic = await tool('traffic');
    const options = ['--mode', 'scatter-uniform', '--flows', '100', '--snap', '96', '--packets', packets];
    const made = spawnSync(traffic, [...options, '--out', capture].map(String), { encoding: 'utf8' });
    expect([made.status, made.stderr]).toEqual([0, expect.stringContaining('"packets":500')]);
    cable = new Cable();
  }, 120_000);
  afterAll(() => {
    cable?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = (pps: number, seconds: number) =>
    JSON.parse(
      inside(cable.far.namespace, sender, capture, cable.far.interface, String(pps), String(seconds), '0'),
    );

  /** Packets, bytes and flows of what arrives while `action` runs, as tcpdump-like a listener as node has: the probe. */
  async function arriving<T>(action: () => T) {
    const file = join(folder, 'arrived.pan');
    const command = fileURLToPath(new URL('../../bin/panoptes.js', import.meta.url));
    const probe = spawn(
      'ip',
      [
        ...['netns', 'exec', cable.near.namespace, process.execPath, command, 'probe'],
        ...['-i', cable.near.interface, '-w', file, '-S', '0', '--max-flows', '10000'],
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const ended = once(probe, 'exit');
    const sockets = () => inside(cable.near.namespace, 'cat', '/proc/net/packet').trim().split('\n').length;
    for (let tries = 0; tries < 200 && sockets() < 2; tries++) await sleep(50);
    await sleep(200);
    const result = action();
    await sleep(500);
    probe.kill('SIGTERM');
    await ended;
    const read = spawnSync(process.execPath, [command, 'ra', '-r', file, '-n', '-M', 'json'], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    const records = read.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { saddr: string; daddr: string; pkts: number; bytes: number });
    const sum = (name: 'pkts' | 'bytes') => records.reduce((total, record) => total + (record[name] ?? 0), 0);
    const pairs = new Set(records.map(({ saddr, daddr }) => [saddr, daddr].sort().join(' ')));
    return { result, packets: sum('pkts'), bytes: sum('bytes'), pairs: pairs.size };
  }

  it('sends at the rate that it was given, and what it says is what arrives', {
    timeout: 30_000,
  }, async () => {
    const before = cable.packets();
    const said = send(4000, 1);
    expect(said).toMatchObject({ refused: 0, error: '' });
    // kept from its work for more than 20 ms, it gives up what was due
    expect(said.sent + said.givenUp).toBeGreaterThanOrEqual(3999);
    expect(said.sent + said.givenUp).toBeLessThanOrEqual(4001);
    expect(cable.packets() - before).toBe(said.sent);
    expect(said.loops).toBe(Math.ceil(said.sent / packets) - 1);
  });

  it('sends whole frames, with other addresses in every loop', { timeout: 60_000 }, async () => {
    const one = await arriving(() => send(1000, packets / 1000));
    expect(one.packets).toBe(one.result.sent);
    expect(one.bytes).toBe(one.result.bytes);
    const three = await arriving(() => send(3000, packets / 1000));
    expect(three.packets).toBe(three.result.sent);
    expect(three.pairs).toBeGreaterThan(2 * one.pairs);
  });
});
