import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chosenTargets, longRun, parseFuzzOptions, shortRun } from '../../../scripts/lib/fuzz-options.mjs';
import { capturesBelow, mutationNote } from '../../../scripts/lib/mutate.mjs';

describe('the options of a fuzz run', () => {
  it('are those of the short run where nothing is said', () => {
    expect(parseFuzzOptions([])).toEqual({ ...shortRun, seed: 1, only: [] });
  });

  it('are those of the long run with --long, wherever it stands, and single ones can be set', () => {
    const options = parseFuzzOptions(['decode', '--seconds', '5', '--long', '--seed', '0', 'batch_fuzz']);
    expect(options).toEqual({ ...longRun, seconds: 5, seed: 0, only: ['decode', 'batch'] });
    expect(options.packets).toBeGreaterThanOrEqual(10_000_000);
  });

  it.each([
    [['--second', '5'], "unknown option '--second'"],
    [['--only', 'decode'], "unknown option '--only'"],
    [['--seconds'], '--seconds needs a number'],
    [['--packets', '1e6'], '--packets needs a number'],
    [['--packets', '-1'], '--packets needs a number'],
  ])('%j is refused', (args, words) => {
    expect(() => parseFuzzOptions(args)).toThrow(words);
  });

  it('name targets that exist, which run in a fixed order', () => {
    const all = ['mutate', 'batch', 'decode'];
    expect(chosenTargets(all, [])).toEqual(all);
    expect(chosenTargets(all, ['decode', 'mutate'])).toEqual(['mutate', 'decode']);
    expect(() => chosenTargets(all, ['decoder'])).toThrow(
      "no fuzz target 'decoder'; there are: mutate, batch",
    );
  });
});

describe('the mutation run', () => {
  it('takes every capture below a folder, in a fixed order, and nothing else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'panoptes-'));
    mkdirSync(join(folder, 'more'));
    for (const name of ['b.pcap', 'a.pcapng', 'more/c.cap', 'manifest.csv', 'a.pcap.json']) {
      writeFileSync(join(folder, name), '');
    }
    expect(capturesBelow(folder)).toEqual(
      ['a.pcapng', 'b.pcap', 'more/c.cap'].map((name) => join(folder, name)),
    );
    rmSync(folder, { recursive: true });
    expect(capturesBelow(folder)).toEqual([]);
  });

  it('says in one line what became of every packet', () => {
    const text = `seed 3, 27 captures, 968 packets
packets: 1000 cases, 1000 packets: 900 in 200 records, 60 truncated_ip, 40 bad_ip_header; 0 flows evicted
files: 50 cases, 700 packets: 690 in 20 records; 0 flows evicted`;
    expect(mutationNote(text)).toBe(
      '1000 packets, 900 in records, 100 in named counters; 50 files with 700 packets; of 27 captures, seed 3',
    );
  });

  it('says only what was reached before it failed', () => {
    expect(mutationNote('seed 3, 27 captures, 968 packets\nERROR')).toBe('of 27 captures, seed 3');
    expect(mutationNote('')).toBe('');
  });
});
