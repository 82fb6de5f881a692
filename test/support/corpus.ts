// Real captures and what independent tools made of them, for tests. They belong to others and are not part of the
// project: PANOPTES_CORPUS names the folder, else it is looked for beside the checkout. Neighbours: the probe on one
// side, test/system on the other.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSource } from '../../src/client/stream.js';
import { findField } from '../../src/record/fields.js';

const beside = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
export const corpus = process.env['PANOPTES_CORPUS'] ?? beside;

export const hasCapture = (file: string): boolean => existsSync(join(corpus, file));

/** The JSON beside the captures: `<file>.json`, `<file>.seqref.json`. */
export function truthOf<Truth>(file: string, kind = ''): Truth | undefined {
  const path = join(corpus, 'truth', `${file}${kind}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Truth) : undefined;
}

const counterNames = [
  'pkts',
  'retrans',
  'rbytes',
  'synrep',
  'spur',
  'lostup',
  'fast',
  'rto',
  'ooo',
  'jump',
  'dup',
  'keep',
  'gap',
  'dupack',
  'zwin',
  'stray',
  'resync',
  'loss',
] as const;

export type CounterName = (typeof counterNames)[number];

/** What one end of a TCP connection sent. */
export type Counters = Record<CounterName, number>;

/** `10.0.0.1:80`, `2001:db8::1:80`: as the truth writes an end, with the address in its shortest form. */
export const endText = (address: string, port: number): string => `${address}:${port}`;

/** `from > to`. */
export const directionText = (from: string, to: string): string => `${from} > ${to}`;

function column(name: string) {
  const field = findField(name);
  if (!field) throw new Error(`there is no field ${name}`);
  return field;
}

/**
 * Measures a capture with the probe: counters of each direction of each TCP five-tuple, those of its records added
 * up. Tags and tunnels do not matter.
 */
export async function measureTcp(file: string): Promise<Map<string, Counters>> {
  const directions = new Map<string, Counters>();
  const source = openSource(
    { kind: 'file', path: join(corpus, file) },
    { signal: new AbortController().signal, probe: { statusInterval: 0, maxFlows: 100_000 } },
  );
  for await (const item of source) {
    if (item.kind !== 'batch') continue;
    const { batch } = item;
    const protocol = batch.column('protocol');
    const [srcAddress, dstAddress] = [batch.addressText('src'), batch.addressText('dst')];
    const [srcPort, dstPort] = [batch.column('srcPort'), batch.column('dstPort')];
    const read = (side: 's' | 'd') =>
      counterNames.map((name) => [name, column(side + name).read(batch)] as const);
    const [ofSrc, ofDst] = [read('s'), read('d')];
    for (let row = 0; row < batch.rows; row++) {
      if (protocol(row) !== 6) continue;
      const src = endText(srcAddress(row), srcPort(row) ?? 0);
      const dst = endText(dstAddress(row), dstPort(row) ?? 0);
      add(directions, directionText(src, dst), ofSrc, row);
      add(directions, directionText(dst, src), ofDst, row);
    }
  }
  return directions;
}

type Readers = readonly (readonly [CounterName, (row: number) => number | string | undefined])[];

function add(directions: Map<string, Counters>, key: string, readers: Readers, row: number): void {
  let sums = directions.get(key);
  if (!sums) {
    sums = Object.fromEntries(counterNames.map((name) => [name, 0])) as Counters;
    directions.set(key, sums);
  }
  for (const [name, value] of readers) sums[name] += Number(value(row) ?? 0);
}

/** The counters that are not 0, but for packets and what follows from others. */
export function troubles(counters: Counters): Partial<Counters> {
  const derived: readonly CounterName[] = ['pkts', 'fast', 'rto', 'dupack', 'jump', 'rbytes'];
  return Object.fromEntries(
    Object.entries(counters).filter(([name, value]) => value !== 0 && !derived.includes(name as CounterName)),
  );
}

/** Sums over all directions of a capture. */
export function totals(directions: ReadonlyMap<string, Counters>): Counters {
  const sums = Object.fromEntries(counterNames.map((name) => [name, 0])) as Counters;
  for (const counters of directions.values()) {
    for (const name of counterNames) sums[name] += counters[name];
  }
  return sums;
}

/** Asserts that a capture's troubles are these, and that every other direction has none. */
export async function troublesOf(file: string): Promise<Record<string, Partial<Counters>>> {
  const found = [...(await measureTcp(file))]
    .map(([direction, counters]) => [direction, troubles(counters)] as const)
    .filter(([, counters]) => Object.keys(counters).length > 0);
  return Object.fromEntries(found);
}
