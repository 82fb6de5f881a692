// A batch of the native encoder, field by field against the C++ records it was made of. Both files are written by
// test/native/batch_builder_test.cc, the records straight from the flow accounts, without the encoder.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { printAddress } from '../../src/record/address.js';
import { type ColumnName, columns } from '../../src/record/columns.js';
import { gapCount, readGaps } from '../../src/record/fields/gap-statistics.js';
import { rttM2 } from '../../src/record/fields/rtt.js';
import { fields } from '../../src/record/fields.js';
import type { FlowBatch, Side } from '../../src/record/flow-batch.js';
import { decodeFrame } from '../../src/wire/codec.js';
import { FrameSplitter } from '../../src/wire/file-format.js';

const folder = new URL('./batch/', import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, folder));
const epochNs = 1_700_000_000n * 1_000_000_000n;

type GoldenRecord = Readonly<Record<string, number | string | undefined>>;

function batches(): FlowBatch[] {
  const splitter = new FrameSplitter();
  const frames = splitter.push(readFileSync(path('batches.pan')));
  expect(splitter.end().cutBytes).toBe(0);
  return frames.map((bytes) => {
    const frame = decodeFrame(bytes);
    if (frame.kind !== 'batch') throw new Error(`a ${frame.kind} frame`);
    return frame.batch;
  });
}

