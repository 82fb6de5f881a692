// `panoptes doctor --capture` over real captures: none is refused, and it counts the packets that the list of captures
// says. The captures belong to others and are not part of the project: PANOPTES_CORPUS names the folder, else it is
// looked for beside the checkout.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../bin/panoptes.js', import.meta.url));
const { PANOPTES_CORPUS } = process.env;
const corpus = PANOPTES_CORPUS ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const list = join(corpus, 'manifest.csv');

interface Report {
  readonly ok: boolean;
  readonly findings: readonly { level: string; message: string }[];
  readonly facts: {
    readonly packets: number;
    readonly decoded: number;
    readonly undecoded: readonly { reason: string; packets: number }[];
  };
}

async function doctor(paths: readonly string[]): Promise<Report[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [main, 'doctor', '--json', '--capture', ...paths],
    { maxBuffer: 1 << 26 },
  );
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Report);
}

test.skipIf(!existsSync(list))('counts every packet of every capture', { timeout: 120_000 }, async () => {
  const [head = '', ...lines] = readFileSync(list, 'utf8').trim().split('\n');
  const at = head.split(',').indexOf('packets');
  const captures = lines
    .map((line) => line.replaceAll(/"[^"]*"/g, '').split(','))
    .map((cells) => [cells[0] ?? '', Number(cells[at])] as const);
  expect(captures.length).toBeGreaterThan(100);
  const reports = await doctor(captures.map(([file]) => join(corpus, file)));
  expect(reports.filter(({ ok }) => !ok)).toEqual([]);
  expect(captures.map(([file], index) => [file, reports[index]?.facts.packets])).toEqual(captures);
  for (const [index, { facts }] of reports.entries()) {
    const undecoded = facts.undecoded.reduce((sum, { packets }) => sum + packets, 0);
    expect(facts.decoded + undecoded, captures[index]?.[0]).toBe(facts.packets);
  }
});
