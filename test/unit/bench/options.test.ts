import { describe, expect, it } from 'vitest';
import { cases, sizesOf } from '../../../bench/lib/cases.mjs';
import { corpusCase } from '../../../bench/lib/corpus.mjs';
import { parseOptions } from '../../../bench/lib/options.mjs';
import { choosePeers } from '../../../bench/lib/peers.mjs';
import { UsageError } from '../../../bench/lib/usage.mjs';

describe('parseOptions', () => {
  it('runs every case where none is named', () => {
    const { packetCases, jsCases } = parseOptions([]);
    expect(packetCases).toEqual([...cases, corpusCase]);
    expect(jsCases).toEqual(['encode', 'decode', 'fanout', 'event-loop', 'memory', 'first-record']);
  });

  it('runs only the cases that are named', () => {
    const { packetCases, jsCases } = parseOptions(['--case', 'dns', '--case', 'fanout']);
    expect(packetCases.map(({ name }) => name)).toEqual(['dns']);
    expect(jsCases).toEqual(['fanout']);
  });

  it.each([[['--case', 'dnss']], [['--packets', '0']], [['--rounds', 'many']], [['--unknown']]])(
    'refuses %j',
    (args) => {
      expect(() => parseOptions(args)).toThrow(UsageError);
    },
  );
});

describe('choosePeers', () => {
  it('runs none where none is wanted', () => {
    expect(choosePeers('none')).toEqual({ installed: [], missing: [] });
  });

  it('refuses a peer that it does not know', () => {
    expect(() => choosePeers('argus,nprobe')).toThrow("unknown peer 'nprobe'");
  });

  it('accounts for each peer as installed or missing', () => {
    const { installed, missing } = choosePeers('all');
    const names = [...installed.map(({ name }) => name), ...missing].sort();
    expect(names).toEqual(['argus', 'nfpcapd', 'softflowd']);
  });
});

describe('sizesOf', () => {
  it('never gives anybody more packets than the limit', () => {
    for (const entry of [...cases, corpusCase]) {
      const sizes = sizesOf(entry, 1000);
      expect(sizes).toEqual({ packets: 1000, peerPackets: 1000, floorPackets: 1000 });
    }
  });
});