const records = readFileSync(path('records.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as GoldenRecord);

/** What is read through a column as it stands in the record. */
const plain = (Object.keys(columns) as ColumnName[]).filter(
  (name) =>
    !/Address|inode|tunnelSrc|tunnelDst|Mac$|Payload|First|Span|^start|Size|Gap(Min|Max|M2|Active|Idle)|Rtt(Sum|M2|Min|Max)|Window|TtlM|tcpState/.test(
      name,
    ),
);

const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString('hex');
const mac = (bytes: Uint8Array | undefined): string | undefined => bytes && printAddress(bytes);
const fieldOf = (name: string) => {
  const field = fields.get(name);
  if (!field) throw new Error(`no field ${name}`);
  return field;
};

/** From the query to the answer, where both are in the record and none in one before it. */
function dnsNs(record: GoldenRecord): number | undefined {
  const { dnsId, srcFirstNs, dstFirstNs, srcGapLead, dstGapLead } = record as Record<string, number>;
  const whole = srcGapLead === undefined && dstGapLead === undefined;
  if (dnsId === undefined || srcFirstNs === undefined || dstFirstNs === undefined || !whole) return undefined;
  return dstFirstNs >= srcFirstNs ? dstFirstNs - srcFirstNs : undefined;
}

describe('golden batches', () => {
  test('hold as many records as were made, numbered in order', () => {
    const all = batches();
    expect(all.map((batch) => batch.number)).toEqual(all.map((_, i) => i + 1));
    expect(all.reduce((sum, batch) => sum + batch.rows, 0)).toBe(records.length);
    let next = 1;
    for (const batch of all) {
      expect(batch.firstRecord).toBe(next);
      next += batch.rows;
    }
  });

  test.each(plain)('%s is as in the record', (name) => {
    forEachRow((batch, row, record) => {
      const absent = columns[name].counter ? 0 : undefined;
      expect(batch.column(name)(row), `row ${row} of batch ${batch.number}`).toBe(record[name] ?? absent);
    });
  });

  test('hold records of every kind that this file speaks of', () => {
    const some = (holds: (record: GoldenRecord) => unknown) => records.some((record) => holds(record));
    const is = (record: GoldenRecord, values: GoldenRecord) =>
      Object.entries(values).every(([name, value]) => record[name] === value);
    expect(some((record) => is(record, { kind: 1, tunnelSrc: '2001:db8::a' }))).toBe(true);
    expect(some((record) => is(record, { kind: 2, srcPackets: 0, dstPackets: 0 }))).toBe(true);
    for (const samples of [1, 2, 3])
      expect(some((record) => is(record, { srcRttCount: samples }))).toBe(true);
    for (const name of [
      'tunnelDepth',
      'tunnelId',
      'spi',
      'quicVersion',
      'dstMpls',
      'srcDuplicates',
      'icmpErrors',
      'srcRetransBytes',
      'dstStalled',
      'srcTcpResyncs',
      'dstTcpJumps',
      'srcRttByTimestamp',
      'rttKind',
      'srcRtpDuplicates',
      'srcRtpOutOfOrder',
      'srcRtpSilences',
      'srcRtpJitter',
      'dstRtpPackets',
      'srcRtcpLost',
      'dstRtcpRttSum',
    ]) {
      expect(some((record) => record[name])).toBe(true);
    }
  });

  test('addresses, MACs and payload are as in the record', () => {
    forEachRow((batch, row, record) => {
      for (const side of ['src', 'dst'] as const) {
        expect(printAddress(batch.address(side)(row))).toBe(record[`${side}Address`]);
        if (record[`${side}Mac`]) expect(mac(batch.mac(side)(row))).toBe(record[`${side}Mac`]);
        expect(hex(batch.payload(side)(row))).toBe(record[`${side}Payload`]);
      }
      for (const name of ['inode', 'tunnelSrc', 'tunnelDst'] as const) {
        expect(batch.addressText(name)(row)).toBe(record[name] ?? '');
      }
    });
  });

  test('times are those of the record to the nanosecond', () => {
    forEachRow((batch, row, record) => {
      const base = BigInt(batch.baseSeconds) * 1_000_000_000n - epochNs;
      const start = base + BigInt(batch.column('start')(row) ?? 0);
      const { srcPackets, dstPackets, icmpErrorNs, lastNs } = record;
      if (srcPackets === 0 && dstPackets === 0) expect(start).toBe(BigInt(icmpErrorNs ?? lastNs ?? -1));
      for (const side of ['src', 'dst'] as const) {
        const first = batch.column(`${side}First`)(row);
        const firstNs = record[`${side}FirstNs`];
        if (firstNs === undefined) {
          expect(first).toBeUndefined();
          continue;
        }
        const begins = start + BigInt(first ?? -1);
        expect(begins).toBe(BigInt(firstNs));
        expect(begins + BigInt(batch.column(`${side}Span`)(row) ?? 0)).toBe(
          BigInt(record[`${side}LastNs`] ?? -1),
        );
      }
    });
  });

  test.each(['src', 'dst'] as const)(
    'sizes, gaps, windows, round trips and TTL of %s are those of the record',
    (side: Side) => {
      const letter = side[0];
      forEachRow((batch, row, record) => {
        const of = (suffix: string) => record[`${side}${suffix}`] as number | undefined;
        const field = (name: string) => fieldOf(letter + name).read(batch)(row) as number | undefined;
        expect(field('minsz')).toBe(of('MinSize'));
        expect(field('maxsz')).toBe(of('MaxSize'));
        expect(field('win')).toBe(of('ScaledWindow'));
        expect(field('ttlmin')).toBe(of('TtlMin'));
        expect(field('ttlmax')).toBe(of('TtlMax'));
        expect(gapCount(batch, side)(row)).toBe(of('GapCount') ?? 0);
        const near = (value: number | undefined, want: number | undefined) => {
          if (want === undefined) expect(value).toBeUndefined();
          else
            expect(Math.abs((value ?? Number.NaN) - want)).toBeLessThanOrEqual(1e-9 * Math.abs(want) + 1e-6);
        };
        near(ms(field('intpktmin')), of('GapMin'));
        near(ms(field('intpktmax')), of('GapMax'));
        near(ms(field('intpkt')), of('GapMean'));
        if ((of('GapCount') ?? 0) > 0) near(readGaps(batch, side, 'all')(row)?.m2, of('GapM2'));
        expect(batch.column(`${side}ZeroWindows`)(row)).toBe(of('ZeroWindows') ?? 0);
        const ofDns = side === 'dst' ? dnsNs(record) : undefined;
        near(ms(field('rttmin')), of('RttMin') ?? ofDns);
        near(ms(field('rttavg')), of('RttMean') ?? ofDns);
        near(ms(field('rttmax')), of('RttMax') ?? ofDns);
        near(rttM2(batch, side)(row), of('RttM2') ?? (ofDns === undefined ? undefined : 0));
      });
    },
  );

  test.each(['src', 'dst'] as const)(
    'active and idle gaps, and sizes, of %s are those of the record',
    (side) => {
      const kinds = new Set<string>();
      forEachRow((batch, row, record) => {
        const text = fieldOf(`${side[0]}pktsz`).read(batch)(row);
        if (record[`${side}Sizes`]) expect(text).toBe(record[`${side}Sizes`]);
        for (const of of ['active', 'idle'] as const) {
          const name = `${side}Gap${of === 'active' ? 'Active' : 'Idle'}`;
          const count = record[`${name}Count`];
          const gaps = readGaps(batch, side, of)(row);
          const { protocol } = record;
          if (protocol !== 6) {
            expect(gaps?.count).toBe((of === 'active' && record[`${side}GapCount`]) || undefined);
            continue;
          }
          if (!count) {
            expect(gaps).toBeUndefined();
            kinds.add(`${of} ${count ?? 'untold'}`);
            continue;
          }
          const want = (suffix: string) => record[name + suffix] as number;
          expect(gaps).toMatchObject({ count, sum: want('Sum'), min: want('Min'), max: want('Max') });
          expect(Math.abs((gaps?.m2 ?? Number.NaN) - want('M2'))).toBeLessThanOrEqual(1e-9 * want('M2') + 1);
          kinds.add(
            `${of} ${Math.min(count as number, 4)} of ${(record[`${side}GapCount`] as number) > (count as number) ? 'both' : 'one'}`,
          );
        }
      });
      // The servers, which are dst, send the data.
      if (side === 'src') expect([...kinds]).toContain('active untold');
      for (const count of side === 'dst' ? [1, 2, 3, 4] : []) {
        expect([...kinds]).toContain(`active ${count} of both`);
        expect([...kinds]).toContain(`idle ${count} of both`);
      }
      expect([...kinds]).toContain('idle 4 of one');
    },
  );

  test('count what happened to the connection in trouble', () => {
    const found: Record<string, unknown>[] = [];
    const names = ['retrans', 'rbytes', 'synrep', 'spur', 'lostup', 'loss', 'fast', 'rto', 'ooo', 'dupack'];
    const more = ['gap', 'keep', 'zwin', 'zwms', 'stray', 'resync', 'rttn', 'rttmin', 'rttmax'];
    forEachRow((batch, row, record) => {
      const { srcPort } = record;
      if (srcPort !== 5100) return;
      const read = (name: string) => fieldOf(name).read(batch)(row);
      for (const letter of ['s', 'd'] as const) {
        const all = [...names, ...more].map((name) => [name, read(letter + name)] as const);
        found.push(Object.fromEntries(all.filter(([, value]) => value !== 0)));
      }
      expect(read('flgs')).toBe(' e *S');
    });
    // The SYN went twice; the server's data was lost, overtaken, resent in vain, and not captured, once each.
    expect(found).toEqual([
      { retrans: 1, synrep: 1, loss: 1, dupack: 3, zwin: 2, zwms: 300, rttn: 3, rttmin: 2, rttmax: 3 },
      {
        ...{ retrans: 1, rbytes: 1000, spur: 1, lostup: 1, loss: 1, fast: 1, rto: 1, ooo: 1 },
        ...{ gap: 1000, keep: 1, rttn: 1, rttmin: 10, rttmax: 10 },
      },
    ]);
  });
});

const ms = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * 1e6);

function forEachRow(check: (batch: FlowBatch, row: number, record: GoldenRecord) => void): void {
  let at = 0;
  for (const batch of batches()) {
    for (let row = 0; row < batch.rows; row++) check(batch, row, records[at++] as GoldenRecord);
  }
}
