import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../src/filter/ast.js';
import { castWords, classWords, comparators, sideStateWords, stateWords } from '../../../src/filter/ast.js';
import { parseFilter } from '../../../src/filter/parser.js';
import { filterText } from '../../../src/filter/print.js';
import { seededRandom } from '../support/random.js';

describe('filterText', () => {
  it.each([
    ['', ''],
    ['tcp port 80 or 443', 'tcp and port 80 or (tcp and port 443)'],
    ['not (tcp or udp)', 'not (tcp or udp)'],
    ['tcp or (udp and icmp)', 'tcp or (udp and icmp)'],
    ['src or dst host 10.0.0.1', 'host 10.0.0.1'],
    ['src and dst net 10.1', 'src and dst net 10.1.0.0/16'],
    ['net 10.0.0.0 mask 255.0.0.255', 'net 10.0.0.0 mask 255.0.0.255'],
    ['proto 200', 'proto 200'],
    ['dst pkts gt 1.5k', 'dpkts > 1500'],
    ['total bytes gte 1M', 'total bytes >= 1000000'],
    ['ether dst host 00:11:22:aa:bb:cc', 'ether dst 00:11:22:aa:bb:cc'],
    ['tun 6in4 or vxlan', 'encaps 6in4 or encaps vxlan'],
    ['inode 10.0.0.1 and tdaddr 2001:db8::/32', 'inode 10.0.0.1/32 and tdaddr 2001:db8::/32'],
  ])('writes %j as %j', (text, expected) => {
    expect(filterText(parseFilter(text))).toBe(expected);
  });

  it('writes text that parses to the same tree', () => {
    const random = seededRandom(20261124);
    for (let i = 0; i < 2000; i++) {
      const tree = randomFilter(random, 4);
      const text = filterText(tree);
      expect(parseFilter(text), text).toEqual(tree);
    }
  });
});

function randomFilter(random: () => number, depth: number): Filter {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const bytes = (length: number) => Array.from({ length }, () => (random() < 0.3 ? 0 : below(256)));
  const sides = pick(['src', 'dst', 'either', 'both'] as const);
  if (depth > 0 && random() < 0.6) {
    const left = randomFilter(random, depth - 1);
    if (random() < 0.25) return { kind: 'not', of: left };
    return { kind: pick(['and', 'or'] as const), left, right: randomFilter(random, depth - 1) };
  }
  const what = pick([
    { of: 'field', name: 'spkts' },
    { of: 'field', name: 'dur' },
    { of: 'either', name: 'bytes' },
    { of: 'both', name: 'jit' },
    { of: 'total', name: 'pkts' },
  ] as const);
  const makers: (() => Filter)[] = [
    () => ({ kind: 'protocol', number: below(256) }),
    () => ({ kind: 'class', word: pick(classWords) }),
    () => ({ kind: 'ethertype', number: below(65536) }),
    () => ({ kind: 'host', sides, address: bytes(pick([4, 16])) }),
    () => ({ kind: 'ether-host', sides, address: bytes(6) }),
    () => ({ kind: 'tunnel', type: 1 + below(20) }),
    () => {
      const length = pick([4, 16]);
      const bits = below(length * 8 + 1);
      const mask = Array.from(
        { length },
        (_, i) => (0xff00 >> Math.min(8, Math.max(0, bits - 8 * i))) & 0xff,
      );
      const held = length === 4 && random() < 0.3 ? bytes(4) : mask;
      return {
        kind: 'net',
        sides,
        address: bytes(length).map((byte, i) => byte & (held[i] ?? 0)),
        mask: held,
      };
    },
    () => {
      const low = below(65536);
      return { kind: 'port', sides, low, high: random() < 0.5 ? low : low + below(65536 - low) };
    },
    () => ({ kind: 'vlan', id: below(4096) }),
    () => ({ kind: 'cast', layer: pick(['any', 'ip', 'ether'] as const), cast: pick(castWords) }),
    () => ({ kind: 'side-state', sides, word: pick(sideStateWords) }),
    () => ({ kind: 'state', word: pick(stateWords) }),
    () => ({
      kind: 'compare',
      what,
      comparator: pick(comparators),
      value: pick([0, below(1e6), random(), random() * 1e-9, 2 ** 53, -1 - below(100), 1e21]),
    }),
    () => ({ kind: 'has', what: what.of === 'total' ? { of: 'field', name: 'suser' } : what }),
  ];
  return pick(makers)();
}
