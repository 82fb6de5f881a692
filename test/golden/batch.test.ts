// A batch of the native encoder, field by field against the C++ records it was made of. Both files are written by
// test/native/batch_builder_test.cc, the records straight from the flow accounts, without the encoder.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { printAddress } from '../../src/record/address.js';
import { type ColumnName, columns } from '../../src/record/columns.js';
import { gapCount, gapM2 } from '../../src/record/fields/timing.js';
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
  (name) => !/Address|Mac$|Payload|First|Span|^start|Size|Gap(Min|Max|M2)|Window|TtlM|tcpState/.test(name),
);

const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString('hex');
const mac = (bytes: Uint8Array | undefined): string | undefined => bytes && printAddress(bytes);
const fieldOf = (name: string) => {
  const field = fields.get(name);
  if (!field) throw new Error(`no field ${name}`);
  return field;
};

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

  test('addresses, MACs and payload are as in the record', () => {
    forEachRow((batch, row, record) => {
      for (const side of ['src', 'dst'] as const) {
        expect(printAddress(batch.address(side)(row))).toBe(record[`${side}Address`]);
        if (record[`${side}Mac`]) expect(mac(batch.mac(side)(row))).toBe(record[`${side}Mac`]);
        expect(hex(batch.payload(side)(row))).toBe(record[`${side}Payload`]);
      }
    });
  });

  test('times are those of the record to the nanosecond', () => {
    forEachRow((batch, row, record) => {
      const base = BigInt(batch.baseSeconds) * 1_000_000_000n - epochNs;
      const start = base + BigInt(batch.column('start')(row) ?? 0);
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
    'sizes, gaps, windows and TTL of %s are those of the record',
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
        if ((of('GapCount') ?? 0) > 0) near(gapM2(batch, side)(row), of('GapM2'));
      });
    },
  );
});

const ms = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * 1e6);

function forEachRow(check: (batch: FlowBatch, row: number, record: GoldenRecord) => void): void {
  let at = 0;
  for (const batch of batches()) {
    for (let row = 0; row < batch.rows; row++) check(batch, row, records[at++] as GoldenRecord);
  }
}
