// Real captures against independent truth: every packet is in a record or in a named counter, and packets and bytes
// per five-tuple and direction are those that another tool counted. The captures belong to others and are not
// part of the project: PANOPTES_CORPUS names the folder, else it is looked for beside the checkout.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openSource } from '../../src/client/stream.js';
import type { FlowBatch } from '../../src/record/flow-batch.js';
import type { ProbeStatus } from '../../src/wire/frames.js';

const beside = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const corpus = process.env['PANOPTES_CORPUS'] ?? beside;
const present = existsSync(join(corpus, 'manifest.csv'));

interface Capture {
  readonly file: string;
  readonly packets: number;
}

/** Quotes do not matter: the columns that are read hold none. */
function captures(): Capture[] {
  if (!present) return [];
  const [head = '', ...lines] = readFileSync(join(corpus, 'manifest.csv'), 'utf8').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = [...line.matchAll(/("[^"]*"|[^,]*)(?:,|$)/g)].map((match) => match[1] ?? '');
    return {
      file: cells[names.indexOf('file')] ?? '',
      packets: Number(cells[names.indexOf('packets')]),
    };
  });
}

/**
 * The truth leaves later fragments of a tunnel's outer packets in the outer flow, we give them to the flow that their
 * first one opens (test/golden/differences.md). Without joining, both are the same.
 */
const outerFragments = new Set(['tun_erspan.pcap', 'tun_gtp.pcap']);

interface Measured {
  readonly batches: FlowBatch[];
  readonly status: ProbeStatus | undefined;
}

async function measure(file: string): Promise<Measured> {
  const batches: FlowBatch[] = [];
  let status: ProbeStatus | undefined;
  const source = openSource(
    { kind: 'file', path: join(corpus, file) },
    {
      signal: new AbortController().signal,
      probe: {
        statusInterval: 0,
        maxFlows: 100_000,
        ...(outerFragments.has(file) ? { maxFragments: 0 } : {}),
      },
    },
  );
  for await (const item of source) {
    if (item.kind === 'batch') batches.push(item.batch);
    if (item.kind === 'status') status = item.status;
  }
  return { batches, status };
}

/** Five-tuple without direction -> packets and bytes of the smaller and the larger end. */
type Counts = Map<string, [number, number, number, number]>;

function add(
  counts: Counts,
  protocol: number,
  ends: readonly [string, string],
  values: readonly number[],
): void {
  const isForward = ends[0] <= ends[1];
  const key = `${protocol} ${isForward ? ends[0] : ends[1]} ${isForward ? ends[1] : ends[0]}`;
  const sum = counts.get(key) ?? [0, 0, 0, 0];
  const order = isForward ? [0, 1, 2, 3] : [1, 0, 3, 2];
  order.forEach((from, to) => {
    sum[to] = (sum[to] as number) + (values[from] ?? 0);
  });
  counts.set(key, sum);
}

const withPorts = new Set([6, 17, 33, 132, 136]);
const endOf = (address: string, protocol: number, port: number | undefined): string =>
  `${address}|${withPorts.has(protocol) ? (port ?? 0) : 0}`;

function countsOf(batches: readonly FlowBatch[]): Counts {
  const counts: Counts = new Map();
  for (const batch of batches) {
    const [src, dst] = [batch.addressText('src'), batch.addressText('dst')];
    const number = (name: Parameters<FlowBatch['column']>[0]) => batch.column(name);
    const protocol = number('protocol');
    const [srcPort, dstPort] = [number('srcPort'), number('dstPort')];
    const values = (['srcPackets', 'dstPackets', 'srcBytes', 'dstBytes'] as const).map(number);
    for (let row = 0; row < batch.rows; row++) {
      const p = protocol(row);
      if (p === undefined) continue;
      const ends = [endOf(src(row), p, srcPort(row)), endOf(dst(row), p, dstPort(row))] as const;
      add(
        counts,
        p,
        ends,
        values.map((read) => read(row) ?? 0),
      );
    }
  }
  return counts;
}

interface Truth {
  readonly tunneled: boolean;
  readonly totals: { readonly malformed?: number };
  readonly flow_count: { readonly outer: number };
  readonly flows_outer: readonly TrueFlow[];
  readonly flows_inner?: readonly TrueFlow[];
}

interface TrueFlow {
  readonly proto: number;
  readonly src: string;
  readonly dst: string;
  readonly sport: number | null;
  readonly dport: number | null;
  readonly pkts: readonly [number, number];
  readonly bytes: readonly [number, number];
}

const listedFlows = 4999; // the truth lists no more

function truthOf(file: string): Truth | undefined {
  const path = join(corpus, 'truth', `${file}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Truth) : undefined;
}

/** In the form that our addresses have. */
function plainAddress(text: string): string {
  return text.includes(':') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
}

describe.skipIf(!present)('real captures', () => {
  test.each(captures())(
    '$file: every packet is in a record or a named counter',
    async ({ file, packets }) => {
      const { batches, status } = await measure(file);
      let counted = 0;
      for (const batch of batches) {
        const [src, dst] = [batch.column('srcPackets'), batch.column('dstPackets')];
        for (let row = 0; row < batch.rows; row++) counted += (src(row) ?? 0) + (dst(row) ?? 0);
      }
      const undecoded = Object.values(status?.undecoded ?? {}).reduce((sum, n) => sum + n, 0);
      expect(counted + undecoded).toBe(packets);
      expect(status?.packets).toBe(packets);
    },
  );

  const compared = captures().filter(({ file }) => {
    const truth = truthOf(file);
    if (!truth || file.startsWith('bad_') || (truth.totals.malformed ?? 0) > 0) return false;
    return truth.flow_count.outer <= listedFlows;
  });

  test.each(compared)(
    '$file: packets and bytes of each five-tuple and direction are the truth',
    async ({ file }) => {
      const truth = truthOf(file) as Truth;
      const wanted: Counts = new Map();
      for (const flow of (truth.tunneled && truth.flows_inner) || truth.flows_outer) {
        const ends = [
          endOf(plainAddress(flow.src), flow.proto, flow.sport ?? 0),
          endOf(plainAddress(flow.dst), flow.proto, flow.dport ?? 0),
        ] as const;
        add(wanted, flow.proto, ends, [...flow.pkts, ...flow.bytes]);
      }
      const ours = countsOf((await measure(file)).batches);
      for (const [key, counts] of wanted) expect(ours.get(key), key).toEqual(counts);
    },
  );

  test('most captures are compared', () => {
    expect(compared.length).toBeGreaterThan(100);
  });
});
