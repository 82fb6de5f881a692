// Real captures against a byte-exact reference: a parser that remembers the first sight of every byte of every TCP
// connection and judges nothing. Each number of each direction is equal, or its difference is in
// support/seqref-differences.ts with the reason; what stands there and does not happen fails too.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Counters,
  corpus,
  directionText,
  endText,
  hasCapture,
  measureTcp,
  truthOf,
} from '../support/corpus.js';
import { type ComparedNumber, explained } from '../support/seqref-differences.js';

const folder = join(corpus, 'truth');
const suffix = '.seqref.json';

const files = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length))
      .filter(hasCapture)
  : [];

type Numbers = Readonly<Record<string, number>>;

interface Reference {
  readonly connections: readonly {
    readonly a: string;
    readonly b: string;
    readonly a_to_b: Numbers;
    readonly b_to_a: Numbers;
  }[];
}

/** How each number is called here, and how it follows from the reference's. */
const compared: Readonly<
  Record<ComparedNumber, readonly [ours: (c: Counters) => number, (n: Numbers) => number]>
> = {
  // Every number seen before, or some; not the copies, which have an IP id that was used before.
  retrans: [
    (c) => c.retrans,
    (n) => get(n, 'dup_segs') + get(n, 'partial_dup_segs') - get(n, 'dup_segs_same_ipid'),
  ],
  spur: [(c) => c.spur, (n) => get(n, 'dup_segs_already_acked')],
  ooo: [(c) => c.ooo, (n) => get(n, 'late_ipid_lower')],
  lostup: [(c) => c.lostup, (n) => get(n, 'late_first_seen_segs') - get(n, 'late_ipid_lower')],
  jump: [(c) => c.jump, (n) => get(n, 'gap_events')],
  keep: [(c) => c.keep, (n) => get(n, 'keepalive_like')],
  gap: [(c) => c.gap, (n) => get(n, 'never_seen_bytes')],
  zwin: [(c) => c.zwin, (n) => get(n, 'zero_window')],
};

const get = (numbers: Numbers, name: string): number => numbers[name] ?? 0;

/** An end as the reference writes it, with the address as the probe writes it. */
function plainEnd(text: string): string {
  const colon = text.lastIndexOf(':');
  const address = text.slice(0, colon);
  const plain = address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
  return endText(plain, Number(text.slice(colon + 1)));
}

/** Connections of the same ends are added up. */
function directionsOf(reference: Reference): Map<string, Numbers> {
  const sums = new Map<string, Record<string, number>>();
  for (const { a, b, a_to_b, b_to_a } of reference.connections) {
    const ends = [plainEnd(a), plainEnd(b)] as const;
    for (const [from, to, numbers] of [
      [ends[0], ends[1], a_to_b],
      [ends[1], ends[0], b_to_a],
    ] as const) {
      const key = directionText(from, to);
      const sum = sums.get(key) ?? {};
      for (const [name, value] of Object.entries(numbers)) sum[name] = (sum[name] ?? 0) + value;
      sums.set(key, sum);
    }
  }
  return sums;
}

async function differencesOf(file: string): Promise<string[]> {
  const ours = await measureTcp(file);
  const lines: string[] = [];
  for (const [direction, numbers] of directionsOf(truthOf<Reference>(file, '.seqref') as Reference)) {
    const counters = ours.get(direction);
    if (!counters) {
      if (get(numbers, 'pkts') > 0) lines.push(`${direction}: is not there`);
      continue;
    }
    for (const [name, [ofProbe, ofReference]] of Object.entries(compared)) {
      const [own, other] = [ofProbe(counters), ofReference(numbers)];
      if (own !== other) lines.push(`${direction}: ${name} ${own}, reference ${other}`);
    }
  }
  return lines.sort();
}

const explainedOf = (file: string): string[] =>
  explained
    .filter((entry) => entry.file === file)
    .flatMap(({ differences }) =>
      differences.map(([direction, name, own, other]) => `${direction}: ${name} ${own}, reference ${other}`),
    )
    .sort();

describe.skipIf(files.length === 0)('against the byte-exact reference', () => {
  test.each(files)('%s: every number is equal, or its difference is explained', async (file) => {
    expect(await differencesOf(file)).toEqual(explainedOf(file));
  });

  test('what is explained is of captures that are there', () => {
    expect(explained.map(({ file }) => file).filter((file) => !files.includes(file))).toEqual([]);
    expect(explained.filter(({ why, differences }) => why === '' || differences.length === 0)).toEqual([]);
  });
});
