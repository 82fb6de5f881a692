// The traffic generator: compiled once into build/bench by the benchmark's own rules. Skipped without a compiler.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../../../bench/lib/cases.mjs';
import { tool } from '../../../bench/lib/tools.mjs';

const { CXX = 'g++' } = process.env;
const hasCompiler = spawnSync(CXX, ['--version']).status === 0;

describe.skipIf(!hasCompiler)('traffic', () => {
  const folder = mkdtempSync(join(tmpdir(), 'panoptes-traffic-'));
  let traffic: string;
  let floor: string;

  beforeAll(async () => {
    traffic = await tool('traffic');
    floor = await tool('floor');
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function make(args: readonly unknown[], name: string, packets = 20_000) {
    const out = join(folder, `${name}.pcap`);
    const files = [
      '--out',
      out,
      '--truth',
      join(folder, `${name}.csv`),
      '--summary',
      join(folder, `${name}.json`),
    ];
    const { status, stderr } = spawnSync(traffic, [...args, '--packets', packets, ...files].map(String));
    expect(String(stderr)).toBe('');
    expect(status).toBe(0);
    const bytes = readFileSync(out);
    return {
      out,
      sha: createHash('sha256').update(bytes).digest('hex'),
      packets: countPackets(bytes),
      truth: readFileSync(join(folder, `${name}.csv`), 'utf8')
        .trim()
        .split('\n')
        .slice(1),
      summary: JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')),
    };
  }

  function countPackets(pcap: Buffer): number {
    let at = 24;
    let packets = 0;
    for (; at + 16 <= pcap.length; packets++) at += 16 + pcap.readUInt32LE(at + 8);
    expect(at).toBe(pcap.length);
    return packets;
  }

  it.each(cases.map(({ name, traffic: args }) => [name, args] as const))(
    'of case %s has the packets that were asked for, the same for the same seed',
    (name, args) => {
      const small = [...args, '--flows', 2000];
      const first = make(small, name);
      const second = make(small, `${name}-again`);
      expect(first.packets).toBe(20_000);
      expect(first.summary.packets).toBe(20_000);
      expect(second.sha).toBe(first.sha);
    },
  );

  it('is another one for another seed', () => {
    const first = make(['--seed', 1, '--flows', 500], 'seed-1');
    const second = make(['--seed', 2, '--flows', 500], 'seed-2');
    expect(second.sha).not.toBe(first.sha);
  });

  it('comes with a truth that counts every packet in one flow', () => {
    const { truth, summary } = make(['--flows', 500, '--pps', 10_000], 'truth');
    const packets = truth.map((line) => line.split(',').slice(8, 10).map(Number));
    expect(truth.length).toBe(summary.flows);
    expect(packets.flat().reduce((sum, n) => sum + n, 0)).toBe(20_000);
  });

  it('has as many flows in a flood as packets, by the count of the floor', () => {
    const { out } = make(['--mode', 'synflood'], 'flood');
    const { stdout } = spawnSync(floor, [out, '16']);
    expect(JSON.parse(String(stdout))).toMatchObject({ packets: 20_000, flows: 20_000 });
  });

  it('refuses options that it does not know with 2', () => {
    expect(spawnSync(traffic, ['--out', join(folder, 'x.pcap'), '--pakets', '5']).status).toBe(2);
    expect(spawnSync(traffic, ['--out', join(folder, 'x.pcap'), '--packets', '5x']).status).toBe(2);
  });
});
